//! Two sides, merged by key.

use std::cmp::Ordering;
use std::convert::Infallible;
use std::sync::Arc;
use std::{fmt, iter};

use arrow_array::RecordBatch;

use super::cursor::Cursor;
use super::{Change, Counts, DiffError, Row, Side};
use crate::Table;
use crate::schema::{Pairing, TableDef};

/// The rows of one version of a table, in its order, a batch at a time.
pub type Batches<'a, E> = Box<dyn Iterator<Item = Result<RecordBatch, E>> + Send + 'a>;

/// What changed in a table, row by row in the order of its key; ends behind the first error.
///
/// See the [module](crate::diff) for an example.
pub struct Changes<'a, E = Infallible> {
    table: &'static TableDef,
    pairing: Arc<Pairing>,
    old: Cursor<'a, E>,
    new: Cursor<'a, E>,
    counts: Counts,
    ended: bool,
}

impl<'a> Changes<'a> {
    /// What changed between two versions of a table in memory.
    ///
    /// # Panics
    ///
    /// Where they are not the same table.
    pub fn of_tables(old: &'a Table, new: &'a Table) -> Self {
        assert_eq!(old.def.name, new.def.name, "two versions of one table");
        let batches = |table: &'a Table| table.batches.iter().cloned().map(Ok);
        Changes::new(old.def, Box::new(batches(old)), Box::new(batches(new)))
    }
}

impl<'a, E: 'a> Changes<'a, E> {
    /// What changed between two versions of a table.
    pub fn new(table: &'static TableDef, old: Batches<'a, E>, new: Batches<'a, E>) -> Self {
        let pairing = Arc::new(Pairing::of(table));
        let fused = |batches: Batches<'a, E>| -> Batches<'a, E> { Box::new(batches.fuse()) };
        Changes {
            table,
            old: Cursor::new(Side::Old, table, pairing.clone(), fused(old)),
            new: Cursor::new(Side::New, table, pairing.clone(), fused(new)),
            pairing,
            counts: Counts::default(),
            ended: false,
        }
    }
}

impl<E> Changes<'_, E> {
    /// How many rows changed so far.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    fn find(&mut self) -> Result<Option<Change>, DiffError<E>> {
        loop {
            let (old, new) = (self.old.peek()?, self.new.peek()?);
            let order = match (old, new) {
                (None, None) => return Ok(None),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(old), Some(new)) => order(old, new, &self.pairing),
            };
            let old = if order.is_le() { self.old.take() } else { None };
            let new = if order.is_ge() { self.new.take() } else { None };
            let change = match (old, new) {
                (Some(old), None) => Change::Removed(old),
                (None, Some(new)) => Change::Added(new),
                (Some(old), Some(new)) => {
                    let columns = self.pairing.compared.iter().copied();
                    let columns = columns.filter(|&column| !old.agrees(&new, column));
                    let columns: Vec<usize> = columns.collect();
                    if columns.is_empty() {
                        self.counts.unchanged += 1;
                        continue;
                    }
                    Change::Changed { old, new, columns }
                }
                (None, None) => return Ok(None),
            };
            self.counts.add(&change, self.table);
            return Ok(Some(change));
        }
    }
}

fn order(old: &Row, new: &Row, pairing: &Pairing) -> Ordering {
    let order = old.cmp_by(new, &pairing.sorted);
    order.then_with(|| old.cmp_by(new, &pairing.within))
}

impl<E> Iterator for Changes<'_, E> {
    type Item = Result<Change, DiffError<E>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let found = self.find();
        self.ended = !matches!(found, Ok(Some(_)));
        found.transpose()
    }
}

impl<E> iter::FusedIterator for Changes<'_, E> {}

impl<E> fmt::Debug for Changes<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Changes")
            .field("table", &self.table.name)
            .field("counts", &self.counts)
            .finish_non_exhaustive()
    }
}
