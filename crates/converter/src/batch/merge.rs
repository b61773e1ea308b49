//! Datasets of several machines into one.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use serde::Serialize;

use super::commit::GROUP;
use super::dataset::{Existing, HiveDataset, Prepared, hash_of, is_complete, manifest_key};
use super::name::before_number;
use crate::{
    Cleanup, Error,
    convert::pool,
    plain::counted,
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
        let added = counted(*added as u64, "snapshot");
        format!("{added} added, {present} there already, {snapshots} in all")
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
/// When a dataset is missing or of another format, two have different snapshots of one name, a file is
/// missing, or anything cannot be read or written. Then nothing was added but, where a file is missing or
/// writing failed, whole inputs.
pub fn merge(out: &Path, shards: &[PathBuf], cleanup: &Cleanup) -> Result<Merged, Error> {
    let target = store::open(out, cleanup)?;
    let stores: Result<Vec<Box<dyn Store>>, Error> = shards
        .iter()
        .map(|shard| store::open(shard, cleanup))
        .collect();
    let stores = stores?;
    let sources: Result<Vec<HiveDataset<'_>>, Error> =
        stores.iter().map(|store| found(&**store)).collect();
    let sources = sources?;
    let dataset = match (HiveDataset::find(&*target)?, sources.first()) {
        (Some(dataset), _) => dataset,
        (None, Some(source)) if target.is_empty()? => HiveDataset::like(&*target, source),
        _ => found(&*target)?,
    };
    let mut merged = Merged::default();
    let there = dataset.snapshots()?;
    let mut rejects = BTreeMap::new();
    let mut todo = Vec::new();
    // The hashes of the manifests that are to be added, by their snapshots.
    let mut planned = BTreeMap::new();
    for source in &sources {
        if source.format() != dataset.format() {
            let text = format!("holds {} files, not {}", source.format(), dataset.format());
            return Err(source.refused(&text));
        }
        if let Some(options) = source.dialect()? {
            dataset.refuse_other_dialect(&options)?;
        }
        for (name, line) in source.rejects()? {
            rejects.insert(name, Some(line));
        }
        for input in inputs(source)? {
            let mut same = 0;
            for Todo { name, hash, .. } in &input {
                let present = match planned.get(name) {
                    Some(hash) => Some((String::clone(hash), true)),
                    None => present(&dataset, name, &there)?,
                };
                match present {
                    // What lacks a file is put again.
                    Some((present, is_whole)) if present == *hash => same += usize::from(is_whole),
                    Some(_) => return Err(contradiction(source, name, &dataset)),
                    None => {}
                }
            }
            if same == input.len() {
                merged.present += same;
                continue;
            }
            let hashes = input.iter().map(|one| (one.name.clone(), one.hash.clone()));
            planned.extend(hashes);
            todo.push(input);
        }
    }
    let pool = pool(None)?;
    pool.install(|| dataset.list_snapshots(&BTreeSet::new()))?;
    let staging = dataset.store().staging()?;
    for group in todo.chunks(GROUP) {
        let dir = staging.path().join("group");
        let mut number = 0;
        let mut stage = |snapshot: &Todo<'_>| {
            number += 1;
            snapshot.stage(dir.join(number.to_string()))
        };
        let staged: Result<Vec<Vec<_>>, Error> = group
            .iter()
            .map(|snapshots| snapshots.iter().map(&mut stage).collect())
            .collect();
        let refused = dataset.put(&staged?, Existing::Append)?;
        if let Some(error) = refused.into_values().next() {
            return Err(error);
        }
        // Where the store has no use for them, the files are still there.
        let _ = fs::remove_dir_all(&dir);
        merged.added += number;
    }
    // What is a snapshot is none that was left out.
    rejects.extend(dataset.snapshots()?.into_iter().map(|name| (name, None)));
    dataset.list_rejects(&rejects)?;
    let changed = planned.into_keys().collect();
    merged.snapshots = pool.install(|| dataset.list_snapshots(&changed))?;
    Ok(merged)
}

fn found(store: &dyn Store) -> Result<HiveDataset<'_>, Error> {
    if let Some(found) = HiveDataset::find(store)? {
        return Ok(found);
    }
    Err(match store.is_there()? {
        true => Error::Usage(format!(
            "{}: this is no dataset of voltree",
            store.label("")
        )),
        false => Error::Io {
            doing: format!("cannot read {}", store.label("")),
            error: io::ErrorKind::NotFound.into(),
        },
    })
}

/// The hash of a snapshot's manifest, where it is complete, and whether all of its files are there.
fn present(
    dataset: &HiveDataset<'_>,
    name: &str,
    there: &BTreeSet<String>,
) -> Result<Option<(String, bool)>, Error> {
    let Some((bytes, known)) = dataset.manifest(name)? else {
        return Ok(None);
    };
    if !is_complete(name, known.payload(), there) {
        return Ok(None);
    }
    Ok(Some((hash_of(&bytes), dataset.missing(&known)?.is_none())))
}

/// That two datasets have different snapshots of one name.
fn contradiction(source: &HiveDataset<'_>, snapshot: &str, target: &HiveDataset<'_>) -> Error {
    source.refused(&format!(
        "has a snapshot {snapshot} that {}, or another of these datasets, has with other content or options",
        target.store().label("")
    ))
}

/// The snapshots of a dataset, by their inputs; what a killed run left of an input is none.
fn inputs<'a>(source: &'a HiveDataset<'a>) -> Result<Vec<Vec<Todo<'a>>>, Error> {
    let mut inputs: BTreeMap<String, Vec<Todo<'a>>> = BTreeMap::new();
    let there = source.snapshots()?;
    for name in &there {
        let Some((manifest, known)) = source.manifest(name)? else {
            continue;
        };
        let payload = known.payload();
        if !is_complete(name, payload, &there) {
            continue;
        }
        let first = match (payload, before_number(name)) {
            (2.., Some((first, _))) => first,
            _ => name,
        };
        inputs.entry(first.to_owned()).or_default().push(Todo {
            source,
            name: name.clone(),
            payload,
            hash: hash_of(&manifest),
        });
    }
    for snapshots in inputs.values_mut() {
        snapshots.sort_unstable_by_key(|snapshot| snapshot.payload);
    }
    Ok(inputs.into_values().collect())
}

/// A snapshot that is added.
struct Todo<'a> {
    source: &'a HiveDataset<'a>,
    name: String,
    payload: usize,
    /// Of its manifest.
    hash: String,
}

impl Todo<'_> {
    /// Links or copies its files.
    fn stage(&self, dir: PathBuf) -> Result<Prepared, Error> {
        fs::create_dir_all(&dir).map_err(|error| Error::io("cannot create", &dir, error))?;
        let gone = |key: &str| {
            let path = self.source.store().label(key);
            Error::Usage(format!(
                "{path}: the file is missing or has another length than its manifest says: \
                 convert its input again"
            ))
        };
        let Some((manifest, known)) = self.source.manifest(&self.name)? else {
            return Err(gone(&manifest_key(&self.name)));
        };
        if let Some(key) = self.source.missing(&known)? {
            return Err(gone(&key));
        }
        let keys = known.files().map(|(key, _)| key.to_owned());
        let files: Vec<(String, String)> = keys
            .enumerate()
            .map(|(number, key)| (number.to_string(), key))
            .collect();
        let copies = files
            .iter()
            .map(|(file, key)| (key.clone(), dir.join(file)));
        self.source
            .store()
            .take_files(&copies.collect::<Vec<_>>())?;
        Prepared::new(self.name.clone(), self.payload, dir, files, &manifest)
    }
}
