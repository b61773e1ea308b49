//! `voltree check`, and `--fail-on`.
//!
//! `UPDATE_EXPECTED=1 cargo test -p voltree --test cli_check` writes the expected reports again.

mod common;

use std::{
    fs,
    path::{Path, PathBuf},
};

use assert_cmd::{Command, assert::Assert};
use common::{names, stderr, stdout, voltree};
use serde_json::Value;
use tempfile::TempDir;
use voltree_core::check::FindingKind;

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/check");
const CHECKS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/checks.md");
const GOOD: &str = r#"{"operatorGroups":[{"id":1,"operators":[{"id":5,"groups":[{"id":1}]}],
    "chargers":[{"chargerId":"A","groupId":1},{"chargerId":"B","groupId":1}]}]}"#;

fn check(input: impl AsRef<Path>, flags: &[&str]) -> Command {
    let mut command = voltree();
    command.arg("check").arg(input.as_ref()).args(flags);
    command
}

/// A payload converted to a directory.
struct Output {
    dir: TempDir,
    format: &'static str,
}

impl Output {
    fn new(payload: &str, format: &'static str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        voltree()
            .args(["convert", "-", "--quiet", "--format", format, "--out"])
            .arg(dir.path().join("out"))
            .write_stdin(payload)
            .assert()
            .success();
        Output { dir, format }
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("out")
    }

    fn file(&self, table: &str) -> PathBuf {
        self.path().join(format!("{table}.{}", self.format))
    }

    fn edit(&self, table: &str, edit: impl FnOnce(String) -> String) -> &Self {
        let text = fs::read_to_string(self.file(table)).unwrap();
        let edited = edit(text.clone());
        assert_ne!(edited, text);
        fs::write(self.file(table), edited).unwrap();
        self
    }

    /// Kinds, tables and rows of the findings, without those that only say that a file was changed.
    fn findings(&self) -> Vec<String> {
        let report = stdout(&check(self.path(), &["--format", "json"]).assert().success());
        let report: Value = serde_json::from_str(&report).unwrap();
        let findings = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| {
                let [kind, entity, key] =
                    ["kind", "entity", "key"].map(|name| finding[name].as_str().unwrap());
                format!("{kind} {entity} {key}").trim_end().to_owned()
            });
        findings
            .filter(|text| !text.starts_with("changed-file"))
            .collect()
    }
}

#[test]
fn the_reports_are_the_committed_ones() {
    for (format, file) in [
        ("text", "expected.txt"),
        ("json", "expected.json"),
        ("sarif", "expected.sarif"),
    ] {
        let done = check("payload.json", &["--format", format, "--threads", "2"])
            .current_dir(FIXTURES)
            .assert()
            .success();
        assert_eq!(stderr(&done), "");
        let path = Path::new(FIXTURES).join(file);
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            fs::write(&path, stdout(&done)).unwrap();
        }
        assert!(
            fs::read_to_string(&path).unwrap() == stdout(&done),
            "{file} is another"
        );
    }
}

