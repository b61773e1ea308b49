//! A dataset below a prefix in an object store.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::{StreamExt, TryStreamExt, stream};
use object_store::{
    MultipartUpload, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload, UpdateVersion,
    path::Path as Key,
};
use tokio::task::JoinSet;

use super::{Change, Claim, Staging, Store};
use crate::{Cleanup, Error, ObjectUrl, remote};

/// Bytes of a part; what is not longer goes in one request.
const PART: usize = 8 << 20;
/// Parts of a file that are on their way at the same time.
const PARTS: usize = 4;
/// Files of a group that are on their way at the same time.
const FILES: usize = 4;
/// Files whose lengths are asked for at the same time.
const LENGTHS: usize = 16;
/// Groups that are put at the same time.
const GROUPS: usize = 3;
/// How often a change is tried while others change the same file.
const TRIES: u32 = 50;
/// How often a small file that is empty is read again.
const EMPTY_TRIES: u32 = 20;
/// The time between.
const EMPTY_WAIT: Duration = Duration::from_millis(100);
/// The longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// A prefix in a bucket.
pub(crate) struct Remote {
    url: ObjectUrl,
    store: Arc<dyn ObjectStore>,
    prefix: Key,
    cleanup: Cleanup,
}

impl Remote {
    pub(crate) fn new(url: &ObjectUrl, cleanup: &Cleanup) -> Result<Self, Error> {
        let place = remote::place(url)?;
        Ok(Remote {
            url: url.clone(),
            store: place.store,
            prefix: place.path,
            cleanup: cleanup.clone(),
        })
    }

    fn key(&self, key: &str) -> Key {
        // As it is. What a manifest lists that is no key is not there either.
        let key = Key::parse(key).unwrap_or_else(|_| Key::from(key));
        self.prefix.parts().chain(key.parts()).collect()
    }

    fn failed(&self, doing: &str, key: &str, error: &object_store::Error) -> Error {
        Error::Io {
            doing: format!("{doing} {}", self.label(key)),
            error: remote::why(error),
        }
    }

    /// One file, which appears when it is complete.
    async fn put_file(&self, local: &Path, key: &str) -> Result<(), Error> {
        let cannot_read = |error| Error::io("cannot read", local, error);
        let mut file = File::open(local).map_err(cannot_read)?;
        let first = part(&mut file).map_err(cannot_read)?;
        let to = self.key(key);
        let failed = |error| self.failed("cannot write", key, &error);
        if first.len() < PART {
            let done = self.store.put(&to, first.into()).await;
            return done.map(drop).map_err(failed);
        }
        let mut upload = self.store.put_multipart(&to).await.map_err(failed)?;
        let sent = match send(&mut *upload, first, &mut file).await {
            Ok(()) => upload.complete().await.map(drop).map_err(Stopped::Store),
            stopped => stopped,
        };
        if sent.is_err() {
            // The parts that are there are of no use. What counts is why.
            let _ = upload.abort().await;
        }
        sent.map_err(|stopped| match stopped {
            Stopped::Store(error) => failed(error),
            Stopped::File(error) => cannot_read(error),
        })
    }

    /// A small file, and what tells whether it has changed since. A server may show one that is being
    /// written as empty; one that stays empty, since writing it broke off, says nothing.
    fn find(&self, key: &str) -> Result<Option<(Vec<u8>, UpdateVersion)>, Error> {
        for _ in 0..EMPTY_TRIES {
            match self.find_once(key)? {
                Some((bytes, _)) if bytes.is_empty() => std::thread::sleep(EMPTY_WAIT),
                found => return Ok(found),
            }
        }
        self.find_once(key)
    }

    fn find_once(&self, key: &str) -> Result<Option<(Vec<u8>, UpdateVersion)>, Error> {
        let found = remote::runtime()?.block_on(async {
            let found = self.store.get(&self.key(key)).await?;
            let version = UpdateVersion {
                e_tag: found.meta.e_tag.clone(),
                version: found.meta.version.clone(),
            };
            // It may be of unknown length.
            let chunks: Vec<_> = found.into_stream().try_collect().await?;
            Ok((chunks.concat(), version))
        });
        match found {
            Ok(found) => Ok(Some(found)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.failed("cannot read", key, &error)),
        }
    }

