//! A directory of tables: whether its files are those that its manifest lists.

use std::fs;

use rayon::prelude::*;
use voltree_core::{
    Dataset, Stats, Table,
    check::{Finding, FindingKind},
    schema::{self, TableDef},
};

use crate::read::{Error, ErrorKind, Package, Resource};

/// The findings about files, and the tables unless one of them cannot be read.
pub(super) fn read(package: &Package) -> (Vec<Finding>, Option<Dataset>) {
    let mut findings = Vec::new();
    let tables = read_tables(package, schema::tables(), &mut findings);
    let lineage = if package.has_lineage() {
        read_tables(package, schema::lineage_tables(), &mut findings)
    } else {
        Some(Vec::new())
    };
    let dataset = tables.zip(lineage).map(|(tables, lineage)| Dataset {
        tables,
        lineage,
        stats: Stats::default(),
    });
    (findings, dataset)
}

fn read_tables(
    package: &Package,
    defs: &'static [TableDef],
    findings: &mut Vec<Finding>,
) -> Option<Vec<Table>> {
    let tables: Vec<(Vec<Finding>, Option<Table>)> = defs
        .par_iter()
        .with_max_len(1)
        .map(|def| read_table(package, def))
        .collect();
    let (found, tables): (Vec<_>, Vec<_>) = tables.into_iter().unzip();
    findings.extend(found.into_iter().flatten());
    tables.into_iter().collect()
}

fn read_table(package: &Package, def: &'static TableDef) -> (Vec<Finding>, Option<Table>) {
    let mut findings = Vec::new();
    let mut found = |kind, message| findings.push(Finding::of_table(kind, def.name, message));
    let table = package.table(def);
    if let Ok(resource) = package.resource(def) {
        if let Some(message) = changed(package, resource) {
            found(FindingKind::ChangedFile, message);
        }
        let rows = table
            .as_ref()
            .map_or(resource.rows, |table| table.rows() as u64);
        if rows != resource.rows {
            let message = format!(
                "the table has {rows} rows, its manifest says {}",
                resource.rows
            );
            found(FindingKind::RowCount, message);
        }
    }
    match table {
        Ok(table) => (findings, Some(table)),
        Err(error) => {
            found(FindingKind::UnreadableTable, unreadable(&error));
            (findings, None)
        }
    }
}

/// How a file differs from what the manifest says; a file that cannot be read is told of elsewhere.
fn changed(package: &Package, resource: &Resource) -> Option<String> {
    let path = package.path(resource);
    let bytes = fs::metadata(&path).ok()?.len();
    if bytes != resource.bytes {
        let said = resource.bytes;
        return Some(format!(
            "the file has {bytes} bytes, its manifest says {said}"
        ));
    }
    let hash = package.hash(resource).ok()?;
    (hash != resource.hash).then(|| {
        format!(
            "the file has hash {hash}, its manifest says {}",
            resource.hash
        )
    })
}

/// The name of the file, whose directory is known, and what is wrong.
fn unreadable(error: &Error) -> String {
    let file = error
        .path()
        .file_name()
        .unwrap_or_default()
        .to_string_lossy();
    match error.kind() {
        ErrorKind::Io(error) => format!("cannot read {file}: {error}"),
        kind => format!("{file}: {kind}"),
    }
}

#[cfg(test)]
mod tests {
    use voltree_core::check::Checker;

    use super::*;
    use crate::{Convert, CsvOptions, Format, Input, convert};

    const PAYLOAD: &str = r#"{"operatorGroups":[{"id":1,"subgroups":[{"id":2}],"chargers":[
        {"chargerId":"A","evseId":"","lastSeen":"2024-10-10T06:49:37Z"},{"chargerId":"B\"\n"}]}]}"#;

    #[test]
    fn no_bit_that_is_flipped_is_missed_and_none_makes_a_check_panic() {
        let dir = tempfile::tempdir().unwrap();
        let payload = dir.path().join("in.json");
        fs::write(&payload, PAYLOAD).unwrap();
        let mut job = Convert::new(Input::File(payload), dir.path().join("out"));
        job.format = Format::Csv(CsvOptions::default());
        convert(&job).unwrap();
        let package = Package::open(&job.out).unwrap();
        for table in ["site_chargers", "site_subsites", "sites", "evses"] {
            let def = schema::table(table).unwrap();
            let path = package.path(package.resource(def).unwrap());
            let good = fs::read(&path).unwrap();
            for place in 0..good.len() {
                let mut bad = good.clone();
                bad[place] ^= 1 << (place % 8);
                fs::write(&path, bad).unwrap();
                let (findings, dataset) = read(&package);
                assert!(
                    findings
                        .iter()
                        .any(|found| found.kind == FindingKind::ChangedFile)
                );
                let rows = dataset
                    .iter()
                    .flat_map(|dataset| Checker::new(dataset).all());
                assert!(rows.count() < 100);
            }
            fs::write(&path, good).unwrap();
        }
        assert_eq!(read(&package).0, []);
    }
}
