//! Records with holes, written in each other.

use std::io::{self, Write};

use super::error::RenderError;
use crate::text::lex::HOLE;
use crate::text::{Arena, Span};

/// Bytes that are written at a time.
const BUFFER: usize = 1 << 20;

/// Texts with holes, and what stands in the holes.
#[derive(Debug, Default)]
pub(super) struct Records {
    arena: Arena,
    own: Vec<Span>,
    /// For each record, its children as a range of `children`.
    ranges: Vec<(usize, usize)>,
    children: Vec<u32>,
    /// Lengths with all below; saturate.
    lengths: Vec<u64>,
    pub(super) root: u32,
}

impl Records {
    /// Adds a record without text.
    pub(super) fn add(&mut self) {
        self.own.push(Span::EMPTY);
        self.ranges.push((0, 0));
        self.lengths.push(0);
    }

    /// Sets a record's text, and its children: one for each hole.
    pub(super) fn set(
        &mut self,
        record: u32,
        own: &[u8],
        children: &[u32],
    ) -> Result<(), RenderError> {
        if u32::try_from(own.len()).is_err() {
            return Err(RenderError::TooLarge);
        }
        if self.arena.is_full_for(own.len()) {
            self.arena.freeze();
        }
        let reserved = self.arena.reserve(own.len());
        reserved.map_err(|_| RenderError::TooLarge)?;
        self.own[record as usize] = self.arena.push(own);
        let start = self.children.len();
        self.children.extend_from_slice(children);
        self.ranges[record as usize] = (start, self.children.len());
        Ok(())
    }

    /// Adds up a record's length, after those of its children.
    pub(super) fn close(&mut self, record: u32) {
        let children = self.children(record);
        // A child stands for its hole.
        let own = u64::from(self.own[record as usize].len) - children.len() as u64;
        let below = children.iter().map(|&child| self.lengths[child as usize]);
        self.lengths[record as usize] = below.fold(own, u64::saturating_add);
    }

    /// Length of the root with all below it.
    pub(super) fn length(&self) -> u64 {
        self.lengths[self.root as usize]
    }

    fn children(&self, record: u32) -> &[u32] {
        let (start, end) = self.ranges[record as usize];
        &self.children[start..end]
    }

    /// Writes the root with all below it. Nests on the heap.
    pub(super) fn pour(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut buffer = Vec::with_capacity(BUFFER);
        let own = |record: u32| self.arena.get(self.own[record as usize]);
        // Each open record: what is left of its text, and of its children.
        let mut open = vec![(own(self.root), self.children(self.root))];
        while let Some((text, children)) = open.last_mut() {
            let Some((&child, others)) = children.split_first() else {
                put(text, &mut buffer, out)?;
                open.pop();
                continue;
            };
            let hole = memchr::memchr(HOLE, text).expect("one hole for each child");
            put(&text[..hole], &mut buffer, out)?;
            *text = &text[hole + 1..];
            *children = others;
            if self.children(child).is_empty() {
                put(own(child), &mut buffer, out)?;
            } else {
                open.push((own(child), self.children(child)));
            }
        }
        out.write_all(&buffer)
    }
}

fn put(text: &[u8], buffer: &mut Vec<u8>, out: &mut dyn Write) -> io::Result<()> {
    if buffer.len() + text.len() > BUFFER {
        out.write_all(buffer)?;
        buffer.clear();
        if text.len() > BUFFER {
            return out.write_all(text);
        }
    }
    buffer.extend_from_slice(text);
    Ok(())
}