    /// Makes the file that stands for a claim, or takes it over.
    fn claim(&self, claim: &Claim) -> Result<(), Error> {
        let mine = claim.content.as_bytes();
        self.update(&claim.key, &mut |found| match found {
            Some(other) if other != mine && !claim.replaces => Err(Error::Usage(format!(
                "{}: another run is putting something else under this name; if it was killed, \
                 --overwrite takes its place",
                self.label(&claim.key)
            ))),
            _ => Ok(Some(mine.to_owned())),
        })
    }
}

impl Store for Remote {
    fn label(&self, key: &str) -> String {
        match key {
            "" => self.url.to_string(),
            key => self.url.below(key).to_string(),
        }
    }

    /// What comes of putting files shows only when they are sent.
    fn settle(&self, _files: &[(PathBuf, String)]) -> Result<(), Error> {
        Ok(())
    }

    fn put_files(&self, files: &[(PathBuf, String)]) -> Result<(), Error> {
        // The files are read on this thread, and sent from the network's.
        let failed = AtomicBool::new(false);
        let all = stream::iter(files)
            .map(async |(file, key)| match failed.load(Ordering::Relaxed) {
                true => Ok(()),
                false => {
                    let put = self.put_file(file, key).await;
                    put.inspect_err(|_| failed.store(true, Ordering::Relaxed))
                }
            })
            .buffered(FILES);
        // Where one fails, those that are on their way come to their ends: what they began is not left behind.
        let done: Vec<_> = remote::runtime()?.block_on(all.collect());
        done.into_iter().collect()
    }

    fn put(&self, key: &str, bytes: &[u8]) -> Result<(), Error> {
        let payload = PutPayload::from(bytes.to_vec());
        let put = remote::runtime()?.block_on(self.store.put(&self.key(key), payload));
        put.map(drop)
            .map_err(|error| self.failed("cannot write", key, &error))
    }

    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Error> {
        let found = self.find(key)?.map(|(bytes, _)| bytes);
        Ok(found.filter(|bytes| !bytes.is_empty()))
    }

    fn take_files(&self, files: &[(String, PathBuf)]) -> Result<(), Error> {
        let files = files
            .iter()
            .map(|(key, to)| (self.url.below(key), to.clone()));
        remote::copy(&files.collect::<Vec<_>>())
    }

