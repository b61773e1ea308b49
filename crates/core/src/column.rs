//! Values and the Arrow arrays that columns of them are.

use std::{
    ops::Range,
    sync::{Arc, LazyLock},
};

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Float64Array, Int32Array, Int64Array, StringArray,
    TimestampMicrosecondArray, new_empty_array,
};
use arrow::buffer::{NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::datatypes::{Float64Type, Int32Type, Int64Type, TimestampMicrosecondType};

use crate::schema::Type;
use crate::text::time;

/// One value of a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// Microseconds since the Unix epoch.
    Time(i64),
    /// UTF-8.
    Text(&'a [u8]),
}

impl<'a> Value<'a> {
    /// The text, if that is what it is.
    pub(crate) fn str(self) -> Option<&'a str> {
        match self {
            Value::Text(text) => Some(std::str::from_utf8(text).expect("parsed text is UTF-8")),
            _ => None,
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
            Value::Text(_) => self.str().unwrap_or_default().to_owned(),
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
        Type::Text => Value::Text(array.as_string::<i32>().value(row).as_bytes()),
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
            ColumnView::Text(arrays) => {
                value!(arrays, |text: &'a str| Value::Text(text.as_bytes()))
            }
        }
    }
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

/// The texts of these rows take 2 GiB or more: they do not fit in one array.
pub(crate) struct Overflow;

/// An array of the values of `rows`.
pub(crate) fn array<'a>(
    ty: Type,
    rows: Range<usize>,
    value: impl Fn(usize) -> Value<'a>,
) -> Result<ArrayRef, Overflow> {
    let int = |row| match value(row) {
        Value::Int(value) => Some(value),
        _ => None,
    };
    Ok(match ty {
        Type::Int64 => Arc::new(rows.map(int).collect::<Int64Array>()),
        Type::Int32 | Type::Enum(_) => {
            // Values out of range have been refused when they were read.
            Arc::new(
                rows.map(|row| int(row).map(|value| value as i32))
                    .collect::<Int32Array>(),
            )
        }
        Type::Float64 => {
            let float = |row| match value(row) {
                Value::Float(value) => Some(value),
                _ => None,
            };
            Arc::new(rows.map(float).collect::<Float64Array>())
        }
        Type::Bool => {
            let bool = |row| match value(row) {
                Value::Bool(value) => Some(value),
                _ => None,
            };
            Arc::new(rows.map(bool).collect::<BooleanArray>())
        }
        Type::Time => {
            let time = |row| match value(row) {
                Value::Time(value) => Some(value),
                _ => None,
            };
            Arc::new(
                rows.map(time)
                    .collect::<TimestampMicrosecondArray>()
                    .with_timezone("UTC"),
            )
        }
        Type::Text => Arc::new(texts(rows, value)?),
    })
}

fn texts<'a>(
    rows: Range<usize>,
    value: impl Fn(usize) -> Value<'a>,
) -> Result<StringArray, Overflow> {
    // Counting first is cheaper than growing.
    let length = |row| match value(row) {
        Value::Text(text) => text.len(),
        _ => 0,
    };
    let total: usize = rows.clone().map(length).sum();
    if i32::try_from(total).is_err() {
        return Err(Overflow);
    }
    let mut bytes = Vec::with_capacity(total);
    let mut offsets = Vec::with_capacity(rows.len() + 1);
    let mut valid = Vec::with_capacity(rows.len());
    offsets.push(0);
    for row in rows {
        let text = match value(row) {
            Value::Text(text) => Some(text),
            _ => None,
        };
        valid.push(text.is_some());
        bytes.extend_from_slice(text.unwrap_or_default());
        offsets.push(bytes.len() as i32);
    }
    let nulls = valid.contains(&false).then(|| NullBuffer::from(valid));
    let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
    Ok(StringArray::new(offsets, bytes.into(), nulls))
}
