//! `voltree diff --out`: what changed, as tables.

mod common;

use std::fs;

use common::{
    diff::{NEW, OLD, convert, diff, payloads},
    names, stderr,
};
use serde_json::{Value, json};

#[test]
fn all_changes_are_written_as_tables() {
    let (dir, old, new) = payloads(OLD, NEW);
    let out = dir.path().join("changes");
    let mut command = diff(&old, &new);
    command
        .args(["--limit", "0", "--tables", "csv", "--out"])
        .arg(&out);
    command.assert().success();
    let table = |name: &str| fs::read_to_string(out.join(name)).unwrap();
    assert_eq!(
        table("chargers_changes.csv"),
        "charger_id,column,change,old,new\r\n\
         A,firmware_version,changed,1,2\r\n\
         A,latitude,changed,60.0,60.5\r\n\
         B,\"\",removed,,\r\n\
         C,\"\",added,,\r\n"
    );
    assert_eq!(table("users_changes.csv"), "id,column,change,old,new\r\n");
    assert!(table("summary.csv").contains("\r\nsite_ancestors,2,2,0,1\r\n"));
    let manifest: Value = serde_json::from_str(&table("datapackage.json")).unwrap();
    assert_eq!(manifest["name"], "operator-tree-changes");
    let titles: Vec<&Value> = manifest["sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|source| &source["title"])
        .collect();
    assert_eq!(titles, ["old.json", "new.json"]);
    let resources = manifest["resources"].as_array().unwrap();
    assert_eq!(resources.len() + 1, names(&out).len());
    let of = |name: &str| {
        resources
            .iter()
            .find(|resource| resource["name"] == name)
            .unwrap()
    };
    assert_eq!(of("chargers_changes")["rows"], 4);
    assert_eq!(
        of("chargers_changes")["schema"]["primaryKey"],
        json!(["charger_id", "column"])
    );
    assert_eq!(of("summary")["schema"]["primaryKey"], json!(["table"]));
    for resource in resources {
        assert!(resource["schema"].get("foreignKeys").is_none());
    }

    // The same again is refused, and replaces what is there where that is wanted: the same bytes.
    let again = |flags: &[&str]| {
        let mut command = diff(&old, &new);
        command
            .args(["--tables", "csv", "--out"])
            .arg(&out)
            .args(flags);
        command.assert()
    };
    assert!(stderr(&again(&[]).code(2)).contains("is not empty (--overwrite replaces it)"));
    let before = table("datapackage.json");
    again(&["--overwrite", "--threads", "1"]).code(0);
    assert_eq!(table("datapackage.json"), before);
}

#[test]
fn changes_are_written_as_parquet_too() {
    let (dir, old, new) = payloads(OLD, NEW);
    let out = dir.path().join("changes");
    diff(&old, &new).arg("--out").arg(&out).assert().success();
    let file = fs::File::open(out.join("sites_changes.parquet")).unwrap();
    let reader =
        parquet::arrow::arrow_reader::ParquetRecordBatchReader::try_new(file, 100).unwrap();
    let batches: Vec<_> = reader.map(Result::unwrap).collect();
    assert_eq!(
        batches.iter().map(|batch| batch.num_rows()).sum::<usize>(),
        3
    );
    // Nothing changed: the tables are there, and the rows are counted.
    let flags = ["--overwrite", "--tables", "csv", "--out"];
    diff(&old, &old).args(flags).arg(&out).assert().success();
    let summary = fs::read_to_string(out.join("summary.csv")).unwrap();
    assert!(summary.contains("\r\nsites,0,0,0,2\r\n"), "{summary}");
}

#[test]
fn tables_that_are_out_of_order_are_refused() {
    // The apostrophe stands before the parenthesis, and the sign of equality behind.
    let payload =
        r#"{"operatorGroups":[{"id":1,"chargers":[{"chargerId":"("},{"chargerId":"="}]}]}"#;
    let (dir, old, _) = payloads(payload, "");
    let tables = dir.path().join("tables");
    convert(&old, &tables, &["--format", "csv", "--csv-safe", "prefix"]);
    let out = dir.path().join("changes");
    let failed = diff("old.json", "tables")
        .current_dir(&dir)
        .arg("--out")
        .arg(&out)
        .assert()
        .code(3);
    assert_eq!(
        stderr(&failed),
        "voltree: error: tables: table chargers, row 2: it is not in the order of the key; \
         --csv-safe prefix changed texts of these tables: convert the payload again without it\n"
    );
    assert_eq!(names(dir.path()), ["new.json", "old.json", "tables"]);
}

#[test]
fn what_is_about_tables_needs_a_place_for_them() {
    let (dir, old, new) = payloads(OLD, NEW);
    let csv = [("VOLTREE_TABLES", "csv"), ("VOLTREE_OVERWRITE", "true")];
    for (option, value) in [("--tables", "=csv"), ("--overwrite", ""), ("--null", "=NA")] {
        let typed = format!("{option}{value}");
        let refused = diff(&old, &new).arg(typed).assert().code(2);
        assert_eq!(
            stderr(&refused),
            format!("voltree: error: {option} needs --out, where the changes go\n")
        );
    }
    // Defaults do nothing where they have nothing to do, and may name the place.
    diff(&old, &new).envs(csv).assert().success();
    let mut named = diff(&old, &new);
    named
        .args(["--tables", "csv"])
        .env("VOLTREE_OUT", dir.path().join("out"));
    named.assert().success();
    assert!(names(&dir.path().join("out")).contains(&"sites_changes.csv".to_owned()));
}

#[test]
fn changes_are_not_written_into_what_is_compared() {
    let (dir, old, new) = payloads(OLD, NEW);
    let tables = dir.path().join("tables");
    convert(&old, &tables, &[]);
    let dataset = dir.path().join("dataset");
    convert(&old, &dataset, &["--layout", "hive"]);
    let snapshot = fs::read_dir(dataset.join("_snapshots")).unwrap().next();
    let snapshot = snapshot.unwrap().unwrap().path();
    for (compared, whole) in [(&tables, &tables), (&snapshot, &dataset)] {
        let changes = whole.join("changes");
        for is_there in [false, true] {
            if is_there {
                fs::create_dir(&changes).unwrap();
            }
            let mut command = diff(compared, &new);
            command.arg("--out").arg(&changes);
            let line = stderr(&command.assert().code(2));
            assert!(line.contains("would be written over or into"), "{line}");
            assert_eq!(changes.exists(), is_there);
        }
    }
}
