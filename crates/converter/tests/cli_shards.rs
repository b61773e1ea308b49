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
