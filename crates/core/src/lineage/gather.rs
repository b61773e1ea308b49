//! Distinct records, each once, and their tables.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{ArrayRef, Int32Array, Int64Array, RecordBatch, StringArray};

use super::Template;
use crate::Table;
use crate::render::{RowNo, Rows};
use crate::schema::{Kind, TableDef, Type, lineage_tables};

/// Rows in a batch at most.
const BATCH_ROWS: usize = 32_768;
/// Bytes in a batch's column of texts, beyond which it takes no more rows.
const BATCH_TEXT: usize = 1 << 30;

/// A text of the lineage takes 2 GiB or more.
#[derive(Debug)]
pub(crate) struct TooLong;

/// Equal values, each once, numbered.
struct Pool<T> {
    numbers: HashMap<T, u32>,
}

impl<T: Eq + std::hash::Hash> Pool<T> {
    fn number(&mut self, value: T) -> u32 {
        let next = self.numbers.len() as u32;
        *self.numbers.entry(value).or_insert(next)
    }

    /// The values in the order of their numbers.
    fn into_values(self) -> Vec<T> {
        let mut values: Vec<(u32, T)> = self.numbers.into_iter().map(|(v, n)| (n, v)).collect();
        values.sort_unstable_by_key(|&(number, _)| number);
        values.into_iter().map(|(_, value)| value).collect()
    }
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Pool {
            numbers: HashMap::new(),
        }
    }
}

/// A record; its parts are numbers in their pools.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Record {
    kind: Kind,
    row: RowNo,
    shape: u32,
    own_values: u32,
    children: u32,
}

/// The distinct records of a payload. Takes them in with children before their owners.
#[derive(Default)]
pub(crate) struct Lineage {
    shapes: Pool<Vec<u8>>,
    own_values: Pool<Vec<u8>>,
    children: Pool<Vec<u32>>,
    records: Pool<Record>,
}

impl Lineage {
    /// Takes in a record, given the numbers of its children; gives its own.
    pub(crate) fn push(
        &mut self,
        kind: Kind,
        row: RowNo,
        template: Template,
        children: Vec<u32>,
    ) -> u32 {
        let record = Record {
            kind,
            row,
            shape: self.shapes.number(template.shape),
            own_values: self.own_values.number(template.own_values),
            children: self.children.number(children),
        };
        self.records.number(record)
    }

    /// The tables, of which the last record is `root`.
    pub(crate) fn tables(self, root: u32, rows: &Rows<'_>) -> Result<Vec<Table>, TooLong> {
        let records = self.records.into_values();
        let children = self.children.into_values();
        let (shapes, own_values) = (self.shapes.into_values(), self.own_values.into_values());
        let order = post_order(root, |record| {
            &children[records[record as usize].children as usize]
        });

        let mut numbers = vec![0_u32; records.len()];
        let mut shape_numbers: HashMap<u32, i64> = HashMap::new();
        let mut shape_order = Vec::new();
        for (number, &record) in order.iter().enumerate() {
            numbers[record as usize] = number as u32;
            let shape = records[record as usize].shape;
            shape_numbers.entry(shape).or_insert_with(|| {
                shape_order.push(shape);
                shape_order.len() as i64 - 1
            });
        }
        let [shapes_def, records_def, children_def] = lineage_tables() else {
            unreachable!("the lineage has three tables")
        };
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("parsed text is UTF-8");
        let templates = shape_order.iter().enumerate();
        let templates = templates.map(|(number, &shape)| {
            let template = text(&shapes[shape as usize]);
            vec![Cell::Int(number as i64), Cell::Text(template)]
        });
        let rows = order.iter().enumerate().map(|(number, &record)| {
            let record = records[record as usize];
            let own = &own_values[record.own_values as usize];
            vec![
                Cell::Int(number as i64),
                Cell::Text(record.kind.record().table.to_owned()),
                Cell::Text(rows.key(record.kind, record.row)),
                Cell::Int(shape_numbers[&record.shape]),
                if own.is_empty() {
                    Cell::Null
                } else {
                    Cell::Text(text(own))
                },
            ]
        });
        let edges = order.iter().enumerate().flat_map(|(number, &record)| {
            let children = children[records[record as usize].children as usize].iter();
            let numbers = &numbers;
            children.enumerate().map(move |(position, &child)| {
                vec![
                    Cell::Int(number as i64),
                    Cell::Int(position as i64),
                    Cell::Int(numbers[child as usize].into()),
                ]
            })
        });
        Ok(vec![
            table(shapes_def, templates)?,
            table(records_def, rows)?,
            table(children_def, edges)?,
        ])
    }
}

/// The records below `root` and itself, each once, children before their owners. Nests on the heap.
fn post_order<'a>(root: u32, children: impl Fn(u32) -> &'a [u32]) -> Vec<u32> {
    let mut order = Vec::new();
    let mut met = std::collections::HashSet::from([root]);
    let mut open = vec![(root, children(root).iter())];
    while let Some((record, rest)) = open.last_mut() {
        match rest.next() {
            Some(&child) => {
                if met.insert(child) {
                    open.push((child, children(child).iter()));
                }
            }
            None => {
                order.push(*record);
                open.pop();
            }
        }
    }
    order
}

enum Cell {
    Null,
    Int(i64),
    Text(String),
}

/// The columns of a batch that is being filled.
enum Filling {
    Ints(Vec<i64>, Type),
    Texts(Vec<Option<String>>),
}

fn text_len(row: &[Cell]) -> usize {
    let texts = row.iter().map(|cell| match cell {
        Cell::Text(text) => text.len(),
        _ => 0,
    });
    texts.sum()
}

fn table(def: &'static TableDef, rows: impl Iterator<Item = Vec<Cell>>) -> Result<Table, TooLong> {
    let mut rows = rows.peekable();
    let mut batches = Vec::new();
    while batches.is_empty() || rows.peek().is_some() {
        let mut columns: Vec<Filling> = def
            .columns
            .iter()
            .map(|column| match column.ty {
                Type::Text => Filling::Texts(Vec::new()),
                ty => Filling::Ints(Vec::new(), ty),
            })
            .collect();
        let (mut taken, mut bytes) = (0, 0);
        let fits = |row: &Vec<Cell>, taken: usize, bytes: usize| {
            taken == 0 || (taken < BATCH_ROWS && bytes + text_len(row) <= BATCH_TEXT)
        };
        while let Some(row) = rows.next_if(|row| fits(row, taken, bytes)) {
            taken += 1;
            bytes += text_len(&row);
            for (cell, column) in row.into_iter().zip(&mut columns) {
                match (cell, column) {
                    (Cell::Int(value), Filling::Ints(column, _)) => column.push(value),
                    (Cell::Text(text), Filling::Texts(column)) => {
                        if i32::try_from(text.len()).is_err() {
                            return Err(TooLong);
                        }
                        column.push(Some(text));
                    }
                    (_, Filling::Texts(column)) => column.push(None),
                    _ => unreachable!("the cells are those of the declaration"),
                }
            }
        }
        let arrays = columns.into_iter().map(|column| match column {
            Filling::Ints(values, Type::Int32) => {
                // No record has as many children.
                let values = values.into_iter().map(|value| value as i32);
                Arc::new(Int32Array::from_iter_values(values)) as ArrayRef
            }
            Filling::Ints(values, _) => Arc::new(Int64Array::from(values)),
            Filling::Texts(texts) => Arc::new(StringArray::from(texts)),
        });
        let batch = RecordBatch::try_new(def.arrow_schema(), arrays.collect());
        batches.push(batch.expect("the arrays are of the schema's types"));
    }
    Ok(Table { def, batches })
}
