//! Datasets made by hand.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use voltree_core::{
    Dataset, Stats, Table,
    schema::{TableDef, Type, tables},
};

/// Every table with this many rows, in two batches; every third value that may be null is.
pub(crate) fn dataset(rows: usize) -> Dataset {
    fill(|table| vec![batch(table, 0..rows / 2), batch(table, rows / 2..rows)])
}

/// Nothing but these sites, with their parents.
pub(crate) fn dataset_of_sites(sites: &[(i64, Option<i64>)]) -> Dataset {
    with_columns("sites", sites.len(), |column| match column {
        "id" => Some(Arc::new(Int64Array::from_iter_values(
            sites.iter().map(|site| site.0),
        ))),
        "parent_id" => Some(Arc::new(Int64Array::from_iter(
            sites.iter().map(|site| site.1),
        ))),
        _ => None,
    })
}

/// Nothing but anomalies of these kinds, at these paths.
pub(crate) fn dataset_with_anomalies(rows: &[(&str, &str)]) -> Dataset {
    with_columns("anomalies", rows.len(), |column| match column {
        "kind" => Some(Arc::new(StringArray::from_iter_values(
            rows.iter().map(|row| row.0),
        ))),
        "path" => Some(Arc::new(StringArray::from_iter_values(
            rows.iter().map(|row| row.1),
        ))),
        "message" => Some(Arc::new(StringArray::from_iter_values(
            rows.iter().map(|_| "m"),
        ))),
        _ => None,
    })
}

/// Nothing but rows of one table with this text in its last column of texts.
pub(crate) fn table_of_texts(texts: &[Option<&str>]) -> Table {
    let dataset = with_columns("charger_capabilities", texts.len(), |column| {
        (column == "capability").then(|| Arc::new(StringArray::from(texts.to_vec())) as ArrayRef)
    });
    dataset.table("charger_capabilities").clone()
}

fn with_columns(name: &str, rows: usize, column: impl Fn(&str) -> Option<ArrayRef>) -> Dataset {
    fill(|table| {
        let rows = if table.name == name { rows } else { 0 };
        let made = batch(table, 0..rows);
        let columns = table.columns.iter().enumerate().map(|(index, declared)| {
            let given = if table.name == name {
                column(declared.name)
            } else {
                None
            };
            given.unwrap_or_else(|| made.column(index).clone())
        });
        vec![RecordBatch::try_new(table.arrow_schema(), columns.collect()).unwrap()]
    })
}

fn fill(batches: impl Fn(&'static TableDef) -> Vec<RecordBatch>) -> Dataset {
    Dataset {
        tables: tables()
            .iter()
            .map(|def| Table {
                def,
                batches: batches(def),
            })
            .collect(),
        lineage: Vec::new(),
        stats: Stats::default(),
    }
}

fn batch(table: &TableDef, rows: std::ops::Range<usize>) -> RecordBatch {
    let columns = table.columns.iter().enumerate().map(|(index, column)| {
        let null = |row: usize| column.nullable && (row + index).is_multiple_of(3);
        let values = rows.clone().map(|row| (!null(row)).then_some(row as i64));
        let array: ArrayRef = match column.ty {
            Type::Int64 => Arc::new(Int64Array::from_iter(values)),
            Type::Int32 | Type::Enum(_) => Arc::new(
                values
                    .map(|value| value.map(|v| (v % 5) as i32))
                    .collect::<Int32Array>(),
            ),
            Type::Float64 => Arc::new(
                values
                    .map(|value| value.map(|v| v as f64 / 3.0))
                    .collect::<Float64Array>(),
            ),
            Type::Bool => Arc::new(
                values
                    .map(|value| value.map(|v| v % 2 == 0))
                    .collect::<BooleanArray>(),
            ),
            Type::Time => {
                let values = values.map(|value| value.map(|v| v * 12_345_678_901));
                Arc::new(
                    values
                        .collect::<TimestampMicrosecondArray>()
                        .with_timezone("UTC"),
                )
            }
            Type::Text => {
                // Sorted by bytes, as keys are.
                Arc::new(
                    values
                        .map(|value| value.map(|v| format!("t{v:09}")))
                        .collect::<StringArray>(),
                )
            }
        };
        array
    });
    RecordBatch::try_new(table.arrow_schema(), columns.collect()).unwrap()
}
