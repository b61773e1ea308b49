//! What an output may take the place of.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use walkdir::WalkDir;

use super::claim::is_temporary;
use crate::{
    Error,
    batch::dataset,
    manifest::{self, Known},
};

/// Refuses a directory that replacing would take away from somebody, or that cannot be replaced.
pub(super) fn refuse_dear<'a>(
    target: &Path,
    inputs: impl IntoIterator<Item = &'a Path>,
) -> Result<(), Error> {
    let holds = |path: &Path| {
        path.canonicalize()
            .is_ok_and(|path| path.starts_with(target))
    };
    if holds(Path::new(".")) {
        return Err(refused(target, "holds the current directory"));
    }
    if inputs.into_iter().any(holds) {
        return Err(refused(target, "holds the input"));
    }
    if is_mount_point(target) {
        return Err(Error::Usage(format!(
            "{} is a mount point, which cannot be given to another directory; \
             choose a directory in it, such as --out {}",
            target.display(),
            target.join("tables").display()
        )));
    }
    Ok(())
}

/// Refuses a directory that holds others which voltree did not write.
///
/// Replacing it removes all that it holds. That is what was asked for where these are files; a tree of
/// folders is likely to be more than whoever asked had in mind.
pub(super) fn refuse_foreign(target: &Path) -> Result<(), Error> {
    if target.join(dataset::MANIFEST).exists() {
        return Err(refused(
            target,
            "is a dataset of snapshots, which `voltree convert` goes on with by --append, --resume \
             or --layout hive --overwrite",
        ));
    }
    let ours = files_of_output(target);
    let entries = WalkDir::new(target).min_depth(1).sort_by_file_name();
    // What a killed process left is nobody's.
    let entries = entries.into_iter();
    for entry in entries.filter_entry(|entry| !is_temporary(entry.file_name())) {
        let entry = entry.map_err(|error| Error::io("cannot read", target, error.into()))?;
        let name = entry.path().strip_prefix(target).unwrap_or(entry.path());
        if entry.file_type().is_dir() && !ours.contains(name) {
            let why = format!(
                "holds {}, which voltree did not write there, so that it is not replaced",
                name.display()
            );
            return Err(refused(target, &why));
        }
    }
    Ok(())
}

/// The manifest, the files that it lists, and the folders they are in; nothing where the manifest is
/// none of ours.
fn files_of_output(dir: &Path) -> BTreeSet<PathBuf> {
    let text = fs::read(dir.join(manifest::FILE)).unwrap_or_default();
    let Ok(known) = serde_json::from_slice::<Known>(&text) else {
        return BTreeSet::new();
    };
    let files = known.files().map(|(path, _)| path).chain([manifest::FILE]);
    let with_folders = |file| Path::new(file).ancestors().map(Path::to_owned);
    files.flat_map(with_folders).collect()
}

/// Whether a file system is mounted there: nothing else can be given such a name.
#[cfg(target_os = "linux")]
fn is_mount_point(dir: &Path) -> bool {
    use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};

    statx(CWD, dir, AtFlags::empty(), StatxFlags::empty())
        .is_ok_and(|found| found.stx_attributes.contains(StatxAttributes::MOUNT_ROOT))
}

#[cfg(not(target_os = "linux"))]
fn is_mount_point(dir: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;

    let device = |path: &Path| fs::metadata(path).map(|found| found.dev()).ok();
    device(dir) != device(&dir.join("..")) && dir.exists()
}

pub(super) fn refused(target: &Path, why: &str) -> Error {
    Error::Usage(format!("{} {why}; choose another --out", target.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mount_point_is_told_from_a_directory() {
        let dir = tempfile::tempdir().unwrap();
        refuse_dear(dir.path(), None).unwrap();
        let refused = refuse_dear(Path::new("/dev"), None).unwrap_err();
        let advice = "choose a directory in it, such as --out /dev/tables";
        assert!(refused.to_string().ends_with(advice), "{refused}");
    }
}
