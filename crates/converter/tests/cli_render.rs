//! `voltree render`, and `voltree convert --lineage`.

mod common;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use common::{names, stderr, stdout, voltree};
use serde_json::value::RawValue;
use tempfile::TempDir;

const PAYLOAD: &str = r#"{ "operatorGroups": [{"id": 7.0, "name": "North", "users": null, "operators": [{"id": 1, "groups": [{"id": 7, "chargers": [{"chargerId": "A", "lastSeen": "2024-01-01T02:00:00.1234567+02:00"}]}]}]}], "spareOperator": [null]}"#;

/// The same as compact text with sorted keys.
fn canonical(json: &str) -> String {
    match json.trim_start().as_bytes()[0] {
        b'{' => {
            let members: BTreeMap<String, Box<RawValue>> = serde_json::from_str(json).unwrap();
            let members = members.iter().map(|(key, value)| {
                let key = serde_json::to_string(key).unwrap();
                format!("{key}:{}", canonical(value.get()))
            });
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        b'[' => {
            let elements: Vec<Box<RawValue>> = serde_json::from_str(json).unwrap();
            let elements = elements.iter().map(|element| canonical(element.get()));
            format!("[{}]", elements.collect::<Vec<_>>().join(","))
        }
        b'"' => {
            let text: String = serde_json::from_str(json).unwrap();
            serde_json::to_string(&text).unwrap()
        }
        _ => json.trim().to_owned(),
    }
}

fn converted(payload: &str, flags: &[&str]) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let mut command = voltree();
    command.args(["convert", "-", "--quiet", "--out"]).arg(&out);
    command.args(flags).write_stdin(payload).assert().success();
    (dir, out)
}

fn render(dir: &Path, flags: &[&str]) -> assert_cmd::assert::Assert {
    voltree().arg("render").arg(dir).args(flags).assert()
}

#[test]
fn every_fixture_comes_back_from_parquet_and_from_csv() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let mut count = 0;
    for name in names(&fixtures) {
        if !name.ends_with(".json") {
            continue;
        }
        let payload = fs::read_to_string(fixtures.join(&name)).unwrap();
        for flags in [
            ["--lineage", "--format", "parquet"].as_slice(),
            &["--lineage", "--format", "csv"],
            &[
                "--lineage",
                "--format=csv",
                "--null=NULL",
                "--delimiter=tab",
            ],
        ] {
            let (_dir, out) = converted(&payload, flags);
            let rendered = render(&out, &[]).success();
            assert!(stdout(&rendered) == canonical(&payload), "{name} {flags:?}");
            assert_eq!(stderr(&rendered), "", "{name}");
        }
        count += 1;
    }
    assert!(count >= 10, "{count}");
}

#[test]
fn the_lineage_has_a_folder_of_its_own_and_stands_in_the_manifest() {
    let (_dir, out) = converted(PAYLOAD, &["--lineage", "--format", "csv"]);
    assert_eq!(
        names(&out.join("lineage")),
        ["children.csv", "records.csv", "shapes.csv"]
    );
    let package = fs::read(out.join("datapackage.json")).unwrap();
    let package: serde_json::Value = serde_json::from_slice(&package).unwrap();
    let resources = package["resources"].as_array().unwrap();
    let records = &resources[resources.len() - 2];
    assert_eq!(records["name"], "lineage_records");
    assert_eq!(records["path"], "lineage/records.csv");
    assert_eq!(records["rows"], 5);
    assert_eq!(
        records["schema"]["foreignKeys"][0]["reference"]["resource"],
        "lineage_shapes"
    );
    let shapes = fs::read_to_string(out.join("lineage/shapes.csv")).unwrap();
    assert!(
        shapes.contains("0,\"{\"\"chargerId\"\":=,\"\"lastSeen\"\":?}\"\r\n"),
        "{shapes}"
    );

    let (_dir, out) = converted(PAYLOAD, &[]);
    assert!(!out.join("lineage").exists());
}

#[test]
fn an_output_with_lineage_is_replaced_by_one_without() {
    let (_dir, out) = converted(PAYLOAD, &["--lineage"]);
    let mut command = voltree();
    command
        .args(["convert", "-", "--overwrite", "--out"])
        .arg(&out);
    command.write_stdin(PAYLOAD).assert().success();
    assert!(!out.join("lineage").exists());
}

#[test]
fn a_file_is_written_and_replaced() {
    let (dir, out) = converted(PAYLOAD, &["--lineage"]);
    let file = dir.path().join("again.json");
    fs::write(&file, "old").unwrap();
    let rendered = render(&out, &["--out", file.to_str().unwrap()]).success();
    assert_eq!(stdout(&rendered), "");
    assert_eq!(fs::read_to_string(&file).unwrap(), canonical(PAYLOAD));
    assert_eq!(names(dir.path()), ["again.json", "out"]);
}

