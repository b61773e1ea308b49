//! What a payload becomes: the tables and what was counted on the way.

use arrow_array::RecordBatch;

use crate::schema::{Kind, TableDef};

/// One table with its rows.
#[derive(Clone, Debug)]
pub struct Table {
    /// Columns, keys and descriptions.
    pub def: &'static TableDef,
    /// The rows in key order; at least one batch, which may be empty. Where batches end says nothing: rows
    /// that stood together in the payload may share their arrays with what was read.
    pub batches: Vec<RecordBatch>,
}

impl Table {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }
}

/// A payload as tables.
///
/// ```
/// use voltree_core::Parser;
///
/// let payload = br#"{"operatorGroups":[{"id":7,"groupName":"North","chargers":[{"chargerId":"FI-1"}]}]}"#;
/// let dataset = Parser::new().parse_slice(payload)?;
/// assert_eq!(dataset.table("sites").rows(), 1);
/// assert_eq!(dataset.table("site_chargers").rows(), 1);
/// # Ok::<(), voltree_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Dataset {
    /// The tables, in the order of [`schema::tables`](crate::schema::tables).
    pub tables: Vec<Table>,
    /// What rebuilding the payload takes besides, in the order of [`schema::lineage_tables`](crate::schema::lineage_tables); nothing
    /// unless [`Parser::lineage`](crate::Parser::lineage) asked for it.
    pub lineage: Vec<Table>,
    /// What was counted.
    pub stats: Stats,
}

impl Dataset {
    /// The table with this name, if there is one.
    pub fn get(&self, name: &str) -> Option<&Table> {
        self.all_tables().find(|table| table.def.name == name)
    }

    /// The table with this name.
    ///
    /// # Panics
    ///
    /// Where the schema has no such table, or it is one of a lineage that was not asked for.
    pub fn table(&self, name: &str) -> &Table {
        self.get(name)
            .unwrap_or_else(|| panic!("no table is named `{name}`"))
    }

    /// All tables, those of the lineage last.
    pub fn all_tables(&self) -> impl Iterator<Item = &Table> {
        self.tables.iter().chain(&self.lineage)
    }
}

/// What was counted while a payload was read. Equal for equal bytes and options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Length of the payload in bytes, with the white space behind it, and at the start of an input with
    /// what stands before it: the lengths of all payloads of an input add up to its own.
    pub bytes: u64,
    /// Bytes that were recognised as a repeat of a record seen before, and not parsed.
    pub repeated_bytes: u64,
    /// Greatest nesting of arrays and objects.
    pub depth: u32,
    /// Records of each kind that stand on their own (site, operator, user, charger).
    pub records: Vec<RecordCount>,
}

/// How often a kind of record stood in a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordCount {
    /// The kind.
    pub kind: Kind,
    /// Occurrences in the payload; saturates at `u64::MAX`.
    pub occurrences: u64,
    /// Records that were read, and not recognised as repeats: at least as many as there are distinct texts,
    /// since of short ones not every repeat is looked for.
    pub distinct: u64,
}
