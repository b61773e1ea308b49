//! Chargers.

use std::ops::Range;

use super::{content, key_order, socket, spelling, strings};
use crate::config::Config;
use crate::json::{Nothing, Object, Spelling, Text};
use crate::plan::{Plan, SiteIx};
use crate::rng::{Domain, Rng};
use crate::tables::Tally;
use crate::time::Time;
use crate::words::{
    CAPABILITIES, CHARGER_STATUSES, CITIES, CONFIGURATIONS, COUNTRIES, MESSAGES, MODELS, RELAYS,
    STREETS,
};

/// The chargers of a site as list elements.
pub(crate) struct Chargers {
    /// All of them, with commas between them.
    pub(crate) text: Vec<u8>,
    pub(crate) each: Vec<Charger>,
}

/// Where a charger stands in the text of its site.
pub(crate) struct Charger {
    pub(crate) text: Range<usize>,
    /// The value of `lastSeen`, which may differ between occurrences.
    pub(crate) last_seen: Range<usize>,
    pub(crate) time: Time,
}

/// The one hole in a charger's text.
#[derive(Clone, Copy)]
struct LastSeen;

/// All chargers of a site.
pub(crate) fn chargers(plan: &Plan<'_>, site: SiteIx, tally: &mut Tally) -> Chargers {
    let mut chargers = Chargers {
        text: Vec::new(),
        each: Vec::new(),
    };
    let site_name = plan.name(site);
    for index in plan.chargers(site) {
        if !chargers.each.is_empty() {
            chargers.text.push(b',');
        }
        let mut rng = content(plan.config, Domain::Charger, u64::from(index));
        let time = if rng.one_in(40) {
            Time::NEVER
        } else {
            Time::decade(&mut rng, 2015)
        };
        let record = Record {
            config: plan.config,
            index,
            site,
            site_name: &site_name,
            spelling: spelling(&mut rng),
        };
        let text = record.render(&mut rng, tally);
        chargers.push(&text, time);
    }
    chargers
}

impl Chargers {
    fn push(&mut self, text: &Text<LastSeen>, time: Time) {
        let start = self.text.len();
        let mut last_seen = start..start;
        for (run, hole) in text.parts() {
            self.text.extend_from_slice(run);
            if hole.is_some() {
                last_seen.start = self.text.len();
                time.write(&mut self.text);
                last_seen.end = self.text.len();
            }
        }
        self.each.push(Charger {
            text: start..self.text.len(),
            last_seen,
            time,
        });
    }
}

struct Record<'a> {
    config: &'a Config,
    index: u32,
    site: SiteIx,
    site_name: &'a str,
    spelling: Spelling,
}

