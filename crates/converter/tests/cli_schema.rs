//! `voltree schema`, and what is common to all commands.

mod common;

use std::{
    io::Read,
    process::{Command, Stdio},
};

use assert_cmd::cargo::cargo_bin;
use common::{stderr, stdout, voltree};

const TABLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/tables.md");

#[test]
fn the_data_dictionary_in_the_docs_is_the_one_of_the_command() {
    let printed = stdout(&voltree().arg("schema").assert().success());
    let committed = std::fs::read_to_string(TABLES).unwrap();
    assert!(
        printed == committed,
        "docs/tables.md is stale: `cargo run -p voltree -- schema > docs/tables.md`"
    );
}

#[test]
fn json_and_sql_name_every_table() {
    let json = stdout(
        &voltree()
            .args(["schema", "--format", "json"])
            .assert()
            .success(),
    );
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let sql = stdout(
        &voltree()
            .args(["schema", "--format", "sql"])
            .assert()
            .success(),
    );
    for table in json["tables"].as_array().unwrap() {
        let name = table["name"].as_str().unwrap();
        assert!(
            sql.contains(&format!("CREATE TABLE \"{name}\" (")),
            "{name}"
        );
    }
}

#[test]
fn no_row_has_to_wait_for_another_one_of_its_table() {
    let mut schema = voltree();
    let sql = stdout(
        &schema
            .args(["schema", "--format", "sql"])
            .assert()
            .success(),
    );
    let statements = sql.split("CREATE TABLE ").skip(1);
    for statement in statements {
        let name = statement.split(' ').next().unwrap();
        for line in statement.lines() {
            let own = line.contains(&format!("REFERENCES {name} "));
            assert!(!own || line.starts_with("    -- FOREIGN KEY "), "{line}");
        }
    }
    assert!(sql.contains("\n    -- FOREIGN KEY (\"parent_id\") REFERENCES \"sites\" (\"id\")\n"));
}

#[test]
fn help_shows_examples_first() {
    for arguments in [
        ["-h"].as_slice(),
        &["--help"],
        &["convert", "-h"],
        &["generate", "--help"],
    ] {
        let help = stdout(&voltree().args(arguments).assert().success());
        assert!(help.starts_with("Examples:\n"), "{help}");
    }
}

#[test]
fn the_version_is_printed() {
    let version = stdout(&voltree().arg("--version").assert().success());
    assert_eq!(
        version,
        concat!("voltree ", env!("CARGO_PKG_VERSION"), "\n")
    );
}

#[test]
fn what_is_nearly_right_is_suggested() {
    let command = voltree().arg("convrt").assert().code(2);
    assert!(
        stderr(&command).contains("'convert'"),
        "{}",
        stderr(&command)
    );
    let option = voltree()
        .args(["convert", "a", "--overwite"])
        .assert()
        .code(2);
    assert!(
        stderr(&option).contains("'--overwrite'"),
        "{}",
        stderr(&option)
    );
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child = Command::new(cargo_bin!("voltree"))
        .args(["generate", "--out", "-"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut start = [0; 100];
    let mut out = child.stdout.take().unwrap();
    out.read_exact(&mut start).unwrap();
    drop(out);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(output.stderr, b"");
}
