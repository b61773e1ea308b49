//! A dataset in a directory.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use rustc_hash::FxHashSet;

use super::{Change, Claim, Store};
use crate::{
    Cleanup, Error,
    interrupt::Registered,
    output::{Staging, is_temporary, parent, sync_paths, write_durable},
};

/// A directory; made by the first file that is put.
pub(crate) struct Local {
    root: PathBuf,
    cleanup: Cleanup,
    /// What was made for this: the directory and those that it lies in, the outermost first.
    made: OnceLock<Vec<Registered>>,
}

impl Drop for Local {
    fn drop(&mut self) {
        // Where nothing has been put, no directory stays either; one that holds something does.
        for dir in self.made.get().into_iter().flatten().rev() {
            let _ = fs::remove_dir(dir.path());
        }
    }
}

impl Local {
    pub(crate) fn new(root: &Path, cleanup: &Cleanup) -> Self {
        Local {
            root: root.to_owned(),
            cleanup: cleanup.clone(),
            made: OnceLock::new(),
        }
    }

    fn path(&self, key: &str) -> PathBuf {
        self.root.join(key)
    }

    /// Makes the dataset's directory durable where it is missing, and knows what was made for it.
    fn begin(&self) -> Result<(), Error> {
        if self.root.is_dir() {
            return Ok(());
        }
        let missing = self
            .root
            .ancestors()
            .take_while(|dir| *dir != Path::new("") && !dir.exists());
        let mut missing: Vec<PathBuf> = missing.map(Path::to_owned).collect();
        missing.reverse();
        let make = || {
            let made = fs::create_dir_all(&self.root);
            made.inspect_err(|_| {
                missing
                    .iter()
                    .rev()
                    .for_each(|dir| drop(fs::remove_dir(dir)))
            })
        };
        let made = self.cleanup.register_folders(missing.clone(), make);
        let made = made.map_err(|error| Error::io("cannot create", &self.root, error))?;
        let _ = self.made.set(made);
        // A new directory is durable when the one around it is.
        self.sync(missing.iter().map(|dir| parent(dir).to_owned()).collect())
    }

    fn make(&self, folder: &Path) -> Result<(), Error> {
        self.begin()?;
        fs::create_dir_all(folder).map_err(|error| Error::io("cannot create", folder, error))
    }

    /// The directory of a key, made where it is missing.
    fn folder(&self, key: &str) -> Result<PathBuf, Error> {
        let path = self.path(key);
        let folder = path.parent().unwrap_or(&self.root).to_owned();
        self.make(&folder)?;
        Ok(folder)
    }

    /// Gives a file its name in the dataset. Gives its folder.
    fn put_file(&self, file: &Path, key: &str) -> Result<PathBuf, Error> {
        let folder = self.folder(key)?;
        let path = self.path(key);
        fs::rename(file, &path)
            .map_err(|error| Error::io("cannot rename the output to", &path, error))?;
        Ok(folder)
    }

    fn sync(&self, paths: Vec<PathBuf>) -> Result<(), Error> {
        sync_paths(&paths).map_err(|error| Error::io("cannot make durable", &self.root, error))
    }

    /// Waits until nobody else has locked a folder, and locks it until what this gives is dropped.
    fn lock(&self, folder: &Path) -> Result<File, Error> {
        let folder = self.root.join(folder);
        self.make(&folder)?;
        // The directory itself is locked: no file is left behind, and a killed process holds nothing.
        let directory = File::open(&folder).and_then(|directory| {
            directory.lock()?;
            Ok(directory)
        });
        directory.map_err(|error| Error::io("cannot lock", &folder, error))
    }

    /// A folder and those that it lies in, up to the dataset's: a new folder is durable when the one
    /// around it is.
    fn chain(&self, folder: &Path) -> impl Iterator<Item = PathBuf> {
        let inner = folder.ancestors().map(Path::to_owned);
        let root = self.root.clone();
        inner.take_while(move |path| path.starts_with(&root))
    }
}

impl Store for Local {
    fn label(&self, key: &str) -> String {
        self.path(key).display().to_string()
    }

