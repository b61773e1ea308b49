//! The tables, and counting their rows.

use std::collections::{BTreeMap, BTreeSet};

/// Every table a payload becomes, in the order of the schema.
pub const TABLES: [&str; 24] = [
    "sites",
    "operators",
    "users",
    "tags",
    "user_external_ids",
    "chargers",
    "sockets",
    "charger_configurations",
    "charger_capabilities",
    "charger_integration_relays",
    "charger_custom_properties",
    "site_subsites",
    "site_operators",
    "operator_sites",
    "site_users",
    "site_chargers",
    "user_sites",
    "user_chargers",
    "site_ancestors",
    "operator_access",
    "evses",
    "extras",
    "conflicts",
    "anomalies",
];

/// Rows by table, while they are counted.
pub(crate) struct Tally {
    rows: BTreeMap<&'static str, u64>,
    /// Kinds of record and their fields that the API page does not have.
    unknown: BTreeSet<(&'static str, &'static str)>,
}

impl Tally {
    pub(crate) fn new() -> Self {
        Self {
            rows: TABLES.map(|table| (table, 0)).into(),
            unknown: BTreeSet::new(),
        }
    }

    pub(crate) fn add(&mut self, table: &'static str, rows: u64) {
        *self.rows.entry(table).or_default() += rows;
    }

    /// An unknown field of one identity.
    pub(crate) fn extra(&mut self, entity: &'static str, field: &'static str) {
        self.add("extras", 1);
        self.unknown.insert((entity, field));
    }

    /// An anomaly stands for all the unknown fields of one name in one kind of record.
    pub(crate) fn into_rows(mut self) -> BTreeMap<&'static str, u64> {
        self.add("anomalies", self.unknown.len() as u64);
        self.rows
    }
}
