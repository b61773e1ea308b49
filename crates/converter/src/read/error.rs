//! Why tables could not be read.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use voltree_core::schema::SCHEMA_VERSION;

use crate::address::shown;

/// A file or directory that could not be read back. Its text is one line, and says what to do.
#[derive(Debug)]
pub struct Error {
    path: PathBuf,
    kind: ErrorKind,
}

/// What is wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The directory has no `datapackage.json`.
    #[error(
        "this is no output of voltree, it has no datapackage.json; \
         give a directory that `voltree convert --out` wrote"
    )]
    NoOutput,
    /// It is a file.
    #[error("this is a file; give a directory that `voltree convert --out` wrote")]
    File,
    /// The directory is a dataset of snapshots.
    #[error(
        "this is a dataset; give the manifest of a snapshot, such as `_snapshots/NAME.json` in it"
    )]
    Dataset,
    /// The `datapackage.json` is not one that voltree writes.
    #[error("this is no manifest of voltree: {0}; convert the payload again")]
    Manifest(String),
    /// The tables have another layout than those of this version.
    #[error(
        "the tables have schema version {found}, this voltree reads {SCHEMA_VERSION}; \
         convert the payload again"
    )]
    SchemaVersion {
        /// The version in `datapackage.json`.
        found: String,
    },
    /// The `datapackage.json` does not list the table.
    #[error("table {table} is not listed here; convert the payload again")]
    MissingTable {
        /// Name of the table.
        table: String,
    },
    /// The file lacks a column.
    #[error("column {column} is missing; convert the payload again")]
    MissingColumn {
        /// Name of the column.
        column: &'static str,
    },
    /// A column has another type.
    #[error("column {column} holds {found}, not {expected}; convert the payload again")]
    WrongType {
        /// Name of the column.
        column: &'static str,
        /// The Arrow type that it should have.
        expected: String,
        /// The Arrow type that it has.
        found: String,
    },
    /// A cell does not have its column's type.
    #[error(
        "row {row}, column {column}: `{text}` is no {expected}; \
         the file was changed, convert the payload again"
    )]
    Cell {
        /// Row, from 1, the header not counted.
        row: u64,
        /// Name of the column.
        column: &'static str,
        /// The type that it should have.
        expected: &'static str,
        /// The cell, its beginning where it is long.
        text: String,
    },
    /// The file is not what its format asks for.
    #[error("the file is damaged: {0}; convert the payload again")]
    Corrupt(String),
    /// The file is not the one that was written.
    #[error(
        "the file was changed, it has not the hash that its manifest says; \
         convert the payload again"
    )]
    Hash,
    /// The table has another number of rows than `datapackage.json` says.
    #[error("the table has {found} rows, its manifest says {expected}; convert the payload again")]
    Rows {
        /// Rows of the file.
        found: u64,
        /// Rows in `datapackage.json`.
        expected: u64,
    },
    /// Reading failed.
    #[error("{0}")]
    Io(io::Error),
}

impl Error {
    /// The same of a file in another directory, of which the one that was read is a copy.
    #[cfg(feature = "object-store")]
    pub(super) fn moved(self, from: &Path, to: &Path) -> Self {
        match self.path.strip_prefix(from) {
            Ok(inner) if inner == Path::new("") => Error::new(to, self.kind),
            Ok(inner) => Error::new(&to.join(inner), self.kind),
            Err(_) => self,
        }
    }

    pub(super) fn new(path: &Path, kind: ErrorKind) -> Self {
        Error {
            path: path.to_owned(),
            kind,
        }
    }

    /// The file or directory.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is wrong with it.
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", shown(&self.path), self.kind)
    }
}

/// It has no source: its text says all of it.
impl std::error::Error for Error {}

impl From<io::Error> for ErrorKind {
    fn from(error: io::Error) -> Self {
        ErrorKind::Io(error)
    }
}
