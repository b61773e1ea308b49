//! A table, row by row.

use std::cmp::Ordering;

use super::error::{RenderError, damaged};
use crate::Table;
use crate::column::{self, ColumnRows, Value};
use crate::schema::TableDef;

/// Number of a row in its table.
pub(crate) type RowNo = u32;

/// The rows of a table that is as it is declared.
#[derive(Debug)]
pub(crate) struct TableRows<'a> {
    pub(crate) def: &'static TableDef,
    rows: ColumnRows<'a>,
}

impl<'a> TableRows<'a> {
    /// Looks at the table with this name.
    pub(crate) fn open(tables: &'a [Table], name: &'static str) -> Result<Self, RenderError> {
        let mut tables = tables.iter();
        let table = tables.find(|table| table.def.name == name);
        TableRows::new(table.ok_or_else(|| damaged(name, "it is missing"))?)
    }

    /// Looks at a table, whose columns have to be those of its declaration.
    pub(crate) fn new(table: &'a Table) -> Result<Self, RenderError> {
        let def = table.def;
        for batch in &table.batches {
            if batch.num_columns() != def.columns.len() {
                return Err(damaged(def.name, "it has other columns than it should"));
            }
            if !column::fits(batch, def) {
                return Err(damaged(def.name, "a column has another type, or a null"));
            }
        }
        let rows = ColumnRows::new(table, def.columns.len());
        if RowNo::try_from(rows.len()).is_err() {
            return Err(damaged(def.name, "it has too many rows"));
        }
        Ok(TableRows { def, rows })
    }

    /// The table, if its rows are in the order of its key: it is to be searched.
    pub(crate) fn sorted(self) -> Result<Self, RenderError> {
        for row in self.numbers().skip(1) {
            let compare = |column| self.cell(row - 1, column).order(self.cell(row, column));
            let ascends = (0..self.def.key).map(compare).find(|order| order.is_ne());
            if ascends.is_none_or(Ordering::is_gt) {
                let what = format!("row {} is not in the order of the key", u64::from(row) + 1);
                return Err(damaged(self.def.name, what));
            }
        }
        Ok(self)
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn numbers(&self) -> std::ops::Range<RowNo> {
        0..self.len() as RowNo
    }

    pub(crate) fn cell(&self, row: RowNo, column: usize) -> Value<'a> {
        self.rows.value(row as usize, column)
    }

    /// A number; 0 for null.
    pub(crate) fn int(&self, row: RowNo, column: usize) -> i64 {
        match self.cell(row, column) {
            Value::Int(value) => value,
            _ => 0,
        }
    }

    /// A text; empty for null.
    pub(crate) fn text(&self, row: RowNo, column: usize) -> &'a str {
        match self.cell(row, column) {
            Value::Text(text) => text,
            _ => "",
        }
    }

    /// Which of these rows, sorted by this column of texts or numbers, has this value first.
    pub(crate) fn find(
        &self,
        rows: std::ops::Range<RowNo>,
        column: usize,
        key: Value<'_>,
    ) -> Option<RowNo> {
        let (mut low, mut high) = (rows.start, rows.end);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.cell(middle, column).order(key).is_lt() {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        (low < rows.end && self.cell(low, column) == key).then_some(low)
    }
}
