//! Many payloads into one dataset, by the command.

mod common;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use common::{stderr, stdout, voltree};
use predicates::str::contains;
use tempfile::TempDir;

/// A directory with payloads, whose sites have these ids.
fn payloads(names: &[(&str, u32)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("in")).unwrap();
    for (name, id) in names {
        write_payload(&dir.path().join("in").join(name), *id);
    }
    dir
}

fn write_payload(path: &Path, id: u32) {
    let text = format!(
        r#"{{"operatorGroups":[{{"id":{id},"groupName":"G","chargers":[{{"chargerId":"C{id}"}}]}}]}}"#
    );
    fs::write(path, text).unwrap();
}

/// `voltree convert` in a directory.
fn convert(dir: &Path, arguments: &[&str]) -> assert_cmd::Command {
    let mut command = voltree();
    command.current_dir(dir).arg("convert").args(arguments);
    command
}

/// All files below a directory, by their paths.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut dirs: Vec<PathBuf> = vec![dir.to_owned()];
    while let Some(folder) = dirs.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                dirs.push(path);
            } else {
                let name = path.strip_prefix(dir).unwrap().display().to_string();
                files.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    files
}

fn snapshots(dir: &Path) -> Vec<String> {
    let text = fs::read(dir.join("dataset.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let entries = manifest["snapshots"].as_array().unwrap();
    entries
        .iter()
        .map(|entry| entry["name"].as_str().unwrap().to_owned())
        .collect()
}

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
        "voltree: error: ds/ has a snapshot a of other content or options: --overwrite replaces it, \
         --snapshot-name gives another name\n",
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
fn resuming_skips_what_is_complete_and_converts_what_is_not() {
    let dir = payloads(&[("a.json", 1), ("b.json", 2), ("c.json", 3)]);
    convert(dir.path(), &["in", "--out", "whole"])
        .assert()
        .success();
    convert(dir.path(), &["in", "--out", "ds"])
        .assert()
        .success();
    // As if killed before the manifest of b, and while c was being put.
    fs::remove_file(dir.path().join("ds/_snapshots/b.json")).unwrap();
    fs::remove_file(dir.path().join("ds/_snapshots/c.json")).unwrap();
    fs::remove_dir_all(dir.path().join("ds/sites/snapshot=c")).unwrap();
    let run = convert(
        dir.path(),
        &[
            "in",
            "--out",
            "ds",
            "--resume",
            "--stats-json",
            "-",
            "--quiet",
        ],
    )
    .assert()
    .success();
    let stats: serde_json::Value = serde_json::from_str(&stdout(&run)).unwrap();
    assert_eq!(
        (&stats["converted"], &stats["skipped"]),
        (&2.into(), &1.into())
    );
    assert_eq!(
        files(&dir.path().join("ds")),
        files(&dir.path().join("whole"))
    );

    // Other content is not what was there.
    write_payload(&dir.path().join("in/a.json"), 7);
    convert(dir.path(), &["in", "--out", "ds", "--resume"])
        .assert()
        .code(2)
        .stderr(contains("has a snapshot a of other content or options"));
    convert(
        dir.path(),
        &["in", "--out", "ds", "--resume", "--overwrite"],
    )
    .assert()
    .success();
    convert(dir.path(), &["in", "--out", "changed"])
        .assert()
        .success();
    assert_eq!(
        files(&dir.path().join("ds")),
        files(&dir.path().join("changed"))
    );
}

#[test]
fn what_a_replaced_snapshot_had_more_is_gone() {
    let dir = payloads(&[("a.json", 1)]);
    let hive = ["in/a.json", "--layout", "hive", "--out"];
    convert(dir.path(), &hive)
        .args(["ds", "--lineage"])
        .assert()
        .success();
    convert(dir.path(), &hive)
        .args(["ds", "--overwrite"])
        .assert()
        .success();
    convert(dir.path(), &hive).arg("fresh").assert().success();
    assert_eq!(
        files(&dir.path().join("ds")),
        files(&dir.path().join("fresh"))
    );
}

#[test]
fn a_bad_input_stops_the_run_or_is_left_out() {
    let dir = payloads(&[("a.json", 1), ("c.json", 3)]);
    fs::write(dir.path().join("in/b.json"), "{\"operatorGroups\":[\n}").unwrap();
    let reason =
        "in/b.json:2:1: expected a value or `]`, found `}` (byte 20, in $.operatorGroups[0])";
    convert(dir.path(), &["in", "--out", "stopped"])
        .assert()
        .code(3)
        .stderr(format!("voltree: error: {reason}\n"));
    assert!(!snapshots(&dir.path().join("stopped")).contains(&"b".to_owned()));

    let run = convert(
        dir.path(),
        &["in", "--out", "ds", "--on-error", "skip", "--quiet"],
    )
    .assert()
    .code(1);
    assert_eq!(
        stderr(&run),
        format!(
            "voltree: rejected: {reason}\n\
             voltree: error: 1 of 3 inputs were left out: see ds/rejects.jsonl\n"
        )
    );
    assert_eq!(snapshots(&dir.path().join("ds")), ["a", "c"]);
    let rejects = fs::read_to_string(dir.path().join("ds/rejects.jsonl")).unwrap();
    let reject: serde_json::Value = serde_json::from_str(&rejects).unwrap();
    assert_eq!(
        reject,
        serde_json::json!({
            "input": "in/b.json", "snapshot": "b", "message": reason, "exit": 3,
            "line": 2, "column": 1, "byte": 20, "path": "$.operatorGroups[0]"
        })
    );

    // Once it can be read, nothing tells of it any more.
    write_payload(&dir.path().join("in/b.json"), 2);
    convert(dir.path(), &["in", "--out", "ds", "--resume"])
        .assert()
        .success();
    convert(dir.path(), &["in", "--out", "whole"])
        .assert()
        .success();
    assert_eq!(
        files(&dir.path().join("ds")),
        files(&dir.path().join("whole"))
    );
}

#[test]
fn a_refused_input_is_left_out_like_a_bad_one() {
    let dir = payloads(&[("a.json", 1)]);
    fs::write(
        dir.path().join("in/b.json"),
        r#"{"operatorGroups":[{"id":"x"}]}"#,
    )
    .unwrap();
    convert(
        dir.path(),
        &["in", "--out", "ds", "--on-error", "skip", "--strict"],
    )
    .assert()
    .code(1)
    .stderr(contains(
        "voltree: rejected: refused by --strict: 1 anomaly (1 missing_identity)",
    ));
    assert_eq!(snapshots(&dir.path().join("ds")), ["a"]);
}

#[test]
fn all_shards_together_are_one_run() {
    let names: Vec<String> = (0..12).map(|n| format!("p{n}.json")).collect();
    let named: Vec<(&str, u32)> = names.iter().map(String::as_str).zip(1..).collect();
    let dir = payloads(&named);
    fs::write(dir.path().join("in/bad.json"), "[").unwrap();
    let skip = ["in", "--on-error", "skip", "--quiet", "--out"];
    convert(dir.path(), &skip)
        .args(["whole", "--threads", "4"])
        .assert()
        .code(1);
    let mut left_out = 0;
    for shard in 1..=3 {
        let (own, share) = (format!("shard-{shard}"), format!("{shard}/3"));
        let run = convert(dir.path(), &skip)
            .args([&own, "--shard", &share])
            .assert();
        left_out += run.get_output().status.code().unwrap();
        // Or all into one place.
        let flags = ["shared", "--append", "--threads", "1", "--shard", &share];
        let again = convert(dir.path(), &skip).args(flags).assert();
        again.code(run.get_output().status.code().unwrap());
    }
    assert_eq!(left_out, 1);
    let whole = files(&dir.path().join("whole"));
    assert_eq!(files(&dir.path().join("shared")), whole);

    let merge = |arguments: &[&str]| {
        let mut command = voltree();
        command.current_dir(dir.path()).arg("merge").args(arguments);
        command.assert()
    };
    merge(&["merged", "shard-1", "shard-2", "shard-3"])
        .success()
        .stderr("12 snapshots added, 0 there already, 12 in all\n");
    assert_eq!(files(&dir.path().join("merged")), whole);
    merge(&["merged", "shard-2"])
        .success()
        .stderr(contains("0 snapshots added"));
    fs::remove_file(dir.path().join("merged/dataset.json")).unwrap();
    merge(&["merged"])
        .code(2)
        .stderr("voltree: error: merged/: this is no dataset of voltree\n");
}

#[test]
fn datasets_that_contradict_each_other_are_not_merged() {
    let dir = payloads(&[("a.json", 1), ("b.json", 2)]);
    convert(dir.path(), &["in", "--out", "x"])
        .assert()
        .success();
    write_payload(&dir.path().join("in/b.json"), 9);
    convert(dir.path(), &["in", "--out", "y"])
        .assert()
        .success();
    let before = files(&dir.path().join("x"));
    voltree()
        .current_dir(dir.path())
        .args(["merge", "x", "y"])
        .assert()
        .code(2)
        .stderr(contains("x/ has a snapshot b of other content or options"));
    assert_eq!(files(&dir.path().join("x")), before);
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
    convert(dir.path(), &["-", "--files-from", "-", "--out", "x"])
        .assert()
        .code(2)
        .stderr("voltree: error: standard input cannot be an input and the list of inputs\n");
}

#[test]
fn each_payload_of_an_input_is_a_snapshot() {
    let dir = payloads(&[("a.json", 1), ("b.json", 2), ("c.json", 3)]);
    let text = |name: &str| fs::read_to_string(dir.path().join("in").join(name)).unwrap();
    let several = format!("{}\n{}{}\n", text("a.json"), text("b.json"), text("c.json"));
    fs::write(dir.path().join("n.ndjson"), &several).unwrap();
    let hive = ["n.ndjson", "--layout", "hive", "--out"];
    convert(dir.path(), &hive)
        .args(["ds", "--lineage"])
        .assert()
        .success();
    assert_eq!(snapshots(&dir.path().join("ds")), ["n", "n-2", "n-3"]);
    convert(dir.path(), &["in/c.json", "--out", "c", "--lineage"])
        .assert()
        .success();
    let (dataset, alone) = (files(&dir.path().join("ds")), files(&dir.path().join("c")));
    assert_eq!(
        dataset["chargers/snapshot=n-3/part-0.parquet"],
        alone["chargers.parquet"]
    );

    // Without the first one none counts; fewer payloads leave fewer snapshots.
    fs::remove_file(dir.path().join("ds/_snapshots/n.json")).unwrap();
    convert(dir.path(), &hive)
        .args(["ds", "--resume", "--lineage"])
        .assert()
        .success();
    assert_eq!(files(&dir.path().join("ds")), dataset);
    fs::write(dir.path().join("n.ndjson"), text("b.json")).unwrap();
    convert(dir.path(), &hive)
        .args(["ds", "--overwrite"])
        .assert()
        .success();
    assert_eq!(snapshots(&dir.path().join("ds")), ["n"]);
    assert!(
        !files(&dir.path().join("ds"))
            .keys()
            .any(|name| name.contains("n-2"))
    );

    // One that cannot be read leaves nothing of its input.
    fs::write(dir.path().join("n.ndjson"), format!("{several}]")).unwrap();
    convert(dir.path(), &hive)
        .arg("bad")
        .assert()
        .code(3)
        .stderr(contains("n.ndjson:3:1: "));
    assert_eq!(snapshots(&dir.path().join("bad")), [""; 0]);
    fs::write(dir.path().join("n.ndjson"), several).unwrap();
    convert(dir.path(), &["n.ndjson", "--out", "flat"])
        .assert()
        .code(3)
        .stderr(contains(
            "`voltree convert --layout hive` makes a snapshot of each",
        ));
}
