//! Many payloads into one dataset, by the command.

mod common;

use std::{fs, os::unix::ffi::OsStrExt};

use common::{
    batch::{convert, files, payloads, snapshots, write_payload},
    stderr, stdout, voltree,
};
use predicates::str::contains;

#[test]
fn a_snapshot_has_the_files_that_its_payload_alone_gives() {
    let dir = payloads(&[("a.json", 1), ("b.json", 2)]);
    convert(dir.path(), &["in", "--out", "ds"])
        .assert()
        .success();
    convert(dir.path(), &["in/b.json", "--out", "flat"])
        .assert()
        .success();
    let (dataset, flat) = (
        files(&dir.path().join("ds")),
        files(&dir.path().join("flat")),
    );
    let mut compared = 0;
    for (name, bytes) in &flat {
        if let Some(table) = name.strip_suffix(".parquet") {
            assert_eq!(
                &dataset[&format!("{table}/snapshot=b/part-0.parquet")],
                bytes,
                "{name}"
            );
            compared += 1;
        }
    }
    // Two snapshots with their manifests, and the dataset's.
    assert_eq!(dataset.len(), 2 * (compared + 1) + 1);
    assert_eq!(snapshots(&dir.path().join("ds")), ["a", "b"]);
}

#[test]
fn a_snapshot_is_checked_and_rendered_by_its_manifest() {
    let dir = payloads(&[("a.json", 1), ("b.json", 2)]);
    convert(
        dir.path(),
        &["in", "--out", "ds", "--lineage", "--format", "csv"],
    )
    .assert()
    .success();
    let rendered = voltree()
        .current_dir(dir.path())
        .args(["render", "ds/_snapshots/b.json"])
        .assert()
        .success();
    let same = |text: &str| -> serde_json::Value { serde_json::from_str(text).unwrap() };
    let original = fs::read_to_string(dir.path().join("in/b.json")).unwrap();
    assert_eq!(same(&stdout(&rendered)), same(&original));
    let checked = voltree()
        .current_dir(dir.path())
        .args([
            "check",
            "ds/_snapshots/b.json",
            "--fail-on",
            "changed-file,row-count,repeated-key,dangling-reference",
        ])
        .assert();
    checked.success();
    voltree()
        .current_dir(dir.path())
        .args(["render", "ds"])
        .assert()
        .code(3)
        .stderr(
            "voltree: error: ds: this is a dataset; give the manifest of a snapshot, such as \
             `_snapshots/NAME.json` in it\n",
        );
}

#[test]
fn a_dataset_is_not_touched_unless_that_is_asked_for() {
    let dir = payloads(&[("a.json", 1), ("b.json", 2)]);
    convert(
        dir.path(),
        &["in/a.json", "--layout", "hive", "--out", "ds"],
    )
    .assert()
    .success();
    let before = files(&dir.path().join("ds"));
    convert(dir.path(), &["in", "--out", "ds"]).assert().code(2).stderr(
        "voltree: error: ds/ is a dataset already: --append adds snapshots, --resume goes on where a \
         run ended, --overwrite replaces snapshots of the same name\n",
    );
    convert(dir.path(), &["in", "--out", "ds", "--append"]).assert().code(2).stderr(
        "voltree: error: ds/ has a snapshot a already: --resume skips it if it was made of the same, \
         --overwrite replaces it, --snapshot-name gives another name\n",
    );
    assert_eq!(files(&dir.path().join("ds")), before);

    convert(dir.path(), &["in/b.json", "--out", "ds", "--append"])
        .assert()
        .success();
    let after = files(&dir.path().join("ds"));
    for (name, bytes) in &before {
        assert!(name == "dataset.json" || &after[name] == bytes, "{name}");
    }
    assert_eq!(snapshots(&dir.path().join("ds")), ["a", "b"]);
    convert(
        dir.path(),
        &["in/b.json", "--out", "ds", "--append", "--format", "csv"],
    )
    .assert()
    .code(2)
    .stderr("voltree: error: ds/ holds parquet files: say --format parquet\n");
}

#[test]
fn what_is_no_dataset_stays() {
    let dir = payloads(&[("a.json", 1)]);
    fs::write(dir.path().join("in/note.txt"), "mine").unwrap();
    for flags in [&["--append"][..], &["--overwrite"], &["--resume"], &[]] {
        convert(
            dir.path(),
            &["in/a.json", "--layout", "hive", "--out", "in"],
        )
        .args(flags)
        .assert()
        .code(2)
        .stderr("voltree: error: in/ is not empty and is no dataset; choose another --out\n");
    }
    assert_eq!(files(&dir.path().join("in")).len(), 2);
}

