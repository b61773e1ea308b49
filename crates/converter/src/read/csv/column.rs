//! One column under way.

use std::{str, sync::Arc};

use arrow_array::{
    ArrayRef,
    builder::{
        BooleanBuilder, Float64Builder, Int32Builder, Int64Builder, StringBuilder,
        TimestampMicrosecondBuilder,
    },
};
use chrono::DateTime;
use voltree_core::schema::{Column, Type};

/// Builds the column of a batch.
pub(super) enum ColumnBuilder {
    Int64(Int64Builder),
    Int32(Int32Builder),
    Float64(Float64Builder),
    Bool(BooleanBuilder),
    Time(TimestampMicrosecondBuilder),
    Text(StringBuilder),
}

impl ColumnBuilder {
    pub(super) fn new(column: &Column) -> Self {
        match column.ty {
            Type::Int64 => ColumnBuilder::Int64(Int64Builder::new()),
            Type::Int32 | Type::Enum(_) => ColumnBuilder::Int32(Int32Builder::new()),
            Type::Float64 => ColumnBuilder::Float64(Float64Builder::new()),
            Type::Bool => ColumnBuilder::Bool(BooleanBuilder::new()),
            Type::Time => ColumnBuilder::Time(
                TimestampMicrosecondBuilder::new().with_data_type(column.ty.data_type()),
            ),
            Type::Text => ColumnBuilder::Text(StringBuilder::new()),
        }
    }

    /// Appends a cell, `None` being NULL; what it should be where it is something else.
    pub(super) fn push(&mut self, cell: Option<&[u8]>) -> Result<(), &'static str> {
        let text = cell.map(str::from_utf8).transpose();
        let text = text.map_err(|_| "UTF-8 text")?;
        match self {
            ColumnBuilder::Int64(cells) => cells.append_option(parsed(text, "64-bit integer")?),
            ColumnBuilder::Int32(cells) => cells.append_option(parsed(text, "32-bit integer")?),
            ColumnBuilder::Float64(cells) => cells.append_option(parsed(text, "number")?),
            ColumnBuilder::Bool(cells) => cells.append_option(parsed(text, "`true` or `false`")?),
            ColumnBuilder::Time(cells) => cells.append_option(text.map(micros).transpose()?),
            ColumnBuilder::Text(cells) => {
                let used = cells.values_slice().len();
                let fits = used + text.map_or(0, str::len) <= i32::MAX as usize;
                if !fits {
                    return Err("text of less than 2 GiB");
                }
                cells.append_option(text);
            }
        }
        Ok(())
    }

    /// The column, which is empty again then.
    pub(super) fn finish(&mut self) -> ArrayRef {
        match self {
            ColumnBuilder::Int64(cells) => Arc::new(cells.finish()),
            ColumnBuilder::Int32(cells) => Arc::new(cells.finish()),
            ColumnBuilder::Float64(cells) => Arc::new(cells.finish()),
            ColumnBuilder::Bool(cells) => Arc::new(cells.finish()),
            ColumnBuilder::Time(cells) => Arc::new(cells.finish()),
            ColumnBuilder::Text(cells) => Arc::new(cells.finish()),
        }
    }
}

fn parsed<T: str::FromStr>(
    text: Option<&str>,
    expected: &'static str,
) -> Result<Option<T>, &'static str> {
    text.map(str::parse).transpose().map_err(|_| expected)
}

fn micros(text: &str) -> Result<i64, &'static str> {
    let time = DateTime::parse_from_rfc3339(text).map_err(|_| "time of RFC 3339")?;
    Ok(time.timestamp_micros())
}
