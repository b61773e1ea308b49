//! Tables from the files that voltree wrote.
//!
//! What the files are, and how CSV is spelt, stands in the directory's `datapackage.json`.
//! [`tables`] reads tables that have the hash and the number of rows that stand there; [`Package`] reads
//! one as its file has it. CSV gives the tables that were written but for the sign of a zero.
//!
//! ```
//! use voltree::{CsvOptions, Convert, Format, Input, convert, read};
//! use voltree_core::schema;
//!
//! let dir = tempfile::tempdir()?;
//! let payload = dir.path().join("operators.json");
//! std::fs::write(&payload, r#"{"operatorGroups":[{"id":7,"groupName":""}]}"#)?;
//! let out = dir.path().join("tables");
//! let mut job = Convert::new(Input::File(payload), &out);
//! job.format = Format::Csv(CsvOptions::default());
//! convert(&job)?;
//!
//! let tables = read::tables(&out, schema::tables())?;
//! assert_eq!((tables[0].def.name, tables[0].rows()), ("sites", 1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod csv;
mod error;
mod package;
mod parquet;

use std::path::Path;

use voltree_core::{Dataset, Table, schema::TableDef};

pub use error::{Error, ErrorKind};
pub(crate) use package::{CONVERT_AGAIN, dataset_of};
pub use package::{Dialect, FormatTag, Package, Resource};

/// Reads these tables from a directory that voltree wrote, in parallel on the current rayon thread
/// pool.
///
/// The batches have exactly the tables' Arrow schemas; each table has at least one, which may be
/// empty.
///
/// # Errors
///
/// When the directory is no output of voltree, or a table lacks its file or a column, was changed, or
/// cannot be read; the first one in the order of the tables.
pub fn tables(dir: &Path, defs: &'static [TableDef]) -> Result<Vec<Table>, Error> {
    Package::open(dir)?.tables(defs)
}

/// Reads all tables from a directory, those of the lineage where it has one; what was counted while
/// the payload was read is not there, and zero.
///
/// # Errors
///
/// As [`tables`].
pub fn dataset(dir: &Path) -> Result<Dataset, Error> {
    Package::open(dir)?.dataset()
}

#[cfg(test)]
mod tests;
