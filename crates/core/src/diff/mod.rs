//! What changed between two versions of a table.
//!
//! [`Changes`] merges the rows of both by key and gives what differs, row by row and in the order of the
//! key; it holds a batch of each side and no more. Rows of one key that both sides have are compared
//! field by field, as typed values: a zero has no sign, two spellings of one instant are equal.
//!
//! Two things are not content. The places of `conflicts` and `anomalies` (path, offset, line and column)
//! follow the text of a payload and are not compared. A placeholder for an identity that a payload lacks
//! (`-1`, `?1`) is compared like any key, but numbers are given for each payload anew.
//!
//! `evses` has no key: its rows are paired by charger and uid, and those that are equal in both in their
//! order, so that the rows of a charger are compared as a multiset.
//!
//! ```
//! use voltree_core::{Parser, diff::{Change, Changes}};
//!
//! let old = br#"{"operatorGroups":[{"id":1,"groupName":"North"},{"id":2}]}"#;
//! let new = br#"{"operatorGroups":[{"id":1,"groupName":"South"},{"id":3}]}"#;
//! let (old, new) = (Parser::new().parse_slice(old)?, Parser::new().parse_slice(new)?);
//!
//! let mut changes = Changes::of_tables(old.table("sites"), new.table("sites"));
//! let Some(Ok(Change::Changed { old, new, columns })) = changes.next() else { panic!() };
//! assert_eq!(new.key(), "1");
//! let [column] = columns[..] else { panic!() };
//! assert_eq!(old.table().columns[column].name, "group_name");
//! assert_eq!(old.text(column).as_deref(), Some("North"));
//! assert_eq!(new.text(column).as_deref(), Some("South"));
//!
//! assert!(matches!(changes.next(), Some(Ok(Change::Removed(row))) if row.key() == "2"));
//! assert!(matches!(changes.next(), Some(Ok(Change::Added(row))) if row.key() == "3"));
//! assert!(changes.next().is_none());
//! assert_eq!(changes.counts().unchanged, 0);
//! # Ok::<(), voltree_core::Error>(())
//! ```

mod change;
mod cursor;
mod error;
mod merge;
mod row;
mod tables;

pub use change::{Change, ChangeKind, Counts};
pub use error::{DiffError, Side};
pub use merge::{Batches, Changes};
pub use row::Row;
pub use tables::{ChangeRows, summary};

#[cfg(test)]
mod tests;
