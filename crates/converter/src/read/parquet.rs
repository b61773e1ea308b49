//! A table from Parquet.

use std::{fs::File, path::Path};

use arrow_array::RecordBatch;
use arrow_schema::{Schema, SchemaRef};
use parquet::arrow::{
    ProjectionMask,
    arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder},
};
use voltree_core::schema::TableDef;

use super::ErrorKind;
use crate::panics;

/// Rows of a batch, at most.
const BATCH_ROWS: usize = 8 * 1024;

/// The batches of a file, with the table's schema.
///
/// The reader trusts much of what a file says of itself, and panics where it is not so.
pub(super) struct Batches {
    /// None behind the end, or an error.
    reader: Option<ParquetRecordBatchReader>,
    schema: SchemaRef,
    /// Where a batch of the reader has each column of the table.
    order: Vec<usize>,
}

/// Opens a file.
pub(super) fn open(def: &TableDef, path: &Path) -> Result<Batches, ErrorKind> {
    let file = File::open(path)?;
    unless_it_panics(|| Batches::new(def, file))
}

impl Batches {
    fn new(def: &TableDef, file: File) -> Result<Self, ErrorKind> {
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
        Ok(Batches {
            reader: Some(reader),
            schema: def.arrow_schema(),
            order: columns.iter().map(place).collect(),
        })
    }
}

impl Iterator for Batches {
    type Item = Result<RecordBatch, ErrorKind>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut reader = self.reader.take()?;
        let next = unless_it_panics(|| reader.next().transpose().map_err(corrupt));
        let next = next.and_then(|batch| {
            let Some(batch) = batch else { return Ok(None) };
            let columns = self.order.iter().map(|&place| batch.column(place).clone());
            let batch = RecordBatch::try_new(self.schema.clone(), columns.collect());
            batch.map(Some).map_err(corrupt)
        });
        if let Ok(Some(_)) = next {
            self.reader = Some(reader);
        }
        next.transpose()
    }
}

fn unless_it_panics<T>(read: impl FnOnce() -> Result<T, ErrorKind>) -> Result<T, ErrorKind> {
    // A reader that panicked is not asked again.
    panics::expected(read).unwrap_or_else(|_| Err(corrupt("what it says of itself does not hold")))
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
