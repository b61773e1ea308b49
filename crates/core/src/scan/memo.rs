//! The memo: recognises a record whose text stood there before.
//!
//! Where a child record starts, there may be a *candidate*: the record that followed last time on
//! the sibling just read (repeats come in runs), or that sibling itself where none has, and the one that
//! started with the same [`PREFIX`] bytes. The input is compared with the candidate's text at the speed of `memcmp`, and
//! if all of it is equal, it *is* that record: nothing is parsed, one edge is added. A hash only
//! ever finds a candidate; what decides is the comparison.
//!
//! A candidate's text is its own text with those of its children in the holes, so comparing walks
//! down and up again; [`Cursor`]s say where it is. When byte k differs, the cursors hold all that is
//! worth knowing: every child that was complete before k is a repeat, and only the records around k
//! are entered. They become [`Frame`]s, and scanning goes on behind the last complete child.
//! So a byte is compared with few candidates (two of each of the records that begin before it), and one that
//! fails early costs little.
//!
//! What keeps this right:
//! - a record becomes a candidate when it has closed, not before;
//! - only records of one [`Class`] are compared, since what a text means depends on that;
//! - a repeat is taken only where its height fits under the depth limit;
//! - the text need not be valid: if the first occurrence is not, the payload is refused for it.

use std::{
    collections::HashMap,
    hash::{BuildHasher, Hasher, RandomState},
    io::Read,
};

use rustc_hash::FxHasher;

use super::forest::{Forest, Node, NodeIx};
use super::frame::Frame;
use super::window::Window;
use crate::scan::Class;
use crate::text::lex::HOLE;

/// Bytes of a record that are hashed to find a candidate.
pub(super) const PREFIX: usize = 128;
/// Bytes up to which a record is short. Behind a short one, that is among short ones, only one record in
/// [`SAMPLE`] is entered, and looked for: each is an access to far memory, which takes as long as to read
/// the record. A run of them that stands again is found all the same, some records later.
const SHORT: u64 = 64;
const SAMPLE: u32 = 4;
/// The same where so many were looked for in vain since the last one that was found: nothing seems to stand
/// again.
const SHORT_IN_VAIN: u64 = 128;
const IN_VAIN: u32 = 4096;
/// The hash of a record that is not entered.
pub(super) const NOT_ENTERED: u32 = 0;

/// The candidates by the hash of their first bytes; of several, the last one to close.
#[derive(Debug, Default)]
pub(super) struct Memo {
    by_prefix: HashMap<u32, NodeIx, Spread>,
    /// How many were looked for since the last one that was found.
    in_vain: u32,
    /// Kept to reuse its memory.
    cursors: Vec<Cursor>,
}

/// Where the table has a hash, which payloads can choose: told by a factor that they cannot foretell
/// ([multiply-shift]), so that none fills one part of the table. What is found does not depend on it.
///
/// [multiply-shift]: https://en.wikipedia.org/wiki/Universal_hashing#Avoiding_modular_arithmetic
#[derive(Clone, Debug)]
struct Spread {
    factor: u64,
    hash: u64,
}

impl Default for Spread {
    fn default() -> Self {
        // The standard library's way to numbers that nobody can foretell.
        let random = RandomState::new().hash_one(());
        Spread {
            factor: random | 1,
            hash: 0,
        }
    }
}

impl BuildHasher for Spread {
    type Hasher = Self;

    fn build_hasher(&self) -> Self {
        self.clone()
    }
}

impl Hasher for Spread {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u32(byte.into()));
    }

    fn write_u32(&mut self, number: u32) {
        self.hash = (self.hash ^ u64::from(number)).wrapping_mul(self.factor);
    }

    fn finish(&self) -> u64 {
        // The upper bits of the product are the good ones, and the table goes by the lower ones.
        self.hash.rotate_left(26)
    }
}

/// Where a comparison stands within one record.
#[derive(Clone, Copy, Debug)]
struct Cursor {
    node: NodeIx,
    /// Bytes of the own text that are equal.
    at: usize,
    /// Children that are equal.
    child: usize,
}

/// How far the input is a repeat.
pub(super) enum Repeat {
    /// The whole candidate; it is consumed.
    Whole,
    /// Not even its first child; nothing is consumed.
    Nothing,
    /// Some of its children, which are consumed. The records around the first difference, outermost
    /// first.
    Part(Vec<Frame>),
}

impl Memo {
    /// Hash of the first bytes of a record that stands behind `previous`, if it is to be entered. Of two
    /// that have the same one by chance, the first one is no candidate any more: that is one in four
    /// thousand of two million records. More bits would make the table longer, and many short records
    /// slower.
    pub(super) fn hash(&self, class: Class, text: &[u8], previous: Option<&Node>) -> u32 {
        let short = match self.in_vain {
            ..IN_VAIN => SHORT,
            _ => SHORT_IN_VAIN,
        };
        let mut hasher = FxHasher::default();
        hasher.write(prefix(class, text));
        hasher.write_u8(class as u8);
        let hash = (hasher.finish() >> 32) as u32;
        match previous {
            Some(previous) if previous.len <= short && !hash.is_multiple_of(SAMPLE) => NOT_ENTERED,
            _ => hash,
        }
    }

    /// Notes what came of looking for a record with this hash.
    pub(super) fn found(&mut self, hash: u32, something: bool) {
        if something {
            self.in_vain = 0;
        } else if hash != NOT_ENTERED {
            self.in_vain = self.in_vain.saturating_add(1);
        }
    }

