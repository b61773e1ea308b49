//! Where an input ends for us, though it does not end by itself.

use std::io::{self, Read};

use crate::{Error, ErrorKind, Place};

/// Why the end that was read is not the input's own.
#[derive(Debug)]
pub(crate) enum Cut {
    /// The input goes on behind so many bytes.
    Limit(u64),
    /// The reader failed.
    Failed(io::Error),
}

impl Cut {
    /// The error of a text that is complete where it was cut.
    pub(crate) fn at(self, place: Place) -> Error {
        let kind = match self {
            Cut::Limit(limit) => ErrorKind::TooLong { limit },
            Cut::Failed(error) => ErrorKind::Io(error),
        };
        Error::new(kind, place)
    }

    /// What an error is, found in what was read.
    pub(crate) fn or(self, found: Error) -> Error {
        match found.kind() {
            // That the text ends is the cut's doing.
            ErrorKind::Truncated | ErrorKind::Empty => self.at(found.place().clone()),
            _ => found,
        }
    }
}

/// Reads up to so many bytes of a reader, and ends there, or where the reader fails: a fault in what
/// was read comes first.
#[derive(Debug)]
pub(crate) struct Limited<R> {
    reader: R,
    limit: u64,
    left: u64,
    cut: Option<Cut>,
}

impl<R: Read> Limited<R> {
    pub(crate) fn new(reader: R, limit: u64) -> Self {
        Limited {
            reader,
            limit,
            left: limit,
            cut: None,
        }
    }

    /// Why the end that was read is not the input's own, if it is not; told once.
    pub(crate) fn cut(&mut self) -> Option<Cut> {
        self.cut.take()
    }

    fn within(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 && !buffer.is_empty() {
            // An input that is as long as the limit ends here by itself.
            if self.reader.read(&mut [0])? > 0 {
                self.cut = Some(Cut::Limit(self.limit));
            }
            return Ok(0);
        }
        let most = usize::try_from(self.left).map_or(buffer.len(), |left| left.min(buffer.len()));
        let read = self.reader.read(&mut buffer[..most])?;
        self.left -= read as u64;
        Ok(read)
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.cut.is_some() {
            return Ok(0);
        }
        match self.within(buffer) {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => {
                self.cut = Some(Cut::Failed(error));
                Ok(0)
            }
            read => read,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_as_long_as_the_limit_does_not_exceed_it() {
        for (limit, read, exceeds) in [(2, "ab", true), (3, "abc", false), (4, "abc", false)] {
            let mut limited = Limited::new(&b"abc"[..], limit);
            let mut found = String::new();
            limited.read_to_string(&mut found).unwrap();
            assert_eq!(found, read);
            assert_eq!(matches!(limited.cut(), Some(Cut::Limit(_))), exceeds);
        }
    }
}
