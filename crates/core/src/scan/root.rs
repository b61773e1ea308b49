//! What stands at the root: it shows when all its fields are known.

use super::forest::{Child, Closed, Forest, NodeIx};
use super::frame::Frame;
use super::memo::NOT_ENTERED;
use super::records::Records;
use super::terms::{Batch, Halt};
use crate::parse::check;
use crate::scan::Class;
use crate::schema::{Kind, Told};
use crate::text::lex::{HOLE, Lexer};

impl Frame {
    /// Finds out what a record of [`Class::Any`] is, now that all of it was seen. What its fields do not
    /// tell is no record, and refused for it in the end.
    pub(super) fn settle(&mut self, forest: &mut Forest) {
        let mut told = Told::default();
        let mut lex = Lexer::new(&self.own, self.children.len());
        // What is not valid is refused for that.
        let _ = check::keys(&mut lex, |_, name| told.add(&name));
        self.class = match told.kind() {
            Some(Kind::Site) => Class::HomeSite,
            Some(Kind::Operator) => Class::Operator,
            _ => Class::Root,
        };
        if self.class == Class::HomeSite {
            forest.told.add_views(&told);
        }
        for child in &mut self.children {
            child.list = Class::member_of_any(child.list);
        }
    }
}

impl<F: FnMut(Batch)> Records<F> {
    /// Takes in the payload that is one record without anything around it.
    pub(super) fn push_around(&mut self, record: NodeIx) -> Result<NodeIx, Halt> {
        let node = self.forest.node(record);
        let (height, start) = (node.height, node.start);
        self.push(Closed {
            class: Class::Root,
            own: &[HOLE],
            children: &[Child {
                node: record,
                list: Class::ROOTS,
            }],
            height,
            start,
            hash: NOT_ENTERED,
        })
    }
}
