//! Columns to record batches, in parallel.

use std::ops::Range;

use arrow::array::{Array, ArrayRef};
use arrow::compute::interleave;
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use rayon::prelude::*;

use crate::Table;
use crate::column::{Overflow, Value, array};
use crate::intern::{Merged, Source};
use crate::schema::{Kind, TableDef, Type};

/// Rows in a batch at most.
const BATCH_ROWS: usize = 32_768;

/// Where a column's values come from.
pub(super) enum Column<'a> {
    /// This cell of each row of a kind.
    Cell(&'a Source, Kind, &'a Merged, usize),
    /// What this gives for the number of a row.
    Computed(Box<dyn Fn(usize) -> Value<'a> + Send + Sync + 'a>),
}

impl<'a> Column<'a> {
    pub(super) fn computed(value: impl Fn(usize) -> Value<'a> + Send + Sync + 'a) -> Self {
        Column::Computed(Box::new(value))
    }

    fn array(&self, ty: Type, rows: Range<usize>) -> Result<ArrayRef, Overflow> {
        match self {
            Column::Computed(value) => array(ty, rows, value),
            Column::Cell(source, kind, merged, cell) => {
                let arrays: Vec<&dyn Array> = source.arrays(*kind, *cell).collect();
                let places = rows.map(|row| merged.row(row, *cell));
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

/// Makes a table of its columns.
pub(super) fn table<'a>(
    def: &'static TableDef,
    rows: usize,
    columns: &[Column<'a>],
) -> Result<Table, Overflow> {
    debug_assert_eq!(def.columns.len(), columns.len(), "{}", def.name);
    let starts: Vec<usize> = (0..rows.max(1)).step_by(BATCH_ROWS).collect();
    let batches: Result<Vec<Vec<RecordBatch>>, Overflow> = starts
        .into_par_iter()
        .map(|start| batches(def, start..rows.min(start + BATCH_ROWS), columns))
        .collect();
    Ok(Table {
        def,
        batches: batches?.concat(),
    })
}

/// The rows as one batch, or as several where the texts of one column do not fit.
fn batches(
    def: &TableDef,
    rows: Range<usize>,
    columns: &[Column<'_>],
) -> Result<Vec<RecordBatch>, Overflow> {
    let arrays: Result<Vec<ArrayRef>, Overflow> = columns
        .par_iter()
        .zip(&def.columns)
        .map(|(values, column)| values.array(column.ty, rows.clone()))
        .collect();
    match arrays {
        Ok(arrays) => {
            let batch = RecordBatch::try_new(def.arrow_schema(), arrays);
            Ok(vec![batch.expect("the arrays are of the schema's types")])
        }
        Err(Overflow) if rows.len() > 1 => {
            let middle = rows.start + rows.len() / 2;
            let mut halves = batches(def, rows.start..middle, columns)?;
            halves.extend(batches(def, middle..rows.end, columns)?);
            Ok(halves)
        }
        Err(Overflow) => Err(Overflow),
    }
}
