//! Where the text of distinct records is kept.

use std::collections::TryReserveError;
use std::sync::Arc;

/// Size of a chunk in bytes; a longer text gets a chunk of its own. One chunk is one unit of work
/// for a parsing thread.
const CHUNK: usize = 1 << 20;

/// A piece of kept text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) chunk: u32,
    pub(crate) start: u32,
    pub(crate) len: u32,
}

impl Span {
    pub(crate) const EMPTY: Span = Span {
        chunk: 0,
        start: 0,
        len: 0,
    };

    /// The part of this span from `from` to `to`, both counted from its start.
    pub(crate) fn slice(self, from: usize, to: usize) -> Span {
        Span {
            chunk: self.chunk,
            start: self.start + from as u32,
            len: (to - from) as u32,
        }
    }
}

/// Append-only text. Full chunks are frozen, so that other threads can read them meanwhile.
///
/// Chunk `2n` is the n-th chunk of payload text; `2n + 1` stands for the text that parsing it makes
/// (see [`Texts`]).
#[derive(Debug, Default)]
pub(crate) struct Arena {
    frozen: Vec<Arc<Vec<u8>>>,
    current: Vec<u8>,
}

impl Arena {
    /// Whether `len` more bytes would start a new chunk.
    pub(crate) fn is_full_for(&self, len: usize) -> bool {
        !self.current.is_empty() && self.current.len() + len > CHUNK
    }

    /// Freezes the current chunk and gives its number with its text.
    pub(crate) fn freeze(&mut self) -> (u32, Arc<Vec<u8>>) {
        let chunk = Arc::new(std::mem::take(&mut self.current));
        self.frozen.push(chunk.clone());
        (2 * (self.frozen.len() as u32 - 1), chunk)
    }

    /// Gets the memory for a text of so many bytes: there may not be so much.
    pub(crate) fn reserve(&mut self, len: usize) -> Result<(), TryReserveError> {
        debug_assert!(!self.is_full_for(len));
        match self.current.capacity() {
            0 => self.current.try_reserve_exact(len.max(CHUNK)),
            _ => Ok(()),
        }
    }

    /// Keeps a text of less than 4 GiB, for which memory was reserved.
    pub(crate) fn push(&mut self, text: &[u8]) -> Span {
        let start = self.current.len() as u32;
        self.current.extend_from_slice(text);
        Span {
            chunk: 2 * self.frozen.len() as u32,
            start,
            len: text.len() as u32,
        }
    }

    /// The text of a span.
    pub(crate) fn get(&self, span: Span) -> &[u8] {
        let chunk = self
            .frozen
            .get(span.chunk as usize / 2)
            .map_or(&self.current, |chunk| chunk);
        &chunk[span.start as usize..][..span.len as usize]
    }

    /// The finished text, with what parsing made of each chunk.
    pub(crate) fn finish(self, made: Vec<Vec<u8>>) -> Texts {
        debug_assert!(self.current.is_empty() && made.len() == self.frozen.len());
        let chunks = self
            .frozen
            .into_iter()
            .zip(made)
            .flat_map(|(text, made)| [text, Arc::new(made)]);
        Texts {
            chunks: chunks.collect(),
        }
    }
}

/// All text, once nothing is added any more.
#[derive(Debug)]
pub(crate) struct Texts {
    chunks: Vec<Arc<Vec<u8>>>,
}

impl Texts {
    /// The text of a span.
    pub(crate) fn get(&self, span: Span) -> &[u8] {
        if span.len == 0 {
            return &[];
        }
        &self.chunks[span.chunk as usize][span.start as usize..][..span.len as usize]
    }

    /// The text of a span that is known to be UTF-8: everything parsed is.
    pub(crate) fn str(&self, span: Span) -> &str {
        std::str::from_utf8(self.get(span)).expect("parsed text is UTF-8")
    }
}
