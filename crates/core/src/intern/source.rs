//! All that was read: records, their texts, their rows.

use arrow_array::Array;
use rustc_hash::FxHashMap;

use crate::column::{ColumnView, Value, empty};
use crate::parse::{Edge, Layout, Parsed, Record, RowIx};
use crate::scan::{Forest, NodeIx};
use crate::schema::Kind;
use crate::text::Texts;

/// A row of some kind: its batch, and its number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RowRef {
    pub(crate) batch: u32,
    pub(crate) row: RowIx,
}

impl RowRef {
    /// The row so many behind, in its batch.
    pub(crate) fn behind(self, rows: usize) -> RowRef {
        let row = RowIx(self.row.0 + rows as u32);
        RowRef { row, ..self }
    }
}

/// A payload, read and parsed.
pub(crate) struct Source {
    pub(crate) forest: Forest,
    pub(crate) texts: Texts,
    pub(crate) batches: Vec<Parsed>,
    /// The first record of each batch.
    pub(crate) firsts: Vec<NodeIx>,
    /// Identities of the rows that have none of their own.
    pub(crate) placeholders: FxHashMap<(Kind, RowRef), Placeholder>,
}

/// An identity given to a record that has none.
#[derive(Clone, Debug)]
pub(crate) enum Placeholder {
    Id(i64),
    Name(String),
}

impl Source {
    /// What parsing has made of each batch, with the batch's first record, in the order of reading.
    pub(crate) fn new(mut forest: Forest, batches: Vec<(NodeIx, Parsed)>) -> Self {
        let (firsts, mut batches): (Vec<NodeIx>, Vec<Parsed>) = batches.into_iter().unzip();
        let made = batches
            .iter_mut()
            .map(|batch| std::mem::take(&mut batch.made));
        let texts = std::mem::take(&mut forest.arena).finish(made.collect());
        Source {
            forest,
            texts,
            batches,
            firsts,
            placeholders: FxHashMap::default(),
        }
    }

    pub(crate) fn root(&self) -> NodeIx {
        NodeIx::new(self.forest.nodes.len() - 1)
    }

    /// A record's own text.
    pub(crate) fn own(&self, node: NodeIx) -> &[u8] {
        self.texts.get(self.forest.node(node).own)
    }

    pub(crate) fn kind(&self, node: NodeIx) -> Kind {
        self.forest.node(node).class.kind()
    }

    /// A record is in the batch of the chunk that its text is in.
    fn place(&self, node: NodeIx) -> (usize, usize) {
        let batch = self.forest.node(node).own.chunk as usize / 2;
        (batch, node.get() - self.firsts[batch].get())
    }

    pub(crate) fn record(&self, node: NodeIx) -> Record {
        let (batch, index) = self.place(node);
        self.batches[batch].records[index]
    }

    /// The row that a record is.
    pub(crate) fn row_of(&self, node: NodeIx) -> RowRef {
        let (batch, index) = self.place(node);
        RowRef {
            batch: batch as u32,
            row: self.batches[batch].records[index].row,
        }
    }

    /// A record's children in canonical order.
    pub(crate) fn edges(&self, node: NodeIx) -> &[Edge] {
        let (batch, index) = self.place(node);
        let batch = &self.batches[batch];
        let start = index
            .checked_sub(1)
            .map_or(0, |before| batch.records[before].edges);
        &batch.edges[start as usize..batch.records[index].edges as usize]
    }

    pub(crate) fn child(&self, node: NodeIx, edge: &Edge) -> NodeIx {
        self.forest.children(node)[edge.hole as usize].node
    }

    /// One cell of all rows of a kind, as an array for each batch; behind them an empty one, so that
    /// there always is one.
    pub(crate) fn arrays(&self, kind: Kind, cell: usize) -> impl Iterator<Item = &dyn Array> {
        let none = empty(Layout::of(kind).types[cell]);
        let batches = self.batches.iter().map(move |batch| {
            let arrays = &batch.rows[kind as usize].arrays;
            arrays.get(cell).map_or(none, |array| &**array)
        });
        batches.chain([none])
    }

    /// One cell of the rows of a kind in a batch that has some.
    pub(crate) fn array(&self, kind: Kind, cell: usize, batch: usize) -> &dyn Array {
        &self.batches[batch].rows[kind as usize].arrays[cell]
    }

    /// One cell of all rows of a kind.
    pub(crate) fn cells<'a>(&'a self, kind: Kind, cell: usize) -> impl Fn(RowRef) -> Value<'a> {
        let column = ColumnView::new(Layout::of(kind).types[cell], self.arrays(kind, cell));
        move |row| column.value(row.batch as usize, row.row.0 as usize)
    }

    /// The values of the identities of a kind.
    pub(crate) fn identities<'a>(&'a self, kind: Kind) -> impl Fn(RowRef) -> Value<'a> {
        let cells = self.cells(kind, 0);
        move |row| match cells(row) {
            Value::Null => match self.placeholders.get(&(kind, row)) {
                Some(Placeholder::Id(id)) => Value::Int(*id),
                Some(Placeholder::Name(name)) => Value::Text(name),
                None => Value::Null,
            },
            value => value,
        }
    }

    /// The record that a row is, or is a part of.
    pub(crate) fn owner(&self, kind: Kind, row: RowRef) -> NodeIx {
        self.batches[row.batch as usize].rows[kind as usize].owner[row.row.0 as usize]
    }

    pub(crate) fn position(&self, kind: Kind, row: RowRef) -> u32 {
        self.batches[row.batch as usize].rows[kind as usize].position[row.row.0 as usize]
    }

    /// All rows of a kind in the order of reading, with their owners and positions.
    pub(crate) fn rows(
        &self,
        kind: Kind,
    ) -> impl Iterator<Item = (RowRef, NodeIx, u32)> + Clone + '_ {
        self.batches
            .iter()
            .zip(0..)
            .flat_map(move |(parsed, batch)| {
                let rows = &parsed.rows[kind as usize];
                let of_row = rows.owner.iter().zip(&rows.position).zip(0..);
                of_row.map(move |((&owner, &position), row)| {
                    let row = RowIx(row);
                    (RowRef { batch, row }, owner, position)
                })
            })
    }
}
