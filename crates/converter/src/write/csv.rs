//! Tables as CSV: RFC 4180 with a header, UTF-8, lines that end with CR LF.
//!
//! NULL is an empty field without quotes, or the marker chosen; an empty text is `""`. Ranges of
//! rows are encoded in parallel, each into a buffer of its own, and written in order.

mod cell;
mod time;
pub(crate) mod valid;

use std::{io::Write, path::Path};

use arrow_array::RecordBatch;
use rayon::prelude::*;
use voltree_core::{Table, schema::TableDef};

use super::sink::{Sink, Written};
use crate::Error;
use cell::{Cells, Formula, Style};

/// What separates fields by default.
pub const DEFAULT_DELIMITER: u8 = b',';

/// Rows encoded as one piece of work.
const RANGE_ROWS: usize = 8 * 1024;

/// How CSV files are written.
///
/// ```
/// use voltree::{CsvOptions, CsvSafety};
///
/// let options = CsvOptions { delimiter: b';', safety: CsvSafety::Prefix, ..CsvOptions::default() };
/// assert_eq!(options.null, "");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsvOptions {
    /// What separates fields: an ASCII character that stands in no number, time, boolean or name of a
    /// column, and is no quote; [`DEFAULT_DELIMITER`] by default. Others are refused.
    pub delimiter: u8,
    /// What stands for NULL; nothing by default. A text that equals it is quoted. One that holds the
    /// delimiter, a quote or a line break, or is a value of another type, such as `0`, is refused.
    pub null: String,
    /// What is done about texts that spreadsheets take for formulas; nothing by default. With lineage
    /// [`CsvSafety::Prefix`] is refused.
    pub safety: CsvSafety,
}

impl Default for CsvOptions {
    fn default() -> Self {
        CsvOptions {
            delimiter: DEFAULT_DELIMITER,
            null: String::new(),
            safety: CsvSafety::Off,
        }
    }
}

/// What is done about texts that start with `=`, `+`, `-`, `@`, a tab or a carriage return, which
/// spreadsheets take for formulas.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum CsvSafety {
    /// Nothing: the file says what the payload says
    #[default]
    Off,
    /// An apostrophe is put before them; the text is changed
    Prefix,
    /// The conversion fails
    Reject,
}

pub(super) fn write(table: &Table, options: &CsvOptions, path: &Path) -> Result<Written, Error> {
    let mut sink = Sink::create(path)?;
    let style = Style::new(options);
    let ranges = ranges(table);
    let failed = |error| Error::io("cannot write", path, error);
    sink.write_all(&header(table.def, options))
        .map_err(failed)?;

    // While one wave is written, the next one is encoded.
    let wave = 2 * rayon::current_num_threads();
    let mut encoded = Vec::new();
    for ranges in ranges.chunks(wave).chain([&[][..]]) {
        let (next, written) = rayon::join(
            || encode(table, ranges, &style),
            || {
                encoded
                    .iter()
                    .try_for_each(|buffer: &Vec<u8>| sink.write_all(buffer))
            },
        );
        written.map_err(failed)?;
        encoded = next?;
    }
    Ok(sink.finish())
}

fn header(table: &TableDef, options: &CsvOptions) -> Vec<u8> {
    let names: Vec<&[u8]> = table
        .columns
        .iter()
        .map(|column| column.name.as_bytes())
        .collect();
    let mut line = names.join(&options.delimiter);
    line.extend(b"\r\n");
    line
}

/// Rows of one batch that are encoded together.
struct Rows {
    batch: RecordBatch,
    /// Rows of the table before these.
    before: usize,
}

fn ranges(table: &Table) -> Vec<Rows> {
    let mut ranges = Vec::new();
    let mut before = 0;
    for batch in &table.batches {
        for start in (0..batch.num_rows()).step_by(RANGE_ROWS) {
            let rows = RANGE_ROWS.min(batch.num_rows() - start);
            ranges.push(Rows {
                batch: batch.slice(start, rows),
                before: before + start,
            });
        }
        before += batch.num_rows();
    }
    ranges
}

fn encode(table: &Table, ranges: &[Rows], style: &Style) -> Result<Vec<Vec<u8>>, Error> {
    let encoded: Vec<Result<Vec<u8>, Formula>> = ranges
        .par_iter()
        .with_max_len(1)
        .map(|rows| encode_rows(&rows.batch, style))
        .collect();
    // The first one that failed, whichever thread failed first.
    encoded
        .into_iter()
        .zip(ranges)
        .map(|(encoded, rows)| {
            encoded.map_err(|formula| Error::Formula {
                table: table.def.name,
                row: (rows.before + formula.row + 1) as u64,
                column: table.def.columns[formula.column].name,
            })
        })
        .collect()
}

fn encode_rows(batch: &RecordBatch, style: &Style) -> Result<Vec<u8>, Formula> {
    const BYTES_A_CELL: usize = 12;
    let columns: Vec<Cells<'_>> = batch.columns().iter().map(Cells::new).collect();
    let mut out = Vec::with_capacity(batch.num_rows() * columns.len() * BYTES_A_CELL);
    for row in 0..batch.num_rows() {
        for (index, column) in columns.iter().enumerate() {
            if index > 0 {
                out.push(style.delimiter);
            }
            column
                .put(row, style, &mut out)
                .map_err(|cell::LooksLikeFormula| Formula { row, column: index })?;
        }
        out.extend(b"\r\n");
    }
    Ok(out)
}

#[cfg(test)]
mod tests;
