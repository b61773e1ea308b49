//! Conflicts and anomalies, each once, with the first place in the text.

use std::collections::BTreeMap;

use super::{
    document::NodeId,
    rows::{Cell, Key, key_text},
};
use crate::schema::RecordDef;

/// A record that is being visited.
#[derive(Clone, Debug)]
pub(super) struct Visit {
    pub(super) def: &'static RecordDef,
    pub(super) key: Key,
    pub(super) node: NodeId,
}

impl Visit {
    /// The table that the record belongs to, or `root`.
    pub(super) fn entity(&self) -> &'static str {
        self.def.table
    }

    /// The identity as text; empty for the root.
    pub(super) fn key_text(&self) -> String {
        key_text(&self.key)
    }
}

/// What makes a row of `conflicts` distinct.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Conflict {
    pub(super) entity: &'static str,
    pub(super) key: String,
    pub(super) field: String,
    pub(super) other: String,
}

/// What makes a row of `anomalies` distinct.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Anomaly {
    pub(super) kind: &'static str,
    pub(super) entity: &'static str,
    pub(super) key: String,
    pub(super) field: String,
    pub(super) raw: String,
}

/// What was found besides the rows.
#[derive(Default)]
pub(super) struct Findings {
    /// With the value that was kept, and the first place of the other one. A column and an unknown field may have
    /// one name, and two identities one text: then what is smaller is told of.
    pub(super) conflicts: BTreeMap<Conflict, (String, NodeId)>,
    /// With the first place, and the message.
    pub(super) anomalies: BTreeMap<Anomaly, (NodeId, String)>,
}

impl Findings {
    pub(super) fn conflict(
        &mut self,
        visit: &Visit,
        field: &str,
        other: &Cell,
        kept: &Cell,
        node: NodeId,
    ) {
        let conflict = Conflict {
            entity: visit.entity(),
            key: visit.key_text(),
            field: field.to_owned(),
            other: other.text(),
        };
        insert_first(&mut self.conflicts, conflict, (kept.text(), node));
    }

    pub(super) fn anomaly(&mut self, anomaly: Anomaly, node: NodeId, message: String) {
        insert_first(&mut self.anomalies, anomaly, (node, message));
    }
}

/// Of all findings that count as one, keeps the one that stands first in the text.
fn insert_first<F: Ord, P: Ord + Clone>(findings: &mut BTreeMap<F, P>, finding: F, place: P) {
    let first = findings.entry(finding).or_insert_with(|| place.clone());
    if place < *first {
        *first = place;
    }
}
