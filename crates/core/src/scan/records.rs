//! Takes in complete records: keeps them, enters them in the memo, hands them out for parsing.

use super::forest::{Closed, Forest, NodeIx};
use super::memo::Memo;
use super::terms::{Batch, Halt};
use crate::scan::Class;

/// Refuses a record whose own text is too long for columns of it, and for offsets in it.
#[inline]
pub(super) fn check_length(own: usize) -> Result<(), Halt> {
    match own > i32::MAX as usize {
        true => Err(Halt::TooLarge("a record of 2 GiB")),
        false => Ok(()),
    }
}

/// The records so far.
pub(super) struct Records<F> {
    pub(super) forest: Forest,
    /// None where repeats are not to be recognised.
    pub(super) memo: Option<Memo>,
    /// Those in the arena's current chunk.
    pending: Vec<(Class, u32, u32)>,
    emit: F,
}

impl<F: FnMut(Batch)> Records<F> {
    pub(super) fn new(memo: bool, emit: F) -> Self {
        Records {
            forest: Forest::default(),
            memo: memo.then(Memo::default),
            pending: Vec::new(),
            emit,
        }
    }

    /// Takes a record in.
    pub(super) fn push(&mut self, record: Closed<'_>) -> Result<NodeIx, Halt> {
        check_length(record.own.len())?;
        if self.forest.nodes.len() >= u32::MAX as usize {
            return Err(Halt::TooLarge("the number of distinct records"));
        }
        if self.forest.edges() + record.children.len() > u32::MAX as usize {
            return Err(Halt::TooLarge("the number of records in distinct ones"));
        }
        if self.forest.arena.is_full_for(record.own.len()) {
            self.flush();
        }
        self.forest.arena.reserve(record.own.len())?;
        self.pending.push((
            record.class,
            record.own.len() as u32,
            record.children.len() as u32,
        ));
        let hash = record.hash;
        let node = self.forest.push(record);
        if let Some(memo) = &mut self.memo {
            memo.insert(hash, node);
        }
        Ok(node)
    }

    /// Hands out the records of the current chunk.
    pub(super) fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let (chunk, text) = self.forest.arena.freeze();
        let records = std::mem::take(&mut self.pending);
        let first = NodeIx::new(self.forest.nodes.len() - records.len());
        (self.emit)(Batch {
            chunk,
            text,
            first,
            records,
        });
    }
}
