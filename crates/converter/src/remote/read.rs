//! An object as a reader, with the network ahead of it.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use object_store::ObjectStoreExt;
use tokio::sync::mpsc::{self, Receiver};

use super::{ObjectUrl, client, failed, http::UNKNOWN_LENGTH, runtime, why};
use crate::{Error, input::Raw};

/// How many chunks, of the size in which the network gives them, may wait for their reader.
const AHEAD: usize = 64;

/// Objects whose lengths are asked for at the same time.
const LENGTHS: usize = 16;

/// The lengths of objects, where a URL is given and its server tells.
pub(crate) fn lengths<'a>(urls: impl Iterator<Item = Option<&'a ObjectUrl>>) -> Vec<Option<u64>> {
    let urls: Vec<_> = urls.collect();
    if urls.iter().all(Option::is_none) {
        return vec![None; urls.len()];
    }
    let Ok(runtime) = runtime() else {
        return vec![None; urls.len()];
    };
    let length = async |url: Option<&ObjectUrl>| {
        let place = client::place(url?).ok()?;
        Some(place.store.head(&place.path).await.ok()?.size)
    };
    // It is no matter of success: reading says what is wrong.
    runtime.block_on(stream::iter(urls).map(length).buffered(LENGTHS).collect())
}

/// Objects that are copied at the same time.
const COPIES: usize = 6;

/// Copies those objects that are there to files.
pub(crate) fn copy(objects: &[(ObjectUrl, PathBuf)]) -> Result<(), Error> {
    let copies = stream::iter(objects)
        .map(async |(url, path)| copy_one(url, path).await)
        .buffered(COPIES);
    runtime()?.block_on(copies.try_collect())
}

async fn copy_one(url: &ObjectUrl, path: &Path) -> Result<(), Error> {
    let place = client::place(url)?;
    let found = match place.store.get(&place.path).await {
        Err(object_store::Error::NotFound { .. }) => return Ok(()),
        found => found.map_err(|error| failed("cannot read", url, &error))?,
    };
    let cannot_write = |error| Error::io("cannot write", path, error);
    fs::create_dir_all(path.parent().unwrap_or(path)).map_err(cannot_write)?;
    let mut file = File::create(path).map_err(cannot_write)?;
    let mut chunks = found.into_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| failed("cannot read", url, &error))?;
        file.write_all(&chunk).map_err(cannot_write)?;
    }
    Ok(())
}

/// Starts to read an object.
///
/// A request that fails is tried again. So is an answer that breaks off, from where it broke, if the
/// server can tell that the object is still the same.
pub(crate) fn open(url: &ObjectUrl) -> Result<Raw, Error> {
    let runtime = runtime()?;
    let place = client::place(url)?;
    let found = runtime
        .block_on(place.store.get(&place.path))
        .map_err(|error| failed("cannot read", url, &error))?;
    let bytes = found.meta.size;
    let (sender, chunks) = mpsc::channel(AHEAD);
    runtime.spawn(async move {
        let mut stream = found.into_stream();
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|error| why(&error));
            let is_last = chunk.is_err();
            // Nobody may want it any more.
            if sender.send(chunk).await.is_err() || is_last {
                return;
            }
        }
    });
    Ok(Box::new(Object {
        chunks,
        chunk: Bytes::new(),
        left: (bytes != UNKNOWN_LENGTH).then_some(bytes),
    }))
}

struct Object {
    chunks: Receiver<io::Result<Bytes>>,
    chunk: Bytes,
    /// Bytes that have not been received, where the server told how many there are.
    left: Option<u64>,
}

impl Read for Object {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.chunk.is_empty() {
            match self.chunks.blocking_recv() {
                Some(chunk) => self.chunk = chunk?,
                None if self.left.unwrap_or_default() == 0 => return Ok(0),
                None => return Err(io::Error::other("the answer of the server broke off")),
            }
            let received = self.chunk.len() as u64;
            self.left = self.left.map(|left| left.saturating_sub(received));
        }
        let length = self.chunk.len().min(buffer.len());
        buffer[..length].copy_from_slice(&self.chunk.split_to(length));
        Ok(length)
    }
}
