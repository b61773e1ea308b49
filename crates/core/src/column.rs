//! Values and the Arrow arrays that columns of them are.

mod block;
mod builder;
mod rows;
mod texts;

use std::cmp::Ordering;
use std::sync::LazyLock;

use arrow_array::{
    Array, ArrayRef, BooleanArray, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
    cast::AsArray,
    new_empty_array,
    types::{Float64Type, Int32Type, Int64Type, TimestampMicrosecondType},
};

use crate::schema::{TableDef, Type};
use crate::text::canonical::write_string;
use crate::text::time;
pub(crate) use block::{array, arrays};
pub(crate) use builder::Builder;
pub(crate) use rows::{ColumnRows, Starts};

/// The texts of these rows take 2 GiB or more: they do not fit in one array.
#[derive(Debug)]
pub(crate) struct Overflow;

/// One value of a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// Microseconds since the Unix epoch.
    Time(i64),
    Text(&'a str),
}

impl<'a> Value<'a> {
    /// The text, if that is what it is.
    pub(crate) fn str(self) -> Option<&'a str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The order of two values of a column that tables are sorted by: numbers, and texts by their bytes;
    /// null comes first.
    pub(crate) fn order(self, other: Value<'_>) -> Ordering {
        match (self, other) {
            (Value::Int(one), Value::Int(other)) => one.cmp(&other),
            (Value::Text(one), Value::Text(other)) => one.cmp(other),
            (one, other) => (one != Value::Null).cmp(&(other != Value::Null)),
        }
    }

    /// The value as CSV writes it; nothing for null.
    pub(crate) fn to_text(self) -> String {
        match self {
            Value::Null => String::new(),
            Value::Bool(value) => value.to_string(),
            Value::Int(value) => value.to_string(),
            // Adding zero turns -0 into 0.
            Value::Float(value) => zmij::Buffer::new().format(value + 0.0).to_owned(),
            Value::Time(value) => time::format(value),
            Value::Text(text) => text.to_owned(),
        }
    }

    /// Appends the value as canonical JSON text: a time as a string, a number that JSON has no text for, which no
    /// payload holds, too.
    pub(crate) fn json(self, out: &mut Vec<u8>) {
        match self {
            Value::Null => out.extend_from_slice(b"null"),
            Value::Bool(true) => out.extend_from_slice(b"true"),
            Value::Bool(false) => out.extend_from_slice(b"false"),
            Value::Int(value) => {
                out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
            }
            // Adding zero turns -0 into 0, as CSV has it.
            Value::Float(value) if value.is_finite() => {
                out.extend_from_slice(zmij::Buffer::new().format_finite(value + 0.0).as_bytes());
            }
            Value::Float(_) | Value::Time(_) => {
                out.push(b'"');
                out.extend_from_slice(self.to_text().as_bytes());
                out.push(b'"');
            }
            Value::Text(text) => write_string(text.as_bytes(), out),
        }
    }
}

/// The value in a row of an array, which has to be of the type.
pub(crate) fn value(array: &dyn Array, ty: Type, row: usize) -> Value<'_> {
    if array.is_null(row) {
        return Value::Null;
    }
    match ty {
        Type::Int64 => Value::Int(array.as_primitive::<Int64Type>().value(row)),
        Type::Int32 | Type::Enum(_) => {
            Value::Int(array.as_primitive::<Int32Type>().value(row).into())
        }
        Type::Float64 => Value::Float(array.as_primitive::<Float64Type>().value(row)),
        Type::Bool => Value::Bool(array.as_boolean().value(row)),
        Type::Time => Value::Time(array.as_primitive::<TimestampMicrosecondType>().value(row)),
        Type::Text => Value::Text(array.as_string::<i32>().value(row)),
    }
}

/// One column of several batches, to look values up in.
#[derive(Debug)]
pub(crate) enum ColumnView<'a> {
    Int64(Vec<&'a Int64Array>),
    Int32(Vec<&'a Int32Array>),
    Float64(Vec<&'a Float64Array>),
    Bool(Vec<&'a BooleanArray>),
    Time(Vec<&'a TimestampMicrosecondArray>),
    Text(Vec<&'a StringArray>),
}

impl<'a> ColumnView<'a> {
    /// The column that these arrays are, all of them of the type.
    pub(crate) fn new(ty: Type, arrays: impl Iterator<Item = &'a dyn Array>) -> Self {
        match ty {
            Type::Int64 => ColumnView::Int64(arrays.map(|array| array.as_primitive()).collect()),
            Type::Int32 | Type::Enum(_) => {
                ColumnView::Int32(arrays.map(|array| array.as_primitive()).collect())
            }
            Type::Float64 => {
                ColumnView::Float64(arrays.map(|array| array.as_primitive()).collect())
            }
            Type::Bool => ColumnView::Bool(arrays.map(|array| array.as_boolean()).collect()),
            Type::Time => ColumnView::Time(arrays.map(|array| array.as_primitive()).collect()),
            Type::Text => ColumnView::Text(arrays.map(|array| array.as_string()).collect()),
        }
    }

    /// The value in a row of a batch.
    #[inline]
    pub(crate) fn value(&self, batch: usize, row: usize) -> Value<'a> {
        macro_rules! value {
            ($arrays:ident, $value:expr) => {{
                let array = $arrays[batch];
                if array.is_null(row) {
                    Value::Null
                } else {
                    $value(array.value(row).into())
                }
            }};
        }
        match self {
            ColumnView::Int64(arrays) => value!(arrays, Value::Int),
            ColumnView::Int32(arrays) => value!(arrays, Value::Int),
            ColumnView::Float64(arrays) => value!(arrays, Value::Float),
            ColumnView::Bool(arrays) => value!(arrays, Value::Bool),
            ColumnView::Time(arrays) => value!(arrays, Value::Time),
            ColumnView::Text(arrays) => value!(arrays, Value::Text),
        }
    }
}

/// Whether a batch has the columns of a table, without nulls in those that have none: it may come from
/// files that somebody changed.
pub(crate) fn fits(batch: &RecordBatch, def: &TableDef) -> bool {
    batch.num_columns() == def.columns.len()
        && (batch.columns().iter().zip(&def.columns)).all(|(array, column)| {
            *array.data_type() == column.ty.data_type()
                && (column.nullable || array.null_count() == 0)
        })
}

/// An array without rows.
pub(crate) fn empty(ty: Type) -> &'static dyn Array {
    static EMPTY: LazyLock<[ArrayRef; 6]> = LazyLock::new(|| {
        [
            Type::Int64,
            Type::Int32,
            Type::Float64,
            Type::Bool,
            Type::Time,
            Type::Text,
        ]
        .map(|ty| new_empty_array(&ty.data_type()))
    });
    &EMPTY[match ty {
        Type::Int64 => 0,
        Type::Int32 | Type::Enum(_) => 1,
        Type::Float64 => 2,
        Type::Bool => 3,
        Type::Time => 4,
        Type::Text => 5,
    }]
}
