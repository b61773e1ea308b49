//! Columns to record batches, in parallel.

use std::ops::Range;

use arrow::array::ArrayRef;
use arrow::record_batch::RecordBatch;
use rayon::prelude::*;

use super::array::{Overflow, Value, array};
use crate::Table;
use crate::schema::TableDef;

/// Rows in a batch at most.
const BATCH_ROWS: usize = 32_768;

/// Gives the value of a row.
pub(super) type Column<'a> = Box<dyn Fn(usize) -> Value<'a> + Send + Sync + 'a>;

/// Makes a table of its columns.
pub(super) fn table<'a>(def: &'static TableDef, rows: usize, columns: &[Column<'a>]) -> Table {
    debug_assert_eq!(def.columns.len(), columns.len(), "{}", def.name);
    let starts: Vec<usize> = (0..rows.max(1)).step_by(BATCH_ROWS).collect();
    let batches: Vec<Vec<RecordBatch>> = starts
        .into_par_iter()
        .map(|start| batches(def, start..rows.min(start + BATCH_ROWS), columns))
        .collect();
    Table {
        def,
        batches: batches.concat(),
    }
}

/// The rows as one batch, or as several where the texts of one column do not fit.
fn batches(def: &TableDef, rows: Range<usize>, columns: &[Column<'_>]) -> Vec<RecordBatch> {
    let arrays: Result<Vec<ArrayRef>, Overflow> = columns
        .par_iter()
        .zip(&def.columns)
        .map(|(value, column)| array(column.ty, rows.clone(), value))
        .collect();
    match arrays {
        Ok(arrays) => {
            let batch = RecordBatch::try_new(def.arrow_schema(), arrays);
            vec![batch.expect("the arrays are of the schema's types")]
        }
        Err(Overflow) => {
            let middle = rows.start + rows.len() / 2;
            let mut halves = batches(def, rows.start..middle, columns);
            halves.extend(batches(def, middle..rows.end, columns));
            halves
        }
    }
}
