//! What an anomaly, a conflict or an unknown field is about, in words.

use crate::intern::{Identities, Keys, RowRef, Source};
use crate::place::Step;
use crate::schema::{Kind, Member, Shape};

/// The payload with its identities.
#[derive(Clone, Copy)]
pub(super) struct Subjects<'a> {
    pub(super) source: &'a Source,
    pub(super) identities: &'a [Identities<'a>],
}

impl<'a> Subjects<'a> {
    /// The identity of a row as text; empty for the payload itself.
    pub(super) fn key_of(&self, kind: Kind, row: RowRef) -> String {
        if kind == Kind::Root {
            String::new()
        } else {
            self.key(kind, self.identities[kind as usize].of(row))
        }
    }

    /// An identity as text.
    pub(super) fn key(&self, kind: Kind, identity: u32) -> String {
        let at = identity as usize;
        match &self.identities[kind as usize].keys {
            Keys::None => String::new(),
            Keys::Ids(ids) => ids[at].to_string(),
            Keys::Names(names) => names[at].to_owned(),
            Keys::Positions(keys) => {
                format!("{}/{}", self.key(kind.owner(), keys[at].0), keys[at].1)
            }
            Keys::Entries(keys) => {
                format!("{}/{}", self.key(kind.owner(), keys[at].0), keys[at].1)
            }
        }
    }

    /// The way from the record that a row is a part of to the row itself.
    pub(super) fn steps(&self, kind: Kind, row: RowRef) -> Vec<Step<'a>> {
        let list = kind
            .owner()
            .record()
            .members
            .iter()
            .find(|member| match member.shape {
                Shape::List(part) | Shape::Map(part) => part == kind && !kind.is_node(),
                _ => false,
            });
        let Some(list) = list else { return Vec::new() };
        let identities = &self.identities[kind as usize];
        let last = match &identities.keys {
            Keys::Entries(keys) => Step::Name(keys[identities.of(row) as usize].1),
            _ => Step::Index(self.source.position(kind, row)),
        };
        vec![Step::Member(list), last]
    }
}

/// The way from a row to the value of a cell, and the name of its column.
pub(super) fn cell_steps(kind: Kind, cell: usize) -> (Vec<Step<'static>>, &'static str) {
    let record = kind.record();
    match kind {
        Kind::CustomProperty => return (Vec::new(), record.members[cell - 1].column),
        // The value is the row.
        Kind::Capability | Kind::Relay => return (Vec::new(), record.members[cell].column),
        _ => {}
    }
    let mut rest = cell;
    for member in record.members {
        let below: &[Member] = match member.shape {
            Shape::Scalar(_) if rest == 0 => return (vec![Step::Member(member)], member.column),
            Shape::Scalar(_) => {
                rest -= 1;
                continue;
            }
            Shape::Object(kind) => kind.record().members,
            _ => continue,
        };
        if let Some(inner) = below.get(rest) {
            return (
                vec![Step::Member(member), Step::Member(inner)],
                inner.column,
            );
        }
        rest -= below.len();
    }
    unreachable!("a row has no more cells than its record has scalars")
}