#[test]
fn inputs_of_one_name_are_refused_before_anything_is_written() {
    let dir = payloads(&[("a.json", 1)]);
    for day in ["1", "2"] {
        fs::create_dir(dir.path().join(day)).unwrap();
        write_payload(&dir.path().join(day).join("north.json"), 1);
    }
    convert(dir.path(), &["1", "2", "--out", "ds"]).assert().code(2).stderr(
        "voltree: error: 1/north.json and 2/north.json would both be snapshot north: tell them apart \
         with --snapshot-name, such as '{parent}-{stem}'\n",
    );
    assert!(!dir.path().join("ds").exists());
    convert(
        dir.path(),
        &[
            "1",
            "2",
            "--out",
            "ds",
            "--snapshot-name",
            "{parent}-{stem}",
        ],
    )
    .assert()
    .success();
    assert_eq!(snapshots(&dir.path().join("ds")), ["1-north", "2-north"]);
}

#[test]
fn a_dry_run_says_what_would_be_done_and_does_nothing() {
    let dir = payloads(&[("a.json", 1), ("b.json", 2)]);
    convert(
        dir.path(),
        &["in/a.json", "--layout", "hive", "--out", "ds"],
    )
    .assert()
    .success();
    let before = files(dir.path());
    convert(dir.path(), &["in", "--out", "ds", "--resume", "--dry-run"])
        .assert()
        .success()
        .stdout("skip     in/a.json  snapshot=a\nconvert  in/b.json  snapshot=b\n");
    convert(
        dir.path(),
        &[
            "in",
            "--out",
            "ds",
            "--overwrite",
            "--dry-run",
            "--shard",
            "1/1",
        ],
    )
    .assert()
    .success()
    .stdout("replace  in/a.json  snapshot=a\nconvert  in/b.json  snapshot=b\n");
    convert(dir.path(), &["in/b.json", "--out", "flat", "--dry-run"])
        .assert()
        .success()
        .stdout("convert in/b.json into flat\n");
    let flat = [
        "in/b.json",
        "--out",
        "flat",
        "--dry-run",
        "--stats-json",
        "-",
    ];
    let planned = stdout(&convert(dir.path(), &flat).assert().success());
    let planned: serde_json::Value = serde_json::from_str(&planned).unwrap();
    assert_eq!(
        planned,
        serde_json::json!({"input": "in/b.json", "out": "flat"})
    );
    convert(dir.path(), &["in/none.json", "--out", "flat", "--dry-run"])
        .assert()
        .code(5);
    assert_eq!(files(dir.path()), before);
}

#[test]
fn programs_are_told_what_happens_to_each_input() {
    let dir = payloads(&[("a.json", 1)]);
    fs::write(dir.path().join("in/b.json"), "").unwrap();
    let flags = [
        "in",
        "--out",
        "ds",
        "--on-error",
        "skip",
        "--log-format",
        "json",
        "--threads",
        "1",
    ];
    let run = convert(dir.path(), &flags).assert().code(1);
    let events: Vec<serde_json::Value> = stderr(&run)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let named = |event: &str, field: &str, name: &str| {
        events
            .iter()
            .find(|found| found["event"] == event && found[field] == name)
    };
    assert!(named("start", "snapshot", "a").is_some());
    assert_eq!(
        named("done", "snapshot", "a").unwrap()["facts"]["bytes"],
        77
    );
    let rejected = named("rejected", "snapshot", "b").unwrap();
    assert_eq!(
        rejected["message"],
        "in/b.json: the input is empty; save the body of the API's response again"
    );
    let finished = events
        .iter()
        .find(|found| found["event"] == "finished")
        .unwrap();
    assert_eq!(
        (&finished["converted"], &finished["rejected"]),
        (&1.into(), &1.into())
    );
    assert_eq!(events.last().unwrap()["exit"], 1);
}

#[test]
fn what_only_a_dataset_has_makes_one_of_a_single_input() {
    let dir = payloads(&[("a.json", 1), ("b.json", 2)]);
    convert(dir.path(), &["in/a.json", "--out", "ds", "--append"])
        .assert()
        .success();
    assert_eq!(snapshots(&dir.path().join("ds")), ["a"]);
    convert(dir.path(), &["in", "--layout", "flat", "--out", "flat"]).assert().code(2).stderr(
        "voltree: error: --layout flat holds one payload, and there are 2 inputs: say --layout hive\n",
    );
    convert(
        dir.path(),
        &["in/a.json", "--layout", "flat", "--append", "--out", "flat"],
    )
    .assert()
    .code(2)
    .stderr(
        "voltree: error: --append, --resume, --shard, --on-error and --snapshot-name need \
             --layout hive\n",
    );
}

