//! The merge against maps of all rows, on small tables of every kind.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow_array::RecordBatch;
use chrono::{DateTime, SecondsFormat};
use proptest::prelude::*;

use crate::Table;
use crate::column::{self, Value};
use crate::diff::{Change, ChangeRows, Changes, Row};
use crate::schema::{self, TableDef, Type};

/// A value, of few that there are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cell {
    Null,
    Int(i64),
    Bool(bool),
    Tenths(i32),
    Seconds(i64),
    Text(&'static str),
}

impl Cell {
    fn value(&self) -> Value<'static> {
        match *self {
            Cell::Null => Value::Null,
            Cell::Int(value) => Value::Int(value),
            Cell::Bool(value) => Value::Bool(value),
            Cell::Tenths(value) => Value::Float(f64::from(value) / 10.0),
            Cell::Seconds(value) => Value::Time(value * 1_000_000),
            Cell::Text(value) => Value::Text(value),
        }
    }

    fn text(&self) -> Option<String> {
        Some(match *self {
            Cell::Null => return None,
            Cell::Int(value) => value.to_string(),
            Cell::Bool(value) => value.to_string(),
            Cell::Tenths(value) => format!("{:?}", f64::from(value) / 10.0),
            Cell::Seconds(value) => DateTime::from_timestamp(value, 0)
                .unwrap()
                .to_rfc3339_opts(SecondsFormat::Secs, true),
            Cell::Text(value) => value.to_owned(),
        })
    }
}

fn cell(ty: Type, nullable: bool) -> BoxedStrategy<Cell> {
    let value = match ty {
        Type::Int64 | Type::Int32 | Type::Enum(_) => (-1..3_i64).prop_map(Cell::Int).boxed(),
        Type::Bool => any::<bool>().prop_map(Cell::Bool).boxed(),
        Type::Float64 => (-1..2).prop_map(Cell::Tenths).boxed(),
        Type::Time => (-1..2_i64).prop_map(Cell::Seconds).boxed(),
        Type::Text => prop::sample::select(vec!["", "a", "Z", "ä"])
            .prop_map(Cell::Text)
            .boxed(),
    };
    match nullable {
        true => prop_oneof![Just(Cell::Null), value].boxed(),
        false => value,
    }
}

type CellRow = Vec<Cell>;

/// Where a row stands, and what tells it from others there.
fn key_of(def: &TableDef, row: &[Cell]) -> CellRow {
    match def.key {
        0 => [1, 0].map(|column: usize| row[column].clone()).to_vec(),
        key => row[..key].to_vec(),
    }
}

/// Rows in the order of a table, a key once.
fn rows(def: &'static TableDef) -> impl Strategy<Value = Vec<CellRow>> {
    let cells = def.columns.iter();
    let cells: Vec<_> = cells
        .map(|column| cell(column.ty, column.nullable))
        .collect();
    prop::collection::vec(cells, 0..8).prop_map(move |mut rows| {
        if def.key == 0 {
            rows.sort_by(|one, other| one[1].cmp(&other[1]));
        } else {
            rows.sort_by_key(|row| key_of(def, row));
            rows.dedup_by_key(|row| key_of(def, row));
        }
        rows
    })
}

fn batch(def: &TableDef, rows: &[CellRow]) -> RecordBatch {
    let columns = def.columns.iter().enumerate().map(|(index, column)| {
        let array = column::array(column.ty, 0..rows.len(), |row| rows[row][index].value());
        array.ok().unwrap()
    });
    RecordBatch::try_new(def.arrow_schema(), columns.collect()).unwrap()
}

/// In batches of this many rows, with an empty one in front.
fn table(def: &'static TableDef, rows: &[CellRow], size: usize) -> Table {
    let mut batches = vec![batch(def, &[])];
    batches.extend(rows.chunks(size).map(|rows| batch(def, rows)));
    Table { def, batches }
}

/// A key, what happened to its row, and the columns with both texts.
type Found = (
    Vec<String>,
    &'static str,
    Vec<(String, Option<String>, Option<String>)>,
);

