//! What happened to a row, and how often it did.

use super::Row;
use crate::schema::TableDef;

/// What happened to one row.
#[derive(Clone, Debug)]
pub enum Change {
    /// Only the new side has its key.
    Added(Row),
    /// Only the old side has its key.
    Removed(Row),
    /// Both sides have its key, with different values.
    Changed {
        /// The row on the old side.
        old: Row,
        /// The row on the new side.
        new: Row,
        /// Indices of the columns whose values differ, ascending; at least one.
        columns: Vec<usize>,
    },
}

/// What can happen to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// Only the new side has it.
    Added,
    /// Only the old side has it.
    Removed,
    /// Both sides have it, with different values.
    Changed,
}

impl ChangeKind {
    /// The name: `added`, `removed` or `changed`.
    pub fn name(self) -> &'static str {
        match self {
            ChangeKind::Added => "added",
            ChangeKind::Removed => "removed",
            ChangeKind::Changed => "changed",
        }
    }
}

impl Change {
    /// What happened.
    pub fn kind(&self) -> ChangeKind {
        match self {
            Change::Added(_) => ChangeKind::Added,
            Change::Removed(_) => ChangeKind::Removed,
            Change::Changed { .. } => ChangeKind::Changed,
        }
    }

    /// The row, on the new side where both have it.
    pub fn row(&self) -> &Row {
        match self {
            Change::Added(row) | Change::Removed(row) | Change::Changed { new: row, .. } => row,
        }
    }
}

/// How many rows of a table changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows that only the new side has.
    pub added: u64,
    /// Rows that only the old side has.
    pub removed: u64,
    /// Rows that both sides have, with different values.
    pub changed: u64,
    /// Rows that both sides have.
    pub unchanged: u64,
    /// For each column of the table, in how many rows its value changed; empty where no row changed.
    pub columns: Vec<u64>,
}

impl Counts {
    /// Of a table whose rows are all the same.
    pub fn of_equal(rows: u64) -> Self {
        Counts {
            unchanged: rows,
            ..Counts::default()
        }
    }

    /// Whether nothing changed.
    pub fn is_equal(&self) -> bool {
        self.differing() == 0
    }

    /// Rows that were added, removed or changed.
    pub fn differing(&self) -> u64 {
        self.added + self.removed + self.changed
    }

    pub(super) fn add(&mut self, change: &Change, table: &TableDef) {
        match change {
            Change::Added(_) => self.added += 1,
            Change::Removed(_) => self.removed += 1,
            Change::Changed { columns, .. } => {
                self.changed += 1;
                self.columns.resize(table.columns.len(), 0);
                for &column in columns {
                    self.columns[column] += 1;
                }
            }
        }
    }
}
