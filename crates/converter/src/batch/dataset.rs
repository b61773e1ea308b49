//! A dataset of snapshots, in folders as Hive partitions them.
//!
//! | file | what |
//! |---|---|
//! | `<table>/snapshot=<name>/part-0.parquet` | the rows of a table in one snapshot |
//! | `_snapshots/<name>.json` | the manifest of a snapshot: written last, so that what it lists is complete |
//! | `dataset.json` | which snapshots there are |
//! | `rejects.jsonl` | the inputs that were left out |

mod listing;
mod put;
mod rejects;

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use voltree_core::schema::{self, SCHEMA_VERSION};

use super::name::nth;
use crate::{
    Error, Format,
    manifest::{Known, Options},
    store::Store,
    write::hash_text,
};
use listing::Manifest;
pub(crate) use listing::is_complete;
pub(crate) use put::Prepared;

/// The dataset's manifest.
pub(crate) const MANIFEST: &str = "dataset.json";
/// The inputs that were left out, one JSON object a line.
pub(crate) const REJECTS: &str = "rejects.jsonl";
/// The folder of the snapshots' manifests.
pub(crate) const SNAPSHOTS: &str = "_snapshots";

/// The format that is spelt in several ways.
const CSV: &str = "csv";

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
        let found = match Self::find(store)? {
            None if store.is_empty()? => return Ok(dataset),
            // Another run may have begun it in the meantime.
            None => Self::find(store)?,
            found => found,
        };
        let Some(found) = found else {
            return Err(dataset.refused("is not empty and is no dataset; choose another --out"));
        };
        if found.format != dataset.format {
            let text = format!(
                "holds {} files: say --format {}",
                found.format, found.format
            );
            return Err(dataset.refused(&text));
        }
        dataset.refuse_other_dialect(&Options::of(format))?;
        if existing == Existing::Refuse {
            return Err(dataset.refused(
                "is a dataset already: --append adds snapshots, --resume goes on where a run ended, \
                 --overwrite replaces snapshots of the same name",
            ));
        }
        Ok(dataset)
    }

    /// A dataset that is there. One whose own manifest is gone is what the manifests of its snapshots
    /// say.
    pub(crate) fn find(store: &'a dyn Store) -> Result<Option<Self>, Error> {
        let Some(bytes) = store.get(MANIFEST)? else {
            let format = String::new();
            let mut dataset = HiveDataset { store, format };
            let Some(name) = dataset.snapshots()?.pop_first() else {
                return Ok(None);
            };
            let known = dataset.known(&name)?;
            let options = known.as_ref().and_then(Known::options);
            return Ok(options.map(|options| {
                dataset.format.clone_from(&options.format);
                dataset
            }));
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

    /// Refuses CSV that whoever reads all of it as one would misread.
    pub(crate) fn refuse_other_dialect(&self, options: &Options) -> Result<(), Error> {
        let Some(first) = self.dialect()? else {
            return Ok(());
        };
        let dialect = |options: &Options| (options.delimiter, options.null.clone());
        if dialect(&first) == dialect(options) {
            return Ok(());
        }
        let (delimiter, null) = dialect(&first);
        Err(self.refused(&format!(
            "holds csv files with other fields: say --delimiter '{}' --null '{}'",
            delimiter.unwrap_or_default().escape_default(),
            null.unwrap_or_default()
        )))
    }

    /// The options of its first snapshot, if it holds CSV: all are spelt like it.
    pub(crate) fn dialect(&self) -> Result<Option<Options>, Error> {
        if self.format != CSV {
            return Ok(None);
        }
        let Some(name) = self.snapshots()?.pop_first() else {
            return Ok(None);
        };
        let known = self.known(&name)?;
        let options = known.as_ref().and_then(Known::options).cloned();
        Ok(options)
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

    /// The snapshots that have a manifest. Those of an input are complete when its first one has.
    pub(crate) fn snapshots(&self) -> Result<BTreeSet<String>, Error> {
        Ok(with_ending(&self.store.list(SNAPSHOTS)?, ".json"))
    }

    /// What the manifest of a snapshot says, where there is one.
    pub(crate) fn known(&self, snapshot: &str) -> Result<Option<Known>, Error> {
        Ok(self.manifest(snapshot)?.map(|(_, known)| known))
    }

    /// The manifest of a snapshot, where there is one, and what it says.
    pub(crate) fn manifest(&self, snapshot: &str) -> Result<Option<(Vec<u8>, Known)>, Error> {
        let key = manifest_key(snapshot);
        let Some(bytes) = self.store.get(&key)? else {
            return Ok(None);
        };
        let known = self.parse(&key, &bytes)?;
        Ok(Some((bytes, known)))
    }

    /// Reads the manifest of a snapshot.
    pub(crate) fn parse(&self, key: &str, manifest: &[u8]) -> Result<Known, Error> {
        let unfit = |why: &dyn std::fmt::Display| {
            let path = self.store.label(key);
            Error::Usage(format!(
                "{path}: this is no manifest of a snapshot that this voltree can read: {why}"
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

    /// A file of a snapshot that is not there, or not as long as it has to be.
    pub(crate) fn missing(&self, known: &Known) -> Result<Option<String>, Error> {
        let (keys, expected): (Vec<String>, Vec<u64>) = known
            .files()
            .map(|(key, bytes)| (key.to_owned(), bytes))
            .unzip();
        let found = self.store.lengths(&keys)?;
        let mut files = keys.into_iter().zip(expected).zip(found);
        let missing = files.find(|((_, expected), found)| *found != Some(*expected));
        Ok(missing.map(|((key, _), _)| key))
    }

    /// Whether all snapshots of an input are there, with all of their files, by its first one.
    pub(crate) fn is_whole(&self, first: &str, known: &Known) -> Result<bool, Error> {
        if self.missing(known)?.is_some() {
            return Ok(false);
        }
        for index in 1..known.payloads() {
            let Some(other) = self.known(&nth(first, index))? else {
                return Ok(false);
            };
            let is_theirs = other.source() == known.source() && other.payload() == index + 1;
            if !is_theirs || self.missing(&other)?.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// That a snapshot of this name is there, of which nobody has asked what it was made of.
    pub(crate) fn present(&self, snapshot: &str) -> Error {
        self.refused(&format!(
            "has a snapshot {snapshot} already: --resume skips it if it was made of the same, \
             --overwrite replaces it, --snapshot-name gives another name"
        ))
    }

    /// That another snapshot of this name is there, and may not be touched.
    pub(crate) fn collision(&self, snapshot: &str) -> Error {
        self.refused(&format!(
            "has a snapshot {snapshot} of other content or options: --overwrite replaces it, \
             --snapshot-name gives another name"
        ))
    }
}

/// The snapshots of which files with this ending are among these.
fn with_ending(keys: &[String], ending: &str) -> BTreeSet<String> {
    let name = |key: &String| {
        let name = key.strip_prefix(SNAPSHOTS)?.strip_prefix('/')?;
        Some(name.strip_suffix(ending)?.to_owned())
    };
    keys.iter().filter_map(name).collect()
}

/// SHA-256 of a manifest.
pub(crate) fn hash_of(manifest: &[u8]) -> String {
    hash_text(Sha256::new_with_prefix(manifest))
}
