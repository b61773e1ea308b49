//! The input: where it is from, and what is known of it once it was read.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use twox_hash::XxHash3_128;

use crate::Error;

/// Where a payload comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Standard input.
    Stdin,
    /// A file, or anything else that has a path and can be read from front to back.
    File(PathBuf),
}

impl Input {
    /// `-` is standard input, all else a path.
    pub fn new(text: &Path) -> Self {
        if text == Path::new("-") {
            Input::Stdin
        } else {
            Input::File(text.to_owned())
        }
    }

    /// The input as messages name it.
    pub fn label(&self) -> String {
        match self {
            Input::Stdin => "standard input".to_owned(),
            Input::File(path) => path.display().to_string(),
        }
    }

    /// The input's own name, without the directory that it happens to lie in.
    pub fn name(&self) -> String {
        match self {
            Input::Stdin => "-".to_owned(),
            Input::File(path) => path
                .file_name()
                .map_or_else(|| self.label(), |name| name.to_string_lossy().into_owned()),
        }
    }

    /// Its path, where it has one.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Input::Stdin => None,
            Input::File(path) => Some(path),
        }
    }

    /// Its length, where that is known before it is read.
    pub(crate) fn bytes(&self) -> Option<u64> {
        let found = fs::metadata(self.path()?).ok()?;
        found.is_file().then_some(found.len())
    }

    pub(crate) fn open(&self) -> Result<Opened, Error> {
        match self {
            Input::Stdin => Ok(Opened {
                reader: Box::new(io::stdin().lock()),
                bytes: None,
            }),
            Input::File(path) => {
                open_file(path).map_err(|error| Error::io("cannot read", path, error))
            }
        }
    }
}

fn open_file(path: &Path) -> io::Result<Opened> {
    // A directory can be opened, and would fail at the first read only.
    let found = fs::metadata(path)?;
    if found.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    Ok(Opened {
        reader: Box::new(File::open(path)?),
        bytes: found.is_file().then_some(found.len()),
    })
}

/// An input that is open.
pub(crate) struct Opened {
    pub(crate) reader: Box<dyn Read>,
    /// Its length, where that is known before it is read.
    pub(crate) bytes: Option<u64>,
}

/// Hashes what is read through it.
///
/// XXH3 with 128 bits tells changed inputs apart. What would stand against forgery takes longer than
/// the conversion itself.
pub(crate) struct Hashed<R> {
    reader: R,
    hasher: XxHash3_128,
    bytes: u64,
}

impl<R: Read> Hashed<R> {
    pub(crate) fn new(reader: R) -> Self {
        Hashed {
            reader,
            hasher: XxHash3_128::new(),
            bytes: 0,
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
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
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
        let mut hashed = Hashed::new(&b"abc"[..]);
        io::copy(&mut hashed, &mut io::sink()).unwrap();
        assert_eq!(hashed.length(), 3);
        assert_eq!(hashed.hash(), "xxh3-128:06b05ab6733a618578af5f94892f3950");
    }

    #[test]
    fn a_directory_is_no_input() {
        let dir = tempfile::tempdir().unwrap();
        let error = Input::File(dir.path().to_owned()).open().err().unwrap();
        assert!(error.to_string().contains("directory"), "{error}");
    }

    #[test]
    fn the_name_is_the_same_wherever_the_file_lies() {
        assert_eq!(Input::new(Path::new("/a/b/c.json")).name(), "c.json");
        assert_eq!(Input::new(Path::new("-")).name(), "-");
    }
}
