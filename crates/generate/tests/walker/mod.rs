//! A second, naive reading of the schema: walks a parsed payload and collects every row as a set.
//! It shares nothing with the generator.

use std::collections::{BTreeMap, BTreeSet};

use chrono::DateTime;
use serde_json::Value;

const SITE: &str = "id groupName groupType externalId isSpare onlineSocket offlineSocket errorSocket \
    payerId costId costName paymentRecipientId / subgroups operators users chargers";
const OPERATOR: &str =
    "id name operatorId emailAddress homeGroupId homeGroupName isAdminOperator / groups";
const USER: &str = "id name homeGroupId homeGroupName externalId payerId / tags chargerGroups \
    chargers integratedExternalIds";
const TAG: &str = "id idTag expiringDate startDate lastUpdated tokenName invoicable /";
const EXTERNAL_ID: &str = "referenceType referenceId externalId effectiveFrom /";
const CHARGER: &str = "id chargerId chargerName groupId groupName firmwareVersion publicGroupName \
    manufacturer serialNumber chargerModel amountOfSockets lastSeen lastMessage activeConnection \
    chargerStatus pushIntegrationEnabled chargerSpecificMessageStructure evseId splitEvseBySocket \
    physicalReference iccid imsi meterSerialNumber meterType / locationInfo chargerConfigurations \
    sockets capabilities integrationRelays customProperties";
const LOCATION: &str = "latitude longitude streetAddress streetNumber houseLetter postalNumber city \
    area country /";
const CONFIGURATION: &str = "configName configValue canBeChanged /";
const SOCKET: &str = "type maxPower status id name deviceEvseId deviceConnectorId format \
    socketPowerType maxWatts maxVoltage maxAmperage phaseRotation termsAndConditions lastUpdated \
    chargingStationEvseId /";
const TIMES: [&str; 5] = [
    "lastSeen",
    "expiringDate",
    "startDate",
    "lastUpdated",
    "effectiveFrom",
];

/// Keys of rows, by table.
#[derive(Default)]
struct Walker {
    rows: BTreeMap<&'static str, BTreeSet<Vec<String>>>,
    /// First non-null values by entity, key and field.
    values: BTreeMap<[String; 3], String>,
}

/// The number of rows of every table that has any.
pub(crate) fn count(payload: &Value) -> BTreeMap<&'static str, u64> {
    let mut walker = Walker::default();
    walker.root(payload);
    walker.derive();
    walker
        .rows
        .iter()
        .map(|(table, rows)| (*table, rows.len() as u64))
        .collect()
}

fn id(record: &Value) -> String {
    record["id"].as_i64().expect("an id").to_string()
}

/// The elements of a list that are no `null`, with their positions.
fn elements<'v>(record: &'v Value, key: &str) -> Vec<(usize, &'v Value)> {
    let list = record.get(key).and_then(Value::as_array);
    let all = list.into_iter().flatten().enumerate();
    all.filter(|(_, element)| !element.is_null()).collect()
}

impl Walker {
    fn row<const N: usize>(&mut self, table: &'static str, key: [&str; N]) {
        let key = key.iter().map(|part| (*part).to_owned()).collect();
        self.rows.entry(table).or_default().insert(key);
    }

    /// A record's scalars: its conflicts and its unknown fields.
    fn scalars(
        &mut self,
        entity: &'static str,
        key: &str,
        record: &Value,
        fields: &str,
        under: &str,
    ) {
        let (scalars, lists) = fields.split_once('/').expect("two parts");
        for (field, value) in record.as_object().expect("an object") {
            let name = format!("{under}{field}");
            if lists.split_whitespace().any(|list| list == field) {
                continue;
            }
            if !scalars.split_whitespace().any(|scalar| scalar == field) {
                self.row("extras", [entity, key, &name]);
                self.row("anomalies", [entity, &name]);
            }
            if value.is_null() {
                continue;
            }
            let value = match value.as_str() {
                Some(text) if TIMES.contains(&field.as_str()) => instant(text),
                _ => value.to_string(),
            };
            let place = [entity.to_owned(), key.to_owned(), name.clone()];
            let kept = self.values.entry(place).or_insert_with(|| value.clone());
            if *kept != value {
                self.row("conflicts", [entity, key, &name, &value]);
            }
        }
    }

    fn root(&mut self, root: &Value) {
        self.scalars("root", "", root, "/ operatorGroups spareOperators", "");
        for (_, group) in elements(root, "operatorGroups") {
            self.site(group, "home");
        }
        for (_, operator) in elements(root, "spareOperators") {
            self.operator(operator);
        }
    }

