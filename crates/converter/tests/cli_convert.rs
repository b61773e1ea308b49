//! `voltree convert` on payloads that can be converted.

mod common;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use assert_cmd::{Command, assert::Assert};
use common::{names, stderr, stdout, voltree};
use serde_json::Value;
use tempfile::TempDir;
use voltree_core::schema;
use voltree_generate::{Config, generate};

const SMALL: &str =
    r#"{"operatorGroups":[{"id":7,"groupName":"North","chargers":[{"chargerId":"FI-1"}]}]}"#;
/// A wrong type, a conflict and an unknown field.
const ODD: &str = r#"{"operatorGroups":[{"id":7,"groupName":5},{"id":8,"groupName":"a","x":1},{"id":8,"groupName":"b"}]}"#;

/// A directory with a payload in it.
struct Case {
    dir: TempDir,
}

impl Case {
    fn new(payload: impl AsRef<[u8]>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("in.json"), payload).unwrap();
        Case { dir }
    }

    fn out(&self) -> PathBuf {
        self.dir.path().join("out")
    }

    fn command(&self, flags: &[&str]) -> Command {
        let mut command = voltree();
        command.arg("convert").arg(self.dir.path().join("in.json"));
        command.arg("--out").arg(self.out()).args(flags);
        command
    }

    fn convert(&self, flags: &[&str]) -> Assert {
        self.command(flags).assert().success()
    }
}

/// A payload with all that a big one has.
fn shape() -> Config {
    Config {
        chargers: 40,
        admins: 1,
        regional: 2,
        local: 4,
        ..Config::repeats()
    }
}

fn generated(config: &Config) -> (Vec<u8>, BTreeMap<&'static str, u64>) {
    let mut payload = Vec::new();
    let truth = generate(config, &mut payload).unwrap();
    (payload, truth.tables)
}

fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    names(dir)
        .into_iter()
        .map(|name| (name.clone(), fs::read(dir.join(name)).unwrap()))
        .collect()
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

#[test]
fn every_table_has_a_file_with_the_rows_that_are_true() {
    let config = Config {
        drift: true,
        volatile: 0.3,
        ..shape()
    };
    let (payload, truth) = generated(&config);
    let case = Case::new(payload);
    for format in ["parquet", "csv"] {
        case.convert(&["--format", format, "--overwrite"]);
        let mut expected: Vec<String> = schema::tables()
            .iter()
            .map(|table| format!("{}.{format}", table.name))
            .collect();
        expected.push("datapackage.json".to_owned());
        expected.sort();
        assert_eq!(names(&case.out()), expected);
        let package = json(&case.out().join("datapackage.json"));
        for resource in package["resources"].as_array().unwrap() {
            let name = resource["name"].as_str().unwrap();
            assert_eq!(resource["rows"], truth[name], "{name}");
        }
    }
}

#[test]
fn threads_and_the_memo_never_change_a_byte() {
    let (payload, _) = generated(&shape());
    let case = Case::new(payload);
    for format in ["parquet", "csv"] {
        let mut outputs = Vec::new();
        for flags in [
            ["--threads", "1", "-q"].as_slice(),
            &["--threads", "3"],
            &["--no-memo"],
        ] {
            case.convert(&[&["--format", format, "--overwrite"], flags].concat());
            outputs.push(files(&case.out()));
        }
        assert!(outputs[0] == outputs[1] && outputs[1] == outputs[2]);
    }
}

#[test]
fn standard_input_gives_the_same_tables() {
    let case = Case::new(SMALL);
    case.convert(&[]);
    let from_file = files(&case.out());
    voltree()
        .args(["convert", "-", "--overwrite", "--out"])
        .arg(case.out())
        .write_stdin(SMALL)
        .assert()
        .success();
    let mut from_stdin = files(&case.out());
    // The manifest names the input.
    let package = |files: &BTreeMap<String, Vec<u8>>| -> Value {
        serde_json::from_slice(&files["datapackage.json"]).unwrap()
    };
    assert_eq!(package(&from_stdin)["sources"][0]["title"], "-");
    assert_eq!(
        package(&from_stdin)["sources"][0]["hash"],
        package(&from_file)["sources"][0]["hash"]
    );
    from_stdin.insert(
        "datapackage.json".to_owned(),
        from_file["datapackage.json"].clone(),
    );
    assert!(from_stdin == from_file);
}

#[test]
fn csv_is_written_as_asked() {
    let case = Case::new(SMALL);
    case.convert(&["--format", "csv", "--delimiter", "tab", "--null", "\\N"]);
    assert_eq!(
        fs::read_to_string(case.out().join("site_chargers.csv")).unwrap(),
        "site_id\tcharger_id\tview\tposition\r\n7\tFI-1\thome\t0\r\n"
    );
    let sites = fs::read_to_string(case.out().join("sites.csv")).unwrap();
    assert!(sites.contains("\r\n7\tNorth\t\\N\t"), "{sites}");
}

