//! A dataset of snapshots, in folders as Hive partitions them.
//!
//! | file | what |
//! |---|---|
//! | `<table>/snapshot=<name>/part-0.parquet` | the rows of a table in one snapshot |
//! | `_snapshots/<name>.json` | the manifest of a snapshot: written last, so that what it lists is complete |
//! | `dataset.json` | which snapshots there are |
//! | `rejects.jsonl` | the inputs that were left out |

mod listing;
mod rejects;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use voltree_core::schema::{self, SCHEMA_VERSION};

use super::name::nth;
use crate::{
    Error, Format,
    manifest::{Known, Options},
    store::{Claim, Store},
};
use listing::Manifest;

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
    pub(crate) fn known(&self, snapshot: &str) -> Result<Option<Known>, Error> {
        let key = manifest_key(snapshot);
        let found = self.store.get(&key)?;
        found.map(|bytes| self.parse(&key, &bytes)).transpose()
    }

    /// Reads the manifest of a snapshot.
    pub(crate) fn parse(&self, key: &str, manifest: &[u8]) -> Result<Known, Error> {
        let unfit = |why: &dyn std::fmt::Display| {
            let path = self.store.label(key);
            Error::Usage(format!(
                "{path}: this is no manifest of a snapshot: {why}; remove it"
            ))
        };
        let known: Known = serde_json::from_slice(manifest).map_err(|error| unfit(&error))?;
        match known.stray() {
            // It may be about to be removed, or copied.
            Some(path) => Err(unfit(&format_args!("`{path}` lies outside of the dataset"))),
            None => Ok(known),
        }
    }

    /// Whether a snapshot was made of these bytes in this way.
    pub(crate) fn is_made_of(known: &Known, hash: &str, options: &Options) -> bool {
        known.source().is_some_and(|source| source.hash == hash) && known.options() == Some(options)
    }

    /// Puts the snapshots of inputs, of which those of an input count for nothing before the manifest of
    /// its first. Gives the inputs that are refused, by their numbers.
    ///
    /// Others that are there under these names, and what they had more, are gone then. Each step is done for all of the
    /// inputs before the next one, since making a step durable takes as long for all as for one.
    pub(crate) fn put(
        &self,
        inputs: &[Vec<Prepared>],
        existing: Existing,
    ) -> Result<BTreeMap<usize, Error>, Error> {
        let mut refused = BTreeMap::new();
        let mut taken = BTreeSet::new();
        for (number, snapshots) in inputs.iter().enumerate() {
            // The second payload of `night` is `night-2`, and so is the first one of `night-2`.
            match snapshots
                .iter()
                .find(|snapshot| taken.contains(&snapshot.name))
            {
                Some(snapshot) => drop(refused.insert(number, self.collision(&snapshot.name))),
                None => taken.extend(snapshots.iter().map(|snapshot| &snapshot.name)),
            }
        }
        let claims = inputs.iter().enumerate();
        let claims = claims.filter(|(number, _)| !refused.contains_key(number));
        let mut claims: Vec<Claim<'_>> = claims
            .filter_map(|(_, snapshots)| claim(snapshots, existing))
            .collect();
        // In one order, so that two runs don't wait for each other.
        claims.sort_unstable_by(|one, other| one.key.cmp(&other.key));
        self.store.exclusively(&claims, &mut || {
            let mut allowed = Vec::new();
            for (number, snapshots) in inputs.iter().enumerate() {
                if refused.contains_key(&number) {
                    continue;
                }
                let check = |snapshot| self.refuse_other(snapshot, existing);
                match snapshots.iter().try_for_each(check) {
                    Ok(()) => allowed.push(&snapshots[..]),
                    Err(error) => drop(refused.insert(number, error)),
                }
            }
            self.put_allowed(&allowed, existing)
        })?;
        Ok(refused)
    }

    fn put_allowed(&self, inputs: &[&[Prepared]], existing: Existing) -> Result<(), Error> {
        let mut obsolete = BTreeSet::new();
        for first in inputs.iter().filter_map(|snapshots| snapshots.first()) {
            obsolete.extend(self.retire(&first.name)?);
        }
        let files: Vec<_> = inputs
            .iter()
            .copied()
            .flatten()
            .flat_map(Prepared::files)
            .collect();
        self.store.put_files(&files)?;
        let kept: BTreeSet<String> = files.into_iter().map(|(_, key)| key).collect();
        for key in obsolete.difference(&kept) {
            self.store.delete(key)?;
        }
        for snapshots in inputs {
            self.refuse_overtaken(snapshots, existing)?;
        }
        // The first manifest of an input says that the others are there.
        let (firsts, others): (Vec<_>, Vec<_>) = inputs
            .iter()
            .copied()
            .flatten()
            .partition(|snapshot| snapshot.payload == 1);
        for snapshots in [others, firsts] {
            let manifests: Result<Vec<_>, Error> =
                snapshots.into_iter().map(Prepared::manifest_file).collect();
            self.store.put_files(&manifests?)?;
        }
        Ok(())
    }

    /// Refuses to go on where another run has taken an input's place, unless it has put the same.
    fn refuse_overtaken(&self, snapshots: &[Prepared], existing: Existing) -> Result<(), Error> {
        let Some(claim) = claim(snapshots, existing) else {
            return Ok(());
        };
        if self.store.holds(&claim)? {
            return Ok(());
        }
        for Prepared { name, manifest, .. } in snapshots {
            if self.store.get(&manifest_key(name))?.as_ref() != Some(manifest) {
                let text =
                    format!("has another run at work on snapshot {name}: run this one again");
                return Err(self.refused(&text));
            }
        }
        Ok(())
    }

    /// Refuses to put a snapshot in place of one that may not be touched.
    fn refuse_other(&self, snapshot: &Prepared, existing: Existing) -> Result<(), Error> {
        let key = manifest_key(&snapshot.name);
        let Some(found) = self.store.get(&key)? else {
            return Ok(());
        };
        // What a killed run left of the same is no other snapshot.
        if found == snapshot.manifest {
            return Ok(());
        }
        // The second payload of `night` is `night-2`, and so is the first one of `night-2`.
        let same_place = self.parse(&key, &found)?.payload() == snapshot.payload;
        match existing {
            Existing::Replace if same_place => Ok(()),
            _ => Err(self.collision(&snapshot.name)),
        }
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
        // The first one first: without it the others count for nothing, and may be what a killed run left.
        for index in 0.. {
            let name = nth(first, index);
            match self.known(&name)? {
                Some(known) if known.payload() == index + 1 => {
                    files.extend(known.files());
                    self.store.delete(&manifest_key(&name))?;
                }
                _ if index == 0 => {}
                _ => break,
            }
        }
        Ok(files)
    }
}

