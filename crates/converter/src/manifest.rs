//! `datapackage.json`: what the directory holds, as a Frictionless Data Package of version 2.
//!
//! It holds no time of day: equal inputs and options give equal manifests.

mod foreign;
mod known;

use std::{fs, io, path::Path};

use serde::Serialize;
use voltree_core::schema::{self, Column, ForeignKey, SCHEMA_VERSION, TableDef, Type};

use crate::{Codec, CsvSafety, Error, Format, InputFacts, WrittenTable};

pub(crate) use foreign::instead_of;
pub(crate) use known::{Known, KnownSource, Options, is_inner};

/// Name of the manifest in its directory.
pub(crate) const FILE: &str = "datapackage.json";
const PROFILE: &str = "https://datapackage.org/profiles/2.0/datapackage.json";

#[derive(Serialize)]
struct Package<'a> {
    /// Absent for a snapshot, whose files are not below its manifest.
    #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
    profile: Option<&'static str>,
    name: &'static str,
    title: &'static str,
    sources: Vec<Source<'a>>,
    voltree: Tool<'a>,
    resources: Vec<Resource<'a>>,
}

#[derive(Serialize)]
struct Source<'a> {
    title: &'a str,
    bytes: u64,
    hash: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    codec: Option<Codec>,
}

#[derive(Serialize)]
struct Tool<'a> {
    version: &'static str,
    schema_version: &'static str,
    /// Absent where texts stand as they were.
    #[serde(skip_serializing_if = "Option::is_none")]
    csv_safe: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    snapshot: Option<&'a Snapshot<'a>>,
}

/// What is known of a snapshot in a dataset.
#[derive(Serialize)]
pub(crate) struct Snapshot<'a> {
    pub(crate) name: &'a str,
    /// Which payload of its input it is, from 1.
    pub(crate) payload: usize,
    /// Payloads of its input.
    pub(crate) payloads: usize,
    pub(crate) options: &'a Options,
}

#[derive(Serialize)]
struct Resource<'a> {
    name: &'static str,
    r#type: &'static str,
    description: &'static str,
    path: &'a str,
    format: &'static str,
    mediatype: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dialect: Option<Dialect>,
    bytes: u64,
    hash: &'a str,
    rows: u64,
    schema: TableSchema,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Dialect {
    delimiter: String,
    line_terminator: &'static str,
    quote_char: &'static str,
    double_quote: bool,
    null_sequence: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TableSchema {
    fields: Vec<FieldEntry>,
    /// Without it, an empty text would be missing.
    missing_values: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    primary_key: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    foreign_keys: Vec<ForeignKeyEntry>,
}

#[derive(Serialize)]
struct FieldEntry {
    name: &'static str,
    r#type: &'static str,
    description: &'static str,
    /// Absent where it is as the table's.
    #[serde(rename = "missingValues", skip_serializing_if = "Option::is_none")]
    missing_values: Option<[String; 0]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    constraints: Option<Constraints>,
}

#[derive(Default, PartialEq, Serialize)]
struct Constraints {
    #[serde(skip_serializing_if = "Option::is_none")]
    required: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum: Option<i32>,
}

#[derive(Serialize)]
struct ForeignKeyEntry {
    fields: &'static [&'static str],
    reference: ReferenceEntry,
}

#[derive(Serialize)]
struct ReferenceEntry {
    /// Absent for a reference within a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<&'static str>,
    fields: &'static [&'static str],
}

/// Writes the manifest, after the tables.
pub(crate) fn write(
    dir: &Path,
    input: &InputFacts,
    tables: &[WrittenTable],
    format: &Format,
) -> Result<(), Error> {
    let path = dir.join(FILE);
    json(input, tables, format, None)
        .and_then(|json| fs::write(&path, json))
        .map_err(|error| Error::io("cannot write", &path, error))
}

/// The manifest of an output, or of a snapshot in a dataset.
pub(crate) fn json(
    input: &InputFacts,
    tables: &[WrittenTable],
    format: &Format,
    snapshot: Option<&Snapshot<'_>>,
) -> io::Result<Vec<u8>> {
    let package = Package {
        profile: snapshot.is_none().then_some(PROFILE),
        name: "operator-tree",
        title: "Operators, sites, users and chargers of an EV-charging platform",
        sources: vec![Source {
            title: &input.name,
            bytes: input.bytes,
            hash: &input.hash,
            codec: input.codec,
        }],
        voltree: Tool {
            version: env!("CARGO_PKG_VERSION"),
            schema_version: SCHEMA_VERSION,
            csv_safe: changes_texts(format),
            snapshot,
        },
        resources: tables
            .iter()
            .filter_map(|written| Some((written, schema::table(written.name)?)))
            .map(|(written, table)| resource(written, table, format))
            .collect(),
    };
    Ok(serde_json::to_vec_pretty(&package)?)
}

