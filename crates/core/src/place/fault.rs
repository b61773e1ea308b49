//! Turns what stopped the scanner and the parser into the one error that is reported: the first one
//! in the text.

use std::borrow::Cow;

use super::path::path_at;
use super::places::{advance_over, whole_advances};
use super::position::Advance;
use crate::parse::check;
use crate::scan::{Child, Forest, Frame, NodeIx};
use crate::text::lex::{Fault, FaultKind, HOLE, Lexer};
use crate::{Error, ErrorKind, Expected, Place};

/// Everything that went wrong.
pub(crate) struct Faults<'a> {
    pub(crate) forest: &'a Forest,
    /// The records that were not complete.
    pub(crate) frames: &'a [Frame],
    /// Whether the innermost of these ends where the text does, or where it cannot be valid: else there is
    /// more of it than was taken.
    pub(crate) ended: bool,
    /// Complete records that are not valid.
    pub(crate) invalid: Vec<(NodeIx, Fault)>,
    pub(crate) max_depth: u32,
}

impl Faults<'_> {
    /// The error at the first fault in the text, if there is one.
    pub(crate) fn first(&self) -> Option<Error> {
        let complete = self.invalid.iter().map(|&(node, fault)| {
            let offset = self.offset_in(node, fault);
            (offset, Some(node), fault)
        });
        let open = self.frames.iter().filter_map(|frame| {
            let fault = self.check(frame)?;
            let at = self
                .forest
                .whole_offset(&frame.own, &frame.children, fault.at);
            Some((frame.start + at, None, fault))
        });
        let mut first = complete.chain(open).min_by_key(|&(offset, ..)| offset)?;
        if let (offset, Some(innermost), _) = first {
            // The parser stopped there, and has not come to the records around.
            let around = self.complete_around(offset, innermost);
            let around = around.filter(|&node| node != innermost);
            let around = around.filter_map(|node| {
                let holes = self.forest.children(node).len();
                let fault = fault_in(self.own(node), holes, u32::MAX)?;
                Some((self.offset_in(node, fault), Some(node), fault))
            });
            first = around.chain([first]).min_by_key(|&(offset, ..)| offset)?;
        }
        let (offset, node, fault) = first;
        Some(Error::new(self.kind(fault), self.place(offset, node)))
    }

    /// Offset of a fault in a complete record.
    fn offset_in(&self, node: NodeIx, fault: Fault) -> u64 {
        let (own, children) = (self.own(node), self.forest.children(node));
        self.forest.node(node).start + self.forest.whole_offset(own, children, fault.at)
    }

    /// The complete records that a byte stands in, as they stood first, outermost first.
    fn complete_around(&self, offset: u64, innermost: NodeIx) -> impl Iterator<Item = NodeIx> {
        // The later one closes, the farther out it is.
        let closed = self.forest.indices().rev();
        closed
            .take_while(move |&node| node >= innermost)
            .filter(move |&node| {
                let record = self.forest.node(node);
                // A scalar that is cut off as the whole payload ends at its fault.
                (record.start..=record.start + record.len).contains(&offset)
            })
    }

    /// The place of a byte; `innermost` is the complete record it stands in, if it is in one.
    pub(crate) fn place(&self, offset: u64, innermost: Option<NodeIx>) -> Place {
        let whole = whole_advances(self.forest, &|node| self.own(node));
        let mut path = "$".to_owned();
        let mut advance = self.forest.lead;
        let mut enter = |at: usize, own: &[u8], children: &[Child], holes: usize| {
            path.push_str(&path_at(own, holes, at));
            advance = advance.then(advance_over(&own[..at], children, &whole));
        };
        let around: Vec<&Frame> = self
            .frames
            .iter()
            .filter(|frame| frame.start <= offset)
            .collect();
        for (index, frame) in around.iter().enumerate() {
            let at = self.own_offset(frame.start, &frame.own, &frame.children, offset);
            if innermost.is_none() && index + 1 == around.len() {
                enter(at, &frame.own, &frame.children, frame.children.len());
            } else {
                let holes = frame.children.len() + 1;
                enter(at, &with_hole(frame), &frame.children, holes);
            }
        }
        for node in innermost
            .into_iter()
            .flat_map(|node| self.complete_around(offset, node))
        {
            let children = self.forest.children(node);
            let start = self.forest.node(node).start;
            let at = self.own_offset(start, self.own(node), children, offset);
            enter(at, self.own(node), children, children.len());
        }
        advance.place(offset, path)
    }

    /// The place of a byte of the root's own text.
    pub(crate) fn in_root(&self, at: usize) -> Place {
        let root = NodeIx::new(self.forest.nodes.len() - 1);
        let (own, children) = (self.own(root), self.forest.children(root));
        let before = self.forest.whole_offset(own, children, at);
        self.place(self.forest.node(root).start + before, Some(root))
    }

    /// The place of the innermost open record.
    pub(crate) fn innermost(&self) -> Option<Place> {
        let frame = self.frames.last()?;
        Some(self.place(frame.start, None))
    }

    /// The place behind the payload and white space that leads `trail` on.
    pub(crate) fn behind(&self, offset: u64, trail: Advance) -> Place {
        self.passed(trail).place(offset, "$".to_owned())
    }

    /// How far all up to the end of the payload and of white space that leads `trail` on leads.
    pub(crate) fn passed(&self, trail: Advance) -> Advance {
        let whole = whole_advances(self.forest, &|node| self.own(node));
        let payload = whole.last().copied().unwrap_or_default();
        self.forest.lead.then(payload).then(trail)
    }

    /// What is wrong with an open record; that it ends early is wrong only with the innermost one.
    fn check(&self, frame: &Frame) -> Option<Fault> {
        let innermost = std::ptr::eq(frame, self.frames.last()?);
        let (own, holes) = if innermost {
            (Cow::from(&frame.own), frame.children.len())
        } else {
            (with_hole(frame).into(), frame.children.len() + 1)
        };
        let levels = self.max_depth.saturating_sub(frame.level.saturating_sub(1));
        let ends = innermost && self.ended;
        fault_in(&own, holes, levels).filter(|fault| ends || fault.kind != FaultKind::End)
    }

    fn own(&self, node: NodeIx) -> &[u8] {
        self.forest.arena.get(self.forest.node(node).own)
    }

    /// Where `offset` falls in a record's own text.
    fn own_offset(&self, start: u64, own: &[u8], children: &[Child], offset: u64) -> usize {
        let (mut at, mut reached) = (0, start);
        for child in children {
            let Some(hole) = memchr::memchr(HOLE, &own[at..]) else {
                break;
            };
            let child_start = reached + hole as u64;
            let child_end = child_start + self.forest.node(child.node).len;
            if offset < child_start {
                break;
            }
            if offset < child_end {
                return at + hole;
            }
            at += hole + 1;
            reached = child_end;
        }
        own.len().min(at + (offset - reached) as usize)
    }

    fn kind(&self, fault: Fault) -> ErrorKind {
        match fault.kind {
            FaultKind::End => ErrorKind::Truncated,
            FaultKind::Byte(expected, found) => ErrorKind::Syntax { expected, found },
            FaultKind::InvalidUtf8 => ErrorKind::InvalidUtf8,
            FaultKind::LoneSurrogate => ErrorKind::LoneSurrogate,
            FaultKind::Trailing(found) => ErrorKind::trailing(found),
            FaultKind::TooDeep => ErrorKind::TooDeep {
                limit: self.max_depth,
            },
        }
    }
}

/// The own text of an open record with a hole for the one that is open in it.
fn with_hole(frame: &Frame) -> Vec<u8> {
    [&frame.own[..], &[HOLE]].concat()
}

/// What comes first that is wrong with a record's own text.
fn fault_in(own: &[u8], holes: usize, levels: u32) -> Option<Fault> {
    let mut lex = Lexer::new(own, holes);
    let result = check::value(&mut lex, &mut Vec::new(), Expected::Value, levels).map(drop);
    check::utf8_first(own, result).err()
}
