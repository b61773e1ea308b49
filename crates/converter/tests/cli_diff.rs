//! `voltree diff` of payloads, and of directories of tables.

mod common;

use std::{fs, path::Path};

use common::{
    diff::{NEW, OLD, convert, diff, payloads},
    names, stderr, stdout, voltree,
};
use serde_json::{Value, json};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures");

/// What `diff` shows, run where the payloads lie so that it names them shortly.
fn shown(dir: &Path, flags: &[&str]) -> String {
    let mut command = diff("old.json", "new.json");
    stdout(&command.current_dir(dir).args(flags).assert().success())
}

#[test]
fn a_summary_names_tables_rows_and_fields() {
    let (dir, ..) = payloads(OLD, NEW);
    assert_eq!(
        shown(dir.path(), &[]),
        "\
sites: 1 added, 1 removed, 1 changed (group_name 1)
  ~ 1
      group_name: \"North\" → \"South\"
  - 2
  + 3

chargers: 1 added, 1 removed, 1 changed (firmware_version 1, latitude 1)
  ~ A
      firmware_version: \"1\" → \"2\"
      latitude: 60.0 → 60.5
  - B
  + C

site_subsites: 1 added, 1 removed
  - 1/2/home
  + 1/3/home

site_chargers: 1 added, 1 removed
  - 1/B/home
  + 1/C/home

site_ancestors: 2 added, 2 removed
  - 2/1
  - 2/2
  + 3/1
  + 3/3

evses: 1 added, 1 removed
  - B/B
  + C/C

old.json → new.json: 7 rows added, 7 rows removed, 2 rows changed, 3 unchanged
"
    );
}

#[test]
fn a_limit_holds_for_each_table() {
    let (dir, ..) = payloads(OLD, NEW);
    let text = shown(dir.path(), &["--limit", "1"]);
    assert!(
        text.contains("site_ancestors: 2 added, 2 removed\n  - 2/1\n  … 3 more\n\n"),
        "{text}"
    );
    let text = shown(dir.path(), &["--limit", "0"]);
    assert!(
        text.contains("site_ancestors: 2 added, 2 removed\n\nevses"),
        "{text}"
    );
}

#[test]
fn a_summary_for_programs() {
    let (dir, ..) = payloads(OLD, NEW);
    let report: Value = serde_json::from_str(&shown(dir.path(), &["--format", "json"])).unwrap();
    assert_eq!(report["equal"], false);
    assert_eq!(report["old"]["name"], "old.json");
    assert_eq!(report["new"]["bytes"], NEW.len());
    assert_eq!(
        report["rows"],
        json!({"added": 7, "removed": 7, "changed": 2, "unchanged": 3})
    );
    assert_eq!(
        report["tables"]["chargers"],
        json!({
            "added": 1, "removed": 1, "changed": 1, "unchanged": 0,
            "columns": {"firmware_version": 1, "latitude": 1},
            "changes": [
                {"change": "changed", "key": {"charger_id": "A"}, "columns": {
                    "firmware_version": {"old": "1", "new": "2"},
                    "latitude": {"old": 60.0, "new": 60.5},
                }},
                {"change": "removed", "key": {"charger_id": "B"}},
                {"change": "added", "key": {"charger_id": "C"}},
            ],
        })
    );
    assert!(report["tables"].get("users").is_none());
}

#[test]
fn equal_content_says_so_and_how_it_is_known() {
    let (dir, old, new) = payloads(OLD, OLD);
    let known = |old: &Path, new: &Path| {
        let report = diff(old, new).args(["--format", "json"]).assert().success();
        let report: Value = serde_json::from_str(&stdout(&report)).unwrap();
        assert_eq!(report["equal"], true);
        let unchanged = report["rows"]["unchanged"].as_u64();
        (report["known_by"].as_str().unwrap().to_owned(), unchanged)
    };
    // What nobody has parsed, nobody has counted.
    assert_eq!(known(&old, &new), ("bytes".to_owned(), None));
    assert_eq!(
        shown(dir.path(), &[]),
        "old.json → new.json: no differences: the files have the same bytes\n"
    );
    // Other bytes, other places of anomalies, the same content.
    fs::write(&new, OLD.replace(',', " ,\n")).unwrap();
    assert_eq!(known(&old, &new), ("rows".to_owned(), Some(12)));
    assert_eq!(
        shown(dir.path(), &[]),
        "old.json → new.json: no differences in 12 rows\n"
    );
    let (one, other) = (dir.path().join("one"), dir.path().join("other"));
    convert(&old, &one, &[]);
    convert(&new, &other, &[]);
    // No table is read.
    for table in names(&one).iter().filter(|name| name.ends_with(".parquet")) {
        fs::remove_file(one.join(table)).unwrap();
    }
    assert_eq!(known(&one, &other), ("hashes".to_owned(), Some(12)));
    let shown = stdout(&diff("one", "other").current_dir(&dir).assert().success());
    assert_eq!(
        shown,
        "one → other: no differences: the manifests have equal hashes of all tables\n"
    );
}

#[test]
fn payloads_and_their_tables_are_equal_in_every_format() {
    let dir = tempfile::tempdir().unwrap();
    let mut payloads = 0;
    for entry in fs::read_dir(FIXTURES).unwrap() {
        let payload = entry.unwrap().path();
        if payload
            .extension()
            .is_none_or(|extension| extension != "json")
        {
            continue;
        }
        payloads += 1;
        let (parquet, csv) = (dir.path().join("parquet"), dir.path().join("csv"));
        convert(&payload, &parquet, &["--overwrite", "--lineage"]);
        convert(
            &payload,
            &csv,
            &["--overwrite", "--format", "csv", "--null", "\\N"],
        );
        for (old, new) in [(&payload, &parquet), (&csv, &payload), (&parquet, &csv)] {
            let same = diff(old, new).arg("--fail-on-change").assert().code(0);
            assert!(
                stdout(&same).contains(": no differences in "),
                "{}",
                stdout(&same)
            );
        }
    }
    assert!(payloads >= 10);
}

