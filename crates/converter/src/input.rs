//! The input: where it is from, and what is known of it once it was read.

mod ahead;
mod codec;
mod content;
mod stored;

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use crate::Error;
#[cfg(feature = "object-store")]
use crate::{ObjectUrl, remote};
pub use codec::{Codec, CodecFault, Undecodable};
pub(crate) use content::Content;
pub(crate) use stored::{Raw, Stored};

/// Where a payload comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Standard input.
    Stdin,
    /// A file, or anything else that has a path and can be read from front to back.
    File(PathBuf),
    /// An object in a store, or of a web server.
    #[cfg(feature = "object-store")]
    Url(ObjectUrl),
}

impl Input {
    /// `-` is standard input, what starts with a known scheme and `://` a URL, all else a path.
    pub fn new(text: &Path) -> Self {
        if text == Path::new("-") {
            return Input::Stdin;
        }
        #[cfg(feature = "object-store")]
        if let Some(url) = ObjectUrl::of_path(text) {
            return Input::Url(url);
        }
        Input::File(text.to_owned())
    }

    /// The input as messages name it.
    pub fn label(&self) -> String {
        match self {
            Input::Stdin => "standard input".to_owned(),
            Input::File(path) => path.display().to_string(),
            #[cfg(feature = "object-store")]
            Input::Url(url) => url.to_string(),
        }
    }

    /// The input's own name, without the directory that it happens to lie in.
    pub fn name(&self) -> String {
        match self {
            Input::Stdin => "-".to_owned(),
            Input::File(path) => path
                .file_name()
                .map_or_else(|| self.label(), |name| name.to_string_lossy().into_owned()),
            #[cfg(feature = "object-store")]
            Input::Url(url) => url.name(),
        }
    }

    /// The name of the directory, or the folder of a store, that it lies in.
    pub(crate) fn parent_name(&self) -> Option<String> {
        match self {
            Input::Stdin => None,
            Input::File(path) => {
                let parent = path.parent()?.file_name()?;
                Some(parent.to_string_lossy().into_owned())
            }
            #[cfg(feature = "object-store")]
            Input::Url(url) => url.parent_name(),
        }
    }

    /// Its path, where it has one.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Input::File(path) => Some(path),
            _ => None,
        }
    }

    /// Its length, where that is known before it is read.
    pub(crate) fn bytes(&self) -> Option<u64> {
        let found = fs::metadata(self.path()?).ok()?;
        found.is_file().then_some(found.len())
    }

    /// Whether it gives the same when it is read again, as pipes do not.
    pub(crate) fn is_lasting(&self) -> bool {
        match self {
            Input::Stdin => false,
            Input::File(path) => path.is_file(),
            #[cfg(feature = "object-store")]
            Input::Url(_) => true,
        }
    }

    /// Refuses a file that is not there, not to be seen, or none.
    pub(crate) fn find(&self) -> Result<(), Error> {
        match self.path() {
            Some(path) => find(path).map_err(|error| Error::io("cannot read", path, error)),
            None => Ok(()),
        }
    }

    pub(crate) fn open(&self) -> Result<Raw, Error> {
        match self {
            Input::Stdin => Ok(Box::new(io::stdin())),
            Input::File(path) => {
                open_file(path).map_err(|error| Error::io("cannot read", path, error))
            }
            #[cfg(feature = "object-store")]
            Input::Url(url) => remote::open(url),
        }
    }
}

/// The lengths of inputs, where they can be known before they are read. Objects are asked for.
pub(crate) fn lengths<'a>(inputs: impl IntoIterator<Item = &'a Input>) -> Vec<Option<u64>> {
    let inputs: Vec<&Input> = inputs.into_iter().collect();
    let lengths = inputs.iter().map(|input| input.bytes());
    #[cfg(feature = "object-store")]
    let lengths = {
        let urls = inputs.iter().map(|input| match input {
            Input::Url(url) => Some(url),
            _ => None,
        });
        let found = remote::lengths(urls);
        lengths.zip(found).map(|(length, found)| length.or(found))
    };
    lengths.collect()
}

fn open_file(path: &Path) -> io::Result<Raw> {
    // A directory can be opened, and would fail at the first read only.
    find(path)?;
    Ok(Box::new(File::open(path)?))
}

fn find(path: &Path) -> io::Result<()> {
    if fs::metadata(path)?.is_dir() {
        // It stands for what is in it, unless that cannot be seen.
        fs::read_dir(path)?;
        return Err(io::ErrorKind::IsADirectory.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

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
