//! One row for each identity (rule 3 of the schema): column by column, the first value that is not
//! null. Every later one that differs is a conflict.

use std::ops::Range;

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

    /// Rows that follow each other where they were read: the first one there, and which ones of these.
    pub(crate) fn runs(&self) -> Vec<(RowRef, Range<usize>)> {
        let mut runs: Vec<(RowRef, Range<usize>)> = Vec::new();
        for (identity, choice) in self.rows.iter().enumerate() {
            let Choice::AsRead(row) = *choice else {
                continue;
            };
            match runs.last_mut() {
                Some((first, run))
                    if run.end == identity
                        && first.batch == row.batch
                        && first.row.0 as usize + run.len() == row.row.0 as usize =>
                {
                    run.end += 1;
                }
                _ => runs.push((row, identity..identity + 1)),
            }
        }
        runs
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::RowIx;

    #[test]
    fn runs_end_where_the_next_row_stands_elsewhere() {
        let at = |batch, row| RowRef {
            batch,
            row: RowIx(row),
        };
        let as_read = |batch, row| Choice::AsRead(at(batch, row));
        let merged = Merged {
            rows: vec![
                as_read(0, 4),
                as_read(0, 5),
                // In the next batch, behind a row of several, after a gap, backwards.
                as_read(1, 6),
                Choice::Made(0),
                as_read(1, 7),
                as_read(1, 9),
                as_read(1, 8),
            ],
            made: vec![at(0, 0)],
            stride: 1,
        };
        let runs = [
            (at(0, 4), 0..2),
            (at(1, 6), 2..3),
            (at(1, 7), 4..5),
            (at(1, 9), 5..6),
            (at(1, 8), 6..7),
        ];
        assert_eq!(merged.runs(), runs);
    }
}
