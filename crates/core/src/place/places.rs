//! Places of records: where each distinct one stands first in the text.

use std::sync::LazyLock;

use rayon::prelude::*;

use super::path::{hole_paths, paths_at};
use super::position::Advance;
use super::sweep::{in_order, lead_to};
use crate::Place;
use crate::scan::{Child, Forest, NodeIx};
use crate::text::lex::HOLE;

/// A place: a byte of a record's own text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Spot {
    pub(crate) node: NodeIx,
    pub(crate) at: u32,
}

/// Where a record stands first.
#[derive(Clone, Debug, Default)]
struct First {
    owner: Option<NodeIx>,
    /// Path below the owner.
    path: String,
    offset: u64,
    advance: Advance,
}

/// The first places of all records that a walk in the order of the text comes to.
pub(crate) struct Places<'a> {
    forest: &'a Forest,
    text: &'a (dyn Fn(NodeIx) -> &'a [u8] + Sync),
    /// How far each record's whole text leads.
    whole: Vec<Advance>,
    first: Vec<First>,
}

/// Places that are worked out when the first one is asked for: most payloads have none to report.
pub(crate) type LazyPlaces<'a> = LazyLock<Places<'a>, Box<dyn FnOnce() -> Places<'a> + Send + 'a>>;

impl<'a> Places<'a> {
    /// Walks the records from the payload on, in the order of the text. `text` gives a record's own
    /// text; `counted` the holes of a record, ascending, that stand for children: in a list that
    /// lost to a later one under the same key, none do.
    pub(crate) fn new(
        forest: &'a Forest,
        text: &'a (dyn Fn(NodeIx) -> &'a [u8] + Sync),
        counted: &dyn Fn(NodeIx) -> Vec<u32>,
    ) -> Self {
        let root = NodeIx::new(forest.nodes.len() - 1);
        let mut first = vec![First::default(); forest.nodes.len()];
        first[root.get()].offset = forest.node(root).start;
        first[root.get()].advance = forest.lead;
        let whole = whole_advances(forest, text);
        let mut places = Places {
            forest,
            text,
            whole,
            first,
        };
        let mut seen = vec![false; forest.nodes.len()];
        let mut open = vec![places.children(root, counted(root)).into_iter()];
        while let Some(children) = open.last_mut() {
            let Some((child, first)) = children.next() else {
                open.pop();
                continue;
            };
            if !std::mem::replace(&mut seen[child.get()], true) {
                places.first[child.get()] = first;
                if !forest.children(child).is_empty() {
                    open.push(places.children(child, counted(child)).into_iter());
                }
            }
        }
        places
    }

    /// The children in these holes of `node`, and where each stands there.
    fn children(&self, node: NodeIx, counted: Vec<u32>) -> Vec<(NodeIx, First)> {
        let own = (self.text)(node);
        let children = self.forest.children(node);
        let base = &self.first[node.get()];
        let (mut offset, mut advance) = (base.offset, base.advance);
        let mut done = 0;
        let mut counted = counted.into_iter().peekable();
        let mut found = Vec::with_capacity(counted.len());
        for (hole, ((at, path), child)) in hole_paths(own, children.len())
            .into_iter()
            .zip(children)
            .enumerate()
        {
            offset += (at - done) as u64;
            advance = advance.then(Advance::of(&own[done..at]));
            if counted.next_if_eq(&(hole as u32)).is_some() {
                found.push((
                    child.node,
                    First {
                        owner: Some(node),
                        path,
                        offset,
                        advance,
                    },
                ));
            }
            offset += self.forest.node(child.node).len;
            advance = advance.then(self.whole[child.node.get()]);
            done = at + 1;
        }
        found
    }

    /// JSON path of a record.
    pub(crate) fn path(&self, node: NodeIx) -> String {
        let owners = std::iter::successors(Some(node), |node| self.first[node.get()].owner);
        let mut parts: Vec<&str> = owners
            .map(|node| self.first[node.get()].path.as_str())
            .collect();
        parts.push("$");
        parts.reverse();
        parts.concat()
    }

    /// The places of these bytes of a whole text that starts at `base`.
    pub(crate) fn within(&self, base: &Place, whole: &[u8], ats: &[usize]) -> Vec<Place> {
        let before = Advance {
            lines: base.line - 1,
            columns: base.column - 1,
        };
        in_order(ats, |ats| {
            let paths = paths_at(whole, 0, ats);
            let leads = lead_to(whole, &[], self.forest, &self.whole, ats);
            let places = leads.into_iter().zip(paths);
            let place = |((offset, advance), path): ((_, Advance), String)| {
                let path = base.path.clone() + &path;
                before.then(advance).place(base.offset + offset, path)
            };
            places.map(place).collect()
        })
    }

    /// Offsets in the payload of these spots.
    pub(crate) fn offsets(&self, spots: &[Spot]) -> Vec<u64> {
        self.by_record(spots, |node, ats| {
            let leads = self.lead_to(node, ats).into_iter();
            leads.map(|(offset, _)| offset).collect()
        })
    }

    /// The places of the values, or of the records, that start at these spots.
    pub(crate) fn all(&self, spots: &[Spot]) -> Vec<Place> {
        self.by_record(spots, |node, ats| {
            let children = self.forest.children(node);
            let above = self.path(node);
            let paths = paths_at((self.text)(node), children.len(), ats);
            let places = self.lead_to(node, ats).into_iter().zip(paths);
            let place = |((offset, advance), path): ((_, Advance), String)| {
                advance.place(offset, above.clone() + &path)
            };
            places.map(place).collect()
        })
    }

    /// What there is at each spot, found for all spots of a record together, which ascend.
    fn by_record<T: Send>(
        &self,
        spots: &[Spot],
        find: impl Fn(NodeIx, &[usize]) -> Vec<T> + Sync,
    ) -> Vec<T> {
        in_order(spots, |spots| {
            let records = spots.par_chunk_by(|one, other| one.node == other.node);
            let found = records.flat_map_iter(|spots| {
                let ats: Vec<usize> = spots.iter().map(|spot| spot.at as usize).collect();
                find(spots[0].node, &ats)
            });
            found.collect()
        })
    }

    /// Offset in the payload, lines and columns up to these bytes of a record's own text.
    fn lead_to(&self, node: NodeIx, ats: &[usize]) -> Vec<(u64, Advance)> {
        let (own, children) = ((self.text)(node), self.forest.children(node));
        let first = &self.first[node.get()];
        let mut leads = lead_to(own, children, self.forest, &self.whole, ats);
        for (offset, advance) in &mut leads {
            *offset += first.offset;
            *advance = first.advance.then(*advance);
        }
        leads
    }
}

/// How far each record leads, children before their owners.
pub(super) fn whole_advances<'a>(
    forest: &Forest,
    text: &dyn Fn(NodeIx) -> &'a [u8],
) -> Vec<Advance> {
    let mut whole: Vec<Advance> = Vec::with_capacity(forest.nodes.len());
    for node in forest.indices() {
        let advance = advance_over(text(node), forest.children(node), &whole);
        whole.push(advance);
    }
    whole
}

/// How far a text leads, with the children in its holes.
pub(super) fn advance_over(own: &[u8], children: &[Child], whole: &[Advance]) -> Advance {
    let mut advance = Advance::default();
    let mut rest = own;
    for child in children {
        let Some(hole) = memchr::memchr(HOLE, rest) else {
            break;
        };
        advance = advance
            .then(Advance::of(&rest[..hole]))
            .then(whole[child.node.get()]);
        rest = &rest[hole + 1..];
    }
    advance.then(Advance::of(rest))
}
