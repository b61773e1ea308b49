//! Shards of the inputs, and datasets that are merged.

mod common;

use std::fs;

use common::{
    batch::{convert, files, payloads, write_payload},
    voltree,
};
use predicates::str::contains;

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
    // The list of the snapshots follows from their manifests.
    fs::remove_file(dir.path().join("merged/dataset.json")).unwrap();
    merge(&["merged"])
        .success()
        .stderr("0 snapshots added, 0 there already, 12 in all\n");
    assert_eq!(
        files(&dir.path().join("merged"))["dataset.json"],
        whole["dataset.json"]
    );
    merge(&["merged", "nowhere"])
        .code(5)
        .stderr(contains("cannot read nowhere/: "));
    merge(&["in"])
        .code(2)
        .stderr("voltree: error: in/: this is no dataset of voltree\n");
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
    for (target, named) in [("x", &["y"][..]), ("new", &["x", "y"])] {
        voltree()
            .current_dir(dir.path())
            .args(["merge", target])
            .args(named)
            .assert()
            .code(2)
            .stderr(format!(
                "voltree: error: y/ has a snapshot b that {target}/, or another of these datasets, has \
                 with other content or options\n"
            ));
    }
    assert_eq!(files(&dir.path().join("x")), before);
    assert!(!dir.path().join("new").exists());
}

#[test]
fn an_input_of_many_payloads_is_merged_as_a_whole() {
    let dir = payloads(&[("a.json", 1), ("b.json", 2)]);
    let text = fs::read_to_string(dir.path().join("in/a.json")).unwrap();
    fs::write(dir.path().join("in/night.ndjson"), text.repeat(40)).unwrap();
    convert(dir.path(), &["in", "--out", "shard"])
        .assert()
        .success();
    let whole = files(&dir.path().join("shard"));
    let merge = |named: &[&str], says: &'static str| {
        let mut merge = voltree();
        merge.current_dir(dir.path()).args(["merge", "all"]);
        merge.args(named).assert().success().stderr(says);
        assert_eq!(files(&dir.path().join("all")), whole);
    };
    // The same twice is there once.
    let says = "42 snapshots added, 42 there already, 42 in all\n";
    merge(&["shard", "shard"], says);
    // A merge that was killed before the first manifest, which says that the others are there.
    fs::remove_file(dir.path().join("all/_snapshots/night.json")).unwrap();
    let says = "40 snapshots added, 2 there already, 42 in all\n";
    merge(&["shard"], says);
}

#[test]
fn what_lacks_files_is_not_merged() {
    let dir = payloads(&[("a.json", 1)]);
    convert(dir.path(), &["in", "--out", "shard"])
        .assert()
        .success();
    fs::write(dir.path().join("shard/users/snapshot=a/part-0.parquet"), "").unwrap();
    voltree()
        .current_dir(dir.path())
        .args(["merge", "all", "shard"])
        .assert()
        .code(2)
        .stderr(
            "voltree: error: shard/users/snapshot=a/part-0.parquet: the file is missing or has another \
             length than its manifest says: convert its input again\n",
        );
}

#[test]
fn what_one_shard_left_out_and_another_has_is_no_reject() {
    let dir = payloads(&[("a.json", 1)]);
    convert(dir.path(), &["in", "--out", "good"])
        .assert()
        .success();
    fs::write(dir.path().join("in/a.json"), "[").unwrap();
    convert(dir.path(), &["in", "--out", "bad", "--on-error", "skip"])
        .assert()
        .code(1);
    for (all, order) in [("one", ["good", "bad"]), ("two", ["bad", "good"])] {
        for shard in order {
            let mut merge = voltree();
            merge.current_dir(dir.path()).args(["merge", all, shard]);
            merge.assert().success();
        }
        assert!(!dir.path().join(all).join("rejects.jsonl").exists());
    }
}
