//! How often records stand in a payload.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    RecordCount,
    schema::{Kind, View},
};

/// Counts the records that stand on their own.
#[derive(Default)]
pub(super) struct Counts {
    occurrences: BTreeMap<Kind, u64>,
    distinct: BTreeSet<(Kind, Option<View>, usize)>,
}

impl Counts {
    /// Counts a record, given its class of equal values.
    pub(super) fn count(&mut self, kind: Kind, view: Option<View>, class: usize) {
        *self.occurrences.entry(kind).or_default() += 1;
        self.distinct.insert((kind, view, class));
    }

    pub(super) fn records(&self) -> Vec<RecordCount> {
        [Kind::Site, Kind::Operator, Kind::User, Kind::Charger]
            .map(|kind| RecordCount {
                kind,
                occurrences: self.occurrences.get(&kind).copied().unwrap_or(0),
                distinct: self
                    .distinct
                    .iter()
                    .filter(|(other, ..)| *other == kind)
                    .count() as u64,
            })
            .into()
    }
}