#[test]
fn the_list_of_inputs_may_come_from_standard_input() {
    let dir = payloads(&[("a.json", 1), ("b.json", 2)]);
    convert(dir.path(), &["--files-from", "-", "--out", "ds"])
        .write_stdin("in/b.json\n")
        .assert()
        .success();
    assert_eq!(snapshots(&dir.path().join("ds")), ["b"]);
    for (inputs, list) in [(&["-"][..], ""), (&[], "in/b.json\n-\n")] {
        convert(dir.path(), &["--files-from", "-", "--out", "x"])
            .args(inputs)
            .write_stdin(list)
            .assert()
            .code(2)
            .stderr("voltree: error: standard input cannot be an input and the list of inputs\n");
    }
    // Nor does a list have a way to hide a password from what hides it.
    convert(dir.path(), &["--files-from", "-", "--out", "x"])
        .write_stdin("ftp://me:sesame@host/*.json\n")
        .assert()
        .code(2)
        .stderr(contains(
            "ftp://***@host/*.json: an address has to start with",
        ));
    convert(dir.path(), &["in", "--out", "-"])
        .assert()
        .code(2)
        .stderr(contains(
            "it has to be a directory, not standard output; one of that name is ./-",
        ));
}

#[test]
fn what_is_below_a_directory_is_an_input_but_not_the_output_nor_a_pipe() {
    let dir = payloads(&[("a.json", 1), ("b.json", 2)]);
    let pipe = dir.path().join("in/pipe");
    rustix::fs::mkfifoat(rustix::fs::CWD, pipe, rustix::fs::Mode::RWXU).unwrap();
    for (inputs, kept) in [("in", "one"), ("in/**/*.json", "two")] {
        for flag in ["--append", "--resume"] {
            convert(dir.path(), &[inputs, "--out", "in/ds", flag])
                .assert()
                .success();
        }
        fs::rename(dir.path().join("in/ds"), dir.path().join(kept)).unwrap();
        assert_eq!(snapshots(&dir.path().join(kept)), ["a", "b"]);
    }
}

#[test]
fn names_that_are_no_text_stand_beside_others() {
    let dir = payloads(&[("a.json", 1), ("東京.json", 2)]);
    let odd = std::ffi::OsStr::from_bytes(b"x\xff");
    write_payload(&dir.path().join("in").join(odd), 3);
    convert(dir.path(), &["in/*.json", "--out", "ds"])
        .assert()
        .success();
    assert_eq!(snapshots(&dir.path().join("ds")), ["a", "東京"]);
    let list = [&b"in/a.json\nin/"[..], odd.as_bytes()].concat();
    convert(dir.path(), &["--files-from", "-", "--out", "listed"])
        .write_stdin(list)
        .assert()
        .success();
    assert_eq!(snapshots(&dir.path().join("listed")), ["a", "x_"]);
}

#[test]
fn a_snapshot_may_be_named_from_anywhere() {
    let dir = payloads(&[("a.json", 1), ("b.json", 2)]);
    convert(dir.path(), &["in", "--out", "ds"])
        .assert()
        .success();
    let snapshots = dir.path().join("ds/_snapshots");
    std::os::unix::fs::symlink(&snapshots, dir.path().join("link")).unwrap();
    for (within, name) in [
        (&*snapshots, "a.json"),
        (&*snapshots, "./a.json"),
        (dir.path(), "link/a.json"),
    ] {
        let mut render = voltree();
        render.current_dir(within).args(["render", name]);
        assert!(
            stdout(&render.assert().success()).contains(r#""chargerId":"C1""#),
            "{name}"
        );
    }
    let mut check = voltree();
    check
        .current_dir(dir.path())
        .args(["check", "ds/_snapshots/none.json"]);
    let line = stderr(&check.assert().code(5));
    assert!(
        line.starts_with("voltree: error: ds/_snapshots/none.json: No such file"),
        "{line}"
    );
}

#[test]
fn standard_input_is_not_what_is_called_alike() {
    let dir = payloads(&[("a.json", 1)]);
    fs::create_dir(dir.path().join("-")).unwrap();
    write_payload(&dir.path().join("-/b.json"), 2);
    let text = fs::read(dir.path().join("in/a.json")).unwrap();
    convert(dir.path(), &["-", "--out", "out", "--format", "csv"])
        .write_stdin(text)
        .assert()
        .success();
    let chargers = fs::read_to_string(dir.path().join("out/chargers.csv")).unwrap();
    assert!(chargers.contains("C1"), "{chargers}");
}