    fn settle(&self, files: &[(PathBuf, String)]) -> Result<(), Error> {
        self.sync(files.iter().map(|(file, _)| file.clone()).collect())
    }

    fn put_files(&self, files: &[(PathBuf, String)]) -> Result<(), Error> {
        let mut folders = FxHashSet::default();
        for (number, (file, key)) in files.iter().enumerate() {
            let put = self.put_file(file, key);
            // What nothing lists is not to be read by anybody.
            let take_back = |_: &Error| {
                let paths = files[..number].iter().map(|(_, key)| self.path(key));
                paths.for_each(|path| drop(fs::remove_file(path)));
            };
            let folder = put.inspect_err(take_back)?;
            for folder in self.chain(&folder) {
                if !folders.insert(folder) {
                    break;
                }
            }
        }
        self.sync(folders.into_iter().collect())
    }

    fn put(&self, key: &str, bytes: &[u8]) -> Result<(), Error> {
        self.folder(key)?;
        write_durable(&self.path(key), &self.cleanup, bytes)
    }

    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Error> {
        let path = self.path(key);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(Error::io("cannot read", &path, error)),
        }
    }

    fn take_files(&self, files: &[(String, PathBuf)]) -> Result<(), Error> {
        for (key, to) in files {
            let from = self.path(key);
            fs::hard_link(&from, to)
                .or_else(|_| fs::copy(&from, to).map(drop))
                .map_err(|error| Error::io("cannot copy", &from, error))?;
        }
        Ok(())
    }

    fn lengths(&self, keys: &[String]) -> Result<Vec<Option<u64>>, Error> {
        let length = |key: &String| {
            let path = self.path(key);
            match fs::metadata(&path) {
                Ok(found) => Ok(Some(found.len())),
                Err(error) if is_absent(&error) => Ok(None),
                Err(error) => Err(Error::io("cannot read", &path, error)),
            }
        };
        keys.iter().map(length).collect()
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, Error> {
        let mut keys = Vec::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            let path = self.path(&folder);
            let failed = |error| Error::io("cannot read", &path, error);
            let entries = match fs::read_dir(&path) {
                Ok(entries) => entries,
                Err(error) if is_absent(&error) => continue,
                Err(error) => return Err(failed(error)),
            };
            for entry in entries {
                let entry = entry.map_err(failed)?;
                let name = entry.file_name().to_string_lossy().into_owned();
                let key = match folder.as_str() {
                    "" => name,
                    folder => format!("{folder}/{name}"),
                };
                match entry.file_type().map_err(failed)?.is_dir() {
                    true => folders.push(key),
                    false => keys.push(key),
                }
            }
        }
        keys.sort_unstable();
        Ok(keys)
    }

    fn delete(&self, key: &str) -> Result<(), Error> {
        let path = self.path(key);
        // Durable as what is put: a manifest that came back would tell of other files.
        let folder = path.parent().unwrap_or(&self.root);
        match fs::remove_file(&path).and_then(|()| File::open(folder)?.sync_all()) {
            Err(error) if !is_absent(&error) => Err(Error::io("cannot remove", &path, error)),
            _ => Ok(()),
        }
    }

    fn update(&self, key: &str, change: &mut Change<'_>) -> Result<(), Error> {
        let _locked = self.lock(Path::new(""))?;
        let found = self.get(key)?;
        let changed = change(found.as_deref())?;
        match &changed {
            same if *same == found => Ok(()),
            Some(changed) => self.put(key, changed),
            None => self.delete(key),
        }
    }

    /// One lock for all claims: what is done under it is renaming, which takes no longer for being done
    /// one after another.
    fn exclusively(
        &self,
        claims: &[Claim],
        work: &mut dyn FnMut() -> Result<(), Error>,
    ) -> Result<(), Error> {
        let folder = |claim: &Claim| Path::new(&claim.key).parent().map(Path::to_owned);
        let folders: BTreeSet<PathBuf> = claims.iter().filter_map(folder).collect();
        let locks = folders.iter().map(|folder| self.lock(folder));
        let _locked: Vec<File> = locks.collect::<Result<_, _>>()?;
        work()
    }

    /// A group is put by many threads as it is.
    fn groups_at_a_time(&self) -> usize {
        1
    }

    fn holds(&self, _claim: &Claim) -> Result<bool, Error> {
        Ok(true)
    }

    fn is_there(&self) -> Result<bool, Error> {
        match fs::metadata(&self.root) {
            Ok(_) => Ok(true),
            Err(error) if is_absent(&error) => Ok(false),
            Err(error) => Err(Error::io("cannot read", &self.root, error)),
        }
    }

    fn is_empty(&self) -> Result<bool, Error> {
        match fs::read_dir(&self.root) {
            // What a killed run left is nothing.
            Ok(mut entries) => {
                Ok(entries.all(|entry| entry.is_ok_and(|entry| is_temporary(&entry.file_name()))))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
            Err(error) => Err(Error::io("cannot write to", &self.root, error)),
        }
    }

    fn staging(&self) -> Result<Staging, Error> {
        // On the same file system as the files' final names.
        let begin = || Staging::begin(&self.root, false, &self.cleanup);
        self.begin()?;
        match begin() {
            // Another run, which made it and failed, has taken it away.
            Err(Error::Io { error, .. }) if is_absent(&error) => {
                self.begin()?;
                begin()
            }
            begun => begun,
        }
    }
}

