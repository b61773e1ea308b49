//! One row for each identity (rule 3 of the schema): column by column, the first value that is not
//! null. Every later one that differs is a conflict.

use std::{iter::repeat_n, ops::Range};

use rayon::prelude::*;

use super::{Groups, RowRef, Source};
use crate::column::Value;
use crate::parse::Layout;
use crate::schema::Kind;

/// The rows of one kind, merged.
#[derive(Debug)]
pub(crate) struct Merged<'a> {
    groups: &'a Groups,
    /// The identities that have several rows, ascending.
    several: Vec<u32>,
    /// For each of these, where each cell of its row is from.
    made: Vec<RowRef>,
    stride: usize,
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

impl Merged<'_> {
    /// The row that a cell of an identity's row is from.
    #[inline]
    pub(crate) fn row(&self, identity: usize, cell: usize) -> RowRef {
        match self.groups.get(identity) {
            [row] => *row,
            _ => {
                let made = self
                    .several
                    .partition_point(|&other| (other as usize) < identity);
                self.made[made * self.stride + cell]
            }
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.groups.len()
    }

    /// Rows that follow each other where they were read: the first one there, and which ones of these.
    pub(crate) fn runs(&self) -> Vec<(RowRef, Range<usize>)> {
        let mut runs: Vec<(RowRef, Range<usize>)> = Vec::new();
        for (identity, rows) in self.groups.iter().enumerate() {
            let &[row] = rows else { continue };
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
fn merge<'a, 'g>(
    source: &'a Source,
    kind: Kind,
    groups: &'g Groups,
) -> (Merged<'g>, Vec<Conflict<'a>>) {
    let several = groups.of_several();
    let stride = Layout::of(kind).types.len();
    let firsts = several.iter().map(|&group| groups.get(group as usize)[0]);
    let mut merged = Merged {
        groups,
        made: firsts.flat_map(|first| repeat_n(first, stride)).collect(),
        several,
        stride,
    };
    let mut conflicts = Vec::new();
    if merged.several.is_empty() {
        return (merged, conflicts);
    }
    for cell in 0..merged.stride {
        let value = source.cells(kind, cell);
        let made = merged.made.chunks_exact_mut(merged.stride);
        for (&identity, made) in merged.several.iter().zip(made) {
            let kept = &mut made[cell];
            let mut first = value(*kept);
            for &row in &groups.get(identity as usize)[1..] {
                match value(row) {
                    Value::Null => {}
                    other if first == Value::Null => (*kept, first) = (row, other),
                    other if other == first => {}
                    other => conflicts.push(Conflict {
                        kind,
                        identity,
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

/// Merges all kinds, in parallel; gives them by [`Kind`].
pub(crate) fn merge_all<'a, 'g>(
    source: &'a Source,
    groups: [&'g Groups; Kind::EACH.len()],
) -> (Vec<Merged<'g>>, Vec<Conflict<'a>>) {
    let (merged, conflicts): (_, Vec<_>) = Kind::EACH
        .into_par_iter()
        .map(|kind| merge(source, kind, groups[kind as usize]))
        .unzip();
    (merged, conflicts.concat())
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
        let rows = [
            at(0, 4),
            at(0, 5),
            // In the next batch, behind a row of several, after a gap, backwards.
            at(1, 6),
            at(0, 0),
            at(1, 7),
            at(1, 9),
            at(1, 8),
        ];
        let entries = rows.iter().enumerate().flat_map(|(key, &row)| {
            let times = if row == at(0, 0) { 2 } else { 1 };
            repeat_n((key, 0, row), times)
        });
        let (keys, groups) = Groups::new(entries, 0);
        assert_eq!(keys.len(), groups.len());
        let merged = Merged {
            groups: &groups,
            several: groups.of_several(),
            made: vec![at(2, 0)],
            stride: 1,
        };
        let row = |identity| merged.row(identity, 0);
        assert_eq!([row(2), row(3), row(4)], [at(1, 6), at(2, 0), at(1, 7)]);
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