    fn lengths(&self, keys: &[String]) -> Result<Vec<Option<u64>>, Error> {
        let lengths = stream::iter(keys)
            .map(async |key| match self.store.head(&self.key(key)).await {
                Ok(found) => Ok(Some(found.size)),
                Err(object_store::Error::NotFound { .. }) => Ok(None),
                Err(error) => Err(self.failed("cannot look at", key, &error)),
            })
            .buffered(LENGTHS);
        remote::runtime()?.block_on(lengths.try_collect())
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, Error> {
        let prefix = self.key(folder);
        let found: Vec<_> = remote::runtime()?
            .block_on(self.store.list(Some(&prefix)).try_collect())
            .map_err(|error| self.failed("cannot list", folder, &error))?;
        let depth = self.prefix.parts_count();
        let key = |object: object_store::ObjectMeta| {
            let parts = object.location.parts().skip(depth);
            parts.collect::<Key>().as_ref().to_owned()
        };
        let mut keys: Vec<String> = found.into_iter().map(key).collect();
        keys.sort_unstable();
        Ok(keys)
    }

    fn delete(&self, key: &str) -> Result<(), Error> {
        match remote::runtime()?.block_on(self.store.delete(&self.key(key))) {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(self.failed("cannot remove", key, &error)),
        }
    }

    fn update(&self, key: &str, change: &mut Change<'_>) -> Result<(), Error> {
        use object_store::Error::{AlreadyExists, Precondition};
        let to = self.key(key);
        for attempt in 0..TRIES {
            let (found, mode) = match self.find(key)? {
                Some((bytes, version)) => {
                    let bytes = (!bytes.is_empty()).then_some(bytes);
                    (bytes, PutMode::Update(version))
                }
                None => (None, PutMode::Create),
            };
            let changed = change(found.as_deref())?;
            let bytes = match changed {
                same if same == found => return Ok(()),
                Some(bytes) => bytes,
                None => return self.delete(key),
            };
            let put = self
                .store
                .put_opts(&to, bytes.into(), PutOptions::from(mode));
            match remote::runtime()?.block_on(put) {
                Ok(_) => return Ok(()),
                Err(AlreadyExists { .. } | Precondition { .. }) => {
                    let wait = Duration::from_millis(10) * 2_u32.pow(attempt.min(10));
                    std::thread::sleep(wait.min(LONGEST_WAIT));
                }
                Err(error) => return Err(self.failed("cannot write", key, &error)),
            }
        }
        Err(Error::Io {
            doing: format!("cannot write {}", self.label(key)),
            error: io::Error::other("others change it all the time"),
        })
    }

    /// An object store has no locks: what stands for one is a file that is created, and changed, only
    /// while nobody else has done so.
    fn exclusively(
        &self,
        claims: &[Claim],
        work: &mut dyn FnMut() -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut held = Vec::new();
        let claimed = claims.iter().try_for_each(|claim| {
            self.claim(claim)?;
            held.push(claim);
            Ok(())
        });
        let done = claimed.and_then(|()| work());
        let give_back = |claim: &Claim| match self.holds(claim)? {
            true => self.delete(&claim.key),
            // What was taken by others is theirs to remove.
            false => Ok(()),
        };
        // Each of them, whatever becomes of the others. What counts is why the work failed, if it did.
        held.into_iter()
            .map(give_back)
            .fold(done, |done, given_back| done.and(given_back))
    }

    /// Each step waits for the network.
    fn groups_at_a_time(&self) -> usize {
        GROUPS
    }

    fn holds(&self, claim: &Claim) -> Result<bool, Error> {
        Ok(self.get(&claim.key)?.as_deref() == Some(claim.content.as_bytes()))
    }

    /// A prefix is there if anything is below it.
    fn is_there(&self) -> Result<bool, Error> {
        Ok(!self.is_empty()?)
    }

    fn is_empty(&self) -> Result<bool, Error> {
        let first = remote::runtime()?.block_on(self.store.list(Some(&self.prefix)).try_next());
        match first {
            Ok(first) => Ok(first.is_none()),
            Err(error) => Err(self.failed("cannot list", "", &error)),
        }
    }

    fn staging(&self) -> Result<Staging, Error> {
        Staging::temporary(&self.cleanup)
    }
}

/// Why sending a file stopped.
enum Stopped {
    File(io::Error),
    Store(object_store::Error),
}

/// Sends all parts of a file, a few at a time, the first of which was read before.
async fn send(
    upload: &mut dyn MultipartUpload,
    first: Vec<u8>,
    file: &mut File,
) -> Result<(), Stopped> {
    let mut next = first;
    let mut under_way = JoinSet::new();
    while !next.is_empty() {
        if under_way.len() == PARTS {
            finish_one(&mut under_way).await?;
        }
        under_way.spawn(upload.put_part(next.into()));
        next = part(file).map_err(Stopped::File)?;
    }
    while !under_way.is_empty() {
        finish_one(&mut under_way).await?;
    }
    Ok(())
}

async fn finish_one(under_way: &mut JoinSet<object_store::Result<()>>) -> Result<(), Stopped> {
    match under_way.join_next().await {
        Some(Ok(done)) => done.map_err(Stopped::Store),
        Some(Err(error)) => Err(Stopped::Store(error.into())),
        None => Ok(()),
    }
}

/// The next part of a file; empty at its end.
fn part(file: &mut File) -> io::Result<Vec<u8>> {
    let mut part = Vec::new();
    file.take(PART as u64).read_to_end(&mut part)?;
    Ok(part)
}

#[cfg(test)]
mod tests;
