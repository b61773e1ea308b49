//! Datasets of several machines into one.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use serde::Serialize;

use super::commit::GROUP;
use super::dataset::{Existing, HiveDataset, Prepared, manifest_key};
use crate::{
    Cleanup, Error,
    convert::pool,
    store::{self, Store},
};

/// What joining datasets did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Merged {
    /// Snapshots that were added.
    pub added: usize,
    /// Snapshots that were there already, exactly like this.
    pub present: usize,
    /// Snapshots of the dataset, in all.
    pub snapshots: usize,
}

impl Merged {
    pub(crate) fn text(&self) -> String {
        let Merged {
            added,
            present,
            snapshots,
        } = self;
        format!("{added} snapshots added, {present} there already, {snapshots} in all")
    }
}

/// Adds the snapshots of datasets to another one, and lists there what it has now: what one
/// conversion of all the inputs would have given, byte for byte.
///
/// Files are linked where the file system can, and copied else. Without `shards` the dataset is
/// listed again.
///
/// ```
/// use voltree::{Batch, Cleanup, Inputs, convert_batch, merge};
///
/// let dir = tempfile::tempdir()?;
/// for name in ["a", "b", "c"] {
///     std::fs::write(dir.path().join(name), r#"{"operatorGroups":[{"id":7}]}"#)?;
/// }
/// let shards = ["1/2", "2/2"].map(|shard| {
///     let inputs = Inputs { named: vec![dir.path().join("?")], ..Inputs::default() };
///     let mut job = Batch::new(inputs, dir.path().join(shard.replace('/', "-")));
///     job.shard = shard.parse().ok();
///     convert_batch(&job).unwrap();
///     job.out
/// });
/// let merged = merge(&dir.path().join("all"), &shards, &Cleanup::default())?;
/// assert_eq!((merged.added, merged.snapshots), (3, 3));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// When a dataset is missing or of another format, two have different snapshots of one name, or
/// anything cannot be read or written. Then nothing was added but, where writing failed, whole snapshots.
pub fn merge(out: &Path, shards: &[PathBuf], cleanup: &Cleanup) -> Result<Merged, Error> {
    let target = store::open(out, cleanup)?;
    let stores: Result<Vec<Box<dyn Store>>, Error> = shards
        .iter()
        .map(|shard| store::open(shard, cleanup))
        .collect();
    let stores = stores?;
    let mut sources = Vec::new();
    for (store, path) in stores.iter().zip(shards) {
        sources.push(Source {
            dir: path,
            dataset: found(&**store)?,
        });
    }
    let dataset = match (HiveDataset::find(&*target)?, sources.first()) {
        (Some(dataset), _) => dataset,
        (None, Some(source)) if target.is_empty()? => HiveDataset::like(&*target, &source.dataset),
        _ => found(&*target)?,
    };
    let mut merged = Merged::default();
    let mut changed = BTreeSet::new();
    let mut rejects = BTreeMap::new();
    let mut todo = Vec::new();
    for source in &sources {
        if source.dataset.format() != dataset.format() {
            let text = format!(
                "holds {} files, not {}",
                source.dataset.format(),
                dataset.format()
            );
            return Err(source.dataset.refused(&text));
        }
        rejects.extend(source.dataset.rejects()?);
        for name in source.dataset.snapshots()? {
            let manifest = source.manifest(&name)?;
            match dataset.store().get(&manifest_key(&name))? {
                Some(there) if there == manifest => merged.present += 1,
                Some(_) => return Err(dataset.collision(&name)),
                None => {
                    let payload = source
                        .dataset
                        .parse(&manifest_key(&name), &manifest)?
                        .payload();
                    todo.push(Todo {
                        source,
                        payload,
                        name,
                        manifest,
                    });
                }
            }
        }
    }
    dataset.list_snapshots(&BTreeSet::new())?;
    let staging = dataset.store().staging()?;
    // The first snapshot of an input has to come after the others.
    todo.sort_by_key(|snapshot| Reverse(snapshot.payload));
    for (number, group) in todo.chunks(GROUP).enumerate() {
        let dir = staging.path().join(number.to_string());
        let stage = |(number, snapshot): (usize, &Todo<'_>)| {
            Ok(vec![snapshot.stage(dir.join(number.to_string()))?])
        };
        let staged: Result<Vec<_>, Error> = group.iter().enumerate().map(stage).collect();
        let refused = dataset.put(&staged?, Existing::Append)?;
        if let Some(error) = refused.into_values().next() {
            return Err(error);
        }
        // Where the store has no use for them, the files are still there.
        let _ = fs::remove_dir_all(&dir);
        merged.added += group.len();
        changed.extend(group.iter().map(|snapshot| snapshot.name.clone()));
    }
    rejects.retain(|name, _| !changed.contains(name));
    let rejects = rejects.into_iter().map(|(name, line)| (name, Some(line)));
    dataset.list_rejects(&rejects.collect())?;
    pool(None)?.install(|| dataset.list_snapshots(&changed))?;
    merged.snapshots = dataset.snapshots()?.len();
    Ok(merged)
}

fn found(store: &dyn Store) -> Result<HiveDataset<'_>, Error> {
    HiveDataset::find(store)?.ok_or_else(|| {
        Error::Usage(format!(
            "{}: this is no dataset of voltree",
            store.label("")
        ))
    })
}

/// A dataset whose snapshots are added.
struct Source<'a> {
    dir: &'a Path,
    dataset: HiveDataset<'a>,
}

impl Source<'_> {
    fn manifest(&self, name: &str) -> Result<Vec<u8>, Error> {
        let key = manifest_key(name);
        let found = self.dataset.store().get(&key)?;
        found.ok_or_else(|| {
            Error::io(
                "cannot read",
                &self.dir.join(key),
                io::ErrorKind::NotFound.into(),
            )
        })
    }
}

/// A snapshot that is added.
struct Todo<'a> {
    source: &'a Source<'a>,
    payload: usize,
    name: String,
    manifest: Vec<u8>,
}

impl Todo<'_> {
    /// Links or copies its files.
    fn stage(&self, dir: PathBuf) -> Result<Prepared, Error> {
        fs::create_dir_all(&dir).map_err(|error| Error::io("cannot create", &dir, error))?;
        let Source {
            dir: shard,
            dataset,
        } = self.source;
        let known = dataset.parse(&manifest_key(&self.name), &self.manifest)?;
        let mut files = Vec::new();
        for (number, key) in known.files().enumerate() {
            let (from, to) = (shard.join(&key), dir.join(number.to_string()));
            fs::hard_link(&from, &to)
                .or_else(|_| fs::copy(&from, &to).map(drop))
                .map_err(|error| Error::io("cannot copy", &from, error))?;
            files.push((number.to_string(), key));
        }
        Ok(Prepared {
            name: self.name.clone(),
            payload: self.payload,
            dir,
            files,
            manifest: self.manifest.clone(),
        })
    }
}
