//! Rows of a table, wherever its batches end.

use super::{ColumnView, Value};
use crate::Table;

/// Where the rows of each batch start.
#[derive(Clone, Debug)]
pub(crate) struct Starts(Vec<usize>);

impl Starts {
    /// Of batches that have so many rows.
    pub(crate) fn new(rows: impl Iterator<Item = usize>) -> Self {
        let mut starts = vec![0];
        let mut end = 0;
        starts.extend(rows.map(|rows| {
            end += rows;
            end
        }));
        Starts(starts)
    }

    /// The number of all rows.
    pub(crate) fn len(&self) -> usize {
        self.0.last().copied().unwrap_or_default()
    }

    /// The batch that a row is in, and its number there.
    #[inline]
    pub(crate) fn find(&self, row: usize) -> (usize, usize) {
        let batch = match self.0.len() {
            2 => 0,
            _ => self.0.partition_point(|&start| start <= row) - 1,
        };
        (batch, row - self.0[batch])
    }
}

/// The first columns of a table, row by row. The batches stay apart: together their texts may be too
/// long for one array.
#[derive(Debug)]
pub(crate) struct ColumnRows<'a> {
    columns: Vec<ColumnView<'a>>,
    starts: Starts,
}

impl<'a> ColumnRows<'a> {
    /// So many columns, which have to be of the types that the table declares.
    pub(crate) fn new(table: &'a Table, columns: usize) -> Self {
        let columns = (0..columns).map(|index| {
            let arrays = table
                .batches
                .iter()
                .map(move |batch| &**batch.column(index));
            ColumnView::new(table.def.columns[index].ty, arrays)
        });
        ColumnRows {
            columns: columns.collect(),
            starts: Starts::new(table.batches.iter().map(|batch| batch.num_rows())),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.starts.len()
    }

    #[inline]
    pub(crate) fn value(&self, row: usize, column: usize) -> Value<'a> {
        let (batch, row) = self.starts.find(row);
        self.columns[column].value(batch, row)
    }
}

#[cfg(test)]
mod tests {
    use super::Starts;

    #[test]
    fn rows_are_found_past_empty_batches() {
        let starts = Starts::new([0, 2, 0, 1, 0].into_iter());
        assert_eq!(starts.len(), 3);
        assert_eq!(
            [0, 1, 2].map(|row| starts.find(row)),
            [(1, 0), (1, 1), (3, 0)]
        );
        assert_eq!(Starts::new([5].into_iter()).find(4), (0, 4));
        assert_eq!(Starts::new([].into_iter()).len(), 0);
    }
}
