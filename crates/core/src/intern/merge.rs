//! One row for each identity (rule 3 of the schema): column by column, the first value that is not
//! null. Every later one that differs is a conflict.

use rayon::prelude::*;

use super::{Groups, RowRef, Source};
use crate::column::Value;
use crate::parse::Layout;
use crate::schema::Kind;

/// The rows of one kind, merged.
#[derive(Debug, Default)]
pub(crate) struct Merged {
    rows: Vec<Choice>,
    /// For each row that is none of the payload's, where each of its cells is from.
    made: Vec<RowRef>,
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
pub(crate) struct Conflict<'a> {
    pub(crate) kind: Kind,
    /// Number of the identity.
    pub(crate) identity: u32,
    /// Index of the cell.
    pub(crate) cell: usize,
    pub(crate) other: Value<'a>,
    pub(crate) kept: Value<'a>,
    /// The row that has the other value.
    pub(crate) row: RowRef,
}

impl Merged {
    /// The row that a cell of an identity's row is from.
    #[inline]
    pub(crate) fn row(&self, identity: usize, cell: usize) -> RowRef {
        match self.rows[identity] {
            Choice::AsRead(row) => row,
            Choice::Made(row) => self.made[row as usize * self.stride + cell],
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }
}

/// Merges the rows of a kind.
fn merge<'a>(source: &'a Source, kind: Kind, groups: &Groups) -> (Merged, Vec<Conflict<'a>>) {
    let mut merged = Merged {
        rows: Vec::with_capacity(groups.len()),
        stride: Layout::of(kind).types.len(),
        ..Merged::default()
    };
    let mut several = Vec::new();
    for (identity, rows) in groups.iter().enumerate() {
        if let [row] = rows {
            merged.rows.push(Choice::AsRead(*row));
        } else {
            merged.rows.push(Choice::Made(several.len() as u32));
            merged
                .made
                .extend(std::iter::repeat_n(rows[0], merged.stride));
            several.push((identity, rows));
        }
    }
    let mut conflicts = Vec::new();
    if several.is_empty() {
        return (merged, conflicts);
    }
    for cell in 0..merged.stride {
        let value = source.cells(kind, cell);
        for (&(identity, rows), kept) in several
            .iter()
            .zip(merged.made.chunks_exact_mut(merged.stride))
        {
            let kept = &mut kept[cell];
            let mut first = value(*kept);
            for &row in &rows[1..] {
                match value(row) {
                    Value::Null => {}
                    other if first == Value::Null => (*kept, first) = (row, other),
                    other if other == first => {}
                    other => conflicts.push(Conflict {
                        kind,
                        identity: identity as u32,
                        cell,
                        other,
                        kept: first,
                        row,
                    }),
                }
            }
        }
    }
    (merged, conflicts)
}

/// Merges all kinds, in parallel.
pub(crate) fn merge_all<'a>(
    source: &'a Source,
    groups: &[&Groups; Kind::ALL.len()],
) -> ([Merged; Kind::ALL.len()], Vec<Conflict<'a>>) {
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
