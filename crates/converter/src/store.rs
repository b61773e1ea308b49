//! Where a dataset's files go.
//!
//! A key is the path of a file in the dataset, with `/`. A file appears under its key whole, or not at
//! all; what was put is durable when the call returns.

mod local;
#[cfg(feature = "object-store")]
mod remote;

use std::path::{Path, PathBuf};

use crate::{
    Cleanup, Error,
    address::{self, Beside},
    output::Staging,
};
use local::Local;

/// A directory, or a prefix in an object store.
pub(crate) trait Store: Send + Sync {
    /// The file as messages name it.
    fn label(&self, key: &str) -> String;

    /// Makes files that are to be put durable where they are: what there is no room for fails here,
    /// before anything of the dataset has been touched.
    fn settle(&self, files: &[(PathBuf, String)]) -> Result<(), Error>;

    /// Puts files that are settled, from paths to keys. They are taken away from there, or left.
    fn put_files(&self, files: &[(PathBuf, String)]) -> Result<(), Error>;

    /// Puts a small file in one step, in place of what is there.
    fn put(&self, key: &str, bytes: &[u8]) -> Result<(), Error>;

    /// A small file; nothing where there is none.
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Error>;

    /// Copies files, from keys to paths.
    fn take_files(&self, files: &[(String, PathBuf)]) -> Result<(), Error>;

    /// The lengths of files, in bytes; nothing for one that is not there.
    fn lengths(&self, keys: &[String]) -> Result<Vec<Option<u64>>, Error>;

    /// The keys that start with a folder's name and `/`, or all for an empty one; sorted.
    fn list(&self, folder: &str) -> Result<Vec<String>, Error>;

    /// Removes a file; it may be gone already.
    fn delete(&self, key: &str) -> Result<(), Error>;

    /// Puts in place of a small file what `change` makes of it; nothing removes it. Of two that change
    /// the same file at the same time, one sees what the other one has put.
    fn update(&self, key: &str, change: &mut Change<'_>) -> Result<(), Error>;

    /// Does something while nobody else has one of these claims. Those who want the same claims ask for
    /// them in the same order.
    fn exclusively(
        &self,
        claims: &[Claim],
        work: &mut dyn FnMut() -> Result<(), Error>,
    ) -> Result<(), Error>;

    /// How many threads that put groups of files are worth their making.
    fn groups_at_a_time(&self) -> usize;

    /// Whether a claim is still held: where the store has no locks, another run may take it.
    fn holds(&self, claim: &Claim) -> Result<bool, Error>;

    /// Whether it is there, with something in it or not.
    fn is_there(&self) -> Result<bool, Error>;

    /// Whether there is nothing at all.
    fn is_empty(&self) -> Result<bool, Error>;

    /// A directory for files that are to be put, which vanishes when it is dropped.
    fn staging(&self) -> Result<Staging, Error>;
}

/// That a snapshot is being put, by which others keep away from it.
#[cfg_attr(not(feature = "object-store"), expect(dead_code))] // Directories have locks.
pub(crate) struct Claim {
    /// The file that stands for the claim, where the store has no locks. It stays when the process is
    /// killed.
    pub(crate) key: String,
    /// What stands in that file, and tells what is put: those who put the same don't disturb each other.
    pub(crate) content: String,
    /// Whether the claim is taken from who puts something else.
    pub(crate) replaces: bool,
}

/// The store that an output is in.
pub(crate) fn open(out: &Path, cleanup: &Cleanup) -> Result<Box<dyn Store>, Error> {
    address::refuse(out, Beside::Addresses)?;
    #[cfg(feature = "object-store")]
    if let Some(url) = crate::ObjectUrl::of_path(out) {
        return Ok(Box::new(remote::Remote::new(&url, cleanup)?));
    }
    Ok(Box::new(Local::new(out, cleanup)))
}

/// An output, or a file in it, as messages name it.
pub(crate) fn label(out: &Path) -> String {
    #[cfg(feature = "object-store")]
    if let Some(url) = crate::ObjectUrl::of_path(out) {
        return url.to_string();
    }
    out.display().to_string()
}

/// What is made of a file's bytes.
pub(crate) type Change<'a> = dyn FnMut(Option<&[u8]>) -> Result<Option<Vec<u8>>, Error> + 'a;
