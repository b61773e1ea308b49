//! Rows as Arrow record batches.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};

use super::rows::{Cell, Rows};
use crate::{
    Table,
    schema::{TableDef, Type, tables},
};

/// All tables, in the order of the schema; those of `evses`, which have no key, are given.
pub(super) fn tables_of(rows: &Rows, evses: Vec<Vec<Option<Cell>>>) -> Vec<Table> {
    let table = |def| Table {
        def,
        batches: vec![batch(def, &full_rows(def, rows, &evses))],
    };
    tables().iter().map(table).collect()
}

/// The rows of a table with their key columns, in order.
fn full_rows(def: &TableDef, rows: &Rows, evses: &[Vec<Option<Cell>>]) -> Vec<Vec<Option<Cell>>> {
    if def.name == "evses" {
        return evses.to_vec();
    }
    let full = rows.table(def.name).iter().map(|(key, cells)| {
        let key = key.iter().map(|cell| Some(cell.cell()));
        key.chain(cells.iter().cloned()).collect()
    });
    full.collect()
}

fn batch(def: &TableDef, rows: &[Vec<Option<Cell>>]) -> RecordBatch {
    let columns = def.columns.iter().enumerate().map(|(index, column)| {
        let cells = rows.iter().map(|row| row[index].as_ref());
        array(column.ty, cells)
    });
    RecordBatch::try_new(def.arrow_schema(), columns.collect())
        .expect("rows are made after the schema")
}

fn array<'c>(ty: Type, cells: impl Iterator<Item = Option<&'c Cell>>) -> ArrayRef {
    let int = |cell: Option<&Cell>| match cell {
        Some(Cell::Int(value) | Cell::Time(value)) => Some(*value),
        _ => None,
    };
    match ty {
        Type::Int64 => Arc::new(cells.map(int).collect::<Int64Array>()),
        Type::Int32 | Type::Enum(_) => {
            let narrow = |value| i32::try_from(value).expect("checked against the column's range");
            Arc::new(
                cells
                    .map(|cell| int(cell).map(narrow))
                    .collect::<Int32Array>(),
            )
        }
        Type::Time => {
            let times: TimestampMicrosecondArray = cells.map(int).collect();
            Arc::new(times.with_timezone("UTC"))
        }
        Type::Float64 => Arc::new(
            cells
                .map(|cell| match cell {
                    Some(Cell::Float(value)) => Some(*value),
                    _ => None,
                })
                .collect::<Float64Array>(),
        ),
        Type::Bool => Arc::new(
            cells
                .map(|cell| match cell {
                    Some(Cell::Bool(value)) => Some(*value),
                    _ => None,
                })
                .collect::<BooleanArray>(),
        ),
        Type::Text => Arc::new(
            cells
                .map(|cell| match cell {
                    Some(Cell::Text(text)) => Some(text.as_str()),
                    _ => None,
                })
                .collect::<StringArray>(),
        ),
    }
}
