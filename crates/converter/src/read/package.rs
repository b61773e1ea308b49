//! What `datapackage.json` says of the files, read back.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader},
    iter,
    path::{Path, PathBuf},
    sync::Arc,
};

use arrow_array::RecordBatch;
use rayon::prelude::*;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use voltree_core::{
    Dataset, Stats, Table,
    schema::{self, SCHEMA_VERSION, TableDef},
};

use super::{Error, ErrorKind, csv, parquet};
use crate::{
    Cleanup, Input,
    batch::dataset,
    manifest::{self, KnownSource},
    output::Staging,
    write::hash_text,
};
#[cfg(feature = "object-store")]
use crate::{ObjectUrl, remote};

/// What to do where tables do not hold together.
pub(crate) const CONVERT_AGAIN: &str = "convert the payload again";

/// A directory that voltree wrote, its manifest read.
#[derive(Clone, Debug)]
pub struct Package {
    dir: PathBuf,
    /// The directory as messages name it.
    shown: PathBuf,
    /// The manifest, from there.
    manifest: PathBuf,
    /// Where the files of a store were copied to, which vanishes with the last one who reads them.
    _copied: Option<Arc<Staging>>,
    source: Option<KnownSource>,
    /// Whether `--csv-safe prefix` changed texts.
    is_prefixed: bool,
    resources: Vec<Resource>,
}

/// What the manifest says of a table.
#[derive(Clone, Debug, Deserialize)]
pub struct Resource {
    /// Name of the table.
    pub name: String,
    /// Its file, from the directory of the manifest.
    pub path: PathBuf,
    /// `parquet` or `csv`.
    pub format: FormatTag,
    /// How CSV is spelt; absent for Parquet.
    pub dialect: Option<Dialect>,
    /// Length of the file.
    pub bytes: u64,
    /// SHA-256 of the file, as `sha256:` and hexadecimal digits.
    pub hash: String,
    /// Rows of the table.
    pub rows: u64,
}

/// The formats that are read.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum FormatTag {
    /// Apache Parquet.
    Parquet,
    /// Comma-separated values, whatever separates them.
    Csv,
}

/// How CSV is spelt.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct Dialect {
    /// What separates fields; one ASCII character.
    pub delimiter: char,
    /// What stands, without quotes, for NULL.
    #[serde(default)]
    pub null_sequence: String,
}

impl Default for Dialect {
    fn default() -> Self {
        Dialect {
            delimiter: char::from(crate::DEFAULT_DELIMITER),
            null_sequence: String::new(),
        }
    }
}

/// The part of the manifest that reading needs.
#[derive(Deserialize)]
struct Manifest {
    #[serde(default)]
    sources: Vec<KnownSource>,
    voltree: Tool,
    resources: Vec<Resource>,
}

#[derive(Deserialize)]
struct Tool {
    schema_version: String,
    csv_safe: Option<String>,
}

