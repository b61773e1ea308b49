//! Datasets that are gone on with: resumed, replaced, and with inputs that fail or hold several payloads.

mod common;

use std::fs;

use common::{
    batch::{convert, files, payloads, snapshots, write_payload},
    stderr, stdout, voltree,
};
use predicates::str::contains;

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
             voltree: error: 1 of 3 inputs left out: see ds/rejects.jsonl\n"
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
        "voltree: rejected: in/b.json (snapshot b): refused by --strict: 1 anomaly (1 missing_identity)",
    ));
    assert_eq!(snapshots(&dir.path().join("ds")), ["a"]);
    let stopped = convert(dir.path(), &["in", "--out", "x", "--strict"]);
    let stopped = { stopped }.assert().code(1);
    let said = stderr(&stopped);
    let expected = "voltree: error: in/b.json (snapshot b): refused by --strict: ";
    assert!(said.starts_with(expected), "{said}");
}

#[test]
fn every_snapshot_of_an_input_has_to_be_whole() {
    let dir = payloads(&[("a.json", 1)]);
    let text = fs::read_to_string(dir.path().join("in/a.json")).unwrap();
    fs::write(dir.path().join("n.ndjson"), [&*text; 3].join("\n")).unwrap();
    let run = || {
        convert(
            dir.path(),
            &["n.ndjson", "--layout", "hive", "--out", "ds", "--resume"],
        )
    };
    run().assert().success();
    let ds = dir.path().join("ds");
    let whole = files(&ds);
    for gone in ["_snapshots/n-2.json", "sites/snapshot=n-3/part-0.parquet"] {
        fs::remove_file(ds.join(gone)).unwrap();
        run().assert().success();
        assert_eq!(files(&ds), whole);
    }
}

#[test]
fn csv_of_one_dataset_is_spelt_alike() {
    let dir = payloads(&[("a.json", 1), ("b.json", 2)]);
    let run = |input: &str, out: &str, rest: &[&str]| {
        let all = [&[input, "--out", out, "--append", "--format", "csv"], rest].concat();
        convert(dir.path(), &all).assert()
    };
    run("in/a.json", "ds", &["--delimiter", ";"]).success();
    let refused =
        "voltree: error: ds/ holds csv files with other fields: say --delimiter ';' --null ''\n";
    run("in/b.json", "ds", &[]).code(2).stderr(refused);
    run("in/b.json", "ds", &["--delimiter", ";", "--null", "NA"])
        .code(2)
        .stderr(refused);
    run("in/b.json", "other", &[]).success();
    let mut merge = voltree();
    let merge = merge.current_dir(dir.path()).args(["merge", "ds", "other"]);
    merge.assert().code(2).stderr(refused);
    run("in/b.json", "ds", &["--delimiter", ";"]).success();
    assert_eq!(snapshots(&dir.path().join("ds")), ["a", "b"]);
}