/// What keeps others from putting an input's snapshots: it stands under the name of the first.
fn claim(snapshots: &[Prepared], existing: Existing) -> Option<Claim<'_>> {
    let first = &snapshots.first()?.name;
    let manifests = snapshots.iter().map(|snapshot| &*snapshot.manifest);
    Some(Claim {
        folder: format!("{}/snapshot={first}", schema::tables()[0].path()),
        key: format!("{SNAPSHOTS}/{first}.claim"),
        manifests: manifests.collect(),
        replaces: existing == Existing::Replace,
    })
}

/// A snapshot whose files are ready to be put.
pub(crate) struct Prepared {
    pub(crate) name: String,
    /// Which payload of its input it is, from 1.
    pub(crate) payload: usize,
    pub(crate) dir: PathBuf,
    /// Files in `dir`, and their keys.
    pub(crate) files: Vec<(String, String)>,
    pub(crate) manifest: Vec<u8>,
}

impl Prepared {
    /// Where the files are, and their keys.
    fn files(&self) -> impl Iterator<Item = (PathBuf, String)> {
        let files = self.files.iter();
        files.map(|(file, key)| (self.dir.join(file), key.clone()))
    }

    /// The manifest as a file, and its key.
    fn manifest_file(&self) -> Result<(PathBuf, String), Error> {
        let path = self.dir.join("manifest");
        fs::write(&path, &self.manifest)
            .map_err(|error| Error::io("cannot write", &path, error))?;
        Ok((path, manifest_key(&self.name)))
    }
}
