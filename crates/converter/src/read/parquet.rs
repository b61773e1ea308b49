//! A table from Parquet.

use std::{fs::File, panic::catch_unwind, path::Path};

use arrow::{datatypes::Schema, record_batch::RecordBatch};
use parquet::arrow::{ProjectionMask, arrow_reader::ParquetRecordBatchReaderBuilder};
use voltree_core::schema::TableDef;

use super::ErrorKind;

/// Rows of a batch, at most.
const BATCH_ROWS: usize = 8 * 1024;

/// The batches of the file, with the table's schema; at least one.
///
/// The reader trusts much of what a file says of itself, and panics where it is not so.
pub(super) fn read(def: &TableDef, path: &Path) -> Result<Vec<RecordBatch>, ErrorKind> {
    let file = File::open(path)?;
    catch_unwind(|| batches(def, file))
        .unwrap_or_else(|_| Err(corrupt("what it says of itself does not hold")))
}

fn batches(def: &TableDef, file: File) -> Result<Vec<RecordBatch>, ErrorKind> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(corrupt)?;
    let columns = columns(def, builder.schema())?;
    let mask = ProjectionMask::roots(builder.parquet_schema(), columns.iter().copied());
    let reader = builder
        .with_projection(mask)
        .with_batch_size(BATCH_ROWS)
        .build()
        .map_err(corrupt)?;
    // What is read comes in the order of the file.
    let mut in_file = columns.clone();
    in_file.sort_unstable();
    let place = |column| in_file.binary_search(column).expect("it is read");
    let order: Vec<usize> = columns.iter().map(place).collect();

    let schema = def.arrow_schema();
    let mut batches = Vec::new();
    for batch in reader {
        let batch = batch.map_err(corrupt)?;
        let columns = order.iter().map(|&place| batch.column(place).clone());
        batches.push(RecordBatch::try_new(schema.clone(), columns.collect()).map_err(corrupt)?);
    }
    if batches.is_empty() {
        batches.push(RecordBatch::new_empty(schema));
    }
    Ok(batches)
}

/// Where the file has each column of the table.
fn columns(def: &TableDef, found: &Schema) -> Result<Vec<usize>, ErrorKind> {
    let of_column = |column: &voltree_core::schema::Column| {
        let Ok(index) = found.index_of(column.name) else {
            return Err(ErrorKind::MissingColumn {
                column: column.name,
            });
        };
        let (expected, found) = (column.ty.data_type(), found.field(index).data_type());
        if expected != *found {
            return Err(ErrorKind::WrongType {
                column: column.name,
                expected: expected.to_string(),
                found: found.to_string(),
            });
        }
        Ok(index)
    };
    def.columns.iter().map(of_column).collect()
}

fn corrupt(error: impl std::fmt::Display) -> ErrorKind {
    ErrorKind::Corrupt(error.to_string())
}
