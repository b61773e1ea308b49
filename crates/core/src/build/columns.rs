//! Columns to record batches, in parallel.

use std::ops::Range;

use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::ArrowError;
use arrow_select::interleave::interleave;
use rayon::prelude::*;

use crate::Table;
use crate::column::{Overflow, Value, array};
use crate::intern::{Merged, RowRef, Source};
use crate::schema::{Kind, TableDef, Type};

/// Rows that are gathered into a batch at most; those of a run are as many as were read together.
const BATCH_ROWS: usize = 32_768;
/// Rows that are gathered into a batch at least, where there are so many: gathering looks at all that was read,
/// however few rows it is for.
const FILLED: usize = 1_024;
/// Rows that follow each other where they were read, from which on they become a batch of their own:
/// its columns are parts of the arrays that are there, and nothing is copied.
const LONG_RUN: usize = 128;

/// Where a column's values come from.
pub(super) enum Column<'a> {
    /// This cell of each row of a kind.
    Cell(&'a Source, Kind, &'a Merged<'a>, usize),
    /// What this gives for the number of a row.
    Computed(Box<dyn Fn(usize) -> Value<'a> + Send + Sync + 'a>),
}

impl<'a> Column<'a> {
    pub(super) fn computed(value: impl Fn(usize) -> Value<'a> + Send + Sync + 'a) -> Self {
        Column::Computed(Box::new(value))
    }

    fn array(&self, ty: Type, rows: &Rows) -> Result<ArrayRef, Overflow> {
        let (source, kind, merged, cell) = match self {
            Column::Computed(value) => return array(ty, rows.range(), value),
            &Column::Cell(source, kind, merged, cell) => (source, kind, merged, cell),
        };
        match rows {
            &Rows::Run(first, ref rows) => {
                let array = source.array(kind, cell, first.batch as usize);
                Ok(array.slice(first.row.0 as usize, rows.len()))
            }
            Rows::Any(rows) => {
                let arrays: Vec<&dyn Array> = source.arrays(kind, cell).collect();
                let places = rows.clone().map(|row| merged.row(row, cell));
                let places: Vec<(usize, usize)> = places
                    .map(|row| (row.batch as usize, row.row.0 as usize))
                    .collect();
                interleave(&arrays, &places).map_err(|error| match error {
                    ArrowError::OffsetOverflowError(_) => Overflow,
                    error => unreachable!("the arrays are of one type: {error}"),
                })
            }
        }
    }
}

/// The rows of a batch.
#[derive(Clone, Debug, PartialEq)]
enum Rows {
    Any(Range<usize>),
    /// They follow each other, from this one on, where they were read.
    Run(RowRef, Range<usize>),
}

impl Rows {
    fn range(&self) -> Range<usize> {
        let (Rows::Any(range) | Rows::Run(_, range)) = self;
        range.clone()
    }
}

/// Splits a table into batches. Identities often ascend as the payload goes on: long runs are what a
/// table of distinct records is made of.
fn split(rows: usize, runs: Vec<(RowRef, Range<usize>)>) -> Vec<Rows> {
    let mut split = Vec::new();
    let gather = |rows: Range<usize>, split: &mut Vec<Rows>| {
        let starts = rows.clone().step_by(BATCH_ROWS);
        split.extend(starts.map(|start| Rows::Any(start..rows.end.min(start + BATCH_ROWS))));
    };
    let mut done = 0;
    for (first, run) in runs {
        let gathered = run.start - done;
        // What stands before it is filled up from it.
        let taken = match gathered {
            0 => 0,
            _ => FILLED.saturating_sub(gathered).min(run.len()),
        };
        if run.len() - taken >= LONG_RUN {
            let rest = run.start + taken..run.end;
            gather(done..rest.start, &mut split);
            done = rest.end;
            split.push(Rows::Run(first.behind(taken), rest));
        }
    }
    gather(done..rows, &mut split);
    if split.is_empty() {
        // A table without rows has a batch without rows.
        split.push(Rows::Any(0..0));
    }
    split
}

