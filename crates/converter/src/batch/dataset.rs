//! A dataset of snapshots, in folders as Hive partitions them.
//!
//! | file | what |
//! |---|---|
//! | `<table>/snapshot=<name>/part-0.parquet` | the rows of a table in one snapshot |
//! | `_snapshots/<name>.json` | the manifest of a snapshot: written last, so that what it lists is complete |
//! | `dataset.json` | which snapshots there are |
//! | `rejects.jsonl` | the inputs that were left out |

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use voltree_core::schema::{self, SCHEMA_VERSION};

use crate::{
    Error, Format,
    manifest::{self, Options},
    store::Store,
    write::hash_text,
};

/// The dataset's manifest.
pub(crate) const MANIFEST: &str = "dataset.json";
/// The inputs that were left out, one JSON object a line.
pub(crate) const REJECTS: &str = "rejects.jsonl";
/// The folder of the snapshots' manifests.
pub(crate) const SNAPSHOTS: &str = "_snapshots";

/// What becomes of snapshots that are there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Existing {
    /// There must be no dataset yet.
    #[default]
    Refuse,
    /// They stay; new ones come beside them, and one of the same name is refused.
    Append,
    /// Those of the same name are replaced; others stay.
    Replace,
}

/// Key of a table's file in a snapshot.
pub(crate) fn part(table: &schema::TableDef, snapshot: &str, format: &str) -> String {
    format!("{}/snapshot={snapshot}/part-0.{format}", table.path())
}

/// Key of a snapshot's manifest.
pub(crate) fn manifest_key(snapshot: &str) -> String {
    format!("{SNAPSHOTS}/{snapshot}.json")
}

/// Folder that is locked while a snapshot is put.
pub(crate) fn lock_folder(snapshot: &str) -> String {
    format!("{}/snapshot={snapshot}", schema::tables()[0].path())
}

/// The dataset's manifest: a function of the snapshots that are there.
#[derive(Debug, Deserialize, Serialize)]
struct Manifest {
    name: String,
    layout: String,
    format: String,
    voltree: Tool,
    tables: Vec<TableEntry>,
    snapshots: Vec<Entry>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Tool {
    schema_version: String,
}

#[derive(Debug, Deserialize, Serialize)]
struct TableEntry {
    name: String,
    /// A pattern that matches the table's files.
    files: String,
}

/// A snapshot, as the dataset's manifest lists it.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Entry {
    name: String,
    manifest: String,
    /// SHA-256 of that.
    hash: String,
    source: manifest::KnownSource,
    rows: u64,
}

impl Manifest {
    fn new(format: &str) -> Self {
        let entry = |table: &schema::TableDef| TableEntry {
            name: table.name.to_owned(),
            files: format!("{}/*/*.{format}", table.path()),
        };
        Manifest {
            name: "operator-trees".to_owned(),
            layout: "hive".to_owned(),
            format: format.to_owned(),
            voltree: Tool {
                schema_version: SCHEMA_VERSION.to_owned(),
            },
            tables: schema::tables().iter().map(entry).collect(),
            snapshots: Vec::new(),
        }
    }

    fn parse(store: &dyn Store, bytes: &[u8]) -> Result<Self, Error> {
        serde_json::from_slice(bytes).map_err(|error| {
            Error::Usage(format!(
                "{}: this is no manifest of voltree: {error}; choose another --out",
                store.label(MANIFEST)
            ))
        })
    }
}

/// A dataset that snapshots are put into.
pub(crate) struct HiveDataset<'a> {
    store: &'a dyn Store,
    format: String,
}

impl<'a> HiveDataset<'a> {
    /// Opens a dataset, or begins one where there is nothing.
    pub(crate) fn open(
        store: &'a dyn Store,
        format: &Format,
        existing: Existing,
    ) -> Result<Self, Error> {
        let dataset = HiveDataset {
            store,
            format: format.name().to_owned(),
        };
        if let Some(found) = Self::find(store)? {
            if found.format != dataset.format {
                let text = format!(
                    "holds {} files: say --format {}",
                    found.format, found.format
                );
                return Err(dataset.refused(&text));
            }
            if existing == Existing::Refuse {
                return Err(dataset.refused(
                    "is a dataset already: --append adds snapshots, --resume goes on where a run ended, \
                     --overwrite replaces snapshots of the same name",
                ));
            }
        } else if !store.is_empty()? {
            return Err(dataset.refused("is not empty and is no dataset; choose another --out"));
        }
        Ok(dataset)
    }

