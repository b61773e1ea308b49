//! Which record is which.

use std::collections::{BTreeSet, HashMap};

use super::rows::KeyCell;
use crate::schema::Kind;

/// The identities of a payload's records.
#[derive(Default)]
pub(super) struct Identities {
    /// Real identities, which no placeholder may equal.
    reserved: BTreeSet<(Kind, KeyCell)>,
    /// Real identities met so far.
    met: BTreeSet<(Kind, KeyCell)>,
    /// Placeholders given so far, by kind and class of equal records.
    placeholders: HashMap<(Kind, usize), KeyCell>,
    /// The number in the last placeholder of a kind.
    last: HashMap<Kind, i64>,
}

impl Identities {
    /// Gives placeholders that are none of the identities that an earlier walk met.
    pub(super) fn avoiding(earlier: Identities) -> Self {
        Identities {
            reserved: earlier.met,
            ..Identities::default()
        }
    }

    /// Takes note of a real identity.
    pub(super) fn meet(&mut self, kind: Kind, identity: KeyCell) {
        self.met.insert((kind, identity));
    }

    /// What stands in for the identity of a record that has none. Equal records share it.
    pub(super) fn placeholder(&mut self, kind: Kind, class: usize) -> KeyCell {
        if let Some(placeholder) = self.placeholders.get(&(kind, class)) {
            return placeholder.clone();
        }
        let last = self.last.entry(kind).or_default();
        let placeholder = loop {
            *last += 1;
            let placeholder = match kind {
                Kind::Charger => KeyCell::Text(format!("?{last}")),
                _ => KeyCell::Int(-*last),
            };
            if !self.reserved.contains(&(kind, placeholder.clone())) {
                break placeholder;
            }
        };
        self.placeholders.insert((kind, class), placeholder.clone());
        placeholder
    }
}
