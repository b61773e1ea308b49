//! The rows of a batch while it is read: filled in any order, taken out column by column.

use std::sync::Mutex;

use super::layout::Layout;
use super::rows::{Parsed, RowIx, Rows};
use crate::column::{Block, Overflow, Placed, Value};
use crate::scan::{Batch, NodeIx};
use crate::schema::{Kind, Type};
use crate::text::Span;

/// One value of a row that is being read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cell {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// Microseconds since the Unix epoch.
    Time(i64),
    Text(Span),
}

/// The rows of one kind while their batch is read. They are filled in any order, so that they stand
/// row by row.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// Cells in a row.
    stride: usize,
    cells: Vec<Cell>,
    owner: Vec<NodeIx>,
    position: Vec<u32>,
}

impl Draft {
    pub(super) fn push(&mut self, owner: NodeIx, position: u32) -> RowIx {
        self.cells
            .resize(self.cells.len() + self.stride, Cell::Null);
        self.owner.push(owner);
        self.position.push(position);
        RowIx(self.owner.len() as u32 - 1)
    }

    pub(super) fn len(&self) -> usize {
        self.owner.len()
    }

    pub(super) fn row(&self, row: RowIx) -> &[Cell] {
        &self.cells[row.0 as usize * self.stride..][..self.stride]
    }

    pub(super) fn row_mut(&mut self, row: RowIx) -> &mut [Cell] {
        &mut self.cells[row.0 as usize * self.stride..][..self.stride]
    }

    fn truncate(&mut self, rows: usize) {
        self.cells.truncate(rows * self.stride);
        self.owner.truncate(rows);
        self.position.truncate(rows);
    }

    /// Puts the rows into a block, column by column.
    fn put<'a>(
        &self,
        kind: Kind,
        block: &mut Block,
        text: impl Fn(Span) -> &'a [u8],
    ) -> Vec<Placed> {
        if self.len() == 0 {
            return Vec::new();
        }
        let types = Layout::of(kind).types.iter().enumerate();
        let column = |(cell, &ty): (usize, &Type)| {
            let placed = block.push(ty, 0..self.len(), |row| {
                match self.cells[row * self.stride + cell] {
                    Cell::Null => Value::Null,
                    Cell::Bool(value) => Value::Bool(value),
                    Cell::Int(value) => Value::Int(value),
                    Cell::Float(value) => Value::Float(value),
                    Cell::Time(value) => Value::Time(value),
                    Cell::Text(span) => Value::Text(text(span)),
                }
            });
            placed.unwrap_or_else(|Overflow| unreachable!("a batch is shorter than 2 GiB"))
        };
        types.map(column).collect()
    }
}

/// The rows of all kinds of a batch that is being read.
#[derive(Debug)]
pub(super) struct Drafts(pub(super) [Draft; Kind::ALL.len()]);

impl Default for Drafts {
    fn default() -> Self {
        let mut drafts = Kind::ALL.map(|_| Draft::default());
        for kind in Kind::ALL {
            drafts[kind as usize].stride = Layout::of(kind).types.len();
        }
        Drafts(drafts)
    }
}

impl Drafts {
    /// Takes the rows out, column by column, while their texts are still near.
    pub(super) fn take(&mut self, batch: &Batch, made: &[u8]) -> [Rows; Kind::ALL.len()] {
        let text = |span: Span| {
            let text = if span.chunk == batch.chunk {
                &batch.text[..]
            } else {
                made
            };
            &text[span.start as usize..][..span.len as usize]
        };
        // A little more than a value takes; memory that is not used costs nothing.
        let cells = self
            .0
            .iter()
            .map(|draft| draft.cells.len() + 8 * draft.stride);
        let bytes = 10 * cells.sum::<usize>() + batch.text.len() + made.len();
        let mut block = Block::with_capacity(bytes);
        let placed = Kind::ALL.map(|kind| self.0[kind as usize].put(kind, &mut block, text));
        let filled = block.finish();
        let mut rows = Kind::ALL.map(|_| Rows::default());
        for (kind, placed) in Kind::ALL.into_iter().zip(placed) {
            let draft = &mut self.0[kind as usize];
            rows[kind as usize] = Rows {
                arrays: placed.iter().map(|placed| filled.array(placed)).collect(),
                owner: draft.owner.clone(),
                position: draft.position.clone(),
            };
            draft.truncate(0);
        }
        rows
    }
}

/// Memory for batches that are being read: it is used again by the next one, so that it stays near.
#[derive(Debug, Default)]
pub(crate) struct Pool(Mutex<Vec<Drafts>>);

impl Pool {
    pub(super) fn take(&self) -> Drafts {
        self.0
            .lock()
            .expect("no parser panics")
            .pop()
            .unwrap_or_default()
    }

    pub(super) fn give(&self, drafts: Drafts) {
        self.0.lock().expect("no parser panics").push(drafts);
    }
}

/// How much there was of everything at some moment.
pub(super) struct Mark([usize; Kind::ALL.len()], [usize; 4]);

impl Mark {
    pub(super) fn new(drafts: &Drafts, out: &Parsed) -> Mark {
        let rest = [
            out.edges.len(),
            out.extras.len(),
            out.findings.len(),
            out.made.len(),
        ];
        Mark(std::array::from_fn(|kind| drafts.0[kind].len()), rest)
    }

    /// Forgets what has come since.
    pub(super) fn reset(&self, drafts: &mut Drafts, out: &mut Parsed) {
        let Mark(rows, [edges, extras, findings, made]) = self;
        for (draft, &rows) in drafts.0.iter_mut().zip(rows) {
            draft.truncate(rows);
        }
        out.edges.truncate(*edges);
        out.extras.truncate(*extras);
        out.findings.truncate(*findings);
        out.made.truncate(*made);
    }
}