#[test]
fn formulas_are_refused_with_their_place() {
    let case =
        Case::new(r#"{"operatorGroups":[{"id":1,"groupName":"a"},{"id":2,"groupName":"=1"}]}"#);
    let refused = case
        .command(&["--format", "csv", "--csv-safe", "reject"])
        .assert()
        .code(1);
    let text = stderr(&refused);
    assert!(
        text.starts_with("voltree: error: table sites, row 2, column group_name: "),
        "{text}"
    );
    assert_eq!(names(case.dir.path()), ["in.json"]);
    case.convert(&["--format", "csv", "--csv-safe", "prefix"]);
    assert!(
        fs::read_to_string(case.out().join("sites.csv"))
            .unwrap()
            .contains("\r\n2,'=1,")
    );
}

#[test]
fn strict_refuses_anomalies_but_not_unknown_fields() {
    let case = Case::new(ODD);
    let refused = case.command(&["--strict"]).assert().code(1);
    assert_eq!(
        stderr(&refused),
        "voltree: error: refused by --strict: 1 anomaly (1 wrong_type): wrong_type at \
         $.operatorGroups[0].groupName: expected a text, found a number\n"
    );
    assert_eq!(names(case.dir.path()), ["in.json"]);
    Case::new(ODD.replace(":5", ":null")).convert(&["--strict"]);
}

#[test]
fn an_old_output_stays_as_it_was_until_the_new_one_is_complete() {
    let case = Case::new(SMALL);
    case.convert(&["--format", "csv"]);
    let old = files(&case.out());
    fs::write(case.dir.path().join("in.json"), ODD).unwrap();
    case.command(&[]).assert().code(2);
    assert!(files(&case.out()) == old);
    case.command(&["--overwrite", "--strict"]).assert().code(1);
    assert!(files(&case.out()) == old);
    fs::write(case.dir.path().join("in.json"), &SMALL[..40]).unwrap();
    case.command(&["--overwrite"]).assert().code(3);
    assert!(files(&case.out()) == old);
    fs::write(case.dir.path().join("in.json"), SMALL).unwrap();
    case.convert(&["--overwrite"]);
    assert!(names(&case.out()).contains(&"sites.parquet".to_owned()));
    assert!(!names(&case.out()).contains(&"sites.csv".to_owned()));
    assert_eq!(names(case.dir.path()), ["in.json", "out"]);
}

#[test]
fn the_summary_goes_to_standard_error_alone() {
    let case = Case::new(ODD);
    let done = case.convert(&[]);
    assert_eq!(stdout(&done), "");
    let text = stderr(&done);
    for line in [
        "           2  sites\n",
        "1 conflict, anomalies: 1 unknown_field, 1 wrong_type\n",
    ] {
        assert!(text.contains(line), "{text}");
    }
    assert_eq!(stderr(&case.convert(&["--overwrite", "-q"])), "");
    assert!(stderr(&case.convert(&["--overwrite", "-v"])).contains("sha256:"));
}

#[test]
fn statistics_are_for_machines() {
    let case = Case::new(ODD);
    let printed = stdout(&case.convert(&["--stats-json", "-", "-q"]));
    let printed: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(printed["input"]["bytes"], ODD.len());
    assert_eq!(printed["input"]["name"], "in.json");
    assert_eq!(printed["conflicts"], 1);
    assert_eq!(printed["anomalies"]["wrong_type"], 1);
    assert_eq!(printed["output"]["tables"][0]["name"], "sites");
    assert!(printed["seconds"]["total"].as_f64().unwrap() > 0.0);
    let file = case.dir.path().join("stats.json");
    case.convert(&["--overwrite", "-q", "--stats-json", file.to_str().unwrap()]);
    assert_eq!(json(&file)["output"]["tables"], printed["output"]["tables"]);
}

#[test]
fn the_log_is_one_json_object_a_line() {
    let case = Case::new(SMALL);
    let done = case.convert(&["--log-format", "json", "--progress", "always"]);
    let events: Vec<Value> = stderr(&done)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(events[0]["event"], "progress");
    assert_eq!(events[0]["bytes"], SMALL.len());
    assert_eq!(events[1]["event"], "done");
    assert_eq!(events[1]["output"]["tables"][0]["rows"], 1);
}

#[test]
fn progress_can_be_had_without_a_terminal() {
    let case = Case::new(SMALL);
    let shown = stderr(&case.convert(&["--progress", "always"]));
    assert!(shown.starts_with("voltree: read 83 B of 83 B\n"), "{shown}");
    let hidden = stderr(&case.convert(&["--overwrite"]));
    assert!(!hidden.contains("read 83 B"), "{hidden}");
    assert!(!hidden.contains('\u{1b}'));
}
