//! The rows of a batch while it is read, column by column.

use std::sync::Mutex;

use super::layout::Layout;
use super::rows::{Parsed, RowIx, Rows};
use crate::column::{Builder, Overflow, arrays};
use crate::scan::NodeIx;
use crate::schema::Kind;

/// The rows of one kind while their batch is read. The last one is being filled, in any order.
#[derive(Debug)]
pub(super) struct Draft {
    columns: Vec<Builder>,
    owner: Vec<NodeIx>,
    position: Vec<u32>,
}

impl Draft {
    fn new(kind: Kind) -> Self {
        let types = Layout::of(kind).types.iter();
        Draft {
            columns: types.map(|&ty| Builder::new(ty)).collect(),
            owner: Vec::new(),
            position: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, owner: NodeIx, position: u32) -> RowIx {
        self.owner.push(owner);
        self.position.push(position);
        RowIx(self.owner.len() as u32 - 1)
    }

    pub(super) fn len(&self) -> usize {
        self.owner.len()
    }

    /// The column of a cell.
    #[inline]
    pub(super) fn column(&mut self, cell: usize) -> &mut Builder {
        &mut self.columns[cell]
    }

    fn truncate(&mut self, rows: usize) {
        if self.len() > rows {
            self.owner.truncate(rows);
            self.position.truncate(rows);
            let columns = self.columns.iter_mut();
            columns.for_each(|column| column.truncate(rows));
        }
    }
}

/// The rows of all kinds of a batch that is being read.
#[derive(Debug)]
pub(super) struct Drafts(pub(super) [Draft; Kind::EACH.len()]);

impl Default for Drafts {
    fn default() -> Self {
        Drafts(Kind::EACH.map(Draft::new))
    }
}

impl Drafts {
    /// Takes the rows out, as arrays in one piece of memory.
    pub(super) fn take(&mut self) -> [Rows; Kind::EACH.len()] {
        let drafts = self.0.iter().filter(|draft| draft.len() > 0);
        let columns =
            drafts.flat_map(|draft| draft.columns.iter().map(|column| (column, draft.len())));
        let arrays = arrays(columns)
            .unwrap_or_else(|Overflow| unreachable!("a batch is shorter than 2 GiB"));
        let mut arrays = arrays.into_iter();
        self.0.each_mut().map(|draft| {
            if draft.len() == 0 {
                return Rows::default();
            }
            let rows = Rows {
                arrays: arrays.by_ref().take(draft.columns.len()).collect(),
                owner: draft.owner.clone(),
                position: draft.position.clone(),
            };
            draft.truncate(0);
            rows
        })
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
pub(super) struct Mark([usize; Kind::EACH.len()], [usize; 4]);

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
