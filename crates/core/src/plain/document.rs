//! The text of a payload, and where every value stands in it.

use std::collections::BTreeMap;

/// A value of a [`Document`]. Ordered as the values start in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct NodeId(usize);

/// The way to a value from the one that holds it.
#[derive(Debug)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

/// What a value consists of.
#[derive(Debug)]
pub(super) enum Content {
    /// Null, a boolean, a number or a text.
    Scalar,
    List(Vec<NodeId>),
    /// Of equal keys, the last one.
    Object(BTreeMap<String, NodeId>),
}

#[derive(Debug)]
struct Node {
    parent: Option<(NodeId, Step)>,
    start: usize,
    end: usize,
    content: Content,
}

/// A payload with all its values; those that lost to a later equal key too.
#[derive(Debug)]
pub(super) struct Document<'a> {
    input: &'a [u8],
    nodes: Vec<Node>,
    lost: Vec<NodeId>,
    depth: u32,
}

pub(super) const ROOT: NodeId = NodeId(0);

impl<'a> Document<'a> {
    pub(super) fn new(input: &'a [u8]) -> Self {
        let mut document = Document {
            input,
            nodes: Vec::new(),
            lost: Vec::new(),
            depth: 0,
        };
        document.push(None);
        document
    }

    fn push(&mut self, parent: Option<(NodeId, Step)>) -> NodeId {
        self.nodes.push(Node {
            parent,
            start: 0,
            end: 0,
            content: Content::Scalar,
        });
        NodeId(self.nodes.len() - 1)
    }

    /// Adds the next element of a list.
    pub(super) fn push_element(&mut self, list: NodeId) -> NodeId {
        let Content::List(elements) = &self.nodes[list.0].content else {
            unreachable!("elements are added to lists only")
        };
        let element = self.push(Some((list, Step::Index(elements.len()))));
        if let Content::List(elements) = &mut self.nodes[list.0].content {
            elements.push(element);
        }
        element
    }

    /// Adds a member to an object. An earlier one with this key loses.
    pub(super) fn push_member(&mut self, object: NodeId, key: String) -> NodeId {
        let member = self.push(Some((object, Step::Key(key.clone()))));
        let Content::Object(members) = &mut self.nodes[object.0].content else {
            unreachable!("members are added to objects only")
        };
        self.lost.extend(members.insert(key, member));
        member
    }

    pub(super) fn start(&mut self, node: NodeId, at: usize, content: Content) {
        self.nodes[node.0].start = at;
        self.nodes[node.0].content = content;
    }

    pub(super) fn end(&mut self, node: NodeId, at: usize) {
        self.nodes[node.0].end = at;
    }

    pub(super) fn reach_depth(&mut self, depth: u32) {
        self.depth = self.depth.max(depth);
    }

    /// Greatest nesting of lists and objects.
    pub(super) fn depth(&self) -> u32 {
        self.depth
    }

    /// All of the input, also what stands around the payload.
    pub(super) fn input(&self) -> &'a [u8] {
        self.input
    }

    /// All values, in the order of the text.
    pub(super) fn nodes(&self) -> impl DoubleEndedIterator<Item = NodeId> + use<> {
        (0..self.nodes.len()).map(NodeId)
    }

    /// The values that lost to a later equal key, those within lost values too.
    pub(super) fn lost(&self) -> &[NodeId] {
        &self.lost
    }

    pub(super) fn content(&self, node: NodeId) -> &Content {
        &self.nodes[node.0].content
    }

    /// The value that holds this one, and the way from it.
    pub(super) fn parent(&self, node: NodeId) -> Option<&(NodeId, Step)> {
        self.nodes[node.0].parent.as_ref()
    }

    /// The value under a key; where keys are equal, the last one.
    pub(super) fn member(&self, object: NodeId, key: &str) -> Option<NodeId> {
        match self.content(object) {
            Content::Object(members) => members.get(key).copied(),
            _ => None,
        }
    }

    /// The elements of a list.
    pub(super) fn elements(&self, list: NodeId) -> &[NodeId] {
        match self.content(list) {
            Content::List(elements) => elements,
            _ => &[],
        }
    }

    pub(super) fn offset(&self, node: NodeId) -> usize {
        self.nodes[node.0].start
    }

    /// The value as written.
    pub(super) fn text(&self, node: NodeId) -> &'a str {
        let Node { start, end, .. } = self.nodes[node.0];
        std::str::from_utf8(&self.input[start..end]).expect("checked")
    }

    /// The root as written.
    pub(super) fn json(&self) -> &'a str {
        self.text(ROOT)
    }
}

#[cfg(test)]
mod tests;