impl Package {
    /// Reads the manifest of a directory, or of a snapshot in a dataset: that is the file
    /// `_snapshots/<name>.json`.
    ///
    /// # Errors
    ///
    /// When there is none, or it is not one that this version of voltree writes.
    pub fn open(output: &Path) -> Result<Self, Error> {
        let dataset = dataset_of(output);
        let is_snapshot = dataset.is_some();
        let (dir, path) = match &dataset {
            Some(dataset) => (dataset.as_path(), output.to_owned()),
            None => (output, output.join(manifest::FILE)),
        };
        let file = path.file_name().unwrap_or_default();
        let failed = |kind| Error::new(&path, kind);
        let text = fs::read(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound if is_snapshot => Error::new(output, error.into()),
            io::ErrorKind::NotFound if dir.join(dataset::MANIFEST).exists() => {
                Error::new(dir, ErrorKind::Dataset)
            }
            io::ErrorKind::NotFound if dir.is_dir() => Error::new(dir, ErrorKind::NoOutput),
            // What is missing is not the manifest in it.
            io::ErrorKind::NotFound => Error::new(output, error.into()),
            io::ErrorKind::NotADirectory if output.is_file() => Error::new(output, ErrorKind::File),
            _ => failed(error.into()),
        })?;
        let manifest: Manifest = serde_json::from_slice(&text)
            .map_err(|error| failed(ErrorKind::Manifest(error.to_string())))?;
        let found = manifest.voltree.schema_version;
        if found != SCHEMA_VERSION {
            return Err(failed(ErrorKind::SchemaVersion { found }));
        }
        for resource in &manifest.resources {
            resource.validate().map_err(failed)?;
        }
        Ok(Package {
            dir: dir.to_owned(),
            shown: dir.to_owned(),
            manifest: match is_snapshot {
                true => Path::new(dataset::SNAPSHOTS).join(file),
                false => file.into(),
            },
            _copied: None,
            source: manifest.sources.into_iter().next(),
            is_prefixed: manifest.voltree.csv_safe.is_some(),
            resources: manifest.resources,
        })
    }

    /// The tables that an input means; nothing where it is a payload. Those of a snapshot in a store are
    /// copied to the directory for temporary files.
    #[cfg_attr(not(feature = "object-store"), expect(unused_variables))]
    pub(crate) fn of(input: &Input, cleanup: &Cleanup) -> Result<Option<Self>, crate::Error> {
        match input {
            Input::File(path) if is_output(path) => Ok(Some(Package::open(path)?)),
            #[cfg(feature = "object-store")]
            Input::Url(url) => match url.dataset() {
                Some(dataset) => Package::copied(url, &dataset, cleanup).map(Some),
                None => Ok(None),
            },
            _ => Ok(None),
        }
    }

    #[cfg(feature = "object-store")]
    fn copied(
        manifest: &ObjectUrl,
        dataset: &ObjectUrl,
        cleanup: &Cleanup,
    ) -> Result<Self, crate::Error> {
        let staging = Staging::temporary(cleanup)?;
        let local = staging
            .path()
            .join(dataset::SNAPSHOTS)
            .join(manifest.name());
        let shown = PathBuf::from(dataset.to_string());
        remote::copy(&[
            (manifest.clone(), local.clone()),
            (
                dataset.below(dataset::MANIFEST),
                staging.path().join(dataset::MANIFEST),
            ),
        ])?;
        let opened = Package::open(&local);
        let mut package = opened.map_err(|error| error.moved(staging.path(), &shown))?;
        let copy = |resource: &Resource| {
            let key = resource.path.to_string_lossy();
            (dataset.below(&key), package.path(resource))
        };
        let files: Vec<_> = package.resources.iter().map(copy).collect();
        // A file that is missing is told of by who reads it.
        remote::copy(&files)?;
        package.shown = shown;
        package._copied = Some(Arc::new(staging));
        Ok(package)
    }

    /// The directory that its files are in.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// What the manifest lists, in its order.
    pub fn resources(&self) -> &[Resource] {
        &self.resources
    }

    /// What the tables were made of, where the manifest says it.
    pub(crate) fn source(&self) -> Option<&KnownSource> {
        self.source.as_ref()
    }

    /// What to do where the tables do not hold together.
    pub(crate) fn advice(&self) -> &'static str {
        match self.is_prefixed {
            true => {
                "--csv-safe prefix changed texts of these tables: convert the payload again without it"
            }
            false => CONVERT_AGAIN,
        }
    }

    /// Whether the tables of the lineage are listed.
    pub fn has_lineage(&self) -> bool {
        let of_lineage = |name: &str| schema::lineage_tables().iter().any(|def| def.name == name);
        self.resources
            .iter()
            .any(|resource| of_lineage(&resource.name))
    }

    /// Where the file of a table lies.
    pub fn path(&self, resource: &Resource) -> PathBuf {
        self.dir.join(&resource.path)
    }

    /// The same as messages name it.
    pub(crate) fn shown(&self, resource: &Resource) -> PathBuf {
        self.shown.join(&resource.path)
    }

    /// The manifest as messages name it.
    pub(crate) fn shown_manifest(&self) -> PathBuf {
        self.shown.join(&self.manifest)
    }

    /// What the manifest says of a table.
    ///
    /// # Errors
    ///
    /// When it does not list the table.
    pub fn resource(&self, def: &TableDef) -> Result<&Resource, Error> {
        let mut resources = self.resources.iter();
        resources
            .find(|resource| resource.name == def.name)
            .ok_or_else(|| {
                let kind = ErrorKind::MissingTable {
                    table: def.name.to_owned(),
                };
                Error::new(&self.shown_manifest(), kind)
            })
    }

    /// Reads a table as its file has it, whatever the manifest says of hash and rows.
    ///
    /// # Errors
    ///
    /// When the table is not listed, lacks its file or a column, or cannot be read.
    pub fn table(&self, def: &'static TableDef) -> Result<Table, Error> {
        let batches = self.batches(def)?.collect::<Result<Vec<_>, _>>()?;
        Ok(table_of(def, batches))
    }

    /// Reads a table as [`table`](Self::table) does, a batch at a time. The batches have exactly the
    /// table's Arrow schema; behind an error there is none.
    ///
    /// # Errors
    ///
    /// When the table is not listed, or lacks its file or a column.
    pub fn batches(
        &self,
        def: &'static TableDef,
    ) -> Result<impl Iterator<Item = Result<RecordBatch, Error>> + use<>, Error> {
        let resource = self.resource(def)?;
        let path = self.path(resource);
        type Read = Box<dyn Iterator<Item = Result<RecordBatch, ErrorKind>> + Send>;
        let opened: Result<Read, ErrorKind> = match resource.format {
            FormatTag::Parquet => parquet::open(def, &path).map(|batches| Box::new(batches) as _),
            FormatTag::Csv => {
                let dialect = resource.dialect.clone().unwrap_or_default();
                csv::open(def, &dialect, &path).map(|batches| Box::new(batches) as _)
            }
        };
        let shown = self.shown(resource);
        let batches = opened.map_err(|kind| Error::new(&shown, kind))?;
        Ok(batches.map(move |batch| batch.map_err(|kind| Error::new(&shown, kind))))
    }

    /// The SHA-256 of a table's file, as the manifest has it.
    pub(crate) fn hash(&self, resource: &Resource) -> Result<String, Error> {
        let failed = |error: io::Error| Error::new(&self.shown(resource), error.into());
        hash(&self.path(resource)).map_err(failed)
    }

    /// Reads tables as [`tables`](super::tables) does.
    pub(super) fn tables(&self, defs: &'static [TableDef]) -> Result<Vec<Table>, Error> {
        let tables: Vec<Result<Table, Error>> = defs
            .par_iter()
            // The biggest table may stand anywhere: no table waits behind another one.
            .with_max_len(1)
            .map(|def| self.whole_table(def))
            .collect();
        tables.into_iter().collect()
    }

    /// Reads all tables as [`dataset`](super::dataset) does.
    pub(crate) fn dataset(&self) -> Result<Dataset, Error> {
        Ok(Dataset {
            tables: self.tables(schema::tables())?,
            lineage: if self.has_lineage() {
                self.tables(schema::lineage_tables())?
            } else {
                Vec::new()
            },
            stats: Stats::default(),
        })
    }

    /// Reads a table that has the hash and as many rows as the manifest says.
    fn whole_table(&self, def: &'static TableDef) -> Result<Table, Error> {
        let batches = self.whole_batches(def)?.collect::<Result<Vec<_>, _>>()?;
        Ok(table_of(def, batches))
    }

    /// Reads a table as [`whole_table`](Self::whole_table) does, a batch at a time; that there are as
    /// many rows as the manifest says shows behind the last one.
    pub(crate) fn whole_batches(
        &self,
        def: &'static TableDef,
    ) -> Result<impl Iterator<Item = Result<RecordBatch, Error>> + use<>, Error> {
        let resource = self.resource(def)?;
        let path = self.shown(resource);
        if self.hash(resource)? != resource.hash {
            return Err(Error::new(&path, ErrorKind::Hash));
        }
        let (mut found, expected) = (0, resource.rows);
        let mut batches = self.batches(def)?.fuse();
        let mut ended = false;
        Ok(iter::from_fn(move || {
            if ended {
                return None;
            }
            let next = batches.next();
            if let Some(Ok(batch)) = &next {
                found += batch.num_rows() as u64;
                return next;
            }
            ended = true;
            if next.is_none() && found != expected {
                let kind = ErrorKind::Rows { found, expected };
                return Some(Err(Error::new(&path, kind)));
            }
            next
        }))
    }
}

