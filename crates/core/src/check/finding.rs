//! One finding: what, about which record, and where it was seen.

use serde::Serialize;

use super::FindingKind;

/// Findings, made while they are taken.
pub type Findings<'a> = Box<dyn Iterator<Item = Finding> + Send + 'a>;

/// Something worth knowing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What it is.
    pub kind: FindingKind,
    /// Table of the record, or `root`.
    pub entity: &'static str,
    /// Identity of the record as text, such as `7` or `FI-1/0`; empty where it is about all of them.
    pub key: String,
    /// Name of the field or column; empty where it is about the whole record.
    pub field: String,
    /// The finding in words.
    pub message: String,
    /// For an unknown field: in how many records it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub records: Option<u64>,
    /// For an unknown field: some of its values as JSON text, long ones cut.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub samples: Vec<String>,
    /// Where it was seen.
    pub seen: Seen,
}

/// Where a finding was seen: in the tables, and in the payload's text where they know it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// Table that shows it.
    pub table: &'static str,
    /// Row of that table, from 1; none where it is about the whole table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// JSON path in the payload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Offset in the payload, in bytes from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub byte_offset: Option<u64>,
    /// Line in the payload, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Column in characters, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
}

impl Finding {
    /// A finding about a record, or a field of it, that a row of its own table shows; rows count
    /// from 0 here.
    pub(super) fn of_row(
        kind: FindingKind,
        entity: &'static str,
        row: usize,
        key: impl ToString,
        field: &str,
        message: String,
    ) -> Self {
        Finding {
            seen: Seen {
                row: Some(row as u64 + 1),
                ..Seen::in_table(entity)
            },
            ..Finding::of_table(kind, entity, message)
        }
        .about(key.to_string(), field)
    }

    /// A finding about a whole table.
    pub fn of_table(kind: FindingKind, entity: &'static str, message: String) -> Self {
        Finding {
            kind,
            entity,
            key: String::new(),
            field: String::new(),
            message,
            records: None,
            samples: Vec::new(),
            seen: Seen::in_table(entity),
        }
    }

    fn about(mut self, key: String, field: &str) -> Self {
        self.key = key;
        field.clone_into(&mut self.field);
        self
    }
}

impl Seen {
    fn in_table(table: &'static str) -> Self {
        Seen {
            table,
            ..Seen::default()
        }
    }
}

/// Characters of a value that a message shows.
const SHOWN: usize = 60;

/// A value of the payload for a message: the beginning of a long one.
pub(super) fn shown(value: &str) -> String {
    match value.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}
