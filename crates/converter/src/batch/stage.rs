//! One input into snapshots that are ready to be put.

use std::{fs, path::Path};

use voltree_core::{check::Checker, schema};

use super::{Batch, dataset, dataset::Prepared, name};
use crate::{
    Error, Input, InputFacts, OutputFacts, SnapshotReport, WrittenTable, check, findings,
    manifest::{self, Snapshot},
    progress::Progress,
    reading, write_tables,
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

/// Converts the payloads of an input, each into a folder of `staging`.
pub(super) fn stage(
    job: &Batch,
    input: &Input,
    name: &str,
    staging: &Path,
    progress: Progress,
) -> Result<Staged, Failure> {
    let parser = job.parser.clone().lineage(job.lineage);
    let mut reports = Vec::new();
    let facts = reading::each(input, &parser, progress, |index, dataset| {
        if job.strict {
            findings::refuse_anomalies(&dataset)?;
        }
        check::refuse(&Checker::new(&dataset), &job.fail_on)?;
        let dir = staging.join(index.to_string());
        fs::create_dir(&dir)
            .map_err(|error| Failure::Output(Error::io("cannot create", &dir, error)))?;
        let tables = write_tables(&dataset, &dir, &job.format).map_err(|error| match error {
            Error::Formula { .. } => Failure::Input(error),
            _ => Failure::Output(error),
        })?;
        reports.push(SnapshotReport {
            name: name::nth(name, index),
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
    let options = job.options();
    let payloads = reports.len();
    let mut snapshots = Vec::new();
    for (index, report) in reports.iter_mut().enumerate() {
        let files = give_keys(report);
        let snapshot = Snapshot {
            name: &report.name,
            payload: index + 1,
            payloads,
            options: &options,
        };
        let dir = staging.join(index.to_string());
        let manifest = manifest::json(&facts, &report.output.tables, &job.format, Some(&snapshot));
        snapshots.push(Prepared {
            name: report.name.clone(),
            payload: index + 1,
            files,
            manifest: manifest.map_err(|error| {
                Failure::Output(Error::io("cannot write the manifest of", &dir, error))
            })?,
            dir,
        });
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
