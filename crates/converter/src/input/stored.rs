//! The bytes of an input as it is stored, counted and hashed while they are read.

use std::io::{self, Read};

use twox_hash::XxHash3_128;

/// Any input.
pub(crate) type Raw = Box<dyn Read + Send>;

/// Counts and hashes what is read through it.
///
/// XXH3 with 128 bits tells changed inputs apart. What would stand against forgery takes longer than
/// the conversion itself.
pub(crate) struct Stored {
    reader: Raw,
    /// Of several hundred bytes.
    hasher: Box<XxHash3_128>,
    bytes: u64,
    has_failed: bool,
}

impl Stored {
    pub(crate) fn new(reader: Raw) -> Self {
        Stored {
            reader,
            hasher: Box::new(XxHash3_128::new()),
            bytes: 0,
            has_failed: false,
        }
    }

    /// Bytes read so far.
    pub(crate) fn length(&self) -> u64 {
        self.bytes
    }

    /// Hash of the bytes read so far, its algorithm before it.
    pub(crate) fn hash(&self) -> String {
        format!("xxh3-128:{:032x}", self.hasher.finish_128())
    }

    /// Whether reading has failed, apart from what was read.
    pub(super) fn has_failed(&self) -> bool {
        self.has_failed
    }
}

impl Read for Stored {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = loop {
            match self.reader.read(buffer) {
                // Not every decoder tries again.
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.has_failed = true;
                    return Err(error);
                }
                Ok(read) => break read,
            }
        };
        self.hasher.write(&buffer[..read]);
        self.bytes += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_one_of_xxhsum() {
        let mut stored = Stored::new(Box::new(&b"abc"[..]));
        io::copy(&mut stored, &mut io::sink()).unwrap();
        assert_eq!(stored.length(), 3);
        assert_eq!(stored.hash(), "xxh3-128:06b05ab6733a618578af5f94892f3950");
    }
}