#[test]
fn the_fixture_has_every_kind_that_a_payload_can_have() {
    let report = fs::read_to_string(Path::new(FIXTURES).join("expected.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    let counts = report["counts"].as_object().unwrap();
    let of_payloads = FindingKind::ALL.iter().filter(|kind| !kind.is_of_files());
    for kind in of_payloads {
        assert!(counts.contains_key(kind.name()), "{kind}");
    }
    let findings = report["findings"].as_array().unwrap().len() as u64;
    assert_eq!(
        counts
            .values()
            .map(|count| count.as_u64().unwrap())
            .sum::<u64>(),
        findings
    );
}

#[test]
fn sarif_names_the_rule_of_each_result() {
    let log = fs::read_to_string(Path::new(FIXTURES).join("expected.sarif")).unwrap();
    let log: Value = serde_json::from_str(&log).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), FindingKind::ALL.len());
    for result in run["results"].as_array().unwrap() {
        let rule = &rules[result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        assert_eq!(rule["defaultConfiguration"]["level"], result["level"]);
    }
}

#[test]
fn a_directory_has_the_findings_of_its_payload() {
    let payload = fs::read_to_string(Path::new(FIXTURES).join("payload.json")).unwrap();
    let of_input = stdout(
        &check(
            Path::new(FIXTURES).join("payload.json"),
            &["--format", "json"],
        )
        .assert(),
    );
    let of_input: Value = serde_json::from_str(&of_input).unwrap();
    for format in ["parquet", "csv"] {
        let output = Output::new(&payload, format);
        let of_dir = stdout(
            &check(output.path(), &["--format", "json"])
                .assert()
                .success(),
        );
        let of_dir: Value = serde_json::from_str(&of_dir).unwrap();
        assert_eq!(of_dir["findings"], of_input["findings"]);
        assert_eq!(of_dir["now"], of_input["now"]);
        assert_eq!(of_dir["complete"], true);
    }
}

#[test]
fn sarif_of_a_directory_points_at_its_files() {
    let output = Output::new(&GOOD.replace("\"groupId\":1", "\"groupId\":2"), "csv");
    let log = stdout(
        &check("out", &["--format", "sarif"])
            .current_dir(output.dir.path())
            .assert(),
    );
    let log: Value = serde_json::from_str(&log).unwrap();
    let location = &log["runs"][0]["results"][0]["locations"][0];
    assert_eq!(
        location["physicalLocation"]["artifactLocation"]["uri"],
        "out/chargers.csv"
    );
    assert_eq!(location["physicalLocation"]["region"], Value::Null);
    assert_eq!(
        location["logicalLocations"][0]["fullyQualifiedName"],
        "chargers/A/groupId"
    );
}

#[test]
fn a_payload_without_findings() {
    for flags in [&[][..], &["--fail-on", "any"]] {
        let done = check("-", flags).write_stdin(GOOD).assert().success();
        assert_eq!(
            stdout(&done),
            "standard input: 0 findings: 0 errors, 0 warnings, 0 notes\n"
        );
    }
}

#[test]
fn kinds_that_fail_on_names_are_refused() {
    let bad = GOOD.replace("\"groupId\":1", "\"groupId\":2");
    let run = |kinds: &str| {
        check("-", &["--fail-on", kinds])
            .write_stdin(bad.clone())
            .assert()
    };
    let refused = run("cycle,dangling-group-id").code(1);
    assert_eq!(
        stderr(&refused),
        "voltree: error: refused by --fail-on: 2 findings (2 dangling-group-id): \
         dangling-group-id at chargers A groupId, row 1 of chargers: groupId 2 is no site of the payload; \
         dangling-group-id at chargers B groupId, row 2 of chargers: groupId 2 is no site of the payload\n"
    );
    assert!(stdout(&refused).contains("warning dangling-group-id: 2\n"));
    run("any").code(1);
    run("cycle,wrong-type").success();
    let unknown = run("cycles").code(2);
    assert!(
        stderr(&unknown).contains("a similar value exists: 'cycle'"),
        "{}",
        stderr(&unknown)
    );
}

#[test]
fn convert_refuses_the_same_kinds_and_writes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let bad = GOOD.replace("\"groupId\":1", "\"groupId\":2");
    let convert = |flags: &[&str]| -> Assert {
        let mut command = voltree();
        command
            .args(["convert", "-", "--quiet", "--overwrite", "--out"])
            .arg(dir.path().join("out"));
        command.args(flags).write_stdin(bad.clone()).assert()
    };
    let refused = convert(&["--fail-on", "any"]).code(1);
    assert!(stderr(&refused).starts_with(
        "voltree: error: refused by --fail-on: 2 findings (2 dangling-group-id): dangling-group-id at "
    ));
    assert!(names(dir.path()).is_empty());
    convert(&["--fail-on", "cycle", "--strict"]).success();
    convert(&["--fail-on", "dangling-group-id"]).code(1);
    assert_eq!(names(dir.path()), ["out"]);
}

