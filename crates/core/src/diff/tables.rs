//! Changes as tables.

use arrow_array::{ArrayRef, RecordBatch};

use super::{Change, ChangeKind, Counts, Row};
use crate::Table;
use crate::column::{self, Value};
use crate::schema::{Pairing, TableDef, change_table, summary_table};

/// Rows of a batch, and bytes of its texts, at most; one row may be longer.
const BATCH_ROWS: usize = 8 * 1024;
const BATCH_BYTES: usize = 64 << 20;

/// One row of a table of changes.
#[derive(Debug)]
struct Entry {
    row: Row,
    change: ChangeKind,
    /// The column that changed; empty for a whole row.
    column: &'static str,
    old: Option<String>,
    new: Option<String>,
}

/// Makes the table of the changes of a table, of which [`change_table`] says what it looks like.
///
/// ```
/// use voltree_core::{Parser, diff::{ChangeRows, Changes}};
///
/// let old = Parser::new().parse_slice(br#"{"operatorGroups":[{"id":1,"groupName":"North"}]}"#)?;
/// let new = Parser::new().parse_slice(br#"{"operatorGroups":[{"id":1,"groupName":"South"}]}"#)?;
/// let mut rows = ChangeRows::new(old.table("sites").def);
/// for change in Changes::of_tables(old.table("sites"), new.table("sites")) {
///     rows.push(&change.unwrap());
/// }
/// let table = rows.finish();
/// assert_eq!((table.def.name, table.rows()), ("sites_changes", 1));
/// # Ok::<(), voltree_core::Error>(())
/// ```
#[derive(Debug)]
pub struct ChangeRows {
    /// The table that changed.
    table: &'static TableDef,
    def: &'static TableDef,
    /// The columns of the table that tell which row it is.
    key: Vec<usize>,
    entries: Vec<Entry>,
    /// Bytes of the entries' texts.
    bytes: usize,
    batches: Vec<RecordBatch>,
}

impl ChangeRows {
    /// Without any row.
    ///
    /// # Panics
    ///
    /// Where the table is one of the lineage.
    pub fn new(table: &'static TableDef) -> Self {
        ChangeRows {
            table,
            def: change_table(table),
            key: Pairing::of(table).columns().collect(),
            entries: Vec::new(),
            bytes: 0,
            batches: Vec::new(),
        }
    }

    /// Appends a change: a row for each column that changed, or one for the whole row. Changes come in
    /// the order of the key.
    ///
    /// # Panics
    ///
    /// Where it is a change of another table.
    pub fn push(&mut self, change: &Change) {
        let ours = self.table.name;
        let entry = |row: &Row| {
            assert_eq!(row.table().name, ours, "a change of another table");
            Entry {
                row: row.clone(),
                change: change.kind(),
                column: "",
                old: None,
                new: None,
            }
        };
        match change {
            Change::Added(row) | Change::Removed(row) => self.push_entry(entry(row)),
            Change::Changed { old, new, columns } => {
                let name = |column: usize| new.table().columns[column].name;
                let mut columns = columns.clone();
                columns.sort_unstable_by_key(|&column| name(column));
                for column in columns {
                    self.push_entry(Entry {
                        column: name(column),
                        old: old.text(column),
                        new: new.text(column),
                        ..entry(new)
                    });
                }
            }
        }
    }

    /// The table.
    pub fn finish(mut self) -> Table {
        if !self.entries.is_empty() || self.batches.is_empty() {
            self.end_batch();
        }
        Table {
            def: self.def,
            batches: self.batches,
        }
    }

    fn push_entry(&mut self, entry: Entry) {
        let key = self.key.iter().map(|&column| entry.row.value(column));
        let key = key.map(|value| match value {
            Value::Text(text) => text.len(),
            _ => 0,
        });
        let texts = [&entry.old, &entry.new];
        let values = texts.map(|text| text.as_ref().map_or(0, String::len));
        let bytes = key.chain(values).sum::<usize>();
        let full = self.entries.len() == BATCH_ROWS || self.bytes + bytes > BATCH_BYTES;
        if full && !self.entries.is_empty() {
            self.end_batch();
        }
        self.bytes += bytes;
        self.entries.push(entry);
    }

    fn end_batch(&mut self) {
        let entries = std::mem::take(&mut self.entries);
        self.bytes = 0;
        let columns = self.def.columns.iter().enumerate();
        let columns = columns.map(|(index, column)| {
            let value = |row: usize| {
                let entry: &Entry = &entries[row];
                match (self.key.get(index), column.name) {
                    (Some(&column), _) => entry.row.value(column),
                    (None, "column") => text(Some(entry.column)),
                    (None, "change") => text(Some(entry.change.name())),
                    (None, "old") => text(entry.old.as_deref()),
                    (None, _) => text(entry.new.as_deref()),
                }
            };
            let array = column::array(column.ty, 0..entries.len(), value);
            array.unwrap_or_else(|_| unreachable!("a batch ends before its texts take 2 GiB"))
        });
        self.batches.push(batch(self.def, columns.collect()));
    }
}

/// The table that counts the changes of these tables, sorted by their names.
pub fn summary<'a>(tables: impl IntoIterator<Item = (&'static TableDef, &'a Counts)>) -> Table {
    let mut rows: Vec<(&TableDef, &Counts)> = tables.into_iter().collect();
    rows.sort_unstable_by_key(|(table, _)| table.name);
    let def = summary_table();
    let columns = def.columns.iter().map(|column| {
        let value = |row: usize| {
            let (table, counts): (&TableDef, &Counts) = rows[row];
            match column.name {
                "table" => text(Some(table.name)),
                "added" => Value::Int(counts.added as i64),
                "removed" => Value::Int(counts.removed as i64),
                "changed" => Value::Int(counts.changed as i64),
                _ => Value::Int(counts.unchanged as i64),
            }
        };
        let array = column::array(column.ty, 0..rows.len(), value);
        array.unwrap_or_else(|_| unreachable!("names are short"))
    });
    Table {
        def,
        batches: vec![batch(def, columns.collect())],
    }
}

fn text(text: Option<&str>) -> Value<'_> {
    text.map_or(Value::Null, Value::Text)
}

fn batch(def: &TableDef, columns: Vec<ArrayRef>) -> RecordBatch {
    RecordBatch::try_new(def.arrow_schema(), columns).expect("the columns are those declared")
}
