//! Values that differ from the one kept.

use rayon::prelude::*;

use super::extras::ExtraRow;
use super::subject::{Subjects, cell_steps};
use crate::intern::Conflict;
use crate::place::{Finder, LazyPlaces, Spot, Step};
use crate::scan::NodeIx;
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
    extras: &[ExtraRow<'_>],
) -> Vec<ConflictRow> {
    let cells = merged.iter().map(|conflict| of_cell(subjects, conflict));
    let mut others: Vec<Other<'_>> = cells.chain(of_tag_users(subjects)).collect();
    others.par_sort_by_key(|other| other.node);
    let records = others.par_chunk_by(|one, other| one.node == other.node);
    let found: Vec<Spot> = records
        .flat_map_iter(|others| spots(subjects, others))
        .collect();
    let rows = others.into_iter().map(|other| other.row).zip(found);
    let mut rows: Vec<(ConflictRow, Spot)> = rows.chain(of_extras(extras)).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let spots_of =
        |rows: &[(ConflictRow, Spot)]| rows.iter().map(|(_, spot)| *spot).collect::<Vec<_>>();
    let offsets = places.offsets(&spots_of(&rows));
    for ((row, _), offset) in rows.iter_mut().zip(offsets) {
        row.offset = offset;
    }
    rows.par_sort_by(|(one, _), (other, _)| one.sort_key().cmp(&other.sort_key()));
    rows.dedup_by(|(next, _), (first, _)| next.key() == first.key());
    // Paths may be long: those that stay only.
    let found = places.all(&spots_of(&rows));
    let placed = rows
        .into_iter()
        .zip(found)
        .map(|((row, _), place)| ConflictRow {
            path: place.path,
            ..row
        });
    placed.collect()
}

/// A value that differs, and the way to it in its record.
struct Other<'a> {
    row: ConflictRow,
    node: NodeIx,
    steps: Vec<Step<'a>>,
}

/// Where values of one record stand.
fn spots(subjects: Subjects<'_>, others: &[Other<'_>]) -> Vec<Spot> {
    let (source, node) = (subjects.source, others[0].node);
    let mut finder = Finder::new(source.own(node), source.forest.children(node).len());
    let spot = |other: &Other<'_>| Spot {
        node,
        at: finder.find(&other.steps).expect("the value was parsed"),
    };
    others.iter().map(spot).collect()
}

impl ConflictRow {
    fn key(&self) -> [&str; 4] {
        [self.entity, &self.key, &self.field, &self.other]
    }

    /// A column and an unknown field may have one name, and two identities one text: which of what they
    /// keep is told must not depend on the order of keys.
    fn sort_key(&self) -> ([&str; 4], &str, u64) {
        (self.key(), &self.kept, self.offset)
    }
}

fn of_cell<'a>(subjects: Subjects<'a>, conflict: &Conflict<'_>) -> Other<'a> {
    let &Conflict {
        kind,
        identity,
        cell,
        other,
        kept,
        row,
    } = conflict;
    let (below, field) = cell_steps(kind, cell);
    Other {
        row: ConflictRow {
            entity: kind.record().table,
            key: subjects.key(kind, identity),
            field: field.to_owned(),
            other: other.to_text(),
            kept: kept.to_text(),
            path: String::new(),
            offset: 0,
        },
        node: subjects.source.owner(kind, row),
        steps: [subjects.steps(kind, row), below].concat(),
    }
}

fn of_extras(extras: &[ExtraRow<'_>]) -> Vec<(ConflictRow, Spot)> {
    let mut rows = Vec::new();
    for field in extras.chunk_by(ExtraRow::same) {
        let mut values = field.iter().filter(|row| &*row.value != "null");
        let Some(kept) = values.next() else { continue };
        for other in values.filter(|other| other.value != kept.value) {
            let row = ConflictRow {
                entity: kept.entity,
                key: kept.key.to_string(),
                field: kept.field.to_owned(),
                other: other.value.to_string(),
                kept: kept.value.to_string(),
                path: String::new(),
                offset: 0,
            };
            rows.push((row, other.spot));
        }
    }
    rows
}

/// A tag stands with its first user; every other one is a conflict.
fn of_tag_users(subjects: Subjects<'_>) -> Vec<Other<'_>> {
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
            rows.push(Other {
                row: ConflictRow {
                    entity: Kind::Tag.record().table,
                    key: subjects.key(Kind::Tag, tag as u32),
                    field: "user_id".to_owned(),
                    other: users.ids()[user(row) as usize].to_string(),
                    kept: users.ids()[kept as usize].to_string(),
                    path: String::new(),
                    offset: 0,
                },
                node: source.owner(Kind::Tag, row),
                steps: subjects.steps(Kind::Tag, row),
            });
        }
    }
    rows
}
