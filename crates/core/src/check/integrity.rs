//! Whether keys are unique and ascend, and foreign keys find their rows: always so in what a
//! [`Parser`](crate::Parser) gives, and no longer so in files that somebody changed.

use std::cmp::Ordering;

use arrow_array::ArrayRef;
use arrow_row::{RowConverter, Rows, SortField};
use arrow_select::concat::concat;
use rustc_hash::FxHashSet;

use super::rows::{cell, key};
use super::{Finding, FindingKind, Findings};
use crate::{Dataset, Table, schema::ForeignKey};

/// Rows with a key that stood before, or behind a greater one.
pub(super) fn keys(dataset: &Dataset, kind: FindingKind) -> Findings<'_> {
    let keyed = dataset.all_tables().filter(|table| table.def.key > 0);
    Box::new(keyed.flat_map(move |table| {
        let columns: Vec<ArrayRef> = (0..table.def.key)
            .map(|index| whole(table, index))
            .collect();
        let rows = match kind {
            FindingKind::UnsortedRows => unsorted(&comparable(&columns)),
            _ => repeated(&comparable(&columns)),
        };
        rows.into_iter().map(move |row| {
            let message = match kind {
                FindingKind::UnsortedRows => "the row before has a greater key",
                _ => "another row has the same key",
            };
            let name = table.def.name;
            Finding::of_row(kind, name, row, key(&columns, row), "", message.to_owned())
        })
    }))
}

/// Keys whose bytes compare as the tables are sorted.
fn comparable(columns: &[ArrayRef]) -> Rows {
    let fields = columns
        .iter()
        .map(|column| SortField::new(column.data_type().clone()));
    let converter = RowConverter::new(fields.collect());
    let rows = converter.and_then(|converter| converter.convert_columns(columns));
    rows.expect("integers and texts can be compared")
}

fn unsorted(rows: &Rows) -> Vec<usize> {
    let behind = |&row: &usize| rows.row(row - 1) > rows.row(row);
    (1..rows.num_rows()).filter(behind).collect()
}

fn repeated(rows: &Rows) -> Vec<usize> {
    let ordered = |row: usize| rows.row(row - 1).cmp(&rows.row(row));
    let mut order: Vec<usize> = (0..rows.num_rows()).collect();
    if (1..rows.num_rows()).any(|row| ordered(row) == Ordering::Greater) {
        order.sort_by(|&one, &other| rows.row(one).cmp(&rows.row(other)));
    }
    let equal = order
        .windows(2)
        .filter(|pair| rows.row(pair[0]) == rows.row(pair[1]));
    let mut found: Vec<usize> = equal.map(|pair| pair[1]).collect();
    found.sort_unstable();
    found
}

/// Rows that refer to a row that is not there.
pub(super) fn references(dataset: &Dataset) -> Findings<'_> {
    Box::new(dataset.all_tables().flat_map(move |table| {
        let keys = table.def.foreign_keys.iter();
        keys.flat_map(move |key| dangling(dataset, table, key))
    }))
}

fn dangling<'a>(
    dataset: &'a Dataset,
    table: &'a Table,
    foreign: &'a ForeignKey,
) -> impl Iterator<Item = Finding> + 'a {
    // All references of the schema are of one column.
    let (column, referred) = (foreign.columns[0], foreign.references[0]);
    let mut tables = dataset.all_tables();
    let target = tables.find(|table| table.def.name == foreign.table);
    let there = values(target.expect("references are within the tables"), referred);
    let columns: Vec<ArrayRef> = (0..table.def.key)
        .map(|index| whole(table, index))
        .collect();
    let from = whole(table, table.def.column(column).expect("it is declared"));
    let values = comparable(std::slice::from_ref(&from));
    let missing: Vec<usize> = (0..values.num_rows())
        .filter(|&row| from.is_valid(row) && !there.contains(values.row(row).as_ref()))
        .collect();
    missing.into_iter().map(move |row| {
        let value = cell(&from, row).unwrap_or_default();
        let message = format!("{column} {value} is no row of {}", foreign.table);
        let kind = FindingKind::DanglingReference;
        Finding::of_row(
            kind,
            table.def.name,
            row,
            key(&columns, row),
            column,
            message,
        )
    })
}

/// The values of a column, as they compare.
fn values(table: &Table, column: &str) -> FxHashSet<Box<[u8]>> {
    let column = whole(table, table.def.column(column).expect("it is declared"));
    let rows = comparable(&[column]);
    rows.iter().map(|row| row.as_ref().into()).collect()
}

fn whole(table: &Table, index: usize) -> ArrayRef {
    let parts = table.batches.iter().map(|batch| batch.column(index));
    let parts: Vec<_> = parts.map(AsRef::as_ref).collect();
    concat(&parts).expect("all batches of a table have its columns")
}

#[cfg(test)]
mod tests;
