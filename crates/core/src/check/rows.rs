//! Columns as iterators over all rows of a table.

use arrow_array::{
    ArrayRef,
    cast::AsArray,
    types::{ArrowPrimitiveType, Float64Type, Int32Type, Int64Type, TimestampMicrosecondType},
};

use crate::Dataset;
use crate::column::Value;

/// The parts of a column.
///
/// # Panics
///
/// Where the schema has no such column.
fn parts<'a>(
    dataset: &'a Dataset,
    table: &str,
    name: &str,
) -> impl Iterator<Item = &'a ArrayRef> + use<'a> {
    let table = dataset.table(table);
    let index = table.def.column(name);
    let index = index.unwrap_or_else(|| panic!("`{}` has no column `{name}`", table.def.name));
    table.batches.iter().map(move |batch| batch.column(index))
}

pub(super) fn texts<'a>(
    dataset: &'a Dataset,
    table: &str,
    column: &str,
) -> impl Iterator<Item = Option<&'a str>> + use<'a> {
    parts(dataset, table, column).flat_map(|part| part.as_string::<i32>().iter())
}

pub(super) fn bools<'a>(
    dataset: &'a Dataset,
    table: &str,
    column: &str,
) -> impl Iterator<Item = Option<bool>> + use<'a> {
    parts(dataset, table, column).flat_map(|part| part.as_boolean().iter())
}

fn primitives<'a, T: ArrowPrimitiveType>(
    dataset: &'a Dataset,
    table: &str,
    column: &str,
) -> impl Iterator<Item = Option<T::Native>> + use<'a, T> {
    parts(dataset, table, column).flat_map(|part| part.as_primitive::<T>().iter())
}

/// Ids.
pub(super) fn longs<'a>(
    dataset: &'a Dataset,
    table: &str,
    column: &str,
) -> impl Iterator<Item = Option<i64>> + use<'a> {
    primitives::<Int64Type>(dataset, table, column)
}

/// Positions, enumerations, counts.
pub(super) fn ints<'a>(
    dataset: &'a Dataset,
    table: &str,
    column: &str,
) -> impl Iterator<Item = Option<i32>> + use<'a> {
    primitives::<Int32Type>(dataset, table, column)
}

pub(super) fn doubles<'a>(
    dataset: &'a Dataset,
    table: &str,
    column: &str,
) -> impl Iterator<Item = Option<f64>> + use<'a> {
    primitives::<Float64Type>(dataset, table, column)
}

/// Instants in microseconds since the Unix epoch.
pub(super) fn times<'a>(
    dataset: &'a Dataset,
    table: &str,
    column: &str,
) -> impl Iterator<Item = Option<i64>> + use<'a> {
    primitives::<TimestampMicrosecondType>(dataset, table, column)
}

/// The key of a row as text, its parts joined as in `FI-1/0`.
pub(super) fn key<'a>(parts: impl Iterator<Item = Value<'a>>) -> String {
    let parts: Vec<String> = parts.map(Value::to_text).collect();
    parts.join("/")
}