#[test]
fn a_pipe_that_holds_no_payload_is_not_read_again() {
    let dir = payloads(&[("a.json", 1)]);
    let pipe = dir.path().join("pipe");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RWXU).unwrap();
    let writer = std::thread::spawn(move || fs::write(pipe, r#"{"x":1}"#));
    convert(
        dir.path(),
        &["pipe", "in", "--out", "ds", "--on-error", "skip"],
    )
    .timeout(std::time::Duration::from_secs(60))
    .assert()
    .code(1)
    .stderr(contains("pipe:1:1: "));
    writer.join().unwrap().unwrap();
    assert_eq!(snapshots(&dir.path().join("ds")), ["a"]);
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
    assert!(!dir.path().join("bad").exists());
    fs::write(dir.path().join("n.ndjson"), several).unwrap();
    convert(dir.path(), &["n.ndjson", "--out", "flat"])
        .assert()
        .code(3)
        .stderr(contains(
            "`voltree convert --layout hive` makes a snapshot of each",
        ));
}

#[test]
fn what_a_killed_run_left_of_several_payloads_is_gone() {
    let dir = payloads(&[("a.json", 1)]);
    let text = fs::read_to_string(dir.path().join("in/a.json")).unwrap();
    fs::write(dir.path().join("n.ndjson"), text.repeat(3)).unwrap();
    let hive = ["n.ndjson", "--layout", "hive", "--out"];
    convert(dir.path(), &hive).arg("ds").assert().success();
    // Killed after the first manifest was taken away, to put one payload where three have been.
    fs::remove_file(dir.path().join("ds/_snapshots/n.json")).unwrap();
    fs::write(dir.path().join("n.ndjson"), text).unwrap();
    convert(dir.path(), &hive)
        .args(["ds", "--resume", "--overwrite"])
        .assert()
        .success();
    assert_eq!(snapshots(&dir.path().join("ds")), ["n"]);
}

#[test]
fn the_second_payload_of_an_input_takes_no_other_inputs_place() {
    let dir = payloads(&[("a.json", 1)]);
    let text = fs::read_to_string(dir.path().join("in/a.json")).unwrap();
    fs::write(dir.path().join("n-2.json"), &text).unwrap();
    fs::write(dir.path().join("n.ndjson"), text.repeat(2)).unwrap();
    let refused = "has a snapshot n-2 of other content or options";
    for (first, second) in [("n-2.json", "n.ndjson"), ("n.ndjson", "n-2.json")] {
        let out = [
            "--layout",
            "hive",
            "--overwrite",
            "--out",
            first.split('.').next().unwrap(),
        ];
        convert(dir.path(), &[first]).args(out).assert().success();
        let before = files(&dir.path().join(out[4]));
        convert(dir.path(), &[second])
            .args(out)
            .assert()
            .code(2)
            .stderr(contains(refused));
        assert_eq!(files(&dir.path().join(out[4])), before);
    }
    // Nor where both come at once, whichever is ready first.
    let both = [
        "n-2.json",
        "n.ndjson",
        "--out",
        "both",
        "--on-error",
        "skip",
    ];
    convert(dir.path(), &both).assert().code(1).stderr(contains(
        "voltree: rejected: n.ndjson: its payload 2 and another input would both be snapshot n-2: ",
    ));
    assert_eq!(snapshots(&dir.path().join("both")), ["n-2"]);
}

#[test]
fn parts_of_an_input_that_a_killed_run_left_count_for_nothing() {
    let dir = payloads(&[("a.json", 1), ("b.json", 2)]);
    let text = fs::read_to_string(dir.path().join("in/a.json")).unwrap();
    fs::write(dir.path().join("n.ndjson"), text.repeat(4)).unwrap();
    let ds = dir.path().join("ds");
    let run = |arguments: &[&str]| {
        convert(dir.path(), &[arguments, &["--out", "ds"]].concat())
            .assert()
            .success()
    };
    run(&["n.ndjson", "--layout", "hive"]);
    // Killed after it had taken the dataset's own list and the first manifest away.
    fs::remove_file(ds.join("_snapshots/n.json")).unwrap();
    run(&["in/a.json", "--append"]);
    fs::remove_file(ds.join("dataset.json")).unwrap();
    run(&["in/b.json", "--append"]);
    assert_eq!(snapshots(&ds), ["a", "b"]);
    write_payload(&dir.path().join("n-3.json"), 3);
    run(&["n-3.json", "--append"]);
    assert_eq!(snapshots(&ds), ["a", "b", "n-3"]);
    // There may be gaps in what was left.
    fs::remove_file(ds.join("_snapshots/n-2.json")).unwrap();
    fs::write(dir.path().join("n.ndjson"), text).unwrap();
    run(&["n.ndjson", "--append"]);
    assert_eq!(snapshots(&ds), ["a", "b", "n", "n-3"]);
    assert!(!ds.join("_snapshots/n-4.json").exists());
    assert!(!ds.join("sites/snapshot=n-4/part-0.parquet").exists());
}

#[test]
fn what_can_be_read_once_is_compared_when_it_was_converted() {
    let dir = payloads(&[("a.json", 1)]);
    let text = fs::read_to_string(dir.path().join("in/a.json")).unwrap();
    let run = |text: &str| {
        convert(
            dir.path(),
            &["-", "--layout", "hive", "--out", "ds", "--resume"],
        )
        .write_stdin(text.to_owned())
        .assert()
    };
    run(&text).success();
    let before = files(&dir.path().join("ds"));
    run(&text).success();
    assert_eq!(files(&dir.path().join("ds")), before);
    run(&text.replace("C1", "C2"))
        .code(2)
        .stderr(contains("has a snapshot stdin of other content or options"));
    assert_eq!(files(&dir.path().join("ds")), before);
}

#[test]
fn what_lacks_files_is_no_complete_output() {
    let dir = payloads(&[("a.json", 1), ("b.json", 2)]);
    let ds = dir.path().join("ds");
    convert(dir.path(), &["in", "--out", "ds"])
        .assert()
        .success();
    let whole = files(&ds);
    fs::remove_file(ds.join("sites/snapshot=a/part-0.parquet")).unwrap();
    fs::write(ds.join("users/snapshot=b/part-0.parquet"), "").unwrap();
    convert(dir.path(), &["in", "--out", "ds", "--resume"])
        .assert()
        .success();
    assert_eq!(files(&ds), whole);
}

#[test]
fn what_cannot_be_looked_at_is_left_out_like_what_cannot_be_read() {
    let dir = payloads(&[("a.json", 1), ("b.json", 2)]);
    std::os::unix::fs::symlink("nowhere", dir.path().join("in/dead.json")).unwrap();
    std::os::unix::fs::symlink(".", dir.path().join("in/loop")).unwrap();
    let all = ["in", "gone.json", "--resume", "--out", "ds"];
    let stopped = convert(dir.path(), &all).assert().code(5);
    assert!(
        stderr(&stopped).starts_with("voltree: error: cannot read in/dead.json: "),
        "{}",
        stderr(&stopped)
    );
    assert!(!dir.path().join("ds").exists());
    let skip = [&all[..], &["--on-error", "skip"]].concat();
    for changed in [false, true] {
        if changed {
            write_payload(&dir.path().join("in/b.json"), 7);
        }
        convert(dir.path(), &skip)
            .args(["--log-format", "json"])
            .assert()
            .code(1)
            .stderr(contains(
                r#""event":"rejected","input":"in/dead.json","snapshot":"dead""#,
            ));
        assert_eq!(snapshots(&dir.path().join("ds")), ["a", "b"]);
        let rejects = fs::read_to_string(dir.path().join("ds/rejects.jsonl")).unwrap();
        let mut names: Vec<String> = rejects
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
            .map(|reject| reject["snapshot"].as_str().unwrap().to_owned())
            .collect();
        names.retain(|name| name != "b" || changed);
        let expected: &[&str] = match changed {
            true => &["b", "dead", "gone", "loop"],
            false => &["dead", "gone", "loop"],
        };
        assert_eq!(names, expected);
    }
}
