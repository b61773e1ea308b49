//! The whole text of a part of a record, with the child records in its holes.

use crate::intern::Source;
use crate::parse::Raw;
use crate::scan::NodeIx;
use crate::text::Span;
use crate::text::canonical::{Lost, canonical};
use crate::text::lex::HOLE;

/// A canonical form, and what was found to be lost when it was made only now.
pub(super) struct Form {
    pub(super) text: String,
    pub(super) late: Option<Late>,
}

/// What is lost in a value with child records in it.
pub(super) struct Late {
    /// The value's whole text.
    pub(super) whole: Vec<u8>,
    pub(super) lost: Vec<Lost>,
}

/// The canonical form of a value in a record's text.
pub(super) fn form(source: &Source, node: NodeIx, raw: Raw) -> Form {
    match raw {
        Raw::Text(span) => Form {
            text: source.texts.str(span).to_owned(),
            late: None,
        },
        Raw::WithHoles(span) => {
            let whole = whole(source, node, span);
            let (mut text, mut lost) = (Vec::new(), Vec::new());
            canonical(&whole, &mut text, &mut |one| lost.push(one));
            let text = String::from_utf8(text).expect("parsed text is UTF-8");
            Form {
                text,
                late: Some(Late { whole, lost }),
            }
        }
    }
}

/// The text that `span`, a part of a record's own text, stands for. Nests on the heap.
pub(super) fn whole(source: &Source, node: NodeIx, span: Span) -> Vec<u8> {
    let own = source.forest.node(node).own;
    let before = &source.texts.get(own)[..(span.start - own.start) as usize];
    let holes = memchr::memchr_iter(HOLE, before).count();
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
