//! Columns to record batches, in parallel.

use std::ops::Range;

use arrow::array::ArrayRef;
use arrow::record_batch::RecordBatch;
use rayon::prelude::*;

use super::array::{Overflow, Value, array};
use crate::Table;
use crate::parse::Cell;
use crate::schema::{TableDef, Type};
use crate::text::Texts;

/// Rows in a batch at most.
const BATCH_ROWS: usize = 32_768;

/// Where a column's values come from.
pub(super) enum Column<'a> {
    /// This cell of each row. The common case, and so without a call for each value.
    Cell(&'a Cells<'a>, usize),
    /// What this gives for the number of a row.
    Computed(Box<dyn Fn(usize) -> Value<'a> + Send + Sync + 'a>),
}

/// The merged rows of a kind.
pub(super) struct Cells<'a> {
    pub(super) rows: Vec<&'a [Cell]>,
    pub(super) texts: &'a Texts,
    /// What stands for null.
    pub(super) null: Value<'a>,
}

impl<'a> Column<'a> {
    pub(super) fn computed(value: impl Fn(usize) -> Value<'a> + Send + Sync + 'a) -> Self {
        Column::Computed(Box::new(value))
    }

    fn array(&self, ty: Type, rows: Range<usize>) -> Result<ArrayRef, Overflow> {
        match self {
            Column::Computed(value) => array(ty, rows, value),
            Column::Cell(cells, cell) => array(ty, rows, |row| match cells.rows[row][*cell] {
                Cell::Null => cells.null,
                value => Value::of(value, cells.texts),
            }),
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
