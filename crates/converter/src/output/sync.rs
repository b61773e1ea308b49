//! Making a directory of files durable.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder, prelude::*};

/// Files that are synced at a time.
///
/// Each sync waits for the journal of the file system, and those that wait together are served by
/// one write of it: for the files of one snapshot four at a time take a twentieth of the time of one after
/// another, for those of many snapshots this many take a tenth less than four. One sync of the
/// whole file system would wait for what other processes wrote, too.
const AT_A_TIME: usize = 16;

/// Syncs the files in a directory and in those within, and the directories themselves.
pub(crate) fn sync_dir(dir: &Path) -> io::Result<()> {
    let mut paths = vec![dir.to_owned()];
    let mut dirs = vec![dir.to_owned()];
    while let Some(dir) = dirs.pop() {
        for entry in fs::read_dir(dir)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                dirs.push(entry.path());
            }
            paths.push(entry.path());
        }
    }
    sync_paths(&paths)
}

/// Syncs files and directories.
pub(crate) fn sync_paths(paths: &[PathBuf]) -> io::Result<()> {
    // Threads of their own, since those of the conversion have better to do than to wait.
    static POOL: LazyLock<Result<ThreadPool, ThreadPoolBuildError>> =
        LazyLock::new(|| ThreadPoolBuilder::new().num_threads(AT_A_TIME).build());
    let pool = POOL.as_ref().map_err(io::Error::other)?;
    let one_each = || paths.par_iter().with_max_len(1);
    pool.install(|| one_each().try_for_each(|path| File::open(path)?.sync_all()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_that_is_gone_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        for name in 0..10 {
            fs::write(dir.path().join(name.to_string()), "x").unwrap();
        }
        sync_dir(dir.path()).unwrap();
        assert!(sync_dir(&dir.path().join("none")).is_err());
    }
}
