//! One of the two sides: a payload, or a directory of tables.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader},
    path::Path,
};

use serde::Serialize;
use voltree_core::{Dataset, Parser, diff::Batches, schema::TableDef};

use crate::{
    Cleanup, Error, Input, InputFacts, When,
    console::Console,
    manifest::KnownSource,
    progress::Overall,
    read::{self, Package},
    reading,
};

/// A side that was not read yet.
pub(super) enum Source<'a> {
    Payload(&'a Input),
    /// With the input as it was named.
    Tables(&'a Input, Package),
}

/// Finds out what an input is, without reading a payload.
pub(super) fn open<'a>(input: &'a Input, cleanup: &Cleanup) -> Result<Source<'a>, Error> {
    Ok(match Package::of(input, cleanup)? {
        Some(package) => Source::Tables(input, package),
        None => Source::Payload(input),
    })
}

/// What is known of a side.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Facts {
    /// The input as messages name it.
    #[serde(rename = "name")]
    pub(crate) label: String,
    /// For a payload that was read: its length.
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    /// For a payload that was read: XXH3 (128 bits) of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    hash: Option<String>,
}

impl Source<'_> {
    pub(super) fn facts(&self) -> Facts {
        let (Source::Payload(input) | Source::Tables(input, _)) = self;
        Facts {
            label: input.label(),
            bytes: None,
            hash: None,
        }
    }

    /// Whether both are files with the same bytes.
    pub(super) fn has_same_bytes(&self, other: &Self) -> bool {
        let (Source::Payload(one), Source::Payload(other)) = (self, other) else {
            return false;
        };
        // What cannot be read is told of when it is read as a payload.
        let same = |(one, other)| same_bytes(one, other).unwrap_or(false);
        one.path().zip(other.path()).is_some_and(same)
    }

    /// Reads a payload; tables are read when they are compared.
    pub(super) fn read(&self, parser: &Parser) -> Result<Side, Error> {
        let mut facts = self.facts();
        let input = match self {
            Source::Tables(_, package) => return Ok(Side::Tables(facts, package.clone())),
            Source::Payload(input) => input,
        };
        // Both sides are read at once, and would write over each other.
        let silent = Overall::new(When::Never, || None, Console::default()).only();
        let (dataset, input) = reading::parse(input, parser, silent)?;
        (facts.bytes, facts.hash) = (Some(input.bytes), Some(input.hash.clone()));
        Ok(Side::Payload(facts, input, dataset))
    }
}

/// A side whose tables are at hand.
pub(super) enum Side {
    Payload(Facts, InputFacts, Dataset),
    Tables(Facts, Package),
}

impl Side {
    pub(super) fn facts(&self) -> Facts {
        let (Side::Payload(facts, ..) | Side::Tables(facts, _)) = self;
        facts.clone()
    }

    /// What to do where the tables do not hold together.
    pub(super) fn advice(&self) -> &'static str {
        match self {
            Side::Payload(..) => read::CONVERT_AGAIN,
            Side::Tables(_, package) => package.advice(),
        }
    }

    /// What the tables were made of, where that is known.
    pub(super) fn source(&self) -> Option<KnownSource> {
        match self {
            Side::Payload(_, input, _) => Some(KnownSource {
                title: input.name.clone(),
                bytes: input.bytes,
                hash: input.hash.clone(),
            }),
            Side::Tables(_, package) => package.source().cloned(),
        }
    }

    /// The rows of a table whose file is the same on both sides, as the manifests have it.
    pub(super) fn rows_of_same_file(&self, other: &Side, table: &TableDef) -> Option<u64> {
        let (Side::Tables(_, one), Side::Tables(_, other)) = (self, other) else {
            return None;
        };
        let (one, other) = (one.resource(table).ok()?, other.resource(table).ok()?);
        let same = one.hash == other.hash
            && one.format == other.format
            && one.dialect == other.dialect
            && one.rows == other.rows;
        same.then_some(one.rows)
    }

    /// The rows of a table.
    pub(super) fn batches(
        &self,
        table: &'static TableDef,
    ) -> Result<Batches<'_, read::Error>, Error> {
        Ok(match self {
            Side::Payload(_, _, dataset) => {
                Box::new(dataset.table(table.name).batches.iter().cloned().map(Ok))
            }
            Side::Tables(_, package) => Box::new(package.whole_batches(table)?),
        })
    }
}

/// Whether two files, which can be read more than once, have the same bytes.
fn same_bytes(one: &Path, other: &Path) -> io::Result<bool> {
    const BUFFER: usize = 1 << 20;
    let found = [fs::metadata(one)?, fs::metadata(other)?];
    let alike = found[0].len() == found[1].len() && found.iter().all(fs::Metadata::is_file);
    if !alike {
        return Ok(false);
    }
    let open = |path| io::Result::Ok(BufReader::with_capacity(BUFFER, File::open(path)?));
    let (mut one, mut other) = (open(one)?, open(other)?);
    loop {
        let (left, right) = (one.fill_buf()?, other.fill_buf()?);
        let length = left.len().min(right.len());
        if length == 0 {
            return Ok(left.len() == right.len());
        }
        if left[..length] != right[..length] {
            return Ok(false);
        }
        one.consume(length);
        other.consume(length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_the_same_where_all_bytes_are() {
        let dir = tempfile::tempdir().unwrap();
        let (one, other) = (dir.path().join("a"), dir.path().join("b"));
        let mut bytes = vec![b'x'; (1 << 20) + 7];
        fs::write(&one, &bytes).unwrap();
        fs::write(&other, &bytes).unwrap();
        assert!(same_bytes(&one, &other).unwrap());
        *bytes.last_mut().unwrap() = b'y';
        fs::write(&other, &bytes).unwrap();
        assert!(!same_bytes(&one, &other).unwrap());
        bytes.pop();
        fs::write(&other, &bytes).unwrap();
        assert!(!same_bytes(&one, &other).unwrap());
        assert!(!same_bytes(dir.path(), dir.path()).unwrap());
        assert!(same_bytes(&one, &dir.path().join("none")).is_err());
    }
}