#[test]
fn places_in_the_text_are_no_content() {
    let payload = Path::new(FIXTURES).join("lenient.json");
    let text = fs::read_to_string(&payload).unwrap();
    let (dir, old, new) = payloads(&text, &format!("\n\n {text}"));
    let (one, other) = (dir.path().join("one"), dir.path().join("other"));
    convert(&old, &one, &["--format", "csv"]);
    convert(&new, &other, &["--format", "csv"]);
    let anomalies = |dir: &Path| fs::read(dir.join("anomalies.csv")).unwrap();
    assert_ne!(anomalies(&one), anomalies(&other));
    let same = stdout(&diff(&one, &other).assert().success());
    assert!(same.contains("no differences in "), "{same}");
}

#[test]
fn one_field_of_a_generated_payload_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let (old, new) = (dir.path().join("old.json"), dir.path().join("new.json"));
    let mut generate = voltree();
    generate.args(["generate", "--no-repeats", "--chargers", "60", "--out"]);
    generate.arg(&old).assert().success();
    let text = fs::read_to_string(&old).unwrap();
    let field = "\"serialNumber\":\"";
    let place = text.match_indices(field).nth(30).unwrap().0 + field.len();
    fs::write(&new, format!("{}x{}", &text[..place], &text[place..])).unwrap();
    let report = stdout(
        &diff(&old, &new)
            .args(["--format", "json"])
            .assert()
            .success(),
    );
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["rows"]["changed"], 1);
    assert_eq!(
        (&report["rows"]["added"], &report["rows"]["removed"]),
        (&json!(0), &json!(0))
    );
    let change = &report["tables"]["chargers"]["changes"][0];
    let both = &change["columns"]["serial_number"];
    assert_eq!(both["new"], format!("x{}", both["old"].as_str().unwrap()));
    assert_eq!(change["columns"].as_object().unwrap().len(), 1);
}

#[test]
fn snapshots_of_a_dataset_are_compared() {
    let (dir, old, new) = payloads(OLD, NEW);
    let mut command = voltree();
    command.args(["convert", "--quiet", "--out", "dataset", "--format", "csv"]);
    command
        .args([&old, &new])
        .current_dir(&dir)
        .assert()
        .success();
    let snapshot = |name: &str| format!("dataset/_snapshots/{name}.json");
    let compare = |old: &str, new: &str| {
        let mut command = diff(old, new);
        stdout(
            &command
                .current_dir(&dir)
                .args(["--limit", "0"])
                .assert()
                .success(),
        )
    };
    let (one, other) = (snapshot("old"), snapshot("new"));
    let found = compare(&one, &other);
    let last =
        format!("{one} → {other}: 7 rows added, 7 rows removed, 2 rows changed, 3 unchanged\n");
    assert!(found.ends_with(&last), "{found}");
    assert!(compare(&one, "old.json").contains(": no differences in 12 rows"));
    assert!(compare(&one, &one).contains(": no differences: the manifests"));
}

#[test]
fn a_change_is_refused_where_that_is_asked_for() {
    let (_dir, old, new) = payloads(OLD, NEW);
    let refused = diff(&old, &new).arg("--fail-on-change").assert().code(1);
    assert_eq!(
        stderr(&refused),
        "voltree: error: refused by --fail-on-change: 7 rows added, 7 rows removed, 2 rows changed\n"
    );
    assert!(stdout(&refused).starts_with("sites: "));
}

#[test]
fn one_side_may_be_standard_input() {
    let (dir, old, _) = payloads(OLD, NEW);
    let tables = dir.path().join("tables");
    convert(&old, &tables, &[]);
    let found = stdout(&diff(&tables, "-").write_stdin(NEW).assert().success());
    assert!(found.ends_with(
        " → standard input: 7 rows added, 7 rows removed, 2 rows changed, 3 unchanged\n"
    ));
    let refused = diff("-", "-").write_stdin(NEW).assert().code(2);
    assert!(stderr(&refused).contains("standard input can be one side only"));
}

#[test]
fn sides_that_cannot_be_read_are_named() {
    let (dir, old, _) = payloads(OLD, NEW);
    let bad = dir.path().join("bad.json");
    fs::write(&bad, "{\"operatorGroups\":[1,]}").unwrap();
    let failed = diff(&old, &bad).assert().code(3);
    assert!(
        stderr(&failed).contains("bad.json:1:22: expected a value"),
        "{}",
        stderr(&failed)
    );
    diff(&old, dir.path().join("none")).assert().code(5);
    let failed = diff(dir.path(), &old).assert().code(3);
    assert!(stderr(&failed).contains("this is no output of voltree"));
    let tables = dir.path().join("tables");
    convert(&old, &tables, &["--format", "csv"]);
    let sites = tables.join("sites.csv");
    fs::write(
        &sites,
        fs::read_to_string(&sites)
            .unwrap()
            .replace("North", "Nirth"),
    )
    .unwrap();
    let failed = diff(&tables, &old).assert().code(3);
    assert!(
        stderr(&failed).contains("sites.csv: the file was changed"),
        "{}",
        stderr(&failed)
    );
    assert!(stdout(&failed).is_empty());
}
