//! Counts bytes on their way out.

use std::io::{self, Write};

/// A writer that knows how much it took.
pub(crate) struct Counted<W> {
    out: W,
    bytes: u64,
}

impl<W: Write> Counted<W> {
    pub(crate) fn new(out: W) -> Self {
        Self { out, bytes: 0 }
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        let taken = self.out.write(text)?;
        self.bytes += taken as u64;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
