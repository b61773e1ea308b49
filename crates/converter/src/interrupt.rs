//! Leaving no debris when the process is ended in the midst of its work.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicBool},
    thread,
};

use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM, SIGXCPU, SIGXFSZ},
    flag,
    iterator::Signals,
};

use crate::Exit;

/// The paths that are to vanish if the process is ended: by a signal, or by a limit.
///
/// Clones share one list. Without [`install`](Self::install) it is a list that nobody looks at.
#[derive(Clone, Debug, Default)]
pub struct Cleanup(Arc<Mutex<Vec<Debris>>>);

/// What is to vanish.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Debris {
    /// A file, or a directory with all that is in it.
    Whole(PathBuf),
    /// A directory, unless something is in it.
    Empty(PathBuf),
}

impl Debris {
    fn path(&self) -> &Path {
        let (Debris::Whole(path) | Debris::Empty(path)) = self;
        path
    }
}

impl Cleanup {
    /// Takes over SIGINT, SIGTERM, SIGHUP and SIGXCPU: they remove what is registered and end the process
    /// with exit code 130, whatever it is doing or waiting for. Those that are ignored stay ignored, as those of
    /// jobs in the background are. SIGXFSZ ends nothing: a file that may not grow is an error of its writer.
    ///
    /// # Errors
    ///
    /// When the system refuses a handler or a thread.
    pub fn install() -> io::Result<Self> {
        let cleanup = Self::default();
        let handler = cleanup.clone();
        let mut ends = vec![SIGINT, SIGTERM, SIGHUP, SIGXCPU];
        ends.retain(|&signal| !is_ignored(signal));
        let mut signals = Signals::new(ends)?;
        // Nobody asks whether it came: that it is handled makes the call that wrote fail.
        flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)))?;
        let wait = move || {
            if signals.forever().next().is_some() {
                handler.end_process(Exit::Interrupted, || ());
            }
        };
        let name = "signals".to_owned();
        thread::Builder::new().name(name).spawn(wait)?;
        Ok(cleanup)
    }

    /// Makes a file or directory and registers it until the guard is dropped; no signal is handled
    /// in between, when it would be there and unknown.
    pub(crate) fn register<T: AsRef<Path>>(
        &self,
        make: impl FnOnce() -> io::Result<T>,
    ) -> io::Result<(T, Registered)> {
        let mut all = self.hold();
        let made = make()?;
        let registered = self.add(&mut all, Debris::Whole(made.as_ref().to_owned()));
        Ok((made, registered))
    }

    /// Makes directories, one within the other, and registers them in that order: those that are
    /// empty in the end shall not stay.
    pub(crate) fn register_folders(
        &self,
        folders: Vec<PathBuf>,
        make: impl FnOnce() -> io::Result<()>,
    ) -> io::Result<Vec<Registered>> {
        let mut all = self.hold();
        make()?;
        let debris = folders.into_iter().map(Debris::Empty);
        Ok(debris.map(|folder| self.add(&mut all, folder)).collect())
    }

    fn add(&self, all: &mut Vec<Debris>, debris: Debris) -> Registered {
        let registered = Registered {
            cleanup: self.clone(),
            path: debris.path().to_owned(),
        };
        all.push(debris);
        registered
    }

    /// Keeps the process from being ended while the guard lives, and never returns once it is:
    /// a failure that the removal causes is not reported as if it were one of its own.
    pub(crate) fn hold(&self) -> MutexGuard<'_, Vec<Debris>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the process from any thread, whatever the others are doing: removes what is registered,
    /// then says why.
    pub(crate) fn end_process(&self, exit: Exit, say: impl FnOnce()) -> ! {
        let all = self.hold();
        // What was made last is within what was made first.
        for debris in all.iter().rev() {
            match debris {
                Debris::Whole(path) => drop(remove(path)),
                Debris::Empty(path) => drop(fs::remove_dir(path)),
            }
        }
        say();
        // Still holding the lock: see `hold`.
        std::process::exit(exit as i32)
    }
}

/// Whether whoever started the process had it ignore a signal, as `nohup` does. Only Linux tells.
fn is_ignored(signal: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}

/// Removes a file, or a directory that others may still be writing into; what is not there is removed.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    const TRIES: u32 = 100;
    let mut removed = Ok(());
    for _ in 0..TRIES {
        removed = match fs::symlink_metadata(path) {
            Ok(found) if found.is_dir() => fs::remove_dir_all(path),
            Ok(_) => fs::remove_file(path),
            Err(_) => Ok(()),
        };
        if removed.is_ok() {
            break;
        }
    }
    removed
}

/// A registered path; dropping it takes the path off the list.
#[derive(Debug)]
pub(crate) struct Registered {
    cleanup: Cleanup,
    path: PathBuf,
}

impl Registered {
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        let mut all = self.cleanup.hold();
        all.retain(|debris| debris.path() != self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_registered_as_long_as_its_guard_lives() {
        let cleanup = Cleanup::default();
        let (_, file) = cleanup.register(|| Ok("a")).unwrap();
        let folders = vec!["b".into(), "b/c".into()];
        let folders = cleanup.register_folders(folders, || Ok(())).unwrap();
        let folder = |path: &str| Debris::Empty(path.into());
        let all = [Debris::Whole("a".into()), folder("b"), folder("b/c")];
        assert_eq!(*cleanup.hold(), all);
        drop(file);
        assert_eq!(*cleanup.hold(), all[1..]);
        drop(folders);
        assert!(cleanup.hold().is_empty());
    }

    #[test]
    fn removing_takes_files_and_directories_and_what_is_gone() {
        let dir = tempfile::tempdir().unwrap();
        let (file, inner) = (dir.path().join("f"), dir.path().join("d"));
        fs::write(&file, "x").unwrap();
        fs::create_dir(&inner).unwrap();
        fs::write(inner.join("g"), "x").unwrap();
        for path in [&file, &inner, &file] {
            remove(path).unwrap();
            assert!(!path.exists());
        }
    }
}
