//! One row for each identity (rule 3 of the schema): column by column, the first value that is not
//! null. Every later one that differs is a conflict.

use rayon::prelude::*;

use super::{Groups, RowRef, Source};
use crate::parse::Cell;
use crate::schema::Kind;

/// The rows of one kind, merged.
#[derive(Debug, Default)]
pub(crate) struct Merged {
    rows: Vec<Choice>,
    /// Rows that are none of the payload's, one behind the other.
    made: Vec<Cell>,
    stride: usize,
}

/// Where a merged row's cells are.
#[derive(Clone, Copy, Debug)]
enum Choice {
    AsRead(RowRef),
    Made(u32),
}

/// A value that is not in the row of its identity.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Conflict {
    pub(crate) kind: Kind,
    /// Number of the identity.
    pub(crate) identity: u32,
    /// Index of the cell.
    pub(crate) cell: usize,
    pub(crate) other: Cell,
    pub(crate) kept: Cell,
    /// The row that has the other value.
    pub(crate) row: RowRef,
}

impl Merged {
    /// The cells of an identity's row.
    pub(crate) fn cells<'a>(
        &'a self,
        source: &'a Source,
        kind: Kind,
        identity: usize,
    ) -> &'a [Cell] {
        match self.rows[identity] {
            Choice::AsRead(row) => source.cells(kind, row),
            Choice::Made(row) => &self.made[row as usize * self.stride..][..self.stride],
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }
}

/// Merges the rows of a kind.
fn merge(source: &Source, kind: Kind, groups: &Groups) -> (Merged, Vec<Conflict>) {
    let mut merged = Merged::default();
    let mut conflicts = Vec::new();
    merged.rows.reserve(groups.len());
    for (identity, rows) in groups.iter().enumerate() {
        let &[first, ref others @ ..] = rows else {
            unreachable!("groups have rows")
        };
        if others.is_empty() {
            merged.rows.push(Choice::AsRead(first));
            continue;
        }
        let mut cells = source.cells(kind, first).to_vec();
        merged.stride = cells.len();
        for &row in others {
            for (cell, (kept, &other)) in cells.iter_mut().zip(source.cells(kind, row)).enumerate()
            {
                match (*kept, other) {
                    (_, Cell::Null) => {}
                    (Cell::Null, _) => *kept = other,
                    (kept, _) if equal(source, kept, other) => {}
                    (kept, _) => {
                        let identity = identity as u32;
                        conflicts.push(Conflict {
                            kind,
                            identity,
                            cell,
                            other,
                            kept,
                            row,
                        });
                    }
                }
            }
        }
        merged.rows.push(Choice::Made(
            (merged.made.len() / merged.stride.max(1)) as u32,
        ));
        merged.made.extend(cells);
    }
    (merged, conflicts)
}

/// Merges all kinds, in parallel.
pub(crate) fn merge_all(
    source: &Source,
    groups: &[&Groups; Kind::ALL.len()],
) -> ([Merged; Kind::ALL.len()], Vec<Conflict>) {
    let mut all = Kind::ALL.map(|_| Merged::default());
    let mut conflicts = Vec::new();
    let kinds: Vec<_> = Kind::ALL
        .into_par_iter()
        .map(|kind| (kind, merge(source, kind, groups[kind as usize])))
        .collect();
    for (kind, (merged, found)) in kinds {
        all[kind as usize] = merged;
        conflicts.extend(found);
    }
    (all, conflicts)
}

/// Whether two values of one column are equal.
fn equal(source: &Source, one: Cell, other: Cell) -> bool {
    match (one, other) {
        (Cell::Null, Cell::Null) => true,
        (Cell::Bool(one), Cell::Bool(other)) => one == other,
        (Cell::Int(one), Cell::Int(other)) | (Cell::Time(one), Cell::Time(other)) => one == other,
        (Cell::Float(one), Cell::Float(other)) => one == other,
        (Cell::Text(one), Cell::Text(other)) => {
            one == other || source.texts.get(one) == source.texts.get(other)
        }
        _ => false,
    }
}
