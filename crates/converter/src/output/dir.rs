//! An output directory that is complete or not there.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use rustix::{
    fs::{CWD, RenameFlags, renameat_with},
    io::Errno,
};

use super::{
    replaced::{refuse_dear, refuse_foreign, refused},
    staging::Staging,
    sync::{sync_dir, sync_paths},
    target::{resolve, take_after},
};
use crate::{Cleanup, Error, interrupt::remove};

/// A directory beside its target, under a temporary name until [`commit`](Self::commit).
///
/// Dropped before that, it vanishes and the target is what it was.
pub(crate) struct StagedDir {
    staging: Staging,
    cleanup: Cleanup,
    target: PathBuf,
    replaces: bool,
}

impl StagedDir {
    /// Begins an output. A target that holds an output is refused unless `overwrite` is set, and one
    /// that holds anything else is refused in any case.
    pub(crate) fn begin<'a>(
        target: &Path,
        overwrite: bool,
        inputs: impl IntoIterator<Item = &'a Path>,
        cleanup: &Cleanup,
    ) -> Result<Self, Error> {
        let (target, replaces) = Self::check(target, overwrite, inputs)?;
        let parent = existing_ancestor(&target);
        // What is there tells in the end who may see it.
        let staging = Staging::begin(parent, target.exists(), cleanup)?;
        Ok(StagedDir {
            staging,
            cleanup: cleanup.clone(),
            target,
            replaces,
        })
    }

    /// The target and whether it will be replaced, unless that is refused.
    pub(crate) fn check<'a>(
        target: &Path,
        overwrite: bool,
        inputs: impl IntoIterator<Item = &'a Path>,
    ) -> Result<(PathBuf, bool), Error> {
        let target = resolve(target).map_err(|error| Error::io("cannot resolve", target, error))?;
        let replaces = match fs::read_dir(&target) {
            Ok(mut entries) => entries.next().is_some(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(Error::io("cannot write to", &target, error)),
        };
        if replaces {
            refuse_foreign(&target)?;
        }
        if replaces && !overwrite {
            return Err(refused(&target, "is not empty (--overwrite replaces it)"));
        }
        refuse_dear(&target, inputs)?;
        Ok((target, replaces))
    }

    /// Where to write.
    pub(crate) fn path(&self) -> &Path {
        self.staging.path()
    }

    /// Makes everything durable and gives it its final name.
    pub(crate) fn commit(self) -> Result<(), Error> {
        if let Ok(replaced) = fs::metadata(&self.target) {
            take_after(self.path(), &replaced)
                .map_err(|error| Error::io("cannot set the permissions of", self.path(), error))?;
        }
        sync_dir(self.path())
            .map_err(|error| Error::io("cannot make durable", self.path(), error))?;
        if self.replaces {
            // Somebody may have put something there meanwhile.
            refuse_foreign(&self.target)?;
        }
        let around = around(&self.target);
        let held = self.cleanup.hold();
        let renamed = self.rename();
        drop(held);
        renamed.map_err(|error| Error::io("cannot rename the output to", &self.target, error))?;
        sync_paths(&around)
            .map_err(|error| Error::io("cannot make durable", &self.target, error))?;
        // Under the temporary name stands nothing now, or the old output.
        remove(self.path()).map_err(|error| {
            Error::io(
                "the new output is there, but the old one cannot be removed from",
                self.path(),
                error,
            )
        })
    }

    fn rename(&self) -> io::Result<()> {
        if self.replaces {
            return exchange(self.path(), &self.target);
        }
        let parent = self.target.parent().unwrap_or(Path::new("/"));
        let missing = missing_ancestors(&self.target);
        fs::create_dir_all(parent)
            .and_then(|()| fs::rename(self.path(), &self.target))
            .inspect_err(|_| {
                for dir in missing {
                    // One that somebody else put something into stays.
                    let _ = fs::remove_dir(dir);
                }
            })
    }
}

/// Swaps two directories: in one step where the file system can, else in two.
fn exchange(staged: &Path, target: &Path) -> io::Result<()> {
    match renameat_with(CWD, staged, CWD, target, RenameFlags::EXCHANGE) {
        Err(Errno::INVAL | Errno::NOSYS) => exchange_in_steps(staged, target),
        result => Ok(result?),
    }
}

fn exchange_in_steps(staged: &Path, target: &Path) -> io::Result<()> {
    let mut old = staged.as_os_str().to_owned();
    old.push(".old");
    fs::rename(target, &old)?;
    if let Err(error) = fs::rename(staged, target) {
        fs::rename(&old, target)?;
        return Err(error);
    }
    fs::rename(&old, staged)
}

fn existing_ancestor(target: &Path) -> &Path {
    target
        .ancestors()
        .skip(1)
        .find(|ancestor| ancestor.exists())
        .unwrap_or(Path::new("/"))
}

/// The directories that are changed where a target and those that it lies in are made.
fn around(target: &Path) -> Vec<PathBuf> {
    let missing = missing_ancestors(target).into_iter();
    let all = missing.chain([existing_ancestor(target)]);
    all.map(Path::to_owned).collect()
}

/// The parents that do not exist yet, the innermost first.
fn missing_ancestors(target: &Path) -> Vec<&Path> {
    target
        .ancestors()
        .skip(1)
        .take_while(|ancestor| !ancestor.exists())
        .collect()
}

#[cfg(test)]
mod tests;
