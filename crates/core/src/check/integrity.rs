//! Whether keys are unique and ascend, and foreign keys find their rows: always so in what a
//! [`Parser`](crate::Parser) gives, and no longer so in files that somebody changed.

use std::cmp::Ordering;

use super::rows::key;
use super::{Finding, FindingKind, Findings};
use crate::column::{self, ColumnRows, Value};
use crate::{Dataset, Table, schema::ForeignKey};

/// The key columns of a table.
struct Keys<'a> {
    rows: ColumnRows<'a>,
    columns: usize,
}

impl<'a> Keys<'a> {
    fn new(table: &'a Table) -> Self {
        let columns = table.def.key;
        Keys {
            rows: ColumnRows::new(table, columns),
            columns,
        }
    }

    fn of(&self, row: usize) -> impl Iterator<Item = Value<'a>> {
        (0..self.columns).map(move |column| self.rows.value(row, column))
    }

    fn order(&self, one: usize, other: usize) -> Ordering {
        let pairs = self.of(one).zip(self.of(other));
        let mut orders = pairs.map(|(one, other)| one.order(other));
        orders
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }

    /// Rows behind a greater key.
    fn unsorted(&self) -> Vec<usize> {
        let behind = |&row: &usize| self.order(row - 1, row).is_gt();
        (1..self.rows.len()).filter(behind).collect()
    }

    /// Rows with a key that stood before.
    fn repeated(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        // Stable, and fast where they ascend.
        order.sort_by(|&one, &other| self.order(one, other));
        let equal = order
            .windows(2)
            .filter(|pair| self.order(pair[0], pair[1]).is_eq());
        let mut found: Vec<usize> = equal.map(|pair| pair[1]).collect();
        found.sort_unstable();
        found
    }
}

/// Rows with a key that stood before, or behind a greater one.
pub(super) fn keys(dataset: &Dataset, kind: FindingKind) -> Findings<'_> {
    let keyed = dataset.all_tables().filter(|table| table.def.key > 0);
    Box::new(keyed.flat_map(move |table| {
        let keys = Keys::new(table);
        let rows = match kind {
            FindingKind::UnsortedRows => keys.unsorted(),
            _ => keys.repeated(),
        };
        rows.into_iter().map(move |row| {
            let message = match kind {
                FindingKind::UnsortedRows => "the row before has a greater key",
                _ => "another row has the same key",
            };
            let (name, key) = (table.def.name, key(keys.of(row)));
            Finding::of_row(kind, name, row, key, "", message.to_owned())
        })
    }))
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
    let there = target.into_iter().flat_map(|table| values(table, referred));
    let mut there: Vec<Value<'_>> = there.collect();
    // Keys of what a parser gives ascend already.
    there.sort_unstable_by(|one, other| one.order(*other));
    let is_there = |value: Value<'_>| there.binary_search_by(|one| one.order(value)).is_ok();
    let missing: Vec<(usize, Value<'_>)> = values(table, column)
        .enumerate()
        .filter(|&(_, value)| value != Value::Null && !is_there(value))
        .collect();
    let keys = Keys::new(table);
    missing.into_iter().map(move |(row, value)| {
        let message = format!(
            "{column} {} is no row of {}",
            value.to_text(),
            foreign.table
        );
        let kind = FindingKind::DanglingReference;
        let key = key(keys.of(row));
        Finding::of_row(kind, table.def.name, row, key, column, message)
    })
}

/// The values of a column.
fn values<'a>(table: &'a Table, column: &str) -> impl Iterator<Item = Value<'a>> {
    let index = table.def.column(column).expect("it is declared");
    let ty = table.def.columns[index].ty;
    table.batches.iter().flat_map(move |batch| {
        let array = batch.column(index);
        (0..batch.num_rows()).map(move |row| column::value(array, ty, row))
    })
}

#[cfg(test)]
mod tests;
