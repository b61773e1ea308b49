//! Datasets in object stores, as real processes against a server on loopback.
#![cfg(feature = "object-store")]

mod common;
#[path = "common/client.rs"]
mod remote;
#[path = "common/servers.rs"]
mod servers;

use std::fs;

use common::{batch::files, names, stderr, stdout};
use remote::{PAYLOAD, client, gzip, payload};
use servers::S3;

#[test]
fn a_batch_from_a_bucket_into_a_bucket_is_one_among_directories() {
    let s3 = S3::start();
    let dir = tempfile::tempdir().unwrap();
    for (key, bytes) in [
        ("in/north.json", payload()),
        (
            "in/b/süd.json.gz",
            gzip(br#"{"operatorGroups":[{"id":7}]}"#),
        ),
        ("in/_temporary/half.json", b"{".to_vec()),
    ] {
        s3.put(key, &bytes);
        let path = dir.path().join(key);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let run = |arguments: &[&str]| {
        let mut client = client(s3.address);
        client
            .current_dir(dir.path())
            .arg("convert")
            .args(arguments);
        client.assert()
    };
    run(&["in", "--out", "set", "--quiet"]).success();
    run(&["s3://nightly/in/", "--out", "s3://nightly/set", "--quiet"]).success();
    let local = files(&dir.path().join("set"));
    assert!(local.len() > 50, "{}", local.len());
    let remote = files(&s3.path("set"));
    assert!(local.keys().eq(remote.keys()), "{:?}", remote.keys());
    assert!(local == remote);

    let planned = run(&[
        "s3://nightly/in/**/[ns]*",
        "--out",
        "s3://nightly/set",
        "--resume",
        "--dry-run",
    ]);
    assert_eq!(
        stdout(&planned.success()),
        "skip     s3://nightly/in/b/s%C3%BCd.json.gz  snapshot=süd\n\
         skip     s3://nightly/in/north.json  snapshot=north\n"
    );
    let refused = run(&["s3://nightly/in/north.json", "--out", "s3://nightly/set"]).code(2);
    assert!(
        stderr(&refused).contains("s3://nightly/set"),
        "{}",
        stderr(&refused)
    );
    let none = run(&["s3://nightly/in/*.xml", "--out", "s3://nightly/set"]).code(2);
    assert_eq!(
        stderr(&none),
        "voltree: error: s3://nightly/in/*.xml: no object matches\n"
    );
    assert!(files(&s3.path("set")) == local);

    // Datasets in stores are merged as those in directories are.
    let merge = |into: &str, named: &str| {
        let mut client = client(s3.address);
        client.current_dir(dir.path()).args(["merge", into, named]);
        client.assert().success();
    };
    merge("s3://nightly/all", "s3://nightly/set");
    merge("all", "s3://nightly/set");
    assert!(files(&s3.path("all")) == local);
    assert!(files(&dir.path().join("all")) == local);

    // Somebody else is putting something under the same name, or was killed while doing so.
    s3.put("set/_snapshots/other.claim", b"sha256:0");
    let claimed = ["s3://nightly/in/north.json", "--snapshot-name", "other"];
    let claimed = [&claimed[..], &["--out", "s3://nightly/set"]].concat();
    let refused = run(&[&claimed[..], &["--append"]].concat()).code(2);
    assert_eq!(
        stderr(&refused),
        "voltree: error: s3://nightly/set/_snapshots/other.claim: another run is putting something else \
         under this name; if it was killed, --overwrite takes its place\n"
    );
    assert!(!s3.path("set/_snapshots/other.json").exists());
    run(&[&claimed[..], &["--overwrite"]].concat()).success();
    assert!(s3.path("set/_snapshots/other.json").exists());
    assert!(!s3.path("set/_snapshots/other.claim").exists());

    // It is left out as what is bad is, and the others are put.
    s3.put("set/_snapshots/west.claim", b"sha256:0");
    for name in ["east", "west"] {
        fs::write(dir.path().join(format!("{name}.json")), payload()).unwrap();
    }
    let skipping = [
        "--out",
        "s3://nightly/set",
        "--append",
        "--on-error",
        "skip",
    ];
    let skipped = run(&[&["east.json", "west.json"], &skipping[..]].concat()).code(1);
    assert!(
        stderr(&skipped).contains("1 of 2 inputs left out"),
        "{}",
        stderr(&skipped)
    );
    assert!(s3.path("set/_snapshots/east.json").exists());
    assert!(!s3.path("set/_snapshots/west.json").exists());

    s3.put("in/bad.json", b"{");
    let skipped = run(&[
        "s3://nightly/in/bad.json",
        "--out",
        "s3://nightly/set",
        "--append",
        "--on-error",
        "skip",
    ]);
    let line = stderr(&skipped.code(1));
    assert!(line.contains("s3://nightly/set/rejects.jsonl"), "{line}");
    assert!(s3.path("set/rejects.jsonl").exists());
}

#[test]
fn a_snapshot_in_a_store_is_read_as_one_in_a_directory() {
    let s3 = S3::start();
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("in")).unwrap();
    fs::write(dir.path().join("in/a.json"), payload()).unwrap();
    fs::write(
        dir.path().join("in/b.json"),
        br#"{"operatorGroups":[{"id":7}]}"#,
    )
    .unwrap();
    let run = |arguments: &[&str]| {
        let mut client = client(s3.address);
        client.current_dir(dir.path()).args(arguments);
        client.env("TMPDIR", dir.path().join("tmp")).assert()
    };
    fs::create_dir(dir.path().join("tmp")).unwrap();
    for out in ["set", "s3://nightly/x/set"] {
        run(&["convert", "in", "--out", out, "--lineage", "--quiet"]).success();
    }
    let both = |arguments: &[&str]| {
        let at = |root: &str| -> Vec<String> {
            arguments
                .iter()
                .map(|argument| argument.replace("SET", root))
                .collect()
        };
        let text = |arguments: Vec<String>| {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let done = run(&arguments);
            (
                done.get_output().status.code(),
                stdout(&done),
                stderr(&done),
            )
        };
        let (code, out, err) = text(at("s3://nightly/x/set"));
        let remote = (
            code,
            out.replace("s3://nightly/x/", ""),
            err.replace("s3://nightly/x/", ""),
        );
        assert_eq!(remote, text(at("set")), "{arguments:?}");
        assert_eq!(names(&dir.path().join("tmp")), [""; 0]);
        remote
    };
    let (code, text, _) = both(&["render", "SET/_snapshots/a.json"]);
    assert_eq!(code, Some(0));
    let same = |text: &[u8]| -> serde_json::Value { serde_json::from_slice(text).unwrap() };
    assert_eq!(same(text.as_bytes()), same(&payload()));
    both(&["check", "SET/_snapshots/a.json"]);
    both(&["diff", "SET/_snapshots/a.json", "SET/_snapshots/b.json"]);
    both(&["diff", "SET/_snapshots/b.json", "in/b.json"]);

    // What is missing or was changed is found, and named as it is named there.
    for root in [s3.path("x/set"), dir.path().join("set")] {
        fs::remove_file(root.join("sites/snapshot=b/part-0.parquet")).unwrap();
    }
    let (code, text, _) = both(&[
        "check",
        "SET/_snapshots/b.json",
        "--fail-on",
        "unreadable-table",
    ]);
    assert_eq!(code, Some(1), "{text}");
    let (code, _, line) = both(&["render", "SET/_snapshots/b.json"]);
    assert!(
        line.contains("set/sites/snapshot=b/part-0.parquet: "),
        "{line}"
    );
    assert_eq!(code, Some(5));
    let (code, _, line) = both(&["check", "SET/_snapshots/none.json"]);
    assert!(line.contains("set/_snapshots/none.json: "), "{line}");
    assert_eq!(code, Some(5));
}

#[test]
fn a_flat_output_is_a_directory() {
    let s3 = S3::start();
    let mut client = client(s3.address);
    client.args([
        "convert",
        PAYLOAD,
        "--out",
        "s3://nightly/x",
        "--layout",
        "flat",
    ]);
    assert_eq!(
        stderr(&client.assert().code(2)),
        "voltree: error: --layout flat writes a directory: say --layout hive for an object store\n"
    );
}