    pub(super) fn insert(&mut self, hash: u32, node: NodeIx) {
        if hash != NOT_ENTERED {
            self.by_prefix.insert(hash, node);
        }
    }

    /// The candidates for a record of `class`, the more likely one first: one that begins otherwise can
    /// be equal in a part at most, which would be taken before the whole of the other one is looked at.
    pub(super) fn candidates(
        &self,
        forest: &Forest,
        previous: Option<NodeIx>,
        class: Class,
        hash: u32,
    ) -> [Option<NodeIx>; 2] {
        // Behind one that nothing has followed yet may stand the same again.
        let sibling = previous
            .map(|previous| forest.node(previous).next.unwrap_or(previous))
            .filter(|&next| forest.node(next).class == class);
        // To look for what is not there would take time: measured, a tenth of all.
        let entered = (hash != NOT_ENTERED).then(|| self.by_prefix.get(&hash));
        let same_prefix = entered
            .flatten()
            .copied()
            .filter(|&node| Some(node) != sibling && forest.node(node).class == class);
        let is_alike = |node| [hash, NOT_ENTERED].contains(&forest.node(node).hash);
        match sibling {
            Some(node) if !is_alike(node) => [same_prefix, sibling],
            _ => [sibling, same_prefix],
        }
    }

    /// Compares the input, which has this hash, with a candidate whose opening brace would be at `level`.
    pub(super) fn compare<R: Read>(
        &mut self,
        forest: &Forest,
        window: &mut Window<R>,
        candidate: NodeIx,
        hash: u32,
        level: u32,
    ) -> std::io::Result<Repeat> {
        let start = window.offset();
        let first = |node| Cursor {
            node,
            at: 0,
            child: 0,
        };
        let mut cursor = first(candidate);
        self.cursors.clear();
        loop {
            let own = forest.arena.get(forest.node(cursor.node).own);
            let children = forest.children(cursor.node);
            let rest = &own[cursor.at..];
            let run = match children.get(cursor.child) {
                Some(_) => memchr::memchr(HOLE, rest).unwrap_or(rest.len()),
                None => rest.len(),
            };
            if !starts_with(window, &rest[..run])? {
                self.cursors.push(cursor);
                return Ok(self.part(forest, start, hash, level));
            }
            window.consume(run);
            cursor.at += run;
            if let (Some(child), true) = (children.get(cursor.child), cursor.at < own.len()) {
                self.cursors.push(cursor);
                cursor = first(child.node);
            } else if let Some(owner) = self.cursors.pop() {
                cursor = Cursor {
                    at: owner.at + 1,
                    child: owner.child + 1,
                    ..owner
                };
            } else {
                return Ok(Repeat::Whole);
            }
        }
    }

    /// What the cursors say when the comparison has failed.
    fn part(&self, forest: &Forest, start: u64, hash: u32, level: u32) -> Repeat {
        let [outer @ .., inner] = self.cursors.as_slice() else {
            unreachable!("one cursor at least")
        };
        // A record that differs in its first bytes is for the scanner to begin anew.
        let entered = if inner.at == 0 { outer } else { &self.cursors };
        if entered.is_empty() {
            return Repeat::Nothing;
        }
        let mut frames = Vec::with_capacity(entered.len());
        let (mut start, mut level) = (start, level);
        for cursor in entered {
            let node = forest.node(cursor.node);
            let children = forest.children(cursor.node);
            // Behind the last equal child, or before the one that is entered: the same list.
            let beside = children
                .get(cursor.child)
                .filter(|_| frames.len() < outer.len());
            let beside = beside
                .or_else(|| children.get(cursor.child - 1))
                .expect("a child was met");
            let mut frame = Frame::new(node.class, start, level, hash);
            frame
                .own
                .extend_from_slice(&forest.arena.get(node.own)[..cursor.at]);
            frame.children.extend_from_slice(&children[..cursor.child]);
            frame.list = Some(beside.list);
            // An upper bound does: it serves the depth limit only.
            frame.height = node.height;
            let equal = forest.length(&frame.own, &frame.children);
            // The hash of what was hashed: of the outermost record all, of those within what is equal.
            if !frames.is_empty() {
                frame.hash = match equal >= PREFIX as u64 {
                    true => node.hash,
                    false => NOT_ENTERED,
                };
            }
            start += equal;
            level += 2;
            frames.push(frame);
        }
        Repeat::Part(frames)
    }
}

/// What is hashed of a record. What stands behind a short one is no part of it: where it has no children, this
/// ends where an element of a list does.
fn prefix(class: Class, text: &[u8]) -> &[u8] {
    let text = &text[..text.len().min(PREFIX)];
    if class.has_children() {
        return text;
    }
    let ends_element = |at: &usize| {
        let mut behind = text[at + 1..]
            .iter()
            .filter(|byte| !byte.is_ascii_whitespace());
        match behind.next() {
            Some(b',') => behind.next() == Some(&b'{'),
            next => next == Some(&b']'),
        }
    };
    let end = memchr::memchr_iter(b'}', text).find(ends_element);
    end.map_or(text, |end| &text[..=end])
}

/// Whether the window starts with `text`; nothing is consumed.
#[inline]
fn starts_with<R: Read>(window: &mut Window<R>, text: &[u8]) -> std::io::Result<bool> {
    let mut equal = 0;
    loop {
        let bytes = window.bytes();
        let end = bytes.len().min(text.len());
        if bytes[equal..end] != text[equal..end] {
            return Ok(false);
        }
        if end == text.len() {
            return Ok(true);
        }
        equal = end;
        if !window.fill()? {
            return Ok(false);
        }
    }
}
