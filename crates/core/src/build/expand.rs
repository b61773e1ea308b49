//! The whole text of a part of a record, with the child records in its holes.

use crate::intern::Source;
use crate::parse::Raw;
use crate::scan::NodeIx;
use crate::text::Span;
use crate::text::canonical::{Lost, Values};
use crate::text::lex::HOLE;

/// A canonical form, and what was found to be lost when it was made only now, if anything was.
pub(super) struct Form {
    pub(super) text: String,
    pub(super) late: Option<Late>,
}

/// Makes canonical forms of values of one record after the other.
pub(super) struct Forms<'a> {
    source: &'a Source,
    /// The record that was asked for last, and where it has its holes.
    holes: Option<(NodeIx, Vec<u32>)>,
}

/// What is lost in a value with child records in it.
pub(super) struct Late {
    /// The value's whole text.
    pub(super) whole: Vec<u8>,
    pub(super) lost: Vec<Lost>,
}

impl<'a> Forms<'a> {
    pub(super) fn new(source: &'a Source) -> Self {
        let holes = None;
        Forms { source, holes }
    }

    /// The canonical form of a value in a record's text.
    pub(super) fn of(&mut self, node: NodeIx, raw: Raw) -> Form {
        match raw {
            Raw::Text(span) => Form {
                text: self.source.texts.str(span).to_owned(),
                late: None,
            },
            Raw::WithHoles(span) => {
                let whole = whole(self.source, node, span, self.holes_before(node, span));
                let (mut text, mut lost) = (Vec::new(), Vec::new());
                Values::default().canonical(&whole, &mut text, &mut |one| lost.push(one));
                let text = String::from_utf8(text).expect("parsed text is UTF-8");
                let late = (!lost.is_empty()).then_some(Late { whole, lost });
                Form { text, late }
            }
        }
    }

    fn holes_before(&mut self, node: NodeIx, span: Span) -> usize {
        if self.holes.as_ref().is_none_or(|(of, _)| *of != node) {
            let holes = memchr::memchr_iter(HOLE, self.source.own(node));
            self.holes = Some((node, holes.map(|hole| hole as u32).collect()));
        }
        let before = span.start - self.source.forest.node(node).own.start;
        let (_, holes) = self.holes.as_ref().expect("just found");
        holes.partition_point(|&hole| hole < before)
    }
}

/// The text that `span`, a part of a record's own text behind so many holes, stands for. Nests on the heap.
pub(super) fn whole(source: &Source, node: NodeIx, span: Span, holes: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut open = vec![(source.texts.get(span), node, holes)];
    while let Some((rest, node, hole)) = open.pop() {
        let Some(at) =
            memchr::memchr(HOLE, rest).filter(|_| hole < source.forest.children(node).len())
        else {
            out.extend_from_slice(rest);
            continue;
        };
        out.extend_from_slice(&rest[..at]);
        let child = source.forest.children(node)[hole].node;
        open.push((&rest[at + 1..], node, hole + 1));
        open.push((source.own(child), child, 0));
    }
    out
}
