//! `dataset.json`: which snapshots there are.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use voltree_core::schema::{self, SCHEMA_VERSION};

use super::{HiveDataset, MANIFEST, hash_of, manifest_key};
use crate::{Error, batch::name::before_number, manifest, store::Store};

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
    /// are read again, on the current rayon thread pool. Gives the number of snapshots.
    pub(crate) fn list_snapshots(&self, changed: &BTreeSet<String>) -> Result<usize, Error> {
        let mut count = 0;
        self.update_listing(&mut |listed| {
            let there = self.snapshots()?;
            let names: Vec<&String> = there.iter().collect();
            let entries: Vec<Result<Option<Entry>, Error>> = names
                .into_par_iter()
                .map(|name| match listed.get(name) {
                    Some(entry) if !changed.contains(name) => Ok(Some(entry.clone())),
                    _ => self.entry(name, &there),
                })
                .collect();
            // The first one that failed, whichever thread failed first.
            let entries: Vec<Entry> = entries
                .into_iter()
                .filter_map(Result::transpose)
                .collect::<Result<_, _>>()?;
            count = entries.len();
            Ok(entries)
        })?;
        Ok(count)
    }

    /// Takes snapshots off the dataset's manifest, before their own are: whatever comes between, what is
    /// put in their places is listed anew.
    pub(super) fn unlist(&self, names: &BTreeSet<&str>) -> Result<(), Error> {
        self.update_listing(&mut |listed| {
            let others = listed.into_values();
            Ok(others
                .filter(|entry| !names.contains(&*entry.name))
                .collect())
        })
    }

    fn update_listing(
        &self,
        change: &mut dyn FnMut(BTreeMap<String, Entry>) -> Result<Vec<Entry>, Error>,
    ) -> Result<(), Error> {
        self.store.update(MANIFEST, &mut |found| {
            let mut listed = BTreeMap::new();
            if let Some(found) = found {
                let entries = Manifest::parse(self.store, found)?.snapshots;
                listed.extend(entries.into_iter().map(|entry| (entry.name.clone(), entry)));
            }
            let mut manifest = Manifest::new(&self.format);
            manifest.snapshots = change(listed)?;
            let mut json = serde_json::to_vec_pretty(&manifest).map_err(|error| Error::Io {
                doing: format!("cannot write {}", self.store.label(MANIFEST)),
                error: error.into(),
            })?;
            json.push(b'\n');
            Ok(Some(json))
        })
    }

    /// How a snapshot is listed; not at all where it is what a killed run left of an input.
    fn entry(&self, name: &str, there: &BTreeSet<String>) -> Result<Option<Entry>, Error> {
        let Some((bytes, known)) = self.manifest(name)? else {
            return Ok(None);
        };
        if !is_complete(name, known.payload(), there) {
            return Ok(None);
        }
        let source = known.source().cloned();
        Ok(source.map(|source| Entry {
            name: name.to_owned(),
            manifest: manifest_key(name),
            hash: hash_of(&bytes),
            source,
            rows: known.rows(),
        }))
    }
}

/// Whether the first snapshot of its input is there.
pub(crate) fn is_complete(name: &str, payload: usize, there: &BTreeSet<String>) -> bool {
    payload == 1 || before_number(name).is_some_and(|(first, _)| there.contains(first))
}
