//! What parsing a batch gives: rows of cells, edges, and whatever did not fit.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::scan::NodeIx;
use crate::schema::{Kind, Type};
use crate::text::Span;
use crate::text::lex::Fault;

/// One value of a row.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cell {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// Microseconds since the Unix epoch.
    Time(i64),
    Text(Span),
}

/// Number of a row within its batch and kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RowIx(pub(crate) u32);

/// The rows of one kind in a batch.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// Cells in a row.
    pub(crate) stride: usize,
    /// Row by row.
    pub(crate) cells: Vec<Cell>,
    /// The record that each row is, or is a part of.
    pub(crate) owner: Vec<NodeIx>,
    /// Its position in the owner's list.
    pub(crate) position: Vec<u32>,
}

impl Rows {
    pub(crate) fn push(&mut self, owner: NodeIx, position: u32) -> RowIx {
        self.cells
            .resize(self.cells.len() + self.stride, Cell::Null);
        self.owner.push(owner);
        self.position.push(position);
        RowIx(self.owner.len() as u32 - 1)
    }

    pub(crate) fn len(&self) -> usize {
        self.owner.len()
    }

    pub(crate) fn row(&self, row: RowIx) -> &[Cell] {
        &self.cells[row.0 as usize * self.stride..][..self.stride]
    }

    pub(crate) fn row_mut(&mut self, row: RowIx) -> &mut [Cell] {
        &mut self.cells[row.0 as usize * self.stride..][..self.stride]
    }

    fn truncate(&mut self, rows: usize) {
        self.cells.truncate(rows * self.stride);
        self.owner.truncate(rows);
        self.position.truncate(rows);
    }
}

/// A child in one of its owner's lists of records.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edge {
    /// The list, as the index of the owner's member.
    pub(crate) list: u8,
    pub(crate) position: u32,
    /// Which of the owner's holes the child stood in.
    pub(crate) hole: u32,
}

/// JSON text in canonical form.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Raw {
    Text(Span),
    /// This part of the owner's text as it stands, with child records in it: the canonical form can
    /// be made when all records are known.
    WithHoles(Span),
}

/// A field that the schema does not know.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extra {
    pub(crate) kind: Kind,
    pub(crate) row: RowIx,
    pub(crate) field: Span,
    pub(crate) value: Raw,
    /// Where the value starts in the owner's text.
    pub(crate) at: u32,
}

/// A finding of a kind that one record shows by itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum AnomalyKind {
    WrongType {
        expected: &'static str,
        found: &'static str,
    },
    OutOfRange(Type),
    MissingIdentity,
    DuplicateKey,
}

/// An anomaly of a row.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) anomaly: AnomalyKind,
    pub(crate) kind: Kind,
    pub(crate) row: RowIx,
    pub(crate) field: String,
    pub(crate) raw: Raw,
    /// Where its place is in the owner's text.
    pub(crate) at: u32,
}

/// A record that stands on its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record {
    /// Its row among those of its kind.
    pub(crate) row: RowIx,
    /// Where its edges end; they start where those of the record before end.
    pub(crate) edges: u32,
    /// Brackets in each other in its own text, at most.
    pub(crate) height: u32,
}

/// What a batch says.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    /// By [`Kind`].
    pub(crate) rows: [Rows; Kind::ALL.len()],
    /// Each record of the batch.
    pub(crate) records: Vec<Record>,
    /// In the order of the text.
    pub(crate) edges: Vec<Edge>,
    pub(crate) extras: Vec<Extra>,
    pub(crate) findings: Vec<Finding>,
    /// Text that does not stand in the payload as it is: without escapes, in canonical form.
    pub(crate) made: Vec<u8>,
    /// The first record that is not valid JSON.
    pub(crate) fault: Option<(NodeIx, Fault)>,
}

/// How many rows of each kind a batch has had: batches are of one size, and mostly alike, so that
/// the next one can be given its memory at once.
#[derive(Debug, Default)]
pub(crate) struct Hints([AtomicUsize; Kind::ALL.len()]);

impl Hints {
    pub(super) fn reserve(&self, rows: &mut [Rows]) {
        for (rows, hint) in rows.iter_mut().zip(&self.0) {
            let hint = hint.load(Ordering::Relaxed);
            rows.cells.reserve(hint * rows.stride);
            rows.owner.reserve(hint);
            rows.position.reserve(hint);
        }
    }

    pub(super) fn learn(&self, rows: &[Rows]) {
        for (rows, hint) in rows.iter().zip(&self.0) {
            hint.fetch_max(rows.len() + rows.len() / 16, Ordering::Relaxed);
        }
    }
}

/// How much there was of everything at some moment.
pub(super) struct Mark([usize; Kind::ALL.len()], [usize; 4]);

impl Parsed {
    pub(super) fn mark(&self) -> Mark {
        let rest = [
            self.edges.len(),
            self.extras.len(),
            self.findings.len(),
            self.made.len(),
        ];
        Mark(std::array::from_fn(|kind| self.rows[kind].len()), rest)
    }

    /// Forgets what has come since.
    pub(super) fn truncate(&mut self, mark: &Mark) {
        let Mark(rows, [edges, extras, findings, made]) = mark;
        for (table, &rows) in self.rows.iter_mut().zip(rows) {
            table.truncate(rows);
        }
        self.edges.truncate(*edges);
        self.extras.truncate(*extras);
        self.findings.truncate(*findings);
        self.made.truncate(*made);
    }
}
