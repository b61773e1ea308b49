//! `voltree check` of directories: as they were written, and changed since.

mod common;

use std::{
    fs,
    path::{Path, PathBuf},
};

use common::{check, stdout, voltree};
use serde_json::Value;
use tempfile::TempDir;

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/check");
const GOOD: &str = r#"{"operatorGroups":[{"id":1,"operators":[{"id":5,"groups":[{"id":1}]}],
    "chargers":[{"chargerId":"A","groupId":1},{"chargerId":"B","groupId":1}]}]}"#;

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
fn sarif_of_a_snapshot_points_at_its_files() {
    let dir = tempfile::tempdir().unwrap();
    let payload = GOOD.replace("\"groupId\":1", "\"groupId\":2");
    fs::write(dir.path().join("in.json"), payload).unwrap();
    voltree()
        .current_dir(dir.path())
        .args(["convert", "in.json", "--layout", "hive", "--out", "ds"])
        .assert()
        .success();
    let log = stdout(
        &check("ds/_snapshots/in.json", &["--format", "sarif"])
            .current_dir(dir.path())
            .assert(),
    );
    let log: Value = serde_json::from_str(&log).unwrap();
    let location = &log["runs"][0]["results"][0]["locations"][0];
    assert_eq!(
        location["physicalLocation"]["artifactLocation"]["uri"],
        "ds/chargers/snapshot%3Din/part-0.parquet"
    );
}

#[test]
fn a_place_in_the_payload_is_none_in_a_table() {
    let output = Output::new(
        &GOOD.replace("\"chargerId\"", "\"x\":1,\"chargerId\""),
        "csv",
    );
    let log = stdout(
        &check("out", &["--format", "sarif"])
            .current_dir(output.dir.path())
            .assert(),
    );
    let log: Value = serde_json::from_str(&log).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert!(!results.is_empty());
    for result in results {
        assert_eq!(
            result["locations"][0]["physicalLocation"]["region"],
            Value::Null
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
fn a_damaged_file_that_makes_its_reader_panic_is_one_finding_and_no_more() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    std::fs::write(
        dir.path().join("in.json"),
        r#"{"operatorGroups":[{"id":7}]}"#,
    )
    .unwrap();
    let convert = voltree::Convert::new(voltree::Input::File(dir.path().join("in.json")), &out);
    voltree::convert(&convert).unwrap();
    let package = voltree::read::Package::open(&out).unwrap();
    let sites = voltree_core::schema::table("sites").unwrap();
    let path = out.join("sites.parquet");
    let whole = std::fs::read(&path).unwrap();
    // What the reader believes and should not stands in the footer, whose length stands at the end.
    let [.., a, b, c, d, _, _, _, _] = whole[..] else {
        panic!("{} bytes", whole.len());
    };
    let footer = whole.len() - 8 - u32::from_le_bytes([a, b, c, d]) as usize;
    let panics = (footer..whole.len()).any(|at| {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x80;
        std::fs::write(&path, damaged).unwrap();
        let read = package.table(sites);
        read.is_err_and(|error| {
            error
                .to_string()
                .contains("what it says of itself does not hold")
        })
    });
    assert!(panics);
    let done = common::check(&out, &[]).env("RUST_BACKTRACE", "1").assert();
    assert_eq!(common::stderr(&done), "");
}
