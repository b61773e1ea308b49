//! `voltree generate`.

mod common;

use common::{names, stderr, stdout, voltree};
use serde_json::Value;

const SMALL: [&str; 8] = [
    "--chargers",
    "20",
    "--admins",
    "1",
    "--regional",
    "0",
    "--local",
    "2",
];

#[test]
fn the_same_seed_gives_the_same_bytes_in_a_file_and_on_standard_output() {
    let dir = tempfile::tempdir().unwrap();
    let (payload, truth) = (dir.path().join("p.json"), dir.path().join("t.json"));
    voltree()
        .args(["generate", "--out"])
        .arg(&payload)
        .arg("--truth")
        .arg(&truth)
        .args(SMALL)
        .assert()
        .success()
        .stdout("")
        .stderr("");
    let printed = stdout(
        &voltree()
            .args(["generate", "--out", "-"])
            .args(SMALL)
            .assert()
            .success(),
    );
    assert_eq!(std::fs::read_to_string(&payload).unwrap(), printed);
    let truth: Value = serde_json::from_slice(&std::fs::read(&truth).unwrap()).unwrap();
    assert_eq!(truth["tables"]["chargers"], 20);
    assert_eq!(truth["bytes"], printed.len());
    assert_eq!(names(dir.path()), ["p.json", "t.json"]);
}

#[test]
fn flags_change_the_payload() {
    let with = |flags: &[&str]| {
        stdout(
            &voltree()
                .args(["generate", "--out", "-"])
                .args(SMALL)
                .args(flags)
                .assert()
                .success(),
        )
    };
    let plain = with(&[]);
    for flags in [
        ["--seed", "2"].as_slice(),
        &["--per-site", "5"],
        &["--users-per-site", "1"],
        &["--volatile", "0.5"],
        &["--exclude-hierarchy"],
        &["--no-repeats"],
        &["--drift"],
        &["--pretty"],
        &["--shuffle-keys"],
    ] {
        assert!(with(flags) != plain, "{flags:?}");
    }
}

#[test]
fn what_cannot_be_generated_is_refused_by_its_option() {
    let dir = tempfile::tempdir().unwrap();
    for (option, value, why) in [
        (
            "--volatile",
            "2",
            "volatile is 2, but is a share and has to be from 0 to 1",
        ),
        (
            "--chargers",
            "0",
            "chargers is 0, but has to be from 1 to 100000000",
        ),
        (
            "--local",
            "1000001",
            "local is 1000001, but has to be from 0 to 1000000",
        ),
        ("--seed", "x", "invalid digit found in string"),
    ] {
        let generate = |set: &[&str]| {
            let mut command = voltree();
            command
                .current_dir(&dir)
                .args(["generate", "--out", "p.json"]);
            stderr(&command.args(set).assert().code(2))
        };
        let said = generate(&[option, value]);
        let refused = format!("invalid value '{value}' for '{option} <");
        assert!(said.starts_with(&format!("error: {refused}")), "{said}");
        assert!(said.contains(&format!(">': {why}\n")), "{said}");

        let file = dir.path().join("defaults.toml");
        let key = &option[2..];
        std::fs::write(&file, format!("[generate]\n{key} = '{value}'\n")).unwrap();
        let said = generate(&["--config", "defaults.toml"]);
        let origin = format!("voltree: error: defaults.toml:2: generate.{key}: ");
        assert!(said.starts_with(&(origin + &refused)), "{said}");
        assert!(said.ends_with(&format!(">': {why}\n")), "{said}");
        std::fs::remove_file(&file).unwrap();
    }
    assert!(names(dir.path()).is_empty());
}

#[test]
fn one_stream_cannot_hold_payload_and_truth() {
    voltree()
        .args(["generate", "--out", "-", "--truth", "-"])
        .assert()
        .code(2)
        .stdout("")
        .stderr(
            "voltree: error: --out and --truth cannot both be standard output: choose a file for one \
             of them\n",
        );
}

#[test]
fn a_full_disk_is_an_io_error() {
    let full = voltree()
        .args(["generate", "--out", "/dev/full"])
        .assert()
        .code(5);
    assert!(stderr(&full).starts_with("voltree: error: cannot write /dev/full: No space left"));
}
