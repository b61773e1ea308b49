//! `voltree check`, and `--fail-on`.
//!
//! `UPDATE_EXPECTED=1 cargo test -p voltree --test cli_check` writes the expected reports again.

mod common;

use std::{fs, path::Path};

use assert_cmd::assert::Assert;
use common::{check, names, stderr, stdout, voltree};
use serde_json::Value;
use voltree_core::check::FindingKind;

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/check");
const CHECKS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/checks.md");
const GOOD: &str = r#"{"operatorGroups":[{"id":1,"operators":[{"id":5,"groups":[{"id":1}]}],
    "chargers":[{"chargerId":"A","groupId":1},{"chargerId":"B","groupId":1}]}]}"#;

/// A payload of so many chargers, each with a finding.
fn chargers(count: usize) -> String {
    let chargers: Vec<String> = (0..count)
        .map(|n| format!(r#"{{"chargerId":"{n}","groupId":2}}"#))
        .collect();
    format!(
        r#"{{"operatorGroups":[{{"id":1,"chargers":[{}]}}]}}"#,
        chargers.join(",")
    )
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
    let payload = chargers(30);
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
fn text_cuts_what_is_long() {
    let id = "x".repeat(5_000);
    let payload = GOOD
        .replace("\"A\"", &format!("\"{id}\""))
        .replace("\"groupId\":1}]", "\"groupId\":true}]");
    let payload = payload.replace("{\"id\":1,", &format!("{{\"{id}\":2,\"id\":1,"));
    let done = check("-", &[])
        .write_stdin(payload.clone())
        .assert()
        .success();
    assert!(stdout(&done).lines().all(|line| line.len() < 1_000));
    let json = stdout(
        &check("-", &["--format", "json"])
            .write_stdin(payload)
            .assert()
            .success(),
    );
    assert!(json.contains(&id));
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

    let payload = chargers(5_000);
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
    assert!(help.contains("  1  refused by --strict"), "{help}");
    let docs = fs::read_to_string(CHECKS).unwrap();
    for kind in FindingKind::ALL {
        assert!(help.contains(kind.name()), "{kind}");
        let row = format!("| `{kind}` | {} | {}", kind.severity().as_str(), kind.doc());
        assert!(docs.contains(&row), "docs/checks.md lacks: {row}");
    }
    let convert = stdout(&voltree().args(["convert", "--help"]).assert().success());
    assert!(convert.contains("--fail-on"));
}
