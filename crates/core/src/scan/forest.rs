//! The distinct records of a payload.

use crate::place::Advance;
use crate::scan::Class;
use crate::schema::{Told, View};
use crate::text::lex::HOLE;
use crate::text::{Arena, Span};

/// Number of a [`Node`], in the order in which the records closed: children before their owners.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeIx(u32);

impl NodeIx {
    pub(crate) fn new(index: usize) -> Self {
        NodeIx(index as u32)
    }

    pub(crate) fn get(self) -> usize {
        self.0 as usize
    }
}

/// A record of distinct text.
///
/// Nothing in it depends on where it stands, but for `start`.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) class: Class,
    /// Its text, with a hole where each child stood.
    pub(crate) own: Span,
    /// Its children, as a range of [`Forest::children`].
    first_child: u32,
    child_count: u32,
    /// Length of its whole text in bytes.
    pub(crate) len: u64,
    /// Brackets in each other in its whole text, at most.
    pub(crate) height: u32,
    /// Offset in the payload where it stood first.
    pub(crate) start: u64,
    /// Hash of the first bytes, under which it was entered in the memo.
    pub(super) hash: u32,
    /// The record that stood behind it when it was last seen.
    pub(super) next: Option<NodeIx>,
}

/// A child record, and which of its owner's lists it stands in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Child {
    pub(crate) node: NodeIx,
    pub(crate) list: u8,
}

/// What a record consists of, when it is complete.
pub(super) struct Closed<'a> {
    pub(super) class: Class,
    pub(super) own: &'a [u8],
    pub(super) children: &'a [Child],
    pub(super) height: u32,
    pub(super) start: u64,
    pub(super) hash: u32,
}

/// All distinct records; the last one is the payload itself.
#[derive(Debug, Default)]
pub(crate) struct Forest {
    pub(crate) arena: Arena,
    /// How far all before the payload leads.
    pub(crate) lead: Advance,
    pub(crate) nodes: Vec<Node>,
    children: Vec<Child>,
    /// In which tree the sites at the root stand.
    pub(super) told: Told,
}

impl Forest {
    /// The tree that a site stands in.
    pub(crate) fn view(&self, node: NodeIx) -> Option<View> {
        match self.node(node).class {
            // Under the root of a tree nothing has told anything else.
            Class::HomeSite => Some(self.told.view()),
            class => class.view(),
        }
    }

    pub(crate) fn node(&self, node: NodeIx) -> &Node {
        &self.nodes[node.get()]
    }

    /// The children of a record in the order of the text: one for each hole.
    pub(crate) fn children(&self, node: NodeIx) -> &[Child] {
        let node = self.node(node);
        &self.children[node.first_child as usize..][..node.child_count as usize]
    }

    /// The number of children of all records.
    pub(super) fn edges(&self) -> usize {
        self.children.len()
    }

    /// Every record's number, children before their owners.
    pub(crate) fn indices(&self) -> impl DoubleEndedIterator<Item = NodeIx> + use<> {
        (0..self.nodes.len()).map(NodeIx::new)
    }

    pub(super) fn push(&mut self, closed: Closed<'_>) -> NodeIx {
        let node = Node {
            class: closed.class,
            own: self.arena.push(closed.own),
            first_child: self.children.len() as u32,
            child_count: closed.children.len() as u32,
            len: self.length(closed.own, closed.children),
            height: closed.height,
            start: closed.start,
            hash: closed.hash,
            next: None,
        };
        self.children.extend_from_slice(closed.children);
        self.nodes.push(node);
        NodeIx::new(self.nodes.len() - 1)
    }

    /// Length of the text that `own` stands for, of which `children` are the holes.
    pub(crate) fn length(&self, own: &[u8], children: &[Child]) -> u64 {
        let children = children.iter().map(|child| self.node(child.node).len - 1);
        own.len() as u64 + children.sum::<u64>()
    }

    /// Offset in the whole text of the byte at `at` of the own text.
    pub(crate) fn whole_offset(&self, own: &[u8], children: &[Child], at: usize) -> u64 {
        let before = &own[..at];
        let holes = if children.is_empty() {
            0
        } else {
            memchr::memchr_iter(HOLE, before).count()
        };
        self.length(before, &children[..holes.min(children.len())])
    }
}