/// Nothing is below what is no directory, either.
fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn what_is_put_is_listed_read_and_removed() {
        let dir = tempfile::tempdir().unwrap();
        let staged = tempfile::tempdir().unwrap();
        let store = Local::new(&dir.path().join("new"), &Cleanup::default());
        assert_eq!(store.list("").unwrap(), [""; 0]);
        fs::write(staged.path().join("f"), "abc").unwrap();
        let file = (staged.path().join("f"), "a/b/part-0.csv".to_owned());
        store.settle(std::slice::from_ref(&file)).unwrap();
        store.put_files(&[file]).unwrap();
        store.put("a/x.json", b"1").unwrap();
        store.put("z.json", b"2").unwrap();
        assert_eq!(
            store.list("").unwrap(),
            ["a/b/part-0.csv", "a/x.json", "z.json"]
        );
        assert_eq!(store.list("a").unwrap(), ["a/b/part-0.csv", "a/x.json"]);
        assert_eq!(store.get("a/b/part-0.csv").unwrap().unwrap(), b"abc");
        let keys = ["a/b/part-0.csv", "a/y.json"].map(str::to_owned);
        assert_eq!(store.lengths(&keys).unwrap(), [Some(3), None]);
        let copy = staged.path().join("copy");
        store
            .take_files(&[(keys[0].clone(), copy.clone())])
            .unwrap();
        assert_eq!(fs::read(copy).unwrap(), b"abc");
        store.delete("a/x.json").unwrap();
        store.delete("a/x.json").unwrap();
        assert_eq!(store.get("a/x.json").unwrap(), None);
        assert_eq!(store.get("z.json/none").unwrap(), None);
    }

    #[test]
    fn directories_that_nothing_was_put_into_go_with_the_store() {
        let dir = tempfile::tempdir().unwrap();
        let store = Local::new(&dir.path().join("new/deep/ds"), &Cleanup::default());
        drop(store.staging().unwrap());
        assert!(dir.path().join("new/deep/ds").is_dir());
        drop(store);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn no_update_is_lost() {
        let dir = tempfile::tempdir().unwrap();
        let store = Local::new(dir.path(), &Cleanup::default());
        let calls = AtomicU32::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let add = &mut |found: Option<&[u8]>| {
                        calls.fetch_add(1, Ordering::Relaxed);
                        let mut all = found.unwrap_or_default().to_vec();
                        all.push(b'x');
                        Ok(Some(all))
                    };
                    store.update("n", add).unwrap();
                });
            }
        });
        assert_eq!(calls.into_inner(), 8);
        assert_eq!(store.get("n").unwrap().unwrap(), b"xxxxxxxx");
    }
}
