//! Columns to record batches, in parallel.

use std::ops::Range;

use arrow::array::{Array, ArrayRef};
use arrow::compute::{concat, interleave};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use rayon::prelude::*;

use crate::Table;
use crate::column::{Overflow, Value, array};
use crate::intern::{Merged, Source};
use crate::schema::{Kind, TableDef, Type};

/// Rows in a batch at most.
const BATCH_ROWS: usize = 32_768;
/// Rows in a run, on average, from which on runs are copied instead of rows.
const LONG_RUN: usize = 16;

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
                gather(&arrays, &places)
            }
        }
    }
}

/// The values at these places, each of which is an array and a row.
fn gather(arrays: &[&dyn Array], places: &[(usize, usize)]) -> Result<ArrayRef, Overflow> {
    let follows = |&(array, row): &_, &next: &_| next == (array, row + 1);
    let runs: Vec<&[(usize, usize)]> = places.chunk_by(follows).collect();
    let gathered = if runs.len() * LONG_RUN < places.len() {
        // Identities often ascend as the payload goes on.
        let slice = |run: &&[(usize, usize)]| arrays[run[0].0].slice(run[0].1, run.len());
        let slices: Vec<ArrayRef> = runs.iter().map(slice).collect();
        concat(&slices.iter().map(|slice| &**slice).collect::<Vec<_>>())
    } else {
        interleave(arrays, places)
    };
    gathered.map_err(|error| match error {
        ArrowError::OffsetOverflowError(_) => Overflow,
        error => unreachable!("the arrays are of one type: {error}"),
    })
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Int64Array, StringArray};

    use super::*;

    /// Rows 0 to 99 of three arrays, in the order that `places` gives.
    fn gathered(places: &[(usize, usize)]) -> (ArrayRef, ArrayRef) {
        let rows = |array: i64| (0..100).map(move |row| array * 100 + row);
        let value = |value: i64| (value % 7 != 0).then_some(value);
        let ints = [0, 1, 2].map(|array| rows(array).map(value).collect::<Int64Array>());
        let texts = [0, 1, 2].map(|array| {
            let texts = rows(array).map(|row| value(row).map(|value| value.to_string()));
            texts.collect::<StringArray>()
        });
        let (ints, texts) = (ints.each_ref(), texts.each_ref());
        let ints = gather(&ints.map(|array| array as &dyn Array), places);
        let texts = gather(&texts.map(|array| array as &dyn Array), places);
        (ints.ok().unwrap(), texts.ok().unwrap())
    }

    #[test]
    fn runs_and_rows_give_the_same() {
        let run = |array, rows: Range<usize>| rows.map(move |row| (array, row));
        let ascending: Vec<_> = run(0, 3..99).chain(run(2, 0..64)).collect();
        let backwards: Vec<_> = ascending.iter().copied().rev().collect();
        let one_run: Vec<_> = run(1, 10..90).collect();
        for places in [ascending, backwards, one_run, vec![(0, 5)], Vec::new()] {
            let values = places.iter().map(|(array, row)| (array * 100 + row) as i64);
            let values = values.map(|value| (value % 7 != 0).then_some(value));
            let ints: Int64Array = values.clone().collect();
            let texts: StringArray = values
                .map(|value| value.map(|value| value.to_string()))
                .collect();
            let (found_ints, found_texts) = gathered(&places);
            assert_eq!(&found_ints, &(Arc::new(ints) as ArrayRef));
            assert_eq!(&found_texts, &(Arc::new(texts) as ArrayRef));
        }
    }
}