impl Record<'_> {
    fn render(&self, rng: &mut Rng, tally: &mut Tally) -> Text<LastSeen> {
        let order = key_order(self.config, Domain::Charger as u64, self.index.into());
        tally.add("chargers", 1);
        Text::object(order, |o| {
            self.identity(o, rng);
            self.state(o, rng);
            self.location(o, rng, tally);
            o.raw("pushIntegrationEnabled", rng.one_in(2));
            o.raw("chargerSpecificMessageStructure", rng.one_in(3));
            configurations(o, rng, tally);
            let sockets = socket::sockets(o, rng, self.config, self.index, tally);
            self.evse(o, rng, sockets, tally);
            let rows = strings(o, "capabilities", rng, &CAPABILITIES);
            tally.add("charger_capabilities", rows);
            o.nullable(
                "physicalReference",
                rng,
                format_args!("P{}", self.index % 97),
            );
            let rows = strings(o, "integrationRelays", rng, &RELAYS);
            tally.add("charger_integration_relays", rows);
            o.plain("iccid", format_args!("8935801{:012}", self.index));
            o.plain("imsi", format_args!("24405{:010}", self.index));
            o.nullable(
                "meterSerialNumber",
                rng,
                format_args!("M-{:08}", self.index),
            );
            o.nullable("meterType", rng, format_args!("Carlo Gavazzi EM340"));
            self.properties(o, rng, tally);
            if self.config.drift {
                o.raw("dlmGroupId", rng.below(500));
                tally.extra("chargers", "dlmGroupId");
                o.object("parkingPlace", |o| {
                    o.raw("level", -1);
                    o.string("label", "A1 \u{1f17f}", self.spelling);
                });
                tally.extra("chargers", "parkingPlace");
            }
        })
    }

    fn identity(&self, o: &mut Object<'_, LastSeen>, rng: &mut Rng) {
        let index = self.index;
        let (manufacturer, model) = rng.pick(&MODELS);
        if rng.one_in(50) {
            o.null("id");
        } else {
            o.raw("id", 1_000_000 + u64::from(index));
        }
        o.plain("chargerId", format_args!("VT-{index:07}"));
        let name = format!("{} / {}", self.site_name, index + 1);
        o.string("chargerName", &name, self.spelling);
        o.raw("groupId", self.site.id());
        o.string("groupName", self.site_name, self.spelling);
        let minor = rng.below(20);
        o.nullable(
            "firmwareVersion",
            rng,
            format_args!("5.{minor}.0-{}", 4000 + minor),
        );
        o.nullable("publicGroupName", rng, format_args!("Public {}", index % 9));
        o.nullable("manufacturer", rng, format_args!("{manufacturer}"));
        let serial = rng.below(u32::MAX);
        o.nullable("serialNumber", rng, format_args!("ACE{serial:010}"));
        o.nullable("chargerModel", rng, format_args!("{model}"));
        if rng.one_in(10) {
            o.raw("amountOfSockets", 2);
        }
    }

    fn state(&self, o: &mut Object<'_, LastSeen>, rng: &mut Rng) {
        o.hole("lastSeen", LastSeen);
        match rng.below(8) {
            0 => o.null("lastMessage"),
            _ => o.string("lastMessage", rng.pick(&MESSAGES), self.spelling),
        }
        o.raw("activeConnection", !rng.one_in(4));
        o.plain(
            "chargerStatus",
            format_args!("{}", rng.pick(&CHARGER_STATUSES)),
        );
    }

    fn location(&self, o: &mut Object<'_, LastSeen>, rng: &mut Rng, tally: &mut Tally) {
        o.object("locationInfo", |o| {
            // Built from integers: printing a float is nothing to depend on. The last digit is
            // never 0, so that the text is also the shortest for its value.
            let mut degrees = |o: &mut Object<'_, LastSeen>, key, low: i32, span: u32| {
                let whole = low + rng.below(span) as i32;
                let fraction = rng.below(99_999) * 10 + 1 + rng.below(9);
                o.raw(key, format_args!("{whole}.{fraction:06}"));
            };
            degrees(o, "latitude", -55, 125);
            degrees(o, "longitude", -179, 358);
            o.string("streetAddress", rng.pick(&STREETS), self.spelling);
            o.plain("streetNumber", format_args!("{}", 1 + rng.below(200)));
            o.nullable("houseLetter", rng, format_args!("B"));
            let postal = rng.below(100_000);
            o.nullable("postalNumber", rng, format_args!("{postal:05}"));
            o.string("city", rng.pick(&CITIES), self.spelling);
            o.nullable("area", rng, format_args!("Area {}", self.site.0));
            o.nullable(
                "country",
                rng,
                format_args!("{}", COUNTRIES[self.site.0 as usize % 8]),
            );
            if self.config.drift {
                o.plain("timezone", format_args!("Europe/Helsinki"));
                tally.extra("chargers", "locationInfo.timezone");
            }
        });
    }

    /// A split charger has sockets for sure: how many rows it would make without is open to dispute.
    fn evse(&self, o: &mut Object<'_, LastSeen>, rng: &mut Rng, sockets: u64, tally: &mut Tally) {
        o.plain("evseId", format_args!("FI*VLT*E{:07}", self.index));
        let split = sockets > 0 && rng.one_in(2);
        match rng.below(10) {
            _ if split => o.raw("splitEvseBySocket", true),
            0 => o.null("splitEvseBySocket"),
            1 => {}
            _ => o.raw("splitEvseBySocket", false),
        }
        tally.add("evses", if split { sockets } else { 1 });
    }

    /// Values of every JSON type.
    fn properties(&self, o: &mut Object<'_, LastSeen>, rng: &mut Rng, tally: &mut Tally) {
        if rng.one_in(8) {
            return o.nothing(
                "customProperties",
                rng.pick(&[Nothing::Null, Nothing::Absent]),
            );
        }
        let values: [(&str, &str); 6] = [
            ("costCenter", "\"K-4410\""),
            ("länge", "4.25"),
            ("leased", "true"),
            ("contract", "{\"until\":\"2027-12-31\",\"sla\":[1,2]}"),
            ("phases", "[1,2,3]"),
            ("note", "null"),
        ];
        o.object("customProperties", |o| {
            for (name, value) in values {
                if rng.one_in(2) {
                    o.raw(name, value);
                    tally.add("charger_custom_properties", 1);
                }
            }
        });
    }
}

fn configurations(o: &mut Object<'_, LastSeen>, rng: &mut Rng, tally: &mut Tally) {
    if rng.one_in(20) {
        return o.nothing("chargerConfigurations", rng.pick(&Nothing::USUAL));
    }
    let count = rng.pick(&[4, 4, 4, 4, 5, 5, 6, 8]);
    o.list("chargerConfigurations", |list| {
        for &(name, value, writable) in &CONFIGURATIONS[..count] {
            if rng.one_in(60) {
                list.null();
                continue;
            }
            list.object(|o| {
                o.plain("configName", format_args!("{name}"));
                o.plain("configValue", format_args!("{value}"));
                o.raw("canBeChanged", writable);
            });
            tally.add("charger_configurations", 1);
        }
    });
}
