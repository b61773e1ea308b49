//! A table from CSV, as `write/csv.rs` writes it.

mod column;
mod fields;

use std::{fs::File, path::Path};

use arrow_array::RecordBatch;
use voltree_core::schema::TableDef;

use super::{Dialect, ErrorKind};
use column::ColumnBuilder;
use fields::Fields;

/// Rows of a batch, and bytes of its texts, at most; one row may be longer.
const BATCH_ROWS: usize = 64 * 1024;
const BATCH_BYTES: usize = 64 << 20;
/// Characters of a bad cell that an error shows.
const SHOWN: usize = 40;

/// The batches of a file, with the table's schema.
pub(super) struct Batches {
    def: &'static TableDef,
    fields: Fields<File>,
    /// Which column of the table each field of a row is; none for a field that the table lacks.
    places: Vec<Option<usize>>,
    columns: Vec<ColumnBuilder>,
    null: Vec<u8>,
    /// Rows read so far.
    rows: u64,
    ended: bool,
}

/// Opens a file.
pub(super) fn open(
    def: &'static TableDef,
    dialect: &Dialect,
    path: &Path,
) -> Result<Batches, ErrorKind> {
    let mut fields = Fields::new(File::open(path)?, dialect.delimiter as u8);
    let places = header(def, &mut fields)?;
    Ok(Batches {
        def,
        fields,
        places,
        columns: def.columns.iter().map(ColumnBuilder::new).collect(),
        null: dialect.null_sequence.as_bytes().to_vec(),
        rows: 0,
        ended: false,
    })
}

impl Batches {
    /// The next batch; none at the end.
    fn read(&mut self) -> Result<Option<RecordBatch>, ErrorKind> {
        let (mut rows, mut bytes, mut place) = (0, 0, 0);
        while rows < BATCH_ROWS && bytes < BATCH_BYTES || place > 0 {
            let Some(field) = self.fields.next()? else {
                break;
            };
            let cell = (field.quoted || field.bytes != self.null).then_some(field.bytes);
            bytes += field.bytes.len();
            if let Some(Some(index)) = self.places.get(place) {
                self.columns[*index]
                    .push(cell)
                    .map_err(|expected| ErrorKind::Cell {
                        row: self.rows + 1,
                        column: self.def.columns[*index].name,
                        expected,
                        text: shown(field.bytes),
                    })?;
            }
            place += 1;
            if !field.ends_row {
                continue;
            }
            (self.rows, rows) = (self.rows + 1, rows + 1);
            if place != self.places.len() {
                return Err(ErrorKind::Corrupt(format!(
                    "row {} has {place} fields, the header has {}",
                    self.rows,
                    self.places.len()
                )));
            }
            place = 0;
        }
        if rows == 0 {
            return Ok(None);
        }
        batch(self.def, &mut self.columns).map(Some)
    }
}

impl Iterator for Batches {
    type Item = Result<RecordBatch, ErrorKind>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.read();
        self.ended = !matches!(next, Ok(Some(_)));
        next.transpose()
    }
}

/// Which column of the table each field of a row is; none for a field that the table lacks.
fn header(def: &TableDef, fields: &mut Fields<File>) -> Result<Vec<Option<usize>>, ErrorKind> {
    let mut places = Vec::new();
    while let Some(field) = fields.next()? {
        let name = std::str::from_utf8(field.bytes).unwrap_or_default();
        places.push(
            def.column(name)
                .filter(|index| !places.contains(&Some(*index))),
        );
        if field.ends_row {
            break;
        }
    }
    let missing = (0..def.columns.len()).find(|&index| !places.contains(&Some(index)));
    match missing {
        Some(index) => Err(ErrorKind::MissingColumn {
            column: def.columns[index].name,
        }),
        None => Ok(places),
    }
}

fn batch(def: &TableDef, columns: &mut [ColumnBuilder]) -> Result<RecordBatch, ErrorKind> {
    let columns = columns.iter_mut().map(ColumnBuilder::finish).collect();
    // A null in a key is what can be wrong here.
    RecordBatch::try_new(def.arrow_schema(), columns)
        .map_err(|error| ErrorKind::Corrupt(error.to_string()))
}

fn shown(cell: &[u8]) -> String {
    let text = String::from_utf8_lossy(cell);
    let mut shown: String = text.escape_debug().take(SHOWN).collect();
    if text.escape_debug().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}
