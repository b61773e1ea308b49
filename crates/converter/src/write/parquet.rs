//! Tables as Parquet.
//!
//! Columns of all row groups are encoded in parallel and appended in order, so that the bytes of a
//! file follow from the rows and the options alone.

mod declared;
mod dictionary;
mod properties;

use std::{
    num::NonZeroUsize,
    ops::{Range, RangeInclusive},
    path::Path,
};

use arrow_array::{Array, ArrayRef};
use arrow_schema::ArrowError;
use arrow_select::concat::concat;
use parquet::{
    arrow::{
        ArrowWriter,
        arrow_writer::{ArrowColumnChunk, ArrowColumnWriter, ArrowWriterOptions, compute_leaves},
    },
    errors::ParquetError,
};
use rayon::prelude::*;
use voltree_core::Table;

use super::sink::{Sink, Written};
use crate::Error;
use declared::Declared;

/// The zstd level by default; level 3 takes longer than it makes smaller.
pub const DEFAULT_COMPRESSION_LEVEL: i32 = 1;
/// The greatest number of rows in a row group by default.
pub const DEFAULT_ROW_GROUP_ROWS: NonZeroUsize = NonZeroUsize::new(1 << 20).unwrap();

/// The levels that zstd has.
pub(crate) const COMPRESSION_LEVELS: RangeInclusive<i64> = 1..=22;

/// Rows that are encoded at a time.
const ARRAY_ROWS: usize = 32768;

/// How Parquet files are written.
///
/// ```
/// use voltree::ParquetOptions;
///
/// let options = ParquetOptions { compression_level: 9, ..ParquetOptions::default() };
/// assert_eq!(options.row_group_rows.get(), 1_048_576);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParquetOptions {
    /// Level of zstd, 1 to 22, others are refused; [`DEFAULT_COMPRESSION_LEVEL`] by default. Tables of less than 128 rows are
    /// not compressed: that takes longer than writing them, and saves a few hundred bytes.
    pub compression_level: i32,
    /// Rows of each row group but the last; [`DEFAULT_ROW_GROUP_ROWS`] by default.
    pub row_group_rows: NonZeroUsize,
}

impl Default for ParquetOptions {
    fn default() -> Self {
        ParquetOptions {
            compression_level: DEFAULT_COMPRESSION_LEVEL,
            row_group_rows: DEFAULT_ROW_GROUP_ROWS,
        }
    }
}

impl ParquetOptions {
    pub(super) fn validate(&self) -> Result<(), Error> {
        let level = self.compression_level;
        if COMPRESSION_LEVELS.contains(&level.into()) {
            return Ok(());
        }
        let (least, most) = (COMPRESSION_LEVELS.start(), COMPRESSION_LEVELS.end());
        Err(Error::Usage(format!(
            "--compression-level {level} is not in {least}..={most}"
        )))
    }
}

pub(super) fn write(
    table: &Table,
    options: &ParquetOptions,
    path: &Path,
) -> Result<Written, Error> {
    let mut sink = Sink::create(path)?;
    encode(table, options, &mut sink)
        .map_err(|error| Error::io("cannot write", path, io_error(error)))?;
    Ok(sink.finish())
}

fn encode(table: &Table, options: &ParquetOptions, sink: &mut Sink) -> Result<(), ParquetError> {
    let rows = table.rows();
    let properties = properties::of(table, options)?;
    let schema = Declared::of(table.def).schema.clone();
    let writer_options = ArrowWriterOptions::new()
        .with_properties(properties)
        .with_skip_arrow_metadata(true); // it is declared already
    let (mut file, factory) =
        ArrowWriter::try_new_with_options(sink, schema.clone(), writer_options)?
            .into_serialized_writer()?;

    let groups: Vec<(usize, Range<usize>)> = row_groups(rows, options.row_group_rows.get())
        .enumerate()
        .collect();
    // However many there are, a few are held at a time.
    for groups in groups.chunks(rayon::current_num_threads()) {
        let mut jobs: Vec<(Range<usize>, usize, ArrowColumnWriter)> = Vec::new();
        for (group, range) in groups {
            let columns = factory.create_column_writers(*group)?;
            jobs.extend(
                columns
                    .into_iter()
                    .enumerate()
                    .map(|(column, writer)| (range.clone(), column, writer)),
            );
        }
        let chunks: Vec<Result<ArrowColumnChunk, ParquetError>> = jobs
            .into_par_iter()
            .with_max_len(1)
            .map(|(range, column, mut writer)| {
                for array in arrays(table, column, range) {
                    for leaf in compute_leaves(schema.field(column), &array?)? {
                        writer.write(&leaf)?;
                    }
                }
                writer.close()
            })
            .collect();

        let mut chunks = chunks.into_iter();
        for _ in groups {
            let mut group = file.next_row_group()?;
            for chunk in chunks.by_ref().take(schema.fields().len()) {
                chunk?.append_to_row_group(&mut group)?;
            }
            group.close()?;
        }
    }
    file.close()?;
    Ok(())
}

/// The rows of each row group. An empty table has none.
fn row_groups(rows: usize, size: usize) -> impl Iterator<Item = Range<usize>> {
    (0..rows)
        .step_by(size)
        .map(move |start| start..rows.min(start.saturating_add(size)))
}

/// The values of one column in a range of the table's rows, always as many in an array: where batches
/// end follows from how the payload was read, and pages end where arrays do.
fn arrays(
    table: &Table,
    column: usize,
    range: Range<usize>,
) -> impl Iterator<Item = Result<ArrayRef, ParquetError>> {
    range.clone().step_by(ARRAY_ROWS).flat_map(move |start| {
        let rows = start..range.end.min(start + ARRAY_ROWS);
        let parts: Vec<ArrayRef> = slices(table, column, rows).collect();
        let parts: Vec<&dyn Array> = parts.iter().map(|part| &**part).collect();
        match concat(&parts) {
            Ok(array) => vec![Ok(array)],
            // Texts of more than 2 GiB: one by one they fit.
            Err(ArrowError::OffsetOverflowError(_)) => {
                let rows = parts
                    .iter()
                    .flat_map(|&part| (0..part.len()).map(move |row| part.slice(row, 1)));
                rows.map(Ok).collect()
            }
            Err(error) => vec![Err(error.into())],
        }
    })
}

/// The parts of one column that lie in a range of the table's rows.
fn slices(table: &Table, column: usize, range: Range<usize>) -> impl Iterator<Item = ArrayRef> {
    let mut first = 0;
    table.batches.iter().filter_map(move |batch| {
        let rows = first..first + batch.num_rows();
        first = rows.end;
        let (start, end) = (range.start.max(rows.start), range.end.min(rows.end));
        (start < end).then(|| batch.column(column).slice(start - rows.start, end - start))
    })
}

/// The error of the file below, where that is what failed.
fn io_error(error: ParquetError) -> std::io::Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<std::io::Error>() {
            Ok(error) => *error,
            Err(inner) => std::io::Error::other(inner),
        },
        other => std::io::Error::other(other),
    }
}

#[cfg(test)]
mod tests;
