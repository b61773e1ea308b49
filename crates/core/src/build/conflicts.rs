//! Values that differ from the one kept.

use rayon::prelude::*;

use super::extras::ExtraRow;
use super::subject::{Subjects, cell_steps, text};
use crate::intern::{Conflict, RowRef};
use crate::place::{LazyPlaces, Spot, Step, locate};
use crate::schema::Kind;

/// A row of the table.
#[derive(Debug)]
pub(super) struct ConflictRow {
    pub(super) entity: &'static str,
    pub(super) key: String,
    pub(super) field: String,
    pub(super) other: String,
    pub(super) kept: String,
    pub(super) path: String,
    offset: u64,
}

/// The rows of the table: of each distinct other value, the one that stands first in the text.
pub(super) fn all(
    subjects: Subjects<'_>,
    places: &LazyPlaces<'_>,
    merged: &[Conflict<'_>],
    extras: &[ExtraRow],
) -> Vec<ConflictRow> {
    let mut rows: Vec<ConflictRow> = merged
        .par_iter()
        .map(|conflict| of_cell(subjects, places, conflict))
        .collect();
    rows.extend(of_extras(places, extras));
    rows.extend(of_tag_users(subjects, places));
    rows.par_sort_by(|one, other| one.sort_key().cmp(&other.sort_key()));
    rows.dedup_by(|next, first| next.key() == first.key());
    rows
}

impl ConflictRow {
    fn key(&self) -> (&str, &str, &str, &str) {
        (self.entity, &self.key, &self.field, &self.other)
    }

    fn sort_key(&self) -> ((&str, &str, &str, &str), u64) {
        (self.key(), self.offset)
    }
}

fn of_cell(
    subjects: Subjects<'_>,
    places: &LazyPlaces<'_>,
    conflict: &Conflict<'_>,
) -> ConflictRow {
    let &Conflict {
        kind,
        identity,
        cell,
        other,
        kept,
        row,
    } = conflict;
    let (below, field) = cell_steps(kind, cell);
    let steps = [subjects.steps(kind, row), below].concat();
    let (offset, path) = stands(subjects, places, kind, row, &steps);
    ConflictRow {
        entity: kind.record().table,
        key: subjects.key(kind, identity),
        field: field.to_owned(),
        other: text(other),
        kept: text(kept),
        path,
        offset,
    }
}

/// Offset and path of what stands at the end of these steps, in the record that a row belongs to.
fn stands(
    subjects: Subjects<'_>,
    places: &LazyPlaces<'_>,
    kind: Kind,
    row: RowRef,
    steps: &[Step<'_>],
) -> (u64, String) {
    let source = subjects.source;
    let node = source.owner(kind, row);
    let holes = source.forest.children(node).len();
    let (at, below) = locate(source.own(node), holes, steps).expect("the value was parsed");
    (places.offset(Spot { node, at }), places.path(node) + &below)
}

fn of_extras(places: &LazyPlaces<'_>, extras: &[ExtraRow]) -> Vec<ConflictRow> {
    let mut rows = Vec::new();
    for field in extras.chunk_by(ExtraRow::same) {
        let mut values = field.iter().filter(|row| row.value != "null");
        let Some(kept) = values.next() else { continue };
        for other in values.filter(|other| other.value != kept.value) {
            let place = places.place(other.spot);
            rows.push(ConflictRow {
                entity: kept.entity,
                key: kept.key.clone(),
                field: kept.field.clone(),
                other: other.value.clone(),
                kept: kept.value.clone(),
                path: place.path,
                offset: place.offset,
            });
        }
    }
    rows
}

/// A tag stands with its first user; every other one is a conflict.
fn of_tag_users(subjects: Subjects<'_>, places: &LazyPlaces<'_>) -> Vec<ConflictRow> {
    let source = subjects.source;
    let users = &subjects.identities[Kind::User as usize];
    let user = |row| users.of(source.row_of(source.owner(Kind::Tag, row)));
    let mut rows = Vec::new();
    for (tag, group) in subjects.identities[Kind::Tag as usize]
        .groups
        .iter()
        .enumerate()
    {
        let kept = user(group[0]);
        for &row in group.iter().filter(|&&row| user(row) != kept) {
            let (offset, path) = stands(
                subjects,
                places,
                Kind::Tag,
                row,
                &subjects.steps(Kind::Tag, row),
            );
            rows.push(ConflictRow {
                entity: Kind::Tag.record().table,
                key: subjects.key(Kind::Tag, tag as u32),
                field: "user_id".to_owned(),
                other: users.ids()[user(row) as usize].to_string(),
                kept: users.ids()[kept as usize].to_string(),
                path,
                offset,
            });
        }
    }
    rows
}
