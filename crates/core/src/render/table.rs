//! A table, row by row.

use arrow_array::{
    Array, BooleanArray, Float64Array, Int32Array, Int64Array, StringArray,
    TimestampMicrosecondArray,
};

use super::error::{RenderError, damaged};
use crate::Table;
use crate::schema::{TableDef, Type};
use crate::text::canonical::write_string;
use crate::text::time;

/// Number of a row in its table.
pub(crate) type RowNo = u32;

/// A value of a table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cell<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// Microseconds since the Unix epoch.
    Time(i64),
    Text(&'a str),
}

impl Cell<'_> {
    /// Appends the value as canonical JSON text.
    pub(crate) fn json(self, out: &mut Vec<u8>) {
        match self {
            Cell::Null => out.extend_from_slice(b"null"),
            Cell::Bool(true) => out.extend_from_slice(b"true"),
            Cell::Bool(false) => out.extend_from_slice(b"false"),
            Cell::Int(value) => {
                out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
            }
            // Adding zero turns -0 into 0, as CSV has it.
            Cell::Float(value) => {
                out.extend_from_slice(zmij::Buffer::new().format_finite(value + 0.0).as_bytes());
            }
            Cell::Time(value) => {
                out.push(b'"');
                out.extend_from_slice(time::format(value).as_bytes());
                out.push(b'"');
            }
            Cell::Text(text) => write_string(text.as_bytes(), out),
        }
    }
}

/// A column of a batch, with its type.
#[derive(Clone, Copy, Debug)]
enum Column<'a> {
    Int64(&'a Int64Array),
    Int32(&'a Int32Array),
    Float64(&'a Float64Array),
    Bool(&'a BooleanArray),
    Time(&'a TimestampMicrosecondArray),
    Text(&'a StringArray),
}

impl<'a> Column<'a> {
    fn new(array: &'a dyn Array, ty: Type) -> Option<Self> {
        let any = array.as_any();
        Some(match ty {
            Type::Int64 => Column::Int64(any.downcast_ref()?),
            Type::Int32 | Type::Enum(_) => Column::Int32(any.downcast_ref()?),
            Type::Float64 => Column::Float64(any.downcast_ref()?),
            Type::Bool => Column::Bool(any.downcast_ref()?),
            Type::Time => Column::Time(any.downcast_ref()?),
            Type::Text => Column::Text(any.downcast_ref()?),
        })
    }

    fn cell(self, row: usize) -> Cell<'a> {
        fn of<'a, A: Array>(
            array: &'a A,
            row: usize,
            value: impl FnOnce(&'a A) -> Cell<'a>,
        ) -> Cell<'a> {
            if array.is_null(row) {
                Cell::Null
            } else {
                value(array)
            }
        }
        match self {
            Column::Int64(array) => of(array, row, |array| Cell::Int(array.value(row))),
            Column::Int32(array) => of(array, row, |array| Cell::Int(array.value(row).into())),
            Column::Float64(array) => of(array, row, |array| Cell::Float(array.value(row))),
            Column::Bool(array) => of(array, row, |array| Cell::Bool(array.value(row))),
            Column::Time(array) => of(array, row, |array| Cell::Time(array.value(row))),
            Column::Text(array) => of(array, row, |array| Cell::Text(array.value(row))),
        }
    }
}

/// The rows of a table, wherever its batches end.
#[derive(Debug)]
pub(crate) struct TableRows<'a> {
    pub(crate) def: &'static TableDef,
    batches: Vec<Vec<Column<'a>>>,
    /// Where each batch starts, and where the last one ends.
    starts: Vec<RowNo>,
}

impl<'a> TableRows<'a> {
    /// Looks at a table, whose columns have to be those of its declaration.
    pub(crate) fn new(table: &'a Table) -> Result<Self, RenderError> {
        let def = table.def;
        let mut rows = TableRows {
            def,
            batches: Vec::new(),
            starts: vec![0],
        };
        for batch in &table.batches {
            if batch.num_columns() != def.columns.len() {
                return Err(damaged(def.name, "it has other columns than it should"));
            }
            let columns = batch.columns().iter().zip(&def.columns);
            let columns: Option<Vec<Column<'_>>> = columns
                .map(|(array, column)| {
                    Column::new(array, column.ty)
                        .filter(|_| column.nullable || array.null_count() == 0)
                })
                .collect();
            let columns =
                columns.ok_or_else(|| damaged(def.name, "a column has another type, or a null"))?;
            let end = rows.len() + batch.num_rows();
            let end =
                RowNo::try_from(end).map_err(|_| damaged(def.name, "it has too many rows"))?;
            rows.batches.push(columns);
            rows.starts.push(end);
        }
        Ok(rows)
    }

    pub(crate) fn len(&self) -> usize {
        self.starts.last().map_or(0, |&end| end as usize)
    }

    pub(crate) fn numbers(&self) -> std::ops::Range<RowNo> {
        0..self.len() as RowNo
    }

    pub(crate) fn cell(&self, row: RowNo, column: usize) -> Cell<'a> {
        let batch = match self.starts.len() {
            2 => 0,
            _ => self.starts.partition_point(|&start| start <= row) - 1,
        };
        self.batches[batch][column].cell((row - self.starts[batch]) as usize)
    }

    /// A number; 0 for null.
    pub(crate) fn int(&self, row: RowNo, column: usize) -> i64 {
        match self.cell(row, column) {
            Cell::Int(value) => value,
            _ => 0,
        }
    }

    /// A text; empty for null.
    pub(crate) fn text(&self, row: RowNo, column: usize) -> &'a str {
        match self.cell(row, column) {
            Cell::Text(text) => text,
            _ => "",
        }
    }

    /// Which of these rows, sorted by this column of texts or numbers, has this value first.
    pub(crate) fn find(
        &self,
        rows: std::ops::Range<RowNo>,
        column: usize,
        key: Cell<'_>,
    ) -> Option<RowNo> {
        let (mut low, mut high) = (rows.start, rows.end);
        while low < high {
            let middle = low + (high - low) / 2;
            if order(self.cell(middle, column), key).is_lt() {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        (low < rows.end && self.cell(low, column) == key).then_some(low)
    }
}

/// The order of two values of a key column.
pub(crate) fn order(one: Cell<'_>, other: Cell<'_>) -> std::cmp::Ordering {
    match (one, other) {
        (Cell::Int(one), Cell::Int(other)) => one.cmp(&other),
        (Cell::Text(one), Cell::Text(other)) => one.cmp(other),
        _ => std::cmp::Ordering::Equal,
    }
}
