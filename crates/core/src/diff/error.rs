//! Why tables could not be compared.

use std::fmt;

/// One of the two versions that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The one before.
    Old,
    /// The one behind.
    New,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Side::Old => "old",
            Side::New => "new",
        })
    }
}

/// Why two versions of a table could not be compared; `E` is what reading them may fail with.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DiffError<E> {
    /// Rows could not be read.
    #[error(transparent)]
    Read(E),
    /// A row does not stand behind the one before it, in the order of the key.
    #[error("table {table}, row {row}: it is not in the order of the key")]
    Unsorted {
        /// Whose row it is.
        side: Side,
        /// Name of the table.
        table: &'static str,
        /// Number of the row, from 1.
        row: u64,
    },
    /// The columns are not those that the table is declared with.
    #[error("table {table}: it has other columns than it should, or a null in its key")]
    Columns {
        /// Whose columns they are.
        side: Side,
        /// Name of the table.
        table: &'static str,
    },
}
