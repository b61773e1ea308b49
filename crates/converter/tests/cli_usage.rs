//! Command lines that `voltree convert` cannot obey, and inputs and outputs that it cannot have.

mod common;

use std::path::Path;

use common::{names, stderr, voltree};

const PAYLOAD: &str = r#"{"operatorGroups":[]}"#;

fn convert(input: &Path, out: &Path) -> assert_cmd::Command {
    let mut command = voltree();
    command.arg("convert").arg(input).arg("--out").arg(out);
    command
}

#[test]
fn options_of_the_other_format_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    for (format, option, value) in [
        ("parquet", "--null", "x"),
        ("parquet", "--delimiter", ";"),
        ("parquet", "--csv-safe", "prefix"),
        ("csv", "--compression-level", "3"),
        ("csv", "--row-group-rows", "3"),
    ] {
        let refused = convert(Path::new("-"), &dir.path().join("out"))
            .args(["--format", format, option, value])
            .assert()
            .code(2);
        assert!(stderr(&refused).starts_with(&format!("voltree: error: {option} needs --format ")));
    }
    assert!(names(dir.path()).is_empty());
}

#[test]
fn a_null_marker_cannot_need_quotes() {
    let refused = convert(Path::new("-"), Path::new("out"))
        .args(["--format", "csv", "--null", "a,b"])
        .assert()
        .code(2);
    assert!(stderr(&refused).contains("--null a,b: it cannot hold the delimiter"));
}

#[test]
fn a_null_marker_is_no_value() {
    for null in ["0", "-1.5", "true", "2024-10-10T06:49:37Z"] {
        let refused = convert(Path::new("-"), Path::new("out"))
            .args(["--format", "csv", &format!("--null={null}")])
            .assert()
            .code(2);
        assert!(stderr(&refused).contains("is a value too"));
    }
}

#[test]
fn values_out_of_range_are_refused() {
    for (option, value) in [
        ("--threads", "0"),
        ("--threads", "1025"),
        ("--max-depth", "0"),
        ("--compression-level", "23"),
        ("--row-group-rows", "0"),
        ("--delimiter", "ab"),
        ("--progress", "sometimes"),
    ] {
        convert(Path::new("-"), Path::new("out"))
            .args([option, value])
            .assert()
            .code(2);
    }
}

#[test]
fn an_output_that_is_not_empty_is_refused_before_the_input_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    std::fs::create_dir(&out).unwrap();
    let payload = dir.path().join("in.json");
    std::fs::write(&payload, r#"{"operatorGroups":[]}"#).unwrap();
    convert(&payload, &out).assert().success();
    let refused = convert(Path::new("/no/such/file"), &out).assert().code(2);
    assert!(
        stderr(&refused)
            .ends_with("is not empty (--overwrite replaces it); choose another --out\n"),
        "{}",
        stderr(&refused)
    );
    assert_eq!(names(dir.path()), ["in.json", "out"]);
}

#[test]
fn an_input_that_cannot_be_read_is_an_io_error() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let missing = convert(&dir.path().join("none.json"), &out)
        .assert()
        .code(5);
    assert!(
        stderr(&missing).contains("none.json: No such file"),
        "{}",
        stderr(&missing)
    );
    convert(dir.path(), &out).assert().code(2).stderr(format!(
        "voltree: error: there is no input in {}\n",
        dir.path().display()
    ));
    assert!(names(dir.path()).is_empty());
}

#[test]
fn an_output_that_cannot_be_written_is_an_io_error() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in.json");
    std::fs::write(&input, PAYLOAD).unwrap();
    for out in [&input, Path::new("/dev/null/out"), Path::new("/proc/out")] {
        let failed = convert(&input, out).assert().code(5);
        assert_eq!(stderr(&failed).lines().count(), 1, "{}", stderr(&failed));
    }
    assert_eq!(names(dir.path()), ["in.json"]);
}

#[test]
fn errors_are_json_for_machines() {
    let failed = convert(Path::new("/no/such/file"), Path::new("out"))
        .args(["--log-format", "json"])
        .assert()
        .code(5);
    let event: serde_json::Value = serde_json::from_str(&stderr(&failed)).unwrap();
    assert_eq!(event["event"], "error");
    assert_eq!(event["exit"], 5);
}