#[test]
fn pretty_and_without_hierarchy() {
    let (_dir, out) = converted(PAYLOAD, &["--lineage"]);
    let rendered = render(&out, &["--pretty", "--exclude-hierarchy"]).success();
    let expected = r#"{
  "operatorGroups": [
    {
      "id": 7.0,
      "name": "North",
      "operators": [
        {
          "id": 1
        }
      ],
      "users": null
    }
  ],
  "spareOperator": [
    null
  ]
}
"#;
    assert_eq!(stdout(&rendered), expected);
}

#[test]
fn without_lineage_it_is_the_canonical_tree_and_says_so() {
    let payload = r#"{"operatorGroups":[{"id":1,"subgroups":[{"id":2,"subgroups":[{"id":1}]}]}]}"#;
    for format in ["parquet", "csv"] {
        let (_dir, out) = converted(payload, &["--format", format]);
        let rendered = render(&out, &[]).success();
        assert_eq!(
            stdout(&rendered),
            r#"{"operatorGroups":[{"id":1,"subgroups":[{"id":2}]}],"spareOperators":[]}"#
        );
        assert_eq!(
            stderr(&rendered),
            "voltree: note: the tables have no lineage: this is their canonical tree; \
             `voltree convert --lineage` keeps the payload as it was\n\
             voltree: note: 1 left out where something would stand within itself: sites 1 in sites 2\n"
        );
        assert_eq!(stderr(&render(&out, &["--quiet"]).success()), "");
    }
}

#[test]
fn what_is_no_whole_output_is_refused() {
    let (dir, out) = converted(PAYLOAD, &["--lineage"]);
    let refused = render(dir.path(), &[]).code(3);
    assert!(stderr(&refused).contains("this is no output of voltree"));
    assert_eq!(stdout(&refused), "");

    let target = dir.path().join("again.json");
    fs::write(out.join("lineage/shapes.parquet"), "x").unwrap();
    let refused = render(&out, &["--out", target.to_str().unwrap()]).code(3);
    assert!(stderr(&refused).contains("shapes.parquet: the file was changed"));
    fs::remove_file(out.join("lineage/shapes.parquet")).unwrap();
    let refused = render(&out, &["--out", target.to_str().unwrap()]).code(5);
    assert!(stderr(&refused).contains("shapes.parquet: No such file"));
    assert!(!target.exists());

    let missing = render(&dir.path().join("none"), &[]).code(5);
    assert!(
        stderr(&missing).contains("/none: No such file or directory"),
        "{}",
        stderr(&missing)
    );
    let file = dir.path().join("file.json");
    fs::write(&file, PAYLOAD).unwrap();
    let refused = render(&file, &[]).code(3);
    assert!(
        stderr(&refused).ends_with(
            "/file.json: this is a file; give a directory that `voltree convert --out` wrote\n"
        ),
        "{}",
        stderr(&refused)
    );
}

#[test]
fn a_prefix_against_formulas_and_lineage_exclude_each_other() {
    let mut command = voltree();
    command.args(["convert", "-", "--out", "out", "--lineage"]);
    let refused = command
        .args(["--format", "csv", "--csv-safe", "prefix"])
        .assert()
        .code(2);
    assert!(stderr(&refused).contains("--csv-safe prefix changes texts"));
}

#[test]
fn whoever_stops_reading_is_no_error() {
    use std::process::{Command, Stdio};
    let chargers: Vec<String> = (0..20_000)
        .map(|id| format!(r#"{{"chargerId":"{id}"}}"#))
        .collect();
    let payload = format!(
        r#"{{"operatorGroups":[{{"chargers":[{}]}}]}}"#,
        chargers.join(",")
    );
    let (_dir, out) = converted(&payload, &["--lineage"]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_voltree"))
        .arg("render")
        .arg(&out)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
}

#[test]
fn texts_that_were_changed_for_spreadsheets_are_told_as_the_reason() {
    let dir = tempfile::tempdir().unwrap();
    let payload = r#"{"operatorGroups":[{"id":1,"chargers":[
        {"chargerId":"+a","x":[1]},{"chargerId":"*b","x":-1}]}]}"#;
    std::fs::write(dir.path().join("in.json"), payload).unwrap();
    let run = |line: &str| {
        let mut command = voltree();
        command.current_dir(&dir).args(line.split(' ')).assert()
    };
    let advice =
        "--csv-safe prefix changed texts of these tables: convert the payload again without it\n";
    run("convert in.json --out o --format csv --csv-safe prefix").success();
    for line in ["render o", "diff o in.json"] {
        let said = common::stderr(&run(line).code(3));
        assert!(said.ends_with(advice), "{line}: {said}");
    }
    run("convert in.json --out o --format csv --overwrite").success();
    run("render o").success();
    run("diff o in.json").success();
}
