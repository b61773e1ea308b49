//! One row of one side.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow_array::RecordBatch;

use crate::column::{self, Value};
use crate::schema::{Pairing, TableDef, Type};

/// A row of a table. It keeps the batch that it stands in.
#[derive(Clone, Debug)]
pub struct Row {
    table: &'static TableDef,
    batch: Arc<RecordBatch>,
    row: usize,
}

impl Row {
    /// A row of a batch that has the columns of the table.
    pub(super) fn new(table: &'static TableDef, batch: Arc<RecordBatch>, row: usize) -> Self {
        Row { table, batch, row }
    }

    /// The table that it is a row of.
    pub fn table(&self) -> &'static TableDef {
        self.table
    }

    /// The value of the column with this index, as CSV writes it; none for null.
    pub fn text(&self, column: usize) -> Option<String> {
        match self.value(column) {
            Value::Null => None,
            value => Some(value.to_text()),
        }
    }

    /// The value of the column with this index as JSON text: a time as a string, a number that JSON has
    /// no text for, which no payload holds, too.
    pub fn json(&self, column: usize) -> String {
        let mut out = Vec::new();
        self.value(column).json(&mut out);
        String::from_utf8(out).expect("JSON of a text is a text")
    }

    /// Indices of the columns that tell which row it is.
    pub fn key_columns(&self) -> Vec<usize> {
        Pairing::of(self.table).columns().collect()
    }

    /// Which row it is, as text: its parts joined as in `FI-1/0`.
    pub fn key(&self) -> String {
        let parts = self.key_columns().into_iter();
        let parts: Vec<String> = parts.map(|column| self.value(column).to_text()).collect();
        parts.join("/")
    }

    pub(super) fn value(&self, column: usize) -> Value<'_> {
        let ty: Type = self.table.columns[column].ty;
        column::value(self.batch.column(column), ty, self.row)
    }

    /// The order of two rows by these columns.
    pub(super) fn cmp_by(&self, other: &Row, columns: &[usize]) -> Ordering {
        let orders = columns.iter();
        let mut orders = orders.map(|&column| self.value(column).order(other.value(column)));
        orders
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }

    /// Whether both have the same value in a column.
    pub(super) fn agrees(&self, other: &Row, column: usize) -> bool {
        match (self.value(column), other.value(column)) {
            (Value::Float(one), Value::Float(other)) if one.is_nan() => other.is_nan(),
            (one, other) => one == other,
        }
    }
}
