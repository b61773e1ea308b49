//! Numbers that cannot be.

use arrow_array::{cast::AsArray, types::Int32Type};

use super::finding::shown;
use super::rows::{doubles, key, texts};
use super::{Finding, FindingKind, Findings, quality};
use crate::{
    Dataset, Table, column,
    schema::{Kind, Shape, Type},
};

/// Whether a field, by its wire name, is an enumeration.
pub(super) fn is_enum(entity: &str, field: &str) -> bool {
    let mut records = Kind::ALL.iter().map(|kind| kind.record());
    records.any(|record| {
        let member = record.member(field).filter(|_| record.table == entity);
        member.is_some_and(|member| matches!(member.shape, Shape::Scalar(Type::Enum(_))))
    })
}

/// Values of no enumeration: what the payload had, and what stands in tables that were changed.
pub(super) fn enums(dataset: &Dataset) -> Findings<'_> {
    let anomalies = quality::anomalies(dataset, FindingKind::EnumOutOfRange);
    Box::new(anomalies.chain(dataset.tables.iter().flat_map(enums_of)))
}

fn enums_of(table: &Table) -> impl Iterator<Item = Finding> {
    let columns = table.def.columns.iter().enumerate();
    let enums = columns.filter_map(|(index, column)| match column.ty {
        Type::Enum(last) => Some((index, column.name, last)),
        _ => None,
    });
    enums.flat_map(move |(index, name, last)| {
        let mut before = 0;
        table.batches.iter().flat_map(move |batch| {
            let first = before;
            before += batch.num_rows();
            let values = batch.column(index).as_primitive::<Int32Type>();
            values.iter().enumerate().filter_map(move |(row, value)| {
                let value = value.filter(|value| !(0..=last).contains(value))?;
                let message = format!("{value} is outside 0..{last}");
                let kind = FindingKind::EnumOutOfRange;
                let keys = table.def.columns[..table.def.key]
                    .iter()
                    .zip(batch.columns());
                let key = key(keys.map(|(column, array)| column::value(array, column.ty, row)));
                Some(Finding::of_row(
                    kind,
                    table.def.name,
                    first + row,
                    key,
                    name,
                    message,
                ))
            })
        })
    })
}

/// The columns of a place on Earth, their wire names, and the greatest number of degrees.
const COORDINATES: [(&str, &str, f64); 2] = [
    ("latitude", "locationInfo.latitude", 90.0),
    ("longitude", "locationInfo.longitude", 180.0),
];

/// Coordinates that are nowhere on Earth.
pub(super) fn coordinates(dataset: &Dataset) -> Findings<'_> {
    const TABLE: &str = "chargers";
    Box::new(
        COORDINATES
            .iter()
            .flat_map(move |&(column, field, greatest)| {
                let chargers = texts(dataset, TABLE, "charger_id").map(Option::unwrap_or_default);
                let rows = chargers.zip(doubles(dataset, TABLE, column)).enumerate();
                rows.filter_map(move |(row, (charger, value))| {
                    let value = value.filter(|value| !(-greatest..=greatest).contains(value))?;
                    let message = format!(
                        "{} is outside -{greatest}..{greatest} degrees",
                        shown(&value.to_string())
                    );
                    let kind = FindingKind::CoordinateOutOfRange;
                    Some(Finding::of_row(kind, TABLE, row, charger, field, message))
                })
            }),
    )
}