/// A table has at least one batch.
fn table_of(def: &'static TableDef, mut batches: Vec<RecordBatch>) -> Table {
    if batches.is_empty() {
        batches.push(RecordBatch::new_empty(def.arrow_schema()));
    }
    Table { def, batches }
}

/// The dataset that a snapshot's manifest is in, from wherever it is named.
pub(crate) fn dataset_of(manifest: &Path) -> Option<PathBuf> {
    let by_name = |manifest: &Path| {
        let folder = manifest.parent()?;
        if !folder.ends_with(dataset::SNAPSHOTS) || manifest.extension()? != "json" {
            return None;
        }
        match folder.parent()? {
            dataset if dataset == Path::new("") => Some(PathBuf::from(".")),
            dataset => Some(dataset.to_owned()),
        }
    };
    by_name(manifest).or_else(|| by_name(&manifest.canonicalize().ok()?))
}

/// Whether tables are to be read there, and not a payload.
fn is_output(path: &Path) -> bool {
    path.is_dir() || dataset_of(path).is_some()
}

fn hash(path: &Path) -> io::Result<String> {
    const BUFFER: usize = 256 << 10;
    let mut file = BufReader::with_capacity(BUFFER, File::open(path)?);
    let mut hasher = Sha256::new();
    loop {
        let bytes = file.fill_buf()?;
        if bytes.is_empty() {
            return Ok(hash_text(hasher));
        }
        hasher.update(bytes);
        let read = bytes.len();
        file.consume(read);
    }
}

impl Resource {
    /// A file outside of the directory is none of its own, and only ASCII can separate fields.
    fn validate(&self) -> Result<(), ErrorKind> {
        if !manifest::is_inner(&self.path) {
            let text = format!("`{}` lies outside of the directory", self.path.display());
            return Err(ErrorKind::Manifest(text));
        }
        match &self.dialect {
            Some(dialect) if !dialect.delimiter.is_ascii() => Err(ErrorKind::Manifest(format!(
                "`{}` is no delimiter",
                dialect.delimiter
            ))),
            _ => Ok(()),
        }
    }
}
