//! The rules of the contract, each with a small payload and the rows that it gives.

mod anomalies;
mod derived;
mod generated;
mod identity;
mod merge;
mod order;
mod shape;

use super::read_only;
use crate::column::{self, Value};
use crate::{DEFAULT_MAX_DEPTH, Dataset};

fn dataset(payload: &str) -> Dataset {
    read_only(payload.as_bytes(), DEFAULT_MAX_DEPTH)
        .unwrap_or_else(|error| panic!("{error}: {payload}"))
}

/// A table's rows with the columns asked for, as `7 | North | -`, where `-` is null.
fn rows_of(dataset: &Dataset, table: &str, columns: &str) -> Vec<String> {
    let table = dataset.table(table);
    let columns: Vec<usize> = columns
        .split(' ')
        .map(|name| {
            table
                .def
                .column(name)
                .unwrap_or_else(|| panic!("no column {name}"))
        })
        .collect();
    let batch = &table.batches[0];
    let cell = |row: usize, column: usize| {
        let ty = table.def.columns[column].ty;
        match column::value(batch.column(column), ty, row) {
            Value::Null => "-".to_owned(),
            value => value.to_text(),
        }
    };
    let row = |row| {
        columns
            .iter()
            .map(|&column| cell(row, column))
            .collect::<Vec<_>>()
            .join(" | ")
    };
    (0..batch.num_rows()).map(row).collect()
}

fn rows(payload: &str, table: &str, columns: &str) -> Vec<String> {
    rows_of(&dataset(payload), table, columns)
}

/// A payload with these sites at home.
fn home(sites: &str) -> String {
    format!(r#"{{"operatorGroups":[{sites}]}}"#)
}

/// A payload with these chargers at site 1.
fn chargers(chargers: &str) -> String {
    home(&format!(r#"{{"id":1,"chargers":[{chargers}]}}"#))
}
