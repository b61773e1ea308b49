//! Rows in sorted maps, and how they merge.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Datelike, Timelike};

use crate::schema::{self, TableDef};

/// A value in a table.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Int(i64),
    Float(f64),
    Bool(bool),
    /// Microseconds since the start of 1970 in UTC.
    Time(i64),
    Text(String),
}

impl Cell {
    /// The cell as CSV writes it.
    pub(super) fn text(&self) -> String {
        match self {
            Cell::Int(value) => value.to_string(),
            // Adding zero takes the sign from a negative zero.
            Cell::Float(value) => zmij::Buffer::new().format_finite(value + 0.0).to_owned(),
            Cell::Bool(value) => value.to_string(),
            Cell::Time(micros) => time_text(*micros),
            Cell::Text(text) => text.clone(),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Cell::Text(text.to_owned())
    }
}

fn time_text(micros: i64) -> String {
    let time = DateTime::from_timestamp_micros(micros).expect("between the years 1 and 9999");
    let mut text = format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
        time.year(),
        time.month(),
        time.day(),
        time.hour(),
        time.minute(),
        time.second()
    );
    let fraction = format!(".{:06}", time.timestamp_subsec_micros());
    text += fraction.trim_end_matches('0').trim_end_matches('.');
    text + "Z"
}

/// A key column's value. Numbers are sorted as numbers, texts by their bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum KeyCell {
    Int(i64),
    Text(String),
}

impl KeyCell {
    pub(super) fn cell(&self) -> Cell {
        match self {
            KeyCell::Int(value) => Cell::Int(*value),
            KeyCell::Text(text) => Cell::Text(text.clone()),
        }
    }
}

impl From<i64> for KeyCell {
    fn from(value: i64) -> Self {
        KeyCell::Int(value)
    }
}

impl From<&str> for KeyCell {
    fn from(text: &str) -> Self {
        KeyCell::Text(text.to_owned())
    }
}

/// The key of a row.
pub(super) type Key = Vec<KeyCell>;

/// A key in one text: `7`, `FI-1`, `FI-1/0`.
pub(super) fn key_text(key: &[KeyCell]) -> String {
    let texts: Vec<String> = key.iter().map(|cell| cell.cell().text()).collect();
    texts.join("/")
}

/// The rows of one table; the cells behind the key.
pub(super) type TableRows = BTreeMap<Key, Vec<Option<Cell>>>;

/// The rows of all tables that have a key.
#[derive(Default)]
pub(super) struct Rows(HashMap<&'static str, TableRows>);

impl Rows {
    /// The rows of a table.
    pub(super) fn table(&self, name: &str) -> &TableRows {
        static EMPTY: TableRows = BTreeMap::new();
        self.0.get(name).unwrap_or(&EMPTY)
    }

    /// The value in a row that is there.
    pub(super) fn get(&self, table: &str, key: &Key, column: &str) -> Option<&Cell> {
        let def = schema::table(table).expect("the schema has the table");
        self.table(table)[key][index(def, column)].as_ref()
    }

    /// A place in a row, which is made of nulls where it is new.
    pub(super) fn cell(
        &mut self,
        table: &'static str,
        key: &[KeyCell],
        column: &str,
    ) -> &mut Option<Cell> {
        let def = schema::table(table).expect("the schema has the table");
        &mut self.row(def, key)[index(def, column)]
    }

    /// The cells of a row, which is made of nulls where it is new.
    pub(super) fn row(
        &mut self,
        def: &'static TableDef,
        key: &[KeyCell],
    ) -> &mut Vec<Option<Cell>> {
        let rows = self.0.entry(def.name).or_default();
        rows.entry(key.to_vec())
            .or_insert_with(|| vec![None; def.columns.len() - def.key])
    }

    /// Adds a row, where there is none with this key yet.
    pub(super) fn add(&mut self, table: &'static str, key: Key, cells: Vec<Option<Cell>>) {
        self.0.entry(table).or_default().entry(key).or_insert(cells);
    }
}

/// Index of a column among those behind the key.
fn index(def: &TableDef, column: &str) -> usize {
    def.column(column).expect("the schema has the column") - def.key
}
