//! A file that is hashed while it is written.

use std::{
    fs::File,
    io::{self, Write},
    path::Path,
};

use sha2::{Digest, Sha256};

use crate::Error;

/// Length and hash of a file.
pub(crate) struct Written {
    pub(crate) bytes: u64,
    pub(crate) hash: String,
}

/// A file under way. It does not buffer: callers write big pieces.
pub(crate) struct Sink {
    file: File,
    hasher: Sha256,
    bytes: u64,
}

impl Sink {
    pub(crate) fn create(path: &Path) -> Result<Self, Error> {
        let file =
            File::create_new(path).map_err(|error| Error::io("cannot create", path, error))?;
        Ok(Sink {
            file,
            hasher: Sha256::new(),
            bytes: 0,
        })
    }

    pub(crate) fn finish(self) -> Written {
        Written {
            bytes: self.bytes,
            hash: hash_text(self.hasher),
        }
    }
}

/// A hash as `sha256:` and hexadecimal digits.
pub(crate) fn hash_text(hasher: Sha256) -> String {
    let digest = hasher.finalize();
    let mut hash = String::from("sha256:");
    for byte in digest {
        hash.extend(
            [byte >> 4, byte & 15]
                .map(|digit| char::from_digit(digit.into(), 16))
                .into_iter()
                .flatten(),
        );
    }
    hash
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_and_length_are_those_of_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let mut sink = Sink::create(&dir.path().join("f")).unwrap();
        sink.write_all(b"a").unwrap();
        sink.write_all(b"bc").unwrap();
        let written = sink.finish();
        assert_eq!(written.bytes, 3);
        assert_eq!(
            written.hash,
            "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
