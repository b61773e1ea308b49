//! Commands whose output nobody reads to the end.

mod common;

use std::{fs, io, path::Path, process::Command};

use assert_cmd::cargo::cargo_bin;

const PAYLOAD: &str = r#"{"operatorGroups":[{"id":1,"x":2}]}"#;

/// The exit code of a command line whose standard output is a closed pipe; it says nothing about that.
fn closed(dir: &Path, line: &str) -> (Option<i32>, String) {
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    let mut command = Command::new(cargo_bin("voltree"));
    command
        .current_dir(dir)
        .args(line.split(' '))
        .stdout(writer);
    let done = command.output().unwrap();
    (done.status.code(), String::from_utf8(done.stderr).unwrap())
}

#[test]
fn a_verdict_counts_where_nobody_reads_the_report() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("old.json"), PAYLOAD).unwrap();
    fs::write(dir.path().join("new.json"), PAYLOAD.replace('2', "3")).unwrap();
    fs::write(dir.path().join("bad.json"), "{").unwrap();
    for (line, refused) in [
        ("check old.json --fail-on any", "refused by --fail-on: "),
        (
            "diff old.json new.json --fail-on-change",
            "refused by --fail-on-change: ",
        ),
        (
            "convert old.json bad.json --out out --on-error skip --stats-json - --quiet",
            "1 of 2 inputs left out",
        ),
    ] {
        let (code, said) = closed(dir.path(), line);
        assert_eq!(code, Some(1), "{line}: {said}");
        let last = said.lines().last().unwrap();
        assert!(
            last.starts_with(&format!("voltree: error: {refused}")),
            "{said}"
        );
        assert!(!said.contains("pipe"), "{said}");
    }
}

#[test]
fn a_closed_pipe_alone_is_no_failure() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("old.json"), PAYLOAD).unwrap();
    for line in [
        "check old.json",
        "inspect old.json",
        "schema",
        "generate --out -",
        "diff old.json old.json --fail-on-change",
    ] {
        assert_eq!(closed(dir.path(), line), (Some(0), String::new()), "{line}");
    }
}
