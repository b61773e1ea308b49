//! Temporary files and directories that are known to be in use.
//!
//! A process that is killed cannot clean up. What it leaves is told from what another process is
//! working on by a lock, which the system takes back when a process ends, however it ends; and from
//! what is not ours by its name.

use std::{
    ffi::OsStr,
    fs::{self, File, TryLockError},
    hash::{BuildHasher, RandomState},
    io, iter,
    os::unix::{ffi::OsStrExt, fs::MetadataExt},
    path::{Path, PathBuf},
};

use crate::interrupt::remove;

/// How temporary names begin. It names no target, whose name may be as long as names can be.
const PREFIX: &str = ".voltree-";
/// Hexadecimal digits at the end of a temporary name: nobody calls anything so.
const DIGITS: usize = 16;
/// Times that another process may take a new name for an old one before that is an error.
const TRIES: usize = 16;

/// Something under a temporary name, locked while it lives and removed at its end. Where the file
/// system has no locks, nobody else can lock it either.
#[derive(Debug)]
pub(crate) struct Claimed<T> {
    path: PathBuf,
    pub(super) made: T,
    lock: Option<File>,
}

impl<T> AsRef<Path> for Claimed<T> {
    fn as_ref(&self) -> &Path {
        &self.path
    }
}

impl<T> Drop for Claimed<T> {
    fn drop(&mut self) {
        // Still locked. What was given its final name is not there any more.
        let _ = remove(&self.path);
    }
}

/// Makes something under a new name in `dir` and locks it.
pub(super) fn claim<T>(
    dir: &Path,
    make: impl Fn(&Path) -> io::Result<T>,
) -> io::Result<Claimed<T>> {
    for _ in 0..TRIES {
        let path = dir.join(temporary_name());
        let mut claimed = Claimed {
            made: make(&path)?,
            path,
            lock: None,
        };
        if let Some(lock) = lock(&claimed.path)? {
            claimed.lock = lock;
            return Ok(claimed);
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

/// Removes what killed processes left in `dir`.
pub(super) fn sweep(dir: &Path) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        // Opening anything else, such as a FIFO, could wait for ever.
        let kind = entry.file_type();
        let is_plain = kind.is_ok_and(|kind| kind.is_dir() || kind.is_file());
        if is_plain
            && is_temporary(&entry.file_name())
            && let Ok(file) = File::open(entry.path())
            && file.try_lock().is_ok()
        {
            let _ = remove(&entry.path());
        }
    }
}

/// A name that [`is_temporary`] knows.
pub(crate) fn temporary_name() -> String {
    // The standard library's way to numbers that nobody can foretell.
    let random = || RandomState::new().hash_one(());
    iter::repeat_with(|| format!("{PREFIX}{:0DIGITS$x}", random()))
        .find(|name| is_temporary(OsStr::new(name)))
        .unwrap_or_default()
}

/// Whether a name is one of ours. No word and no number fits it.
pub(crate) fn is_temporary(name: &OsStr) -> bool {
    let end = name.as_bytes().strip_prefix(PREFIX.as_bytes());
    end.is_some_and(|end| {
        end.len() == DIGITS
            && end.iter().all(|byte| b"0123456789abcdef".contains(byte))
            && end.iter().any(u8::is_ascii_digit)
            && end.iter().any(u8::is_ascii_alphabetic)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(dir: &Path) -> usize {
        fs::read_dir(dir).unwrap().count()
    }

    fn folder(path: &Path) -> io::Result<()> {
        fs::create_dir(path)
    }

    /// What a process that is killed leaves: it is there, and not locked.
    fn leave<T>(mut claimed: Claimed<T>) {
        claimed.lock = None;
        std::mem::forget(claimed);
    }

    #[test]
    fn what_is_in_use_stays_and_what_was_left_goes() {
        let dir = tempfile::tempdir().unwrap();
        let folder = claim(dir.path(), folder).unwrap();
        let file = claim(dir.path(), |path| File::create_new(path)).unwrap();
        fs::write(folder.as_ref().join("t"), "x").unwrap();
        sweep(dir.path());
        assert_eq!(count(dir.path()), 2);
        leave(folder);
        leave(file);
        assert_eq!(count(dir.path()), 2);
        sweep(dir.path());
        assert_eq!(count(dir.path()), 0);
    }

    #[test]
    fn what_is_dropped_is_removed() {
        let dir = tempfile::tempdir().unwrap();
        let claimed = claim(dir.path(), folder).unwrap();
        fs::write(claimed.as_ref().join("t"), "x").unwrap();
        drop(claimed);
        assert_eq!(count(dir.path()), 0);
    }

    #[test]
    fn what_only_looks_alike_stays() {
        let dir = tempfile::tempdir().unwrap();
        let alike = [
            "backup",
            "output",
            "a1b2c3",
            "configuration123",
            "deadbeefdeadbeef",
            "2024010112000000",
            "0123456789abcdef.old",
            "0123456789ABCDEF",
            "0123456789abcde",
            "0123456789abcdef0",
            "0123456789abcd\u{e9}",
        ];
        for end in alike {
            fs::create_dir(dir.path().join(format!("{PREFIX}{end}"))).unwrap();
        }
        fs::create_dir(dir.path().join(".out.voltree-0123456789abcdef")).unwrap();
        let link = dir.path().join(".voltree-0123456789abcdef");
        std::os::unix::fs::symlink("nowhere", link).unwrap();
        sweep(dir.path());
        assert_eq!(count(dir.path()), alike.len() + 2);
    }

    #[test]
    fn every_name_is_known_as_ours() {
        assert!((0..1000).all(|_| is_temporary(OsStr::new(&temporary_name()))));
        assert_ne!(temporary_name(), temporary_name());
    }

    #[test]
    fn what_another_process_takes_for_old_is_made_again() {
        let dir = tempfile::tempdir().unwrap();
        let tries = std::cell::Cell::new(0);
        let claimed = claim(dir.path(), |path| {
            folder(path)?;
            tries.set(tries.get() + 1);
            if tries.get() < 3 {
                sweep(dir.path());
            }
            Ok(())
        });
        assert!(claimed.unwrap().as_ref().is_dir());
        assert_eq!(tries.get(), 3);
        let taken = claim(dir.path(), |path| {
            folder(path)?;
            sweep(dir.path());
            Ok(())
        });
        assert!(taken.is_err());
        assert_eq!(count(dir.path()), 0);
    }
}
