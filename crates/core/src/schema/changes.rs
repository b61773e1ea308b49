//! The tables that a comparison of two payloads gives, and how rows of both are told to be the same.

use std::sync::LazyLock;

use super::table::TableDef;
use super::{Type, tables};

/// Columns that follow the text of a payload and not its content, in the tables that have them.
const PLACES: &[(&str, &[&str])] = &[
    ("conflicts", &["path"]),
    ("anomalies", &["path", "byte_offset", "line", "column"]),
];
/// The table without a key: its rows stand in the order of the first column, and rows that are equal
/// in it are told apart by the second one.
const EVSES: (&str, [&str; 2]) = ("evses", ["charger_id", "evse_uid"]);

/// How rows of two versions of a table are paired.
#[derive(Debug)]
pub(crate) struct Pairing {
    /// Columns that the rows of the table are in the order of.
    pub(crate) sorted: Vec<usize>,
    /// Columns that rows are told apart by besides; only where the table has no key.
    pub(crate) within: Vec<usize>,
    /// Columns whose values may have changed.
    pub(crate) compared: Vec<usize>,
}

impl Pairing {
    /// How rows of a table are paired: by its key.
    pub(crate) fn of(table: &TableDef) -> Pairing {
        let (sorted, within) = match table.key {
            0 => {
                let [sorted, within] = EVSES.1.map(|name| table.column(name).expect(EVSES.0));
                (vec![sorted], vec![within])
            }
            key => ((0..key).collect(), Vec::new()),
        };
        let places = PLACES.iter().find(|(name, _)| *name == table.name);
        let places = places.map_or(&[][..], |(_, places)| places);
        let compared = (0..table.columns.len()).filter(|column| {
            let paired = sorted.contains(column) || within.contains(column);
            !paired && !places.contains(&table.columns[*column].name)
        });
        Pairing {
            compared: compared.collect(),
            sorted,
            within,
        }
    }

    /// The columns that rows are paired by.
    pub(crate) fn columns(&self) -> impl Iterator<Item = usize> {
        self.sorted.iter().chain(&self.within).copied()
    }
}

/// The table of the changes of a table: its key, and what changed in the row that has it.
///
/// # Panics
///
/// Where it is none of [`tables`].
///
/// ```
/// use voltree_core::schema::{change_table, table};
///
/// let changes = change_table(table("sockets").unwrap());
/// assert_eq!(changes.name, "sockets_changes");
/// let columns: Vec<&str> = changes.columns.iter().map(|column| column.name).collect();
/// assert_eq!(columns, ["charger_id", "position", "column", "change", "old", "new"]);
/// ```
pub fn change_table(table: &TableDef) -> &'static TableDef {
    static TABLES: LazyLock<Vec<TableDef>> =
        LazyLock::new(|| tables().iter().map(changes).collect());
    let place = tables().iter().position(|other| other.name == table.name);
    &TABLES[place.expect("one of the tables of every output")]
}

/// The table that counts the changes of all tables.
pub fn summary_table() -> &'static TableDef {
    static SUMMARY: LazyLock<TableDef> = LazyLock::new(|| {
        let columns = [
            ("table", Type::Text, "Name of the table."),
            (
                "added",
                Type::Int64,
                "Rows whose key only the new side has.",
            ),
            (
                "removed",
                Type::Int64,
                "Rows whose key only the old side has.",
            ),
            (
                "changed",
                Type::Int64,
                "Rows whose key both sides have, with different values.",
            ),
            ("unchanged", Type::Int64, "Rows that both sides have."),
        ];
        let doc = "How many rows of each table changed.";
        TableDef::new("summary", doc, 1, &columns, None)
    });
    &SUMMARY
}

fn changes(table: &'static TableDef) -> TableDef {
    let key = Pairing::of(table);
    let key = key.columns().map(|column| &table.columns[column]);
    let key: Vec<(&str, Type, &str)> = key
        .map(|column| (column.name, column.ty, column.doc))
        .collect();
    let what = [
        (
            "column",
            Type::Text,
            "The column whose value changed; empty where the whole row was added or removed.",
        ),
        ("change", Type::Text, "`added`, `removed` or `changed`."),
        (
            "old",
            Type::Text,
            "The value on the old side, as CSV writes it.",
        ),
        (
            "new",
            Type::Text,
            "The value on the new side, as CSV writes it.",
        ),
    ];
    // Both are made once and live as long as the process.
    let name: &'static str = format!("{}_changes", table.name).leak();
    let doc: &'static str = format!("What changed in `{}`.", table.name).leak();
    let unique = if table.key == 0 { 0 } else { key.len() + 1 };
    let mut changes = TableDef::new(name, doc, unique, &[&key[..], &what].concat(), None);
    // What was removed refers to rows that are gone.
    changes.foreign_keys.clear();
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::table;

    #[test]
    fn places_are_not_compared() {
        let anomalies = table("anomalies").unwrap();
        let compared = Pairing::of(anomalies).compared;
        let names = compared
            .iter()
            .map(|&column| anomalies.columns[column].name);
        assert_eq!(names.collect::<Vec<_>>(), ["message"]);
        let conflicts = table("conflicts").unwrap();
        assert_eq!(
            Pairing::of(conflicts).compared,
            [conflicts.column("kept").unwrap()]
        );
    }

    #[test]
    fn only_one_table_has_no_key() {
        let without = tables().iter().filter(|table| table.key == 0);
        let names: Vec<&str> = without.map(|table| table.name).collect();
        assert_eq!(names, [EVSES.0]);
        assert_eq!(change_table(table("evses").unwrap()).key, 0);
    }

    #[test]
    fn every_table_of_changes_has_columns_of_different_names() {
        for table in tables() {
            let changes = change_table(table);
            for (index, column) in changes.columns.iter().enumerate() {
                assert_eq!(changes.column(column.name), Some(index), "{}", changes.name);
            }
            assert!(changes.foreign_keys.is_empty());
        }
    }
}