/// Writes the manifest of the tables of changes between two sides, after these; the sources are what
/// is known of the old side, and of the new one.
pub(crate) fn write_changes<'a>(
    dir: &Path,
    sources: &[KnownSource],
    tables: impl Iterator<Item = (&'a WrittenTable, &'static TableDef)>,
    format: &Format,
) -> Result<(), Error> {
    let path = dir.join(FILE);
    let sources = sources.iter().map(|source| Source {
        title: &source.title,
        bytes: source.bytes,
        hash: &source.hash,
        codec: None,
    });
    let package = Package {
        profile: Some(PROFILE),
        name: "operator-tree-changes",
        title: "What changed in the operators, sites, users and chargers of an EV-charging platform",
        sources: sources.collect(),
        voltree: Tool {
            version: env!("CARGO_PKG_VERSION"),
            schema_version: SCHEMA_VERSION,
            csv_safe: changes_texts(format),
            snapshot: None,
        },
        resources: tables
            .map(|(written, table)| resource(written, table, format))
            .collect(),
    };
    serde_json::to_vec_pretty(&package)
        .map_err(Into::into)
        .and_then(|json| fs::write(&path, json))
        .map_err(|error| Error::io("cannot write", &path, error))
}

/// The `--csv-safe` that changes texts, so that they are not as the payload has them.
fn changes_texts(format: &Format) -> Option<&'static str> {
    match format {
        Format::Csv(options) if options.safety == CsvSafety::Prefix => Some("prefix"),
        _ => None,
    }
}

fn resource<'a>(
    written: &'a WrittenTable,
    table: &'static TableDef,
    format: &Format,
) -> Resource<'a> {
    let csv = match format {
        Format::Csv(options) => Some(options),
        Format::Parquet(_) => None,
    };
    Resource {
        name: written.name,
        r#type: "table",
        description: table.doc,
        path: &written.file,
        format: format.name(),
        mediatype: match format {
            Format::Csv(_) => "text/csv",
            Format::Parquet(_) => "application/vnd.apache.parquet",
        },
        encoding: csv.map(|_| "utf-8"),
        dialect: csv.map(|options| Dialect {
            delimiter: char::from(options.delimiter).to_string(),
            line_terminator: "\r\n",
            quote_char: "\"",
            double_quote: true,
            null_sequence: options.null.clone(),
        }),
        bytes: written.bytes,
        hash: &written.hash,
        rows: written.rows,
        schema: TableSchema {
            fields: table.columns.iter().map(field).collect(),
            missing_values: csv.iter().map(|options| options.null.clone()).collect(),
            primary_key: table
                .key_columns()
                .iter()
                .map(|column| column.name)
                .collect(),
            foreign_keys: table
                .foreign_keys
                .iter()
                .map(|key| foreign_key(table, key))
                .collect(),
        },
    }
}

fn field(column: &'static Column) -> FieldEntry {
    let (minimum, maximum) = match column.ty {
        Type::Enum(maximum) => (Some(0), Some(maximum)),
        _ => (None, None),
    };
    let constraints = Constraints {
        required: (!column.nullable).then_some(true),
        minimum,
        maximum,
    };
    FieldEntry {
        name: column.name,
        r#type: match column.ty {
            Type::Int64 | Type::Int32 | Type::Enum(_) => "integer",
            Type::Float64 => "number",
            Type::Bool => "boolean",
            Type::Time => "datetime",
            Type::Text => "string",
        },
        description: column.doc,
        // A text that is never missing may be what stands for NULL elsewhere.
        missing_values: (!column.nullable && column.ty == Type::Text).then_some([]),
        constraints: (constraints != Constraints::default()).then_some(constraints),
    }
}

fn foreign_key(table: &TableDef, key: &'static ForeignKey) -> ForeignKeyEntry {
    ForeignKeyEntry {
        fields: key.columns,
        reference: ReferenceEntry {
            resource: (key.table != table.name).then_some(key.table),
            fields: key.references,
        },
    }
}

#[cfg(test)]
mod tests;
