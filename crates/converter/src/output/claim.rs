//! Temporary files and directories that are known to be in use.
//!
//! A process that is killed cannot clean up. What it leaves is told from what another process is
//! working on by a lock, which the system takes back when a process ends, however it ends.

use std::{
    ffi::OsStr,
    fs::{self, File, TryLockError},
    io,
    os::unix::{ffi::OsStrExt, fs::MetadataExt},
    path::Path,
};

use crate::interrupt::remove;

/// Random characters at the end of a temporary name.
const RANDOM: usize = 6;
/// Times that another process may take a new name for an old one before that is an error.
const TRIES: usize = 16;

/// A temporary file or directory, locked while it lives. Where the file system has no locks, nobody
/// else can lock it either.
#[derive(Debug)]
pub(crate) struct Claimed<T> {
    // Removed before it is unlocked: fields are dropped in order.
    pub(super) made: T,
    _lock: Option<File>,
}

impl<T: AsRef<Path>> AsRef<Path> for Claimed<T> {
    fn as_ref(&self) -> &Path {
        self.made.as_ref()
    }
}

/// Names that begin with `prefix` and end in random characters.
pub(super) fn temporary<'a>(prefix: &'a str) -> tempfile::Builder<'a, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix).rand_bytes(RANDOM);
    builder
}

/// Makes something and locks it.
pub(super) fn claim<T: AsRef<Path>>(make: impl Fn() -> io::Result<T>) -> io::Result<Claimed<T>> {
    for _ in 0..TRIES {
        let made = make()?;
        if let Some(lock) = lock(made.as_ref())? {
            let _lock = lock;
            return Ok(Claimed { made, _lock });
        }
    }
    Err(io::ErrorKind::ResourceBusy.into())
}

/// Locks a path, as far as locks are to be had; `None` where another process has locked or removed it
/// since it was made.
fn lock(path: &Path) -> io::Result<Option<Option<File>>> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(_)) => return Ok(Some(None)),
    }
    let locked = file.metadata()?;
    let there = fs::symlink_metadata(path);
    let same = there.is_ok_and(|found| (found.dev(), found.ino()) == (locked.dev(), locked.ino()));
    Ok(same.then_some(Some(file)))
}

/// Removes what killed processes left in `dir` under names of [`temporary`].
pub(super) fn sweep(dir: &Path, prefix: &str) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let ours = is_temporary(&entry.file_name(), prefix);
        // Opening anything else, such as a FIFO, could wait for ever.
        let kind = entry.file_type();
        if !ours || !kind.is_ok_and(|kind| kind.is_dir() || kind.is_file()) {
            continue;
        }
        if let Ok(file) = File::open(entry.path())
            && file.try_lock().is_ok()
        {
            remove(&entry.path());
        }
    }
}

fn is_temporary(name: &OsStr, prefix: &str) -> bool {
    name.as_bytes()
        .strip_prefix(prefix.as_bytes())
        .is_some_and(|end| end.len() == RANDOM && end.iter().all(u8::is_ascii_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PREFIX: &str = ".out.voltree-";

    fn count(dir: &Path) -> usize {
        fs::read_dir(dir).unwrap().count()
    }

    #[test]
    fn what_is_in_use_stays_and_what_was_left_goes() {
        let dir = tempfile::tempdir().unwrap();
        let folder = claim(|| temporary(PREFIX).tempdir_in(dir.path())).unwrap();
        let file = claim(|| temporary(PREFIX).tempfile_in(dir.path())).unwrap();
        fs::write(folder.as_ref().join("t"), "x").unwrap();
        sweep(dir.path(), PREFIX);
        assert_eq!(count(dir.path()), 2);
        // As if the process had been killed: the locks are gone, and nothing else.
        let _ = folder.made.keep();
        file.made.keep().unwrap();
        drop((folder._lock, file._lock));
        sweep(dir.path(), ".other.voltree-");
        assert_eq!(count(dir.path()), 2);
        sweep(dir.path(), PREFIX);
        assert_eq!(count(dir.path()), 0);
    }

    #[test]
    fn what_only_looks_alike_stays() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["abcde", "abcdefg", "abcdef.old", "abc.ef", "abcde\u{e9}"] {
            fs::create_dir(dir.path().join(format!("{PREFIX}{name}"))).unwrap();
        }
        std::os::unix::fs::symlink("nowhere", dir.path().join(format!("{PREFIX}abcdef"))).unwrap();
        sweep(dir.path(), PREFIX);
        assert_eq!(count(dir.path()), 6);
    }

    #[test]
    fn what_another_process_takes_for_old_is_made_again() {
        let dir = tempfile::tempdir().unwrap();
        let tries = std::cell::Cell::new(0);
        let claimed = claim(|| {
            let made = temporary(PREFIX).tempdir_in(dir.path())?;
            tries.set(tries.get() + 1);
            if tries.get() < 3 {
                sweep(dir.path(), PREFIX);
            }
            Ok(made)
        });
        assert!(claimed.unwrap().as_ref().is_dir());
        assert_eq!(tries.get(), 3);
        let taken = claim(|| {
            let made = temporary(PREFIX).tempdir_in(dir.path())?;
            sweep(dir.path(), PREFIX);
            Ok(made)
        });
        assert!(taken.is_err());
    }
}
