//! The directory of all changes.

use std::path::Path;

use voltree_core::{
    diff::summary,
    schema::{change_table, summary_table},
};

use super::{Side, TableChanges};
use crate::{Error, Format, manifest, write::write_table};

/// Writes the counts of all tables, and the manifest.
pub(super) fn write_summary(
    dir: &Path,
    format: &Format,
    sides: [&Side; 2],
    tables: &[TableChanges],
) -> Result<(), Error> {
    let counts = tables
        .iter()
        .map(|changes| (changes.table, &changes.counts));
    let summary = write_table(&summary(counts), dir, format)?;
    let written = tables
        .iter()
        .filter_map(|changes| Some((changes.written.as_ref()?, change_table(changes.table))));
    let resources = std::iter::once((&summary, summary_table())).chain(written);
    let sources: Vec<_> = sides.iter().filter_map(|side| side.source()).collect();
    manifest::write_changes(dir, &sources, resources, format)
}
