//! Values to Arrow arrays.

use std::{ops::Range, sync::Arc};

use arrow::array::{
    ArrayRef, BooleanArray, Float64Array, Int32Array, Int64Array, StringArray,
    TimestampMicrosecondArray,
};
use arrow::buffer::{NullBuffer, OffsetBuffer, ScalarBuffer};

use crate::parse::Cell;
use crate::schema::Type;
use crate::text::Texts;

/// One value of a column.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
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
    /// The value of a cell.
    #[inline]
    pub(super) fn of(cell: Cell, texts: &'a Texts) -> Self {
        match cell {
            Cell::Null => Value::Null,
            Cell::Bool(value) => Value::Bool(value),
            Cell::Int(value) => Value::Int(value),
            Cell::Float(value) => Value::Float(value),
            Cell::Time(value) => Value::Time(value),
            Cell::Text(span) => Value::Text(texts.get(span)),
        }
    }
}

/// The texts of these rows take 2 GiB or more: they do not fit in one array.
pub(crate) struct Overflow;

/// An array of the values of `rows`.
pub(super) fn array<'a>(
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