/// What changed, by maps of all rows.
fn expected(def: &TableDef, old: &[CellRow], new: &[CellRow]) -> Vec<Found> {
    let by_key = |rows: &[CellRow]| {
        let mut map: BTreeMap<CellRow, Vec<CellRow>> = BTreeMap::new();
        for row in rows {
            map.entry(key_of(def, row)).or_default().push(row.clone());
        }
        map
    };
    let follows_text = |name: &str| {
        matches!(def.name, "conflicts" | "anomalies")
            && matches!(name, "path" | "byte_offset" | "line" | "column")
    };
    let (old, new) = (by_key(old), by_key(new));
    let keys: BTreeSet<&CellRow> = old.keys().chain(new.keys()).collect();
    let mut found = Vec::new();
    for key in keys {
        let none = Vec::new();
        let (old, new) = (old.get(key).unwrap_or(&none), new.get(key).unwrap_or(&none));
        let key: Vec<String> = key
            .iter()
            .map(|cell| cell.text().unwrap_or_default())
            .collect();
        for (old, new) in old.iter().zip(new) {
            let columns = def.columns.iter().enumerate();
            let columns = columns
                .filter(|(index, column)| old[*index] != new[*index] && !follows_text(column.name));
            let columns: Vec<_> = columns
                .map(|(index, column)| {
                    (column.name.to_owned(), old[index].text(), new[index].text())
                })
                .collect();
            if !columns.is_empty() {
                found.push((key.clone(), "changed", columns));
            }
        }
        for _ in new.len()..old.len() {
            found.push((key.clone(), "removed", Vec::new()));
        }
        for _ in old.len()..new.len() {
            found.push((key.clone(), "added", Vec::new()));
        }
    }
    found
}

fn found(change: &Change) -> Found {
    let row = change.row();
    let key = row.key_columns().into_iter();
    let key = key
        .map(|column| row.text(column).unwrap_or_default())
        .collect();
    let columns = match change {
        Change::Changed { old, new, columns } => columns
            .iter()
            .map(|&column| {
                let name = new.table().columns[column].name.to_owned();
                (name, old.text(column), new.text(column))
            })
            .collect(),
        _ => Vec::new(),
    };
    (key, change.kind().name(), columns)
}

/// Rows of a table of changes: the key, and all else.
fn written(table: &Table) -> Vec<Vec<Option<String>>> {
    let mut rows = Vec::new();
    for batch in &table.batches {
        assert_eq!(batch.schema(), table.def.arrow_schema());
        let batch = Arc::new(batch.clone());
        for row in 0..batch.num_rows() {
            let row = Row::new(table.def, batch.clone(), row);
            rows.push(
                (0..table.def.columns.len())
                    .map(|column| row.text(column))
                    .collect(),
            );
        }
    }
    rows
}

fn flat(found: &[Found]) -> Vec<Vec<Option<String>>> {
    let mut rows = Vec::new();
    for (key, change, columns) in found {
        let mut columns = columns.clone();
        columns.sort();
        if columns.is_empty() {
            columns.push((String::new(), None, None));
        }
        for (column, old, new) in columns {
            let key = key.iter().cloned().map(Some);
            let what = [Some(column), Some((*change).to_owned()), old, new];
            rows.push(key.chain(what).collect());
        }
    }
    rows
}

fn versions() -> impl Strategy<Value = (&'static TableDef, Vec<CellRow>, Vec<CellRow>)> {
    let tables: Vec<&TableDef> = schema::tables().iter().collect();
    prop::sample::select(tables).prop_flat_map(|def| {
        // Rows of both sides are equal more often than chance has it.
        (rows(def), rows(def), any::<bool>()).prop_map(move |(old, other, alike)| {
            let mut new = other;
            if alike {
                new.retain(|row| !old.iter().any(|old| key_of(def, old) == key_of(def, row)));
                new.extend(old.iter().skip(1).cloned());
                new.sort_by_key(|row| key_of(def, row));
            }
            (def, old, new)
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]
    #[test]
    fn the_merge_finds_what_maps_find((def, old, new) in versions(), sizes in (1_usize..4, 1_usize..4)) {
        let expected = expected(def, &old, &new);
        let (one, other) = (table(def, &old, sizes.0), table(def, &new, sizes.1));
        let mut changes = Changes::of_tables(&one, &other);
        let mut rows = ChangeRows::new(def);
        let mut all = Vec::new();
        for change in &mut changes {
            let change = change.unwrap();
            rows.push(&change);
            all.push(found(&change));
        }
        prop_assert_eq!(&all, &expected);
        let null_key = expected.iter().any(|(key, ..)| def.key == 0 && key.contains(&String::new()));
        if !null_key {
            prop_assert_eq!(written(&rows.finish()), flat(&expected));
        }

        let counts = changes.counts();
        let of = |kind| expected.iter().filter(|(_, found, _)| *found == kind).count() as u64;
        prop_assert_eq!((counts.added, counts.removed, counts.changed), (of("added"), of("removed"), of("changed")));
        prop_assert_eq!(counts.unchanged + counts.changed + counts.removed, old.len() as u64);
        for (index, &count) in counts.columns.iter().enumerate() {
            let has = |columns: &[(String, Option<String>, Option<String>)]| {
                columns.iter().any(|(name, ..)| name == def.columns[index].name)
            };
            prop_assert_eq!(count, expected.iter().filter(|(.., columns)| has(columns)).count() as u64);
        }
    }
}