#[test]
fn expired_tags_are_told_by_the_time_given() {
    let payload = r#"{"operatorGroups":[{"id":1,"users":[{"id":2,"tags":[
        {"id":3,"expiringDate":"2024-06-01T00:00:00Z","lastUpdated":"2024-01-01T00:00:00Z"}]}]}]}"#;
    let report =
        |flags: &[&str]| stdout(&check("-", flags).write_stdin(payload).assert().success());
    assert!(report(&[]).starts_with(
        "expired tags are told by 2024-01-01T00:00:00Z, the latest lastSeen or lastUpdated\n"
    ));
    let given = report(&["--now", "2024-06-01T02:00:00+02:00"]);
    assert!(given.starts_with("note expired-tag: 1\n"), "{given}");
    assert!(given.contains("\nexpired tags are told by 2024-06-01T00:00:00Z, --now\n"));
    check("-", &["--now", "yesterday"]).assert().code(2);
}

#[test]
fn text_shows_a_few_of_each_kind_and_json_all() {
    let chargers: Vec<String> = (0..30)
        .map(|n| format!(r#"{{"chargerId":"{n}","groupId":2}}"#))
        .collect();
    let payload = format!(
        r#"{{"operatorGroups":[{{"id":1,"chargers":[{}]}}]}}"#,
        chargers.join(",")
    );
    let report = |flags: &[&str]| {
        stdout(
            &check("-", flags)
                .write_stdin(payload.clone())
                .assert()
                .success(),
        )
    };
    let text = report(&[]);
    assert_eq!(text.matches("\n    chargers ").count(), 5);
    assert!(text.contains("\n    … 25 more\n"));
    assert_eq!(
        report(&["--limit", "30"])
            .matches("\n    chargers ")
            .count(),
        30
    );
    let json: Value = serde_json::from_str(&report(&["--limit", "1", "--format", "json"])).unwrap();
    assert_eq!(json["findings"].as_array().unwrap().len(), 30);
}

#[test]
fn what_stands_in_the_payload_does_not_reach_the_terminal_as_it_is() {
    let payload = GOOD
        .replace("\"A\"", r#""A\u001b[31m\nB""#)
        .replace("\"groupId\":1", "\"groupId\":2");
    let done = check("-", &["--fail-on", "any"])
        .write_stdin(payload)
        .assert()
        .code(1);
    for text in [stdout(&done), stderr(&done)] {
        assert!(
            text.contains("chargers A\u{fffd}[31m\u{fffd}B groupId"),
            "{text}"
        );
    }
}

#[test]
fn a_flipped_byte_is_found() {
    for format in ["parquet", "csv"] {
        let output = Output::new(GOOD, format);
        let mut bytes = fs::read(output.file("chargers")).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(output.file("chargers"), bytes).unwrap();
        let report = stdout(
            &check(output.path(), &["--fail-on", "changed-file"])
                .assert()
                .code(1),
        );
        assert!(
            report.contains("\n    chargers: the file has hash sha256:"),
            "{report}"
        );
    }
}

#[test]
fn a_changed_csv_is_found_row_by_row() {
    let edited = |table: &str, edit: &dyn Fn(String) -> String| {
        Output::new(GOOD, "csv").edit(table, edit).findings()
    };
    let row = |from: &'static str| move |text: String| text.replacen(from, "", 1);
    assert_eq!(Output::new(GOOD, "csv").findings(), [""; 0]);
    assert_eq!(
        edited("site_chargers", &row("1,B,home,1\r\n")),
        ["row-count site_chargers", "charger-without-site chargers B"]
    );
    assert_eq!(
        edited("site_chargers", &|text| text.replace(
            "1,A,home,0\r\n1,B,home,1",
            "1,B,home,1\r\n1,A,home,0"
        )),
        ["unsorted-rows site_chargers 1/A/home"]
    );
    assert_eq!(
        edited("site_chargers", &|text| text
            .replace("1,B,home,1", "1,A,home,1")),
        [
            "repeated-key site_chargers 1/A/home",
            "charger-without-site chargers B"
        ]
    );
    assert_eq!(
        edited("site_chargers", &|text| text
            .replace("1,B,home,1", "1,C,home,1")),
        [
            "dangling-reference site_chargers 1/C/home",
            "charger-without-site chargers B"
        ]
    );
    assert_eq!(
        edited("sites", &|text| text.replacen("\r\n1,,,", "\r\n1,,7,", 1)),
        ["enum-out-of-range sites 1"]
    );
}

#[test]
fn a_parquet_file_of_another_payload_is_found_row_by_row() {
    let output = Output::new(GOOD, "parquet");
    let other = Output::new(&GOOD.replace("\"B\"", "\"C\""), "parquet");
    fs::copy(other.file("chargers"), output.file("chargers")).unwrap();
    assert_eq!(
        output.findings(),
        [
            "dangling-reference site_chargers 1/B/home",
            "dangling-reference evses",
            "charger-without-site chargers C",
        ]
    );
}

#[test]
fn a_table_that_cannot_be_read_is_a_finding_and_rows_are_not_checked() {
    let output = Output::new(GOOD, "csv");
    output.edit("sites", |text| text.replacen("\r\n1,", "\r\none,", 1));
    fs::remove_file(output.file("tags")).unwrap();
    assert_eq!(
        output.findings(),
        ["unreadable-table sites", "unreadable-table tags"]
    );
    let text = stdout(
        &check(output.path(), &["--fail-on", "unreadable-table"])
            .assert()
            .code(1),
    );
    assert!(text.contains(
        "\n    sites: sites.csv: row 1, column id: `one` is no 64-bit integer; the file was changed, convert the payload again\n"
    ), "{text}");
    assert!(
        text.contains("\n    tags: cannot read tags.csv: No such file"),
        "{text}"
    );
    assert!(text.contains("\nrows were not checked, since not every table could be read\n"));

    let output = Output::new(GOOD, "parquet");
    let bytes = fs::read(output.file("users")).unwrap();
    fs::write(output.file("users"), &bytes[..bytes.len() - 9]).unwrap();
    assert_eq!(output.findings(), ["unreadable-table users"]);
}

#[test]
fn what_is_no_payload_and_no_output_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let refused = check(dir.path(), &[]).assert().code(3).stdout("");
    assert!(stderr(&refused).contains("this is no output of voltree"));
    check(dir.path().join("none"), &[])
        .assert()
        .code(5)
        .stdout("");
    check("-", &[])
        .write_stdin("[1")
        .assert()
        .code(3)
        .stdout("");
}

#[test]
fn whoever_stops_reading_is_no_failure() {
    use std::process::{Command, Stdio};

    let chargers: Vec<String> = (0..5_000)
        .map(|n| format!(r#"{{"chargerId":"{n}","groupId":2}}"#))
        .collect();
    let payload = format!(
        r#"{{"operatorGroups":[{{"id":1,"chargers":[{}]}}]}}"#,
        chargers.join(",")
    );
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in.json");
    fs::write(&input, payload).unwrap();
    let mut child = Command::new(assert_cmd::cargo::cargo_bin("voltree"))
        .arg("check")
        .arg(&input)
        .args(["--format", "sarif"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let done = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(done.stderr).unwrap(), "");
    assert_eq!(done.status.code(), Some(0));
}

#[test]
fn help_and_docs_name_every_kind() {
    let help = stdout(&check("--help", &[]).assert().success());
    assert!(help.contains("refused by --strict or --fail-on"), "{help}");
    let docs = fs::read_to_string(CHECKS).unwrap();
    for kind in FindingKind::ALL {
        assert!(help.contains(kind.name()), "{kind}");
        let row = format!("| `{kind}` | {} | {}", kind.severity().as_str(), kind.doc());
        assert!(docs.contains(&row), "docs/checks.md lacks: {row}");
    }
    let convert = stdout(&voltree().args(["convert", "--help"]).assert().success());
    assert!(convert.contains("--fail-on"));
}
