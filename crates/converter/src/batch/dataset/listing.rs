//! `dataset.json`: which snapshots there are.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use voltree_core::schema::{self, SCHEMA_VERSION};

use super::{HiveDataset, MANIFEST, manifest_key};
use crate::{Error, manifest, store::Store, write::hash_text};

/// The dataset's manifest: a function of the snapshots that are there.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Manifest {
    name: String,
    layout: String,
    pub(super) format: String,
    pub(super) voltree: Tool,
    tables: Vec<TableEntry>,
    snapshots: Vec<Entry>,
}

#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Tool {
    pub(super) schema_version: String,
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

    pub(super) fn parse(store: &dyn Store, bytes: &[u8]) -> Result<Self, Error> {
        serde_json::from_slice(bytes).map_err(|error| {
            Error::Usage(format!(
                "{}: this is no manifest of voltree: {error}; choose another --out",
                store.label(MANIFEST)
            ))
        })
    }
}

impl HiveDataset<'_> {
    /// Writes the dataset's manifest: what it has of other snapshots stays, those that were `changed`
    /// are read again, on the current rayon thread pool.
    pub(crate) fn list_snapshots(&self, changed: &BTreeSet<String>) -> Result<(), Error> {
        self.store.update(MANIFEST, &mut |found| {
            let mut manifest = Manifest::new(&self.format);
            let mut listed = BTreeMap::new();
            if let Some(found) = found {
                let entries = Manifest::parse(self.store, found)?.snapshots;
                listed.extend(entries.into_iter().map(|entry| (entry.name.clone(), entry)));
            }
            let entries: Vec<Option<Entry>> = Vec::from_iter(self.snapshots()?)
                .into_par_iter()
                .map(|name| match listed.get(&name) {
                    Some(entry) if !changed.contains(&name) => Ok(Some(entry.clone())),
                    _ => self.entry(&name),
                })
                .collect::<Result<_, Error>>()?;
            manifest.snapshots.extend(entries.into_iter().flatten());
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
        let known = self.parse(&key, &bytes)?;
        let source = known.source().cloned();
        Ok(source.map(|source| Entry {
            name: name.to_owned(),
            manifest: key,
            hash: hash_text(Sha256::new_with_prefix(&bytes)),
            source,
            rows: known.rows(),
        }))
    }
}
