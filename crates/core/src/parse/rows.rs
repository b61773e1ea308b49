//! What parsing a batch gives: rows, edges, and whatever did not fit.

use std::sync::Arc;

use arrow_array::ArrayRef;

use crate::scan::NodeIx;
use crate::schema::{Kind, Type};
use crate::text::Span;
use crate::text::lex::Fault;

/// Number of a row within its batch and kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RowIx(pub(crate) u32);

/// The rows of one kind in a batch.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// An array for each cell of a row; none where there are no rows.
    pub(crate) arrays: Vec<ArrayRef>,
    /// The record that each row is, or is a part of.
    pub(crate) owner: Vec<NodeIx>,
    /// Its position in the owner's list.
    pub(crate) position: Vec<u32>,
}

impl Rows {
    pub(crate) fn len(&self) -> usize {
        self.owner.len()
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
    /// Whether it stands in an object within its record, whose own fields come first.
    pub(crate) is_inner: bool,
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
    /// Shared by those that follow each other: names may be long.
    pub(crate) field: Arc<str>,
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
