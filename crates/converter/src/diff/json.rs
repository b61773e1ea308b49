//! Changes as one JSON object.

use std::io::{self, Write};

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::value::RawValue;
use voltree_core::diff::{Change, Counts, Row};

use super::{Compared, KnownBy, TableChanges, side::Facts};

#[derive(Serialize)]
struct Report<'a> {
    old: &'a Facts,
    new: &'a Facts,
    equal: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    known_by: Option<KnownBy>,
    /// Not where nothing was parsed, and nobody counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<Rows>,
    tables: Tables<'a>,
}

/// How many rows changed.
#[derive(Serialize)]
struct Rows {
    added: u64,
    removed: u64,
    changed: u64,
    unchanged: u64,
}

/// The tables that changed, by name.
struct Tables<'a>(&'a [TableChanges]);

#[derive(Serialize)]
struct Table<'a> {
    #[serde(flatten)]
    rows: Rows,
    columns: Columns<'a>,
    changes: Vec<Entry<'a>>,
}

/// In how many rows each column changed.
struct Columns<'a>(&'a TableChanges);

#[derive(Serialize)]
struct Entry<'a> {
    change: &'static str,
    key: Key<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    columns: Option<Values<'a>>,
}

/// The columns that tell which row it is, with their values.
struct Key<'a>(&'a Row);

/// The columns that changed, with both values.
struct Values<'a> {
    old: &'a Row,
    new: &'a Row,
    columns: &'a [usize],
}

#[derive(Serialize)]
struct Both {
    old: Box<RawValue>,
    new: Box<RawValue>,
}

/// Writes the counts of each table that changed, and its first few changes.
pub(crate) fn write(compared: &Compared, mut out: &mut dyn Write) -> io::Result<()> {
    let report = Report {
        old: &compared.old,
        new: &compared.new,
        equal: compared.equal.is_some(),
        known_by: compared.equal,
        rows: (compared.equal != Some(KnownBy::Bytes)).then(|| Rows::of(&compared.total())),
        tables: Tables(&compared.tables),
    };
    serde_json::to_writer_pretty(&mut out, &report)?;
    writeln!(out)
}

impl Rows {
    fn of(counts: &Counts) -> Self {
        Rows {
            added: counts.added,
            removed: counts.removed,
            changed: counts.changed,
            unchanged: counts.unchanged,
        }
    }
}

impl<'a> Entry<'a> {
    fn of(change: &'a Change) -> Self {
        Entry {
            change: change.kind().name(),
            key: Key(change.row()),
            columns: match change {
                Change::Changed { old, new, columns } => Some(Values { old, new, columns }),
                _ => None,
            },
        }
    }
}

impl Serialize for Tables<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let changed = self.0.iter().filter(|table| !table.counts.is_equal());
        serializer.collect_map(changed.map(|changes| {
            let table = Table {
                rows: Rows::of(&changes.counts),
                columns: Columns(changes),
                changes: changes.first.iter().map(Entry::of).collect(),
            };
            (changes.table.name, table)
        }))
    }
}

impl Serialize for Columns<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let columns = self.0.table.columns.iter().map(|column| column.name);
        let counted = columns.zip(&self.0.counts.columns);
        serializer.collect_map(counted.filter(|(_, count)| **count > 0))
    }
}

impl Serialize for Key<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for column in self.0.key_columns() {
            map.serialize_entry(self.0.table().columns[column].name, &json(self.0, column))?;
        }
        map.end()
    }
}

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.columns.len()))?;
        for &column in self.columns {
            let both = Both {
                old: json(self.old, column),
                new: json(self.new, column),
            };
            map.serialize_entry(self.new.table().columns[column].name, &both)?;
        }
        map.end()
    }
}

/// A value as it stands in JSON.
fn json(row: &Row, column: usize) -> Box<RawValue> {
    RawValue::from_string(row.json(column)).expect("a cell is valid JSON")
}