/// Makes a table of its columns.
pub(super) fn table<'a>(
    def: &'static TableDef,
    rows: usize,
    columns: &[Column<'a>],
) -> Result<Table, Overflow> {
    debug_assert_eq!(def.columns.len(), columns.len(), "{}", def.name);
    let runs = columns.iter().find_map(|column| match column {
        Column::Cell(_, _, merged, _) => Some(merged.runs()),
        Column::Computed(_) => None,
    });
    let batches: Result<Vec<Vec<RecordBatch>>, Overflow> = split(rows, runs.unwrap_or_default())
        .into_par_iter()
        .map(|rows| batches(def, &rows, columns))
        .collect();
    Ok(Table {
        def,
        batches: batches?.concat(),
    })
}

/// The rows as one batch, or as several where the texts of one column do not fit.
fn batches(
    def: &TableDef,
    rows: &Rows,
    columns: &[Column<'_>],
) -> Result<Vec<RecordBatch>, Overflow> {
    let arrays: Result<Vec<ArrayRef>, Overflow> = columns
        .par_iter()
        .zip(&def.columns)
        // Of a run there is little to do.
        .with_min_len(if matches!(rows, Rows::Run(..)) {
            columns.len()
        } else {
            1
        })
        .map(|(values, column)| values.array(column.ty, rows))
        .collect();
    let range = rows.range();
    match arrays {
        Ok(arrays) => {
            let batch = RecordBatch::try_new(def.arrow_schema(), arrays);
            Ok(vec![batch.expect("the arrays are of the schema's types")])
        }
        Err(Overflow) if range.len() > 1 => {
            let middle = range.start + range.len() / 2;
            let mut halves = batches(def, &Rows::Any(range.start..middle), columns)?;
            halves.extend(batches(def, &Rows::Any(middle..range.end), columns)?);
            Ok(halves)
        }
        Err(Overflow) => Err(Overflow),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::RowIx;

    #[test]
    fn long_runs_are_batches_and_what_is_between_them_is_gathered() {
        let at = |batch, row| RowRef {
            batch,
            row: RowIx(row),
        };
        let runs = vec![
            (at(0, 3), 0..2),
            (at(1, 3), 2..2 + LONG_RUN),
            (at(2, 3), 140..200),
            (at(3, 3), 200..3_000),
            (at(4, 3), 3_000..3_000 + LONG_RUN),
        ];
        let end = 3_000 + LONG_RUN;
        assert_eq!(
            split(end, runs.clone()),
            [
                Rows::Any(0..FILLED),
                Rows::Run(at(3, 3 + FILLED as u32 - 200), FILLED..3_000),
                Rows::Run(at(4, 3), 3_000..end),
            ]
        );
        let rows = end + BATCH_ROWS + 1;
        let rest = [end..end + BATCH_ROWS, rows - 1..rows];
        assert_eq!(split(rows, runs)[3..], rest.map(Rows::Any));
        assert_eq!(split(0, Vec::new()), [Rows::Any(0..0)]);
    }

    #[test]
    fn small_gaps_make_no_small_batches() {
        let run = |index: usize| {
            let start = index * (LONG_RUN + 1);
            let first = RowRef {
                batch: 0,
                row: RowIx(start as u32),
            };
            (first, start..start + LONG_RUN)
        };
        let rows = 1_000 * (LONG_RUN + 1);
        let split = split(rows, (0..1_000).map(run).collect());
        let ranges = split.iter().map(Rows::range);
        let end = ranges.fold(0, |end, range| {
            assert_eq!(range.start, end);
            range.end
        });
        assert_eq!(end, rows);
        // Behind each that is gathered stands a run.
        assert!(split.len() <= 2 * (rows / FILLED) + 2, "{}", split.len());
    }
}
