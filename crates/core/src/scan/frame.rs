//! A record that is being scanned.

use super::forest::{Child, Closed, Forest, NodeIx};
use crate::scan::Class;
use crate::schema::Told;
use crate::text::lex::HOLE;

/// A record that is not closed yet. The open ones are the scanner's stack.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) class: Class,
    /// Own text so far.
    pub(crate) own: Vec<u8>,
    pub(crate) children: Vec<Child>,
    /// Offset in the payload.
    pub(crate) start: u64,
    /// Level of its opening brace; the payload's is 1.
    pub(crate) level: u32,
    /// Levels below and including that, at most.
    pub(super) height: u32,
    /// The list of child records that is open.
    pub(super) list: Option<u8>,
    pub(super) hash: u64,
    /// What the fields of a record of [`Class::Any`] say that it is.
    pub(super) told: Told,
}

impl Frame {
    pub(super) fn new(class: Class, start: u64, level: u32, hash: u64) -> Self {
        Frame {
            class,
            own: Vec::new(),
            children: Vec::new(),
            start,
            level,
            height: 1,
            list: None,
            hash,
            told: Told::default(),
        }
    }

    /// Level of the innermost open bracket.
    pub(super) fn inner_level(&self) -> u32 {
        self.level + u32::from(self.list.is_some())
    }

    /// Takes note of `levels` more than those that are open.
    pub(super) fn reach(&mut self, levels: u32) {
        self.height = self
            .height
            .max(self.inner_level() - self.level + 1 + levels);
    }

    /// Adds a child to the open list.
    pub(super) fn add(&mut self, forest: &mut Forest, node: NodeIx) {
        let list = self.list.expect("children stand in lists");
        if let Some(previous) = self.previous() {
            forest.nodes[previous.get()].next = Some(node);
        }
        self.reach(forest.node(node).height);
        self.own.push(HOLE);
        self.children.push(Child { node, list });
    }

    /// The child before, in the open list.
    pub(super) fn previous(&self) -> Option<NodeIx> {
        self.children
            .last()
            .filter(|child| Some(child.list) == self.list)
            .map(|child| child.node)
    }

    pub(super) fn closed(&self) -> Closed<'_> {
        Closed {
            class: self.class,
            own: &self.own,
            children: &self.children,
            height: self.height,
            start: self.start,
            hash: self.hash,
        }
    }
}
