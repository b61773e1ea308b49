//! A limit to the length of the input.

use std::io::{self, Read};

/// Reads up to so many bytes of a reader, and ends there.
#[derive(Debug)]
pub(crate) struct Limited<R> {
    reader: R,
    limit: u64,
    left: u64,
    exceeded: bool,
}

impl<R: Read> Limited<R> {
    pub(crate) fn new(reader: R, limit: u64) -> Self {
        Limited {
            reader,
            limit,
            left: limit,
            exceeded: false,
        }
    }

    /// The limit, if the end that was read is where the input exceeds it.
    pub(crate) fn exceeded(&self) -> Option<u64> {
        self.exceeded.then_some(self.limit)
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 && !buffer.is_empty() {
            // An input that is as long as the limit ends here by itself.
            self.exceeded = self.exceeded || self.reader.read(&mut [0])? > 0;
            return Ok(0);
        }
        let most = usize::try_from(self.left).map_or(buffer.len(), |left| left.min(buffer.len()));
        let read = self.reader.read(&mut buffer[..most])?;
        self.left -= read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_as_long_as_the_limit_does_not_exceed_it() {
        for (limit, read, exceeded) in [(2, "ab", Some(2)), (3, "abc", None), (4, "abc", None)] {
            let mut limited = Limited::new(&b"abc"[..], limit);
            let mut found = String::new();
            limited.read_to_string(&mut found).unwrap();
            assert_eq!((found.as_str(), limited.exceeded()), (read, exceeded));
        }
    }
}