    fn site(&mut self, site: &Value, view: &str) {
        let own = id(site);
        self.row("sites", [&own]);
        self.scalars("sites", &own, site, SITE, "");
        for (_, subsite) in elements(site, "subgroups") {
            self.row("site_subsites", [&own, &id(subsite), view]);
            self.site(subsite, view);
        }
        for (_, operator) in elements(site, "operators") {
            self.row("site_operators", [&own, &id(operator), view]);
            self.operator(operator);
        }
        for (_, user) in elements(site, "users") {
            self.row("site_users", [&own, &id(user)]);
            self.user(user);
        }
        for (_, charger) in elements(site, "chargers") {
            let charger = self.charger(charger);
            self.row("site_chargers", [&own, &charger, view]);
        }
    }

    fn operator(&mut self, operator: &Value) {
        let own = id(operator);
        self.row("operators", [&own]);
        self.scalars("operators", &own, operator, OPERATOR, "");
        for (_, site) in elements(operator, "groups") {
            self.row("operator_sites", [&own, &id(site)]);
            self.site(site, "access");
        }
    }

    fn user(&mut self, user: &Value) {
        let own = id(user);
        self.row("users", [&own]);
        self.scalars("users", &own, user, USER, "");
        for (_, tag) in elements(user, "tags") {
            self.row("tags", [&id(tag)]);
            self.scalars("tags", &id(tag), tag, TAG, "");
            self.scalars(
                "tags",
                &id(tag),
                &serde_json::json!({"id": id(user)}),
                "/ id",
                "user",
            );
        }
        for (_, site) in elements(user, "chargerGroups") {
            self.row("user_sites", [&own, &id(site)]);
            self.site(site, "charging");
        }
        for (_, charger) in elements(user, "chargers") {
            let charger = self.charger(charger);
            self.row("user_chargers", [&own, &charger]);
        }
        self.parts(
            user,
            "integratedExternalIds",
            &own,
            "user_external_ids",
            EXTERNAL_ID,
        );
    }

    fn charger(&mut self, charger: &Value) -> String {
        let own = charger["chargerId"].as_str().expect("an id").to_owned();
        self.row("chargers", [&own]);
        self.scalars("chargers", &own, charger, CHARGER, "");
        let location = &charger["locationInfo"];
        self.scalars("chargers", &own, location, LOCATION, "locationInfo.");
        self.parts(
            charger,
            "chargerConfigurations",
            &own,
            "charger_configurations",
            CONFIGURATION,
        );
        self.parts(charger, "sockets", &own, "sockets", SOCKET);
        for (key, table) in [
            ("capabilities", "charger_capabilities"),
            ("integrationRelays", "charger_integration_relays"),
        ] {
            for (position, _) in elements(charger, key) {
                self.row(table, [&own, &position.to_string()]);
            }
        }
        let properties = charger.get("customProperties").and_then(Value::as_object);
        for name in properties
            .into_iter()
            .flat_map(|properties| properties.keys())
        {
            self.row("charger_custom_properties", [&own, name]);
        }
        if charger.get("splitEvseBySocket") == Some(&Value::Bool(true)) {
            for (_, socket) in elements(charger, "sockets") {
                self.row("evses", [&own, &id(socket)]);
            }
        } else {
            self.row("evses", [&own]);
        }
        own
    }

    /// Records without an id, which their owner and position identify.
    fn parts(&mut self, record: &Value, key: &str, owner: &str, table: &'static str, fields: &str) {
        for (position, part) in elements(record, key) {
            let position = position.to_string();
            self.row(table, [owner, &position]);
            self.scalars(table, &format!("{owner}/{position}"), part, fields, "");
        }
    }

    /// The closures, by following the edges from each start.
    fn derive(&mut self) {
        let edges = self.rows.get("site_subsites").cloned().unwrap_or_default();
        let below = |start: &str| {
            let mut reached = BTreeSet::from([start.to_owned()]);
            loop {
                let next: BTreeSet<String> = edges
                    .iter()
                    .filter(|edge| reached.contains(&edge[0]))
                    .map(|edge| edge[1].clone())
                    .chain(reached.iter().cloned())
                    .collect();
                if next == reached {
                    return reached;
                }
                reached = next;
            }
        };
        for site in self.rows.get("sites").cloned().unwrap_or_default() {
            for site_below in below(&site[0]) {
                self.row("site_ancestors", [&site_below, &site[0]]);
            }
        }
        for edge in self.rows.get("operator_sites").cloned().unwrap_or_default() {
            for site in below(&edge[1]) {
                self.row("operator_access", [&edge[0], &edge[1], &site]);
            }
        }
    }
}

/// The microseconds since 1970; what is finer is cut off.
fn instant(text: &str) -> String {
    let zoned = text.ends_with('Z') || text[19..].contains(['+', '-']);
    let text = format!("{text}{}", if zoned { "" } else { "Z" });
    let time = DateTime::parse_from_rfc3339(&text).expect("an RFC 3339 time");
    time.timestamp_micros().to_string()
}
