//! `voltree diff`: what changed between two payloads, or directories of tables.

pub(crate) mod json;
mod side;
mod tables;
pub(crate) mod text;

use std::path::PathBuf;

use rayon::prelude::*;
use voltree_core::{
    diff::{Change, ChangeRows, Changes, Counts, DiffError},
    schema::{self, TableDef},
};

use crate::{
    Error, WrittenTable,
    convert::pool,
    job::{self, Diff},
    output::{StagedDir, refuse_overlap},
    read::{self, dataset_of},
};
use side::{Facts, Side, Source};
use tables::write_summary;

/// What a comparison has found.
pub(crate) struct Compared {
    pub(crate) old: Facts,
    pub(crate) new: Facts,
    /// How it is known that nothing changed, where it is so.
    pub(crate) equal: Option<KnownBy>,
    /// In the order of the schema; none where no table was looked at.
    pub(crate) tables: Vec<TableChanges>,
}

/// How it is known that nothing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KnownBy {
    /// Both are files with the same bytes; nothing was parsed.
    Bytes,
    /// The manifests say that all files are the same; none was read.
    Hashes,
    /// All rows were compared.
    Rows,
}

/// What changed in a table.
pub(crate) struct TableChanges {
    pub(crate) table: &'static TableDef,
    pub(crate) counts: Counts,
    /// The first few changes.
    pub(crate) first: Vec<Change>,
    /// Whether the rows were read: not where the files are the same.
    read: bool,
    /// The table of all changes, where it was asked for.
    written: Option<WrittenTable>,
}

impl Compared {
    /// Compares what is to be compared, and writes the changes where that is wanted.
    pub(crate) fn of(job: &Diff) -> Result<Self, Error> {
        // Before the work, so that an output that cannot be had fails at once.
        let inputs = [&job.old, &job.new].into_iter();
        // What a snapshot's manifest lists is all over its dataset.
        let places: Vec<PathBuf> = inputs
            .filter_map(|input| input.path())
            .map(|path| dataset_of(path).unwrap_or_else(|| path.to_owned()))
            .collect();
        let begin = |tables: &job::Tables| {
            let places = places.iter().map(PathBuf::as_path);
            let staged =
                StagedDir::begin(&tables.out, tables.overwrite, places.clone(), &job.cleanup)?;
            refuse_overlap(&tables.out, places)?;
            Ok::<_, Error>(staged)
        };
        let staged = job.tables.as_ref().map(begin).transpose()?;
        let (old, new) = (
            side::open(&job.old, &job.cleanup)?,
            side::open(&job.new, &job.cleanup)?,
        );
        // The counts of the tables to be written have to be known.
        if staged.is_none() && old.has_same_bytes(&new) {
            return Ok(Compared {
                old: old.facts(),
                new: new.facts(),
                equal: Some(KnownBy::Bytes),
                tables: Vec::new(),
            });
        }
        let compared = pool(job.threads)?.install(|| compare(job, &old, &new, staged.as_ref()))?;
        if let Some(staged) = staged {
            staged.commit()?;
        }
        Ok(compared)
    }

    /// The counts of all tables together; without those of columns.
    pub(crate) fn total(&self) -> Counts {
        let mut total = Counts::default();
        for TableChanges { counts, .. } in &self.tables {
            total.added += counts.added;
            total.removed += counts.removed;
            total.changed += counts.changed;
            total.unchanged += counts.unchanged;
        }
        total
    }

    /// Refuses any difference.
    pub(crate) fn refuse(&self) -> Result<(), Error> {
        if self.equal.is_some() {
            return Ok(());
        }
        Err(Error::Changed(text::rows(&self.total())))
    }
}

fn compare(
    job: &Diff,
    old: &Source<'_>,
    new: &Source<'_>,
    staged: Option<&StagedDir>,
) -> Result<Compared, Error> {
    let (old, new) = rayon::join(|| old.read(&job.parser), || new.read(&job.parser));
    let (old, new) = (old?, new?);
    let tables: Vec<Result<TableChanges, Error>> = schema::tables()
        .par_iter()
        // The biggest table may stand anywhere: no table waits behind another one.
        .with_max_len(1)
        .map(|table| compare_table(job, table, &old, &new, staged))
        .collect();
    let tables = tables.into_iter().collect::<Result<Vec<_>, _>>()?;
    if let (Some(staged), Some(written)) = (staged, &job.tables) {
        write_summary(staged.path(), &written.format, [&old, &new], &tables)?;
    }
    let equal = tables.iter().all(|table| table.counts.is_equal());
    let read = tables.iter().any(|table| table.read);
    Ok(Compared {
        old: old.facts(),
        new: new.facts(),
        equal: equal.then_some(if read { KnownBy::Rows } else { KnownBy::Hashes }),
        tables,
    })
}

fn compare_table(
    job: &Diff,
    table: &'static TableDef,
    old: &Side,
    new: &Side,
    staged: Option<&StagedDir>,
) -> Result<TableChanges, Error> {
    let mut rows = staged.map(|_| ChangeRows::new(table));
    let mut first = Vec::new();
    let equal = old.rows_of_same_file(new, table);
    let counts = match equal {
        Some(rows) => Counts::of_equal(rows),
        None => {
            let mut changes = Changes::new(table, old.batches(table)?, new.batches(table)?);
            for change in &mut changes {
                let change = change.map_err(|error| failed(error, old, new))?;
                if let Some(rows) = &mut rows {
                    rows.push(&change);
                }
                if first.len() < job.limit {
                    first.push(change);
                }
            }
            changes.counts().clone()
        }
    };
    let written = match (staged, &job.tables, rows) {
        (Some(staged), Some(tables), Some(rows)) => {
            let table = rows.finish();
            Some(crate::write::write_table(
                &table,
                staged.path(),
                &tables.format,
            )?)
        }
        _ => None,
    };
    Ok(TableChanges {
        table,
        counts,
        first,
        read: equal.is_none(),
        written,
    })
}

fn failed(error: DiffError<read::Error>, old: &Side, new: &Side) -> Error {
    let side = match error {
        DiffError::Read(error) => return error.into(),
        DiffError::Unsorted { side, .. } | DiffError::Columns { side, .. } => side,
        _ => voltree_core::diff::Side::New,
    };
    let side = match side {
        voltree_core::diff::Side::Old => old,
        voltree_core::diff::Side::New => new,
    };
    Error::Diff {
        input: side.facts().label,
        error: error.to_string(),
        advice: side.advice(),
    }
}
