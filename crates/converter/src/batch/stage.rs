//! One input into snapshots that are ready to be put.

use std::{collections::BTreeSet, fs, path::Path};

use voltree_core::{check::Checker, schema};

use super::{Batch, dataset, dataset::Prepared, name};
use crate::{
    Error, InputFacts, OutputFacts, SnapshotReport, WrittenTable, check, findings,
    manifest::{self, Options, Snapshot},
    reading::Reading,
    write_tables,
};

/// Why an input gave no snapshots.
pub(super) enum Failure {
    /// It could not be read, or was refused.
    Input(Error),
    /// The output could not be written.
    Output(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Input(error)
    }
}

/// The snapshots of an input.
pub(super) struct Staged {
    pub(super) snapshots: Vec<Prepared>,
    pub(super) reports: Vec<SnapshotReport>,
    pub(super) input: InputFacts,
}

/// Converts the payloads of an input, each into a folder of `staging`. Names that are `taken` are those of
/// other inputs.
pub(super) fn stage(
    job: &Batch,
    options: &Options,
    reading: Reading<'_>,
    name: &str,
    taken: &BTreeSet<String>,
    staging: &Path,
) -> Result<Staged, Failure> {
    let mut reports = Vec::new();
    let input = reading.label();
    let facts = reading.each(&job.parser, |index, dataset| {
        let name = name::nth(name, index);
        // The second payload of `night` is `night-2`, and so is the first one of `night-2`.
        if index > 0 && taken.contains(&name) {
            return Err(Failure::Input(Error::Usage(format!(
                "{input}: its payload {} and another input would both be snapshot {name}: tell them apart \
                 with --snapshot-name, such as '{{parent}}-{{stem}}'",
                index + 1,
            ))));
        }
        let refused = |error| Error::Snapshot {
            input: input.clone(),
            snapshot: name.clone(),
            error: Box::new(error),
        };
        if job.strict {
            findings::refuse_anomalies(&dataset).map_err(refused)?;
        }
        check::refuse(&Checker::new(&dataset), &job.fail_on).map_err(refused)?;
        let dir = staging.join(index.to_string());
        fs::create_dir(&dir)
            .map_err(|error| Failure::Output(Error::io("cannot create", &dir, error)))?;
        let tables = write_tables(&dataset, &dir, &job.format).map_err(|error| match error {
            Error::Formula { .. } => Failure::Input(refused(error)),
            _ => Failure::Output(error),
        })?;
        reports.push(SnapshotReport {
            name,
            conflicts: dataset.table("conflicts").rows() as u64,
            anomalies: findings::anomalies_by_kind(&dataset),
            repeated_bytes: dataset.stats.repeated_bytes,
            depth: dataset.stats.depth,
            output: OutputFacts {
                format: job.format.name(),
                bytes: tables.iter().map(|table| table.bytes).sum(),
                tables,
            },
        });
        Ok::<(), Failure>(())
    })?;
    let payloads = reports.len();
    let mut snapshots = Vec::new();
    for (index, report) in reports.iter_mut().enumerate() {
        let files = give_keys(report);
        let snapshot = Snapshot {
            name: &report.name,
            payload: index + 1,
            payloads,
            options,
        };
        let dir = staging.join(index.to_string());
        let manifest = manifest::json(&facts, &report.output.tables, &job.format, Some(&snapshot));
        let manifest =
            manifest.map_err(|error| Error::io("cannot write the manifest of", &dir, error));
        let prepared = manifest
            .and_then(|json| Prepared::new(report.name.clone(), index + 1, dir, files, &json));
        snapshots.push(prepared.map_err(Failure::Output)?);
    }
    Ok(Staged {
        snapshots,
        reports,
        input: facts,
    })
}

/// Gives the tables their paths in the dataset, and says from where to where.
fn give_keys(report: &mut SnapshotReport) -> Vec<(String, String)> {
    let format = report.output.format;
    let key = |table: &mut WrittenTable| {
        let def = schema::table(table.name)?;
        let key = dataset::part(def, &report.name, format);
        Some((std::mem::replace(&mut table.file, key.clone()), key))
    };
    report.output.tables.iter_mut().filter_map(key).collect()
}
