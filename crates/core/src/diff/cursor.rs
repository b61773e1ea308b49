//! The rows of one side, in the order that both sides are merged in.

use std::collections::VecDeque;
use std::sync::Arc;

use arrow_array::RecordBatch;

use super::{Batches, DiffError, Row, Side};
use crate::column;
use crate::schema::{Pairing, TableDef};

/// The rows as they come, their order checked.
struct Rows<'a, E> {
    side: Side,
    table: &'static TableDef,
    pairing: Arc<Pairing>,
    batches: Batches<'a, E>,
    batch: Arc<RecordBatch>,
    /// The next one in the batch.
    next: usize,
    /// Rows given so far.
    given: u64,
    last: Option<Row>,
}

impl<E> Rows<'_, E> {
    fn next(&mut self) -> Result<Option<Row>, DiffError<E>> {
        while self.next == self.batch.num_rows() {
            let Some(batch) = self.batches.next() else {
                return Ok(None);
            };
            let batch = batch.map_err(DiffError::Read)?;
            self.check(&batch)?;
            (self.batch, self.next) = (Arc::new(batch), 0);
        }
        let row = Row::new(self.table, self.batch.clone(), self.next);
        (self.next, self.given) = (self.next + 1, self.given + 1);
        if let Some(last) = self.last.replace(row.clone()) {
            let order = last.cmp_by(&row, &self.pairing.sorted);
            let repeats = order.is_eq() && self.pairing.within.is_empty();
            if order.is_gt() || repeats {
                return Err(DiffError::Unsorted {
                    side: self.side,
                    table: self.table.name,
                    row: self.given,
                });
            }
        }
        Ok(Some(row))
    }

    /// Batches may come from files that somebody changed.
    fn check(&self, batch: &RecordBatch) -> Result<(), DiffError<E>> {
        if column::fits(batch, self.table) {
            return Ok(());
        }
        Err(DiffError::Columns {
            side: self.side,
            table: self.table.name,
        })
    }
}

/// The rows of one side, the next one always at hand.
pub(super) struct Cursor<'a, E> {
    rows: Rows<'a, E>,
    /// Rows that stand in one place of the table's order, sorted by what tells them apart.
    group: VecDeque<Row>,
    /// The row behind them, where it was read.
    ahead: Option<Row>,
}

impl<'a, E> Cursor<'a, E> {
    pub(super) fn new(
        side: Side,
        table: &'static TableDef,
        pairing: Arc<Pairing>,
        batches: Batches<'a, E>,
    ) -> Self {
        Cursor {
            rows: Rows {
                side,
                table,
                pairing,
                batches,
                batch: Arc::new(RecordBatch::new_empty(table.arrow_schema())),
                next: 0,
                given: 0,
                last: None,
            },
            group: VecDeque::new(),
            ahead: None,
        }
    }

    /// The next row; none at the end.
    pub(super) fn peek(&mut self) -> Result<Option<&Row>, DiffError<E>> {
        if self.group.is_empty() {
            self.fill()?;
        }
        Ok(self.group.front())
    }

    /// Takes the row that was looked at.
    pub(super) fn take(&mut self) -> Option<Row> {
        self.group.pop_front()
    }

    fn fill(&mut self) -> Result<(), DiffError<E>> {
        let first = match self.ahead.take() {
            Some(row) => Some(row),
            None => self.rows.next()?,
        };
        let Some(first) = first else { return Ok(()) };
        let pairing = self.rows.pairing.clone();
        self.group.push_back(first);
        if pairing.within.is_empty() {
            return Ok(());
        }
        while let Some(row) = self.rows.next()? {
            if self.group[0].cmp_by(&row, &pairing.sorted).is_ne() {
                self.ahead = Some(row);
                break;
            }
            self.group.push_back(row);
        }
        let group = self.group.make_contiguous();
        group.sort_by(|one, other| one.cmp_by(other, &pairing.within));
        Ok(())
    }
}
