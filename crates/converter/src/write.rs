//! Tables to files.

pub(crate) mod csv;
pub(crate) mod parquet;
mod sink;

use std::{fs, path::Path};

use rayon::prelude::*;
use serde::Serialize;
use voltree_core::{Dataset, Table};

use crate::Error;
use csv::CsvOptions;
use parquet::ParquetOptions;
pub(crate) use sink::hash_text;

/// The folder of the lineage's tables.
const LINEAGE: &str = "lineage";

/// What the tables are written as.
#[derive(Clone, Debug, PartialEq)]
pub enum Format {
    /// One Parquet file a table.
    Parquet(ParquetOptions),
    /// One CSV file a table.
    Csv(CsvOptions),
}

impl Default for Format {
    fn default() -> Self {
        Format::Parquet(ParquetOptions::default())
    }
}

impl Format {
    /// The name, which is the extension of the files too.
    pub fn name(&self) -> &'static str {
        match self {
            Format::Parquet(_) => "parquet",
            Format::Csv(_) => "csv",
        }
    }

    /// Refuses options that cannot be obeyed, and those that would make other values of what is written;
    /// `lineage` tells whether rebuilding depends on every text.
    pub(crate) fn validate(&self, lineage: bool) -> Result<(), Error> {
        match self {
            Format::Parquet(options) => options.validate(),
            Format::Csv(options) => options.validate(lineage),
        }
    }

    fn write(&self, table: &Table, path: &Path) -> Result<sink::Written, Error> {
        match self {
            Format::Parquet(options) => parquet::write(table, options, path),
            Format::Csv(options) => csv::write(table, options, path),
        }
    }
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WrittenTable {
    /// Name of the table.
    pub name: &'static str,
    /// Path of the file in the output's directory, with `/`.
    pub file: String,
    /// Rows of the table.
    pub rows: u64,
    /// Length of the file.
    pub bytes: u64,
    /// SHA-256 of the file, as `sha256:` and hexadecimal digits.
    pub hash: String,
}

/// Writes each table into a file of its own, in parallel on the current rayon thread pool; those of the
/// lineage into the folder `lineage`.
///
/// The bytes of the files do not depend on the number of threads.
///
/// The directory has to be there, and none of the files and no folder `lineage` in it. After an error some of
/// the files may stay, and nothing is made durable. There is no `datapackage.json`, without which
/// [`read::tables`](crate::read::tables) does not take the directory. [`convert`](crate::convert()) does all
/// of that.
///
/// ```
/// use voltree::{CsvOptions, Format, write_tables};
/// use voltree_core::Parser;
///
/// let dataset = Parser::new().parse_slice(br#"{"operatorGroups":[{"id":7,"groupName":""}]}"#)?;
/// let dir = tempfile::tempdir()?;
/// let written = write_tables(&dataset, dir.path(), &Format::Csv(CsvOptions::default()))?;
/// assert_eq!((written[0].name, written[0].rows), ("sites", 1));
/// let sites = std::fs::read_to_string(dir.path().join("sites.csv"))?;
/// assert!(sites.starts_with("id,group_name,"));
/// assert!(sites.contains("\r\n7,\"\",,"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// When options of the format cannot be obeyed, before anything is written, and when a file is there or cannot
/// be written; the first one in the order of the tables.
pub fn write_tables(
    dataset: &Dataset,
    dir: &Path,
    format: &Format,
) -> Result<Vec<WrittenTable>, Error> {
    let lineage = !dataset.lineage.is_empty();
    format.validate(lineage)?;
    if lineage {
        let folder = dir.join(LINEAGE);
        fs::create_dir(&folder).map_err(|error| Error::io("cannot create", &folder, error))?;
    }
    let tables: Vec<&Table> = dataset.all_tables().collect();
    let written: Vec<Result<WrittenTable, Error>> = tables
        .into_par_iter()
        // The biggest table may stand anywhere: no table waits behind another one.
        .with_max_len(1)
        .map(|table| write_table(table, dir, format))
        .collect();
    written.into_iter().collect()
}

/// Writes a table into a file of its own, whose folder has to be there.
pub(crate) fn write_table(
    table: &Table,
    dir: &Path,
    format: &Format,
) -> Result<WrittenTable, Error> {
    let file = format!("{}.{}", table.def.path(), format.name());
    let written = format.write(table, &dir.join(&file))?;
    Ok(WrittenTable {
        name: table.def.name,
        file,
        rows: table.rows() as u64,
        bytes: written.bytes,
        hash: written.hash,
    })
}

#[cfg(test)]
pub(crate) mod testing;
