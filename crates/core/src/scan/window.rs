//! The part of the input that is in memory: one buffer, reused.

use std::io::{self, Read};

/// Bytes of buffer that are given back when the token that needed them is gone.
const HUGE: usize = 16 << 20;

/// A sliding window over a reader.
pub(crate) struct Window<R> {
    reader: R,
    buffer: Vec<u8>,
    /// The window's first byte in the buffer, and the first one behind the window.
    start: usize,
    end: usize,
    /// Bytes of the input before `start`.
    offset: u64,
    read_chunk: usize,
    ended: bool,
}

impl<R: Read> Window<R> {
    pub(crate) fn new(reader: R, read_chunk: usize) -> Self {
        Window {
            reader,
            buffer: Vec::new(),
            start: 0,
            end: 0,
            offset: 0,
            read_chunk,
            ended: false,
        }
    }

    pub(crate) fn reader(&mut self) -> &mut R {
        &mut self.reader
    }

    /// What is in memory and not consumed.
    #[inline]
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Offset in the input of the window's first byte.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Drops the first `count` bytes.
    #[inline]
    pub(crate) fn consume(&mut self, count: usize) {
        self.start += count;
        self.offset += count as u64;
    }

    /// Reads more behind what is there; false at the end of the input.
    pub(crate) fn fill(&mut self) -> io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        let wanted = self.end - self.start + self.read_chunk;
        let huge = self.buffer.len() > HUGE && wanted < self.buffer.len() / 4;
        if huge || self.end + self.read_chunk > self.buffer.len() {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
            if huge {
                self.buffer.truncate(wanted);
                self.buffer.shrink_to_fit();
            } else if wanted > self.buffer.len() {
                // A token longer than the buffer: double, so that it is copied few times.
                let length = wanted.max(2 * self.buffer.len());
                self.buffer.try_reserve_exact(length - self.buffer.len())?;
                self.buffer.resize(length, 0);
            }
        }
        let space = &mut self.buffer[self.end..][..self.read_chunk];
        let count = loop {
            match self.reader.read(space) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => break result?,
            }
        };
        self.end += count;
        self.ended = count == 0;
        Ok(count > 0)
    }

    /// Reads until `count` bytes are in memory, or the input ends.
    #[inline]
    pub(crate) fn ensure(&mut self, count: usize) -> io::Result<()> {
        while self.end - self.start < count && self.fill()? {}
        Ok(())
    }

    /// The byte at `at` of the window, reading on where needed; none behind the end of the input.
    #[inline]
    pub(crate) fn byte(&mut self, at: usize) -> io::Result<Option<u8>> {
        self.ensure(at + 1)?;
        Ok(self.bytes().get(at).copied())
    }

    /// Whether the window starts with a character, or with what the end of the input leaves of one.
    pub(crate) fn is_text(&mut self) -> io::Result<bool> {
        self.ensure(4)?;
        Ok(match std::str::from_utf8(self.bytes()) {
            Ok(_) => true,
            Err(error) => error.valid_up_to() > 0 || error.error_len().is_none(),
        })
    }
}
