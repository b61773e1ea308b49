//! What the quality tables say.

use super::finding::shown;
use super::rows::{longs, texts};
use super::{Finding, FindingKind, Findings, Seen, values};
use crate::{Dataset, schema};

/// One finding for each row of `conflicts`.
pub(super) fn conflicts(dataset: &Dataset) -> Findings<'_> {
    const TABLE: &str = "conflicts";
    let column = |name| texts(dataset, TABLE, name).map(Option::unwrap_or_default);
    let subjects = column("entity").zip(column("key")).zip(column("field"));
    let values = column("other").zip(column("kept"));
    let rows = subjects.zip(values).zip(texts(dataset, TABLE, "path"));
    Box::new(
        rows.enumerate()
            .map(|(row, (((about, field), (other, kept)), path))| {
                let (entity, key) = about;
                Finding {
                    seen: Seen {
                        path: path.map(str::to_owned),
                        ..in_row(TABLE, row)
                    },
                    ..finding(
                        FindingKind::Conflict,
                        (entity, key, field),
                        format!("kept `{}`, also seen `{}`", shown(kept), shown(other)),
                    )
                }
            }),
    )
}

/// One finding for each row of `anomalies` of a kind.
///
/// An enumeration that is out of range is a kind of its own.
pub(super) fn anomalies(dataset: &Dataset, kind: FindingKind) -> Findings<'_> {
    let name = match kind {
        FindingKind::WrongType => "wrong_type",
        FindingKind::MissingIdentity => "missing_identity",
        FindingKind::DuplicateKey => "duplicate_key",
        FindingKind::Cycle => "cycle",
        _ => "out_of_range",
    };
    let rows = Anomaly::all(dataset).filter(move |anomaly| {
        let is_enum = || values::is_enum(anomaly.entity, anomaly.field);
        anomaly.kind == name
            && (name != "out_of_range" || is_enum() == (kind == FindingKind::EnumOutOfRange))
    });
    Box::new(rows.map(move |anomaly| {
        let message = match kind {
            FindingKind::Cycle => format!("{}: {}", anomaly.message, shown(anomaly.raw)),
            _ => shown_message(&anomaly),
        };
        anomaly.finding(kind, message)
    }))
}

/// The message with the value, which may be of any length; some messages start with it.
fn shown_message(anomaly: &Anomaly<'_>) -> String {
    let (message, raw) = (anomaly.message, anomaly.raw);
    if raw.is_empty() {
        return message.to_owned();
    }
    match message.strip_prefix(raw) {
        Some(rest) => format!("{}{rest}", shown(raw)),
        None => format!("{message}: `{}`", shown(raw)),
    }
}

/// A row of `anomalies`.
pub(super) struct Anomaly<'a> {
    row: usize,
    pub(super) kind: &'a str,
    pub(super) entity: &'a str,
    key: &'a str,
    pub(super) field: &'a str,
    raw: &'a str,
    message: &'a str,
    path: Option<&'a str>,
    place: [Option<i64>; 3],
}

impl<'a> Anomaly<'a> {
    pub(super) fn all(dataset: &'a Dataset) -> impl Iterator<Item = Anomaly<'a>> {
        const TABLE: &str = "anomalies";
        let column = |name| texts(dataset, TABLE, name).map(Option::unwrap_or_default);
        let place = |name| longs(dataset, TABLE, name);
        let subjects = column("kind").zip(column("entity")).zip(column("key"));
        let values = column("field").zip(column("raw")).zip(column("message"));
        let places = place("byte_offset").zip(place("line")).zip(place("column"));
        let places = texts(dataset, TABLE, "path").zip(places);
        let rows = subjects.zip(values).zip(places).enumerate();
        rows.map(|(row, ((((kind, entity), key), values), places))| {
            let ((field, raw), message) = values;
            let (path, ((offset, line), column)) = places;
            Anomaly {
                row,
                kind,
                entity,
                key,
                field,
                raw,
                message,
                path,
                place: [offset, line, column],
            }
        })
    }

    pub(super) fn finding(&self, kind: FindingKind, message: String) -> Finding {
        let [byte_offset, line, column] = self
            .place
            .map(|part| part.and_then(|part| part.try_into().ok()));
        Finding {
            seen: Seen {
                path: self.path.map(str::to_owned),
                byte_offset,
                line,
                column,
                ..in_row("anomalies", self.row)
            },
            ..finding(kind, (self.entity, self.key, self.field), message)
        }
    }
}

fn finding(kind: FindingKind, about: (&str, &str, &str), message: String) -> Finding {
    let (entity, key, field) = about;
    Finding {
        key: key.to_owned(),
        field: field.to_owned(),
        ..Finding::of_table(kind, entity_name(entity), message)
    }
}

fn in_row(table: &'static str, row: usize) -> Seen {
    Seen {
        table,
        row: Some(row as u64 + 1),
        ..Seen::default()
    }
}

/// The name of a record's table; all else is the root.
fn entity_name(entity: &str) -> &'static str {
    schema::table(entity).map_or("root", |table| table.name)
}

#[cfg(test)]
mod tests;
