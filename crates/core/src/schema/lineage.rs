//! The tables that a payload can be rebuilt from, together with all others.

use std::sync::LazyLock;

use super::table::TableDef;
use super::{Type, tables};

/// The tables of the lineage, which are written only where that is asked for.
///
/// ```
/// let records = voltree_core::schema::table("lineage_records").unwrap();
/// assert_eq!(records.path(), "lineage/records");
/// ```
pub fn lineage_tables() -> &'static [TableDef] {
    static TABLES: LazyLock<Vec<TableDef>> = LazyLock::new(declare);
    &TABLES
}

/// All tables that there can be: those of every output, then those of the lineage.
pub fn all_tables() -> impl Iterator<Item = &'static TableDef> {
    tables().iter().chain(lineage_tables())
}

fn declare() -> Vec<TableDef> {
    vec![
        TableDef::new(
            "lineage_shapes",
            "What records look like: JSON in canonical form with marks for what stands elsewhere.",
            1,
            &[
                ("shape", Type::Int64, "Number of the shape, from 0."),
                (
                    "template",
                    Type::Text,
                    "The record, with `=` for a value as the row of its identity has it, `?` for the next of the record's own values, `@` for the next of its children, and `*N` behind an element that stands N times in a row.",
                ),
            ],
            None,
        ),
        TableDef::new(
            "lineage_records",
            "Every distinct record of the payload, children before their owners; the last one is the payload itself.",
            1,
            &[
                ("record", Type::Int64, "Number of the record, from 0."),
                (
                    "entity",
                    Type::Text,
                    "Table that the record belongs to, or `root`.",
                ),
                (
                    "key",
                    Type::Text,
                    "Identity of the record as text; empty for the root.",
                ),
                ("shape", Type::Int64, "What the record looks like."),
                (
                    "own_values",
                    Type::Text,
                    "JSON list of the values that differ from those of the identity's row, in the order of the shape; null where there are none.",
                ),
            ],
            None,
        ),
        TableDef::new(
            "lineage_children",
            "The records within each record.",
            2,
            &[
                ("record", Type::Int64, "The record."),
                (
                    "position",
                    Type::Int32,
                    "Which of the record's children it is, from 0, in the order of the shape.",
                ),
                ("child", Type::Int64, "The record that stands there."),
            ],
            None,
        ),
    ]
}
