//! An output directory that is complete or not there.

use std::{
    fs::{self, File, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use rustix::{
    fs::{CWD, RenameFlags, renameat_with},
    io::Errno,
};

use super::{
    replaced::{refuse_dear, refuse_foreign, refused},
    staging::Staging,
    sync::sync_dir,
    target::resolve,
};
use crate::{Cleanup, Error};

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
        let staging = Staging::begin(parent, &permissions(&target), cleanup)?;
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
        sync_dir(self.path())
            .map_err(|error| Error::io("cannot make durable", self.path(), error))?;
        if self.replaces {
            // Somebody may have put something there meanwhile.
            refuse_foreign(&self.target)?;
        }
        let held = self.cleanup.hold();
        let renamed = self.rename();
        drop(held);
        renamed.map_err(|error| Error::io("cannot rename the output to", &self.target, error))?;
        self.parent()
            .and_then(|parent| File::open(parent)?.sync_all())
            .map_err(|error| Error::io("cannot make durable", &self.target, error))
        // Dropping removes what stands under the temporary name now: nothing, or the old output.
    }

    fn rename(&self) -> io::Result<()> {
        if self.replaces {
            return exchange(self.path(), &self.target);
        }
        let missing = missing_ancestors(&self.target);
        if let Some(parent) = self.target.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::rename(self.path(), &self.target).inspect_err(|_| {
            for dir in missing {
                // One that somebody else put something into stays.
                let _ = fs::remove_dir(dir);
            }
        })
    }

    fn parent(&self) -> io::Result<&Path> {
        self.target
            .parent()
            .ok_or_else(|| io::ErrorKind::InvalidInput.into())
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

/// The permissions of the directory that is replaced, else those that the umask leaves.
fn permissions(target: &Path) -> Permissions {
    fs::metadata(target).map_or_else(
        |_| Permissions::from_mode(0o777),
        |found| found.permissions(),
    )
}

fn existing_ancestor(target: &Path) -> &Path {
    target
        .ancestors()
        .skip(1)
        .find(|ancestor| ancestor.exists())
        .unwrap_or(Path::new("/"))
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
