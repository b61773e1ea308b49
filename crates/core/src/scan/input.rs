//! An input, which may hold several payloads.

use std::io::{self, Read};

use super::window::Window;
use crate::limit::{Cut, Limited};
use crate::place::Advance;

/// What is left of an input. Its payloads are scanned one after the other, and what was read ahead of
/// one belongs to the next.
pub(crate) struct Input<R> {
    pub(super) window: Window<R>,
    /// How far all before the next payload leads.
    pub(super) passed: Advance,
}

impl<R: Read> Input<R> {
    pub(crate) fn new(reader: R, read_chunk: usize) -> Self {
        Input {
            window: Window::new(reader, read_chunk),
            passed: Advance::default(),
        }
    }

    /// The first `count` bytes, or all there are; more where more is in memory.
    pub(crate) fn head(&mut self, count: usize) -> io::Result<&[u8]> {
        self.window.ensure(count)?;
        Ok(self.window.bytes())
    }

    /// What is left behind a payload, where all before it leads so far.
    pub(crate) fn behind(self, passed: Advance) -> Self {
        Input { passed, ..self }
    }

    /// Bytes that were scanned.
    pub(crate) fn offset(&self) -> u64 {
        self.window.offset()
    }
}

impl<R: Read> Input<Limited<R>> {
    /// Why the end that was read is not the input's own, if it is not; told once.
    pub(crate) fn cut(&mut self) -> Option<Cut> {
        self.window.reader().cut()
    }
}
