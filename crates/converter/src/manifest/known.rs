//! What a snapshot's manifest says, read back.

use std::path::{Component, Path};

use serde::{Deserialize, Serialize};

use crate::{CsvOptions, CsvSafety, Format, ParquetOptions};

/// What a snapshot was made with, as far as it changes the files or whether there are any.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Options {
    pub(crate) format: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) compression_level: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) row_group_rows: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) delimiter: Option<char>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) null: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) csv_safe: Option<String>,
    pub(crate) lineage: bool,
    pub(crate) strict: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) fail_on: Vec<String>,
}

impl Options {
    /// The options of a format.
    pub(crate) fn of(format: &Format) -> Self {
        let name = format.name().to_owned();
        match format {
            Format::Parquet(ParquetOptions {
                compression_level,
                row_group_rows,
            }) => Options {
                format: name,
                compression_level: Some(*compression_level),
                row_group_rows: Some(row_group_rows.get()),
                ..Options::default()
            },
            Format::Csv(CsvOptions {
                delimiter,
                null,
                safety,
            }) => Options {
                format: name,
                delimiter: Some(char::from(*delimiter)),
                null: Some(null.clone()),
                csv_safe: Some(
                    match safety {
                        CsvSafety::Off => "off",
                        CsvSafety::Prefix => "prefix",
                        CsvSafety::Reject => "reject",
                    }
                    .to_owned(),
                ),
                ..Options::default()
            },
        }
    }
}

/// A snapshot's manifest.
#[derive(Debug, Deserialize)]
pub(crate) struct Known {
    sources: Vec<KnownSource>,
    voltree: KnownTool,
    resources: Vec<KnownResource>,
}

/// What a snapshot was made of.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(crate) struct KnownSource {
    pub(crate) title: String,
    pub(crate) bytes: u64,
    pub(crate) hash: String,
}

#[derive(Debug, Deserialize)]
struct KnownTool {
    snapshot: Option<KnownSnapshot>,
}

#[derive(Debug, Deserialize)]
struct KnownSnapshot {
    payload: usize,
    payloads: usize,
    options: Options,
}

#[derive(Debug, Deserialize)]
struct KnownResource {
    path: String,
    bytes: u64,
    rows: u64,
}

impl Known {
    /// What it was made of.
    pub(crate) fn source(&self) -> Option<&KnownSource> {
        self.sources.first()
    }

    /// What it was made with.
    pub(crate) fn options(&self) -> Option<&Options> {
        Some(&self.voltree.snapshot.as_ref()?.options)
    }

    /// Which payload of its input it is, from 1.
    pub(crate) fn payload(&self) -> usize {
        let snapshot = self.voltree.snapshot.as_ref();
        snapshot.map_or(1, |snapshot| snapshot.payload)
    }

    /// Payloads of its input.
    pub(crate) fn payloads(&self) -> usize {
        let snapshot = self.voltree.snapshot.as_ref();
        snapshot.map_or(1, |snapshot| snapshot.payloads)
    }

    /// A file that is none of the dataset's.
    pub(crate) fn stray(&self) -> Option<&str> {
        let mut paths = self.resources.iter().map(|resource| resource.path.as_str());
        paths.find(|path| !is_inner(Path::new(path)))
    }

    /// The keys of its files, and their lengths in bytes.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, u64)> {
        let resources = self.resources.iter();
        resources.map(|resource| (&*resource.path, resource.bytes))
    }

    /// Rows of all its tables.
    pub(crate) fn rows(&self) -> u64 {
        self.resources.iter().map(|resource| resource.rows).sum()
    }
}

/// Whether a path stays in the directory that it starts from.
pub(crate) fn is_inner(path: &Path) -> bool {
    path.components()
        .all(|part| matches!(part, Component::Normal(_)))
}