    /// A dataset that is there.
    pub(crate) fn find(store: &'a dyn Store) -> Result<Option<Self>, Error> {
        let Some(bytes) = store.get(MANIFEST)? else {
            return Ok(None);
        };
        let found = Manifest::parse(store, &bytes)?;
        let dataset = HiveDataset {
            store,
            format: found.format,
        };
        let version = found.voltree.schema_version;
        if version != SCHEMA_VERSION {
            let text = format!("has schema version {version}, this voltree has {SCHEMA_VERSION}");
            return Err(dataset.refused(&text));
        }
        Ok(Some(dataset))
    }

    /// A dataset beside this one, of the same format.
    pub(crate) fn like(store: &'a dyn Store, other: &HiveDataset<'_>) -> Self {
        HiveDataset {
            store,
            format: other.format.clone(),
        }
    }

    /// `parquet` or `csv`.
    pub(crate) fn format(&self) -> &str {
        &self.format
    }

    pub(crate) fn store(&self) -> &'a dyn Store {
        self.store
    }

    pub(crate) fn refused(&self, why: &str) -> Error {
        Error::Usage(format!("{} {why}", self.store.label("")))
    }

    /// The snapshots that are complete.
    pub(crate) fn snapshots(&self) -> Result<BTreeSet<String>, Error> {
        let keys = self.store.list(SNAPSHOTS)?;
        let name = |key: &String| {
            let name = key.strip_prefix(SNAPSHOTS)?.strip_prefix('/')?;
            Some(name.strip_suffix(".json")?.to_owned())
        };
        Ok(keys.iter().filter_map(name).collect())
    }

    /// The manifest of a snapshot, where it is complete.
    pub(crate) fn known(&self, snapshot: &str) -> Result<Option<manifest::Known>, Error> {
        let key = manifest_key(snapshot);
        let Some(bytes) = self.store.get(&key)? else {
            return Ok(None);
        };
        let unfit = |why: &dyn std::fmt::Display| {
            let path = self.store.label(&key);
            Error::Usage(format!(
                "{path}: this is no manifest of a snapshot: {why}; remove it"
            ))
        };
        let known: manifest::Known =
            serde_json::from_slice(&bytes).map_err(|error| unfit(&error))?;
        match known.stray() {
            // It may be about to be removed, or copied.
            Some(path) => Err(unfit(&format_args!("`{path}` lies outside of the dataset"))),
            None => Ok(Some(known)),
        }
    }

    /// Whether a snapshot was made of these bytes in this way.
    pub(crate) fn is_made_of(known: &manifest::Known, hash: &str, options: &Options) -> bool {
        known.source().is_some_and(|source| source.hash == hash) && known.options() == Some(options)
    }

    /// Puts the snapshots of one input, of which nothing counts before the manifest of the first.
    ///
    /// Others that are there under this name, and what they had more, are gone then.
    pub(crate) fn put(&self, snapshots: &[Prepared], existing: Existing) -> Result<(), Error> {
        let Some(first) = snapshots.first() else {
            return Ok(());
        };
        self.store.exclusively(&lock_folder(&first.name), &mut || {
            for snapshot in snapshots {
                let found = self.store.get(&manifest_key(&snapshot.name))?;
                // What a killed run left of the same is no other snapshot.
                let is_other = found.is_some_and(|found| found != snapshot.manifest);
                if is_other && existing != Existing::Replace {
                    return Err(self.collision(&snapshot.name));
                }
            }
            let obsolete = self.retire(&first.name)?;
            let mut kept = BTreeSet::new();
            for snapshot in snapshots {
                self.store.put_files(&snapshot.dir, &snapshot.files)?;
                kept.extend(snapshot.files.iter().map(|(_, key)| key.clone()));
            }
            for key in obsolete.difference(&kept) {
                self.store.delete(key)?;
            }
            for snapshot in snapshots.iter().rev() {
                self.store
                    .put(&manifest_key(&snapshot.name), &snapshot.manifest)?;
            }
            Ok(())
        })
    }

    /// That a snapshot of this name is there, and may not be touched.
    pub(crate) fn collision(&self, snapshot: &str) -> Error {
        self.refused(&format!(
            "has a snapshot {snapshot} of other content or options: --overwrite replaces it, \
             --snapshot-name gives another name"
        ))
    }

    /// Takes away the manifests of an input's snapshots; gives the files that they listed.
    fn retire(&self, first: &str) -> Result<BTreeSet<String>, Error> {
        let mut files = BTreeSet::new();
        let Some(known) = self.known(first)? else {
            return Ok(files);
        };
        // The first one first: without it the others count for nothing.
        for index in 0..known.payloads() {
            let name = super::name::nth(first, index);
            if let Some(known) = self.known(&name)? {
                files.extend(known.files());
                self.store.delete(&manifest_key(&name))?;
            }
        }
        Ok(files)
    }

    /// Writes the dataset's manifest: what it has of other snapshots stays, those that were `changed`
    /// are read again.
    pub(crate) fn list_snapshots(&self, changed: &BTreeSet<String>) -> Result<(), Error> {
        self.store.update(MANIFEST, &mut |found| {
            let mut manifest = Manifest::new(&self.format);
            let mut listed = BTreeMap::new();
            if let Some(found) = found {
                let entries = Manifest::parse(self.store, found)?.snapshots;
                listed.extend(entries.into_iter().map(|entry| (entry.name.clone(), entry)));
            }
            for name in self.snapshots()? {
                let entry = match listed.remove(&name) {
                    Some(entry) if !changed.contains(&name) => Some(entry),
                    _ => self.entry(&name)?,
                };
                manifest.snapshots.extend(entry);
            }
            let mut json = serde_json::to_vec_pretty(&manifest).map_err(|error| Error::Io {
                doing: format!("cannot write {}", self.store.label(MANIFEST)),
                source: error.into(),
            })?;
            json.push(b'\n');
            Ok(Some(json))
        })
    }

    fn entry(&self, name: &str) -> Result<Option<Entry>, Error> {
        let key = manifest_key(name);
        let Some(bytes) = self.store.get(&key)? else {
            return Ok(None);
        };
        let known = self.known(name)?;
        Ok(known.and_then(|known| {
            Some(Entry {
                name: name.to_owned(),
                manifest: key,
                hash: hash_text(Sha256::new_with_prefix(&bytes)),
                source: known.source()?.clone(),
                rows: known.rows(),
            })
        }))
    }

    /// The lines of `rejects.jsonl`, by their snapshots.
    pub(crate) fn rejects(&self) -> Result<BTreeMap<String, String>, Error> {
        Ok(rejects(self.store.get(REJECTS)?.as_deref()))
    }

    /// Replaces what `rejects.jsonl` says of these snapshots: of each a line, or none.
    pub(crate) fn list_rejects(
        &self,
        tried: &BTreeMap<String, Option<String>>,
    ) -> Result<(), Error> {
        self.store.update(REJECTS, &mut |found| {
            let mut lines = rejects(found);
            for (snapshot, line) in tried {
                lines.remove(snapshot);
                if let Some(line) = line {
                    lines.insert(snapshot.clone(), line.clone());
                }
            }
            let text: String = lines.values().map(|line| format!("{line}\n")).collect();
            Ok((!text.is_empty()).then(|| text.into_bytes()))
        })
    }
}

fn rejects(text: Option<&[u8]>) -> BTreeMap<String, String> {
    let text = String::from_utf8_lossy(text.unwrap_or_default());
    let keyed = |line: &str| {
        let reject: KnownReject = serde_json::from_str(line).ok()?;
        Some((reject.snapshot, line.to_owned()))
    };
    text.lines().filter_map(keyed).collect()
}

/// A line of `rejects.jsonl`, read back.
#[derive(Deserialize)]
struct KnownReject {
    snapshot: String,
}

/// A snapshot whose files are ready to be put.
pub(crate) struct Prepared {
    pub(crate) name: String,
    pub(crate) dir: std::path::PathBuf,
    /// Files in `dir`, and their keys.
    pub(crate) files: Vec<(String, String)>,
    pub(crate) manifest: Vec<u8>,
}
