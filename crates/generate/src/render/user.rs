//! Drivers.

use super::{Slot, content, key_order, spelling};
use crate::json::{Nothing, Object, Text};
use crate::plan::{Plan, UserIx};
use crate::rng::{Domain, Rng};
use crate::tables::Tally;
use crate::time::Time;
use crate::words::{FIRST_NAMES, LAST_NAMES};

/// A driver, but for its charging tree.
pub(crate) fn user(
    plan: &Plan<'_>,
    user: UserIx,
    site_name: &str,
    tally: &mut Tally,
) -> Text<Slot> {
    let charging = plan.charging(user);
    let number = plan.user_number(user);
    let rng = &mut content(plan.config, Domain::User, number);
    let spelling = spelling(rng);
    tally.add("users", 1);
    Text::object(key_order(plan.config, Domain::User as u64, number), |o| {
        o.raw("id", number + 1);
        let name = format!("{} {}", rng.pick(&FIRST_NAMES), rng.pick(&LAST_NAMES));
        o.string("name", &name, spelling);
        o.raw("homeGroupId", user.site.id());
        o.string("homeGroupName", site_name, spelling);
        o.nullable("externalId", rng, format_args!("drv-{number:08}"));
        tags(o, rng, number, tally);
        if charging.groups.is_empty() {
            o.nothing("chargerGroups", rng.pick(&Nothing::USUAL));
        } else {
            o.list_hole("chargerGroups", Slot::ChargerGroups(user));
        }
        if charging.chargers.is_empty() {
            o.nothing("chargers", rng.pick(&Nothing::USUAL));
        } else {
            o.list_hole("chargers", Slot::UserChargers(user));
        }
        let payer = 1 + rng.below(400);
        o.nullable_number("payerId", rng, payer);
        external_ids(o, rng, number, tally);
        if plan.config.drift {
            o.plain("language", format_args!("fi-FI"));
            tally.extra("users", "language");
        }
    })
}

/// Every tag belongs to one driver: its id is made from the driver's.
fn tags(o: &mut Object<'_, Slot>, rng: &mut Rng, number: u64, tally: &mut Tally) {
    let count = rng.pick(&[0, 1, 1, 1, 1, 2, 2, 2]);
    if count == 0 {
        return o.nothing("tags", rng.pick(&Nothing::USUAL));
    }
    o.list("tags", |list| {
        for nth in 0..count {
            list.object(|o| {
                o.raw("id", number * 2 + nth + 1);
                o.plain(
                    "idTag",
                    format_args!("04{:08X}{nth:02X}80", rng.below(u32::MAX)),
                );
                let expiring = match rng.below(4) {
                    0 => Time::FOREVER,
                    _ => Time::decade(rng, 2030),
                };
                o.time("expiringDate", &expiring);
                optional_time(o, "startDate", rng);
                optional_time(o, "lastUpdated", rng);
                o.nullable("tokenName", rng, format_args!("RFID {nth}"));
                if !rng.one_in(6) {
                    o.raw("invoicable", rng.one_in(2));
                }
            });
        }
    });
    tally.add("tags", count);
}

fn external_ids(o: &mut Object<'_, Slot>, rng: &mut Rng, number: u64, tally: &mut Tally) {
    let count = rng.below(3);
    if count == 0 {
        return o.nothing("integratedExternalIds", rng.pick(&Nothing::USUAL));
    }
    o.list("integratedExternalIds", |list| {
        if rng.one_in(10) {
            list.null();
        }
        for nth in 0..count {
            list.object(|o| {
                o.raw("referenceType", nth);
                o.plain("referenceId", format_args!("crm-{number}-{nth}"));
                o.nullable("externalId", rng, format_args!("{:08x}", number * 7));
                o.time("effectiveFrom", &Time::decade(rng, 2010));
            });
        }
    });
    tally.add("user_external_ids", count.into());
}

fn optional_time(o: &mut Object<'_, Slot>, key: &str, rng: &mut Rng) {
    match rng.below(8) {
        0 => o.null(key),
        1 => {}
        2 => o.time(key, &Time::NEVER),
        _ => o.time(key, &Time::decade(rng, 2015)),
    }
}
