//! `--max-input-bytes` and `--max-memory`: exit code 6, one line, and no output.

mod common;

use std::{
    fs,
    io::Write,
    process::{Command, Stdio},
    thread,
};

use assert_cmd::cargo::cargo_bin;
use common::{names, stderr, voltree};

const PAYLOAD: &str = "{\"operatorGroups\":[{\"id\":1}]}\n";

#[test]
fn an_input_of_the_greatest_length_is_read_and_a_longer_one_refused() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("in.json"), PAYLOAD).unwrap();
    let run = |args: &[&str], limit: &str, code| {
        let ran = voltree()
            .current_dir(dir.path())
            .args(args)
            .args(["--max-input-bytes", limit])
            .assert()
            .code(code);
        stderr(&ran)
    };
    let line = "voltree: error: in.json:1:30: longer than the limit of 29 bytes (byte 29, in $); \
                raise --max-input-bytes if the data is meant to be that long\n";
    let convert = ["convert", "in.json", "--out", "out", "--quiet"];
    assert_eq!(run(&convert, "29", 6), line);
    assert_eq!(names(dir.path()), ["in.json"]);
    assert_eq!(run(&convert, "30", 0), "");
    assert_eq!(names(dir.path()), ["in.json", "out"]);
    for command in ["inspect", "check"] {
        assert_eq!(run(&[command, "in.json"], "29B", 6), line);
        assert_eq!(run(&[command, "in.json"], "1KiB", 0), "");
    }
    assert!(run(&["inspect", "in.json"], "1 parsec", 2).contains("a number, with a unit"));
}

/// What a conversion says of an input that never ends, and its exit code.
fn endless(start: &str, repeated: &str, limit: [&str; 2]) -> (String, Option<i32>) {
    let dir = tempfile::tempdir().unwrap();
    let mut child = Command::new(cargo_bin!("voltree"))
        .args(["convert", "-", "--out"])
        .arg(dir.path().join("out"))
        .args(limit)
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let (start, piece) = (start.to_owned(), repeated.repeat(10_000));
    let feeder = thread::spawn(move || {
        // Until the process has ended, when it can be written no longer.
        let mut written = stdin.write_all(start.as_bytes());
        while written.is_ok() {
            written = stdin.write_all(piece.as_bytes());
        }
    });
    let ended = child.wait_with_output().unwrap();
    feeder.join().unwrap();
    assert!(names(dir.path()).is_empty());
    (
        String::from_utf8(ended.stderr).unwrap(),
        ended.status.code(),
    )
}

#[test]
fn an_input_that_never_ends_is_refused_at_the_limit() {
    let inputs = [
        ("", " \n", "$"),
        (
            "{\"operatorGroups\":[{\"groupName\":\"",
            "y\\n",
            "$.operatorGroups[0].groupName",
        ),
        (
            "{\"operatorGroups\":[{\"id\":1},",
            "{\"id\":1},",
            "$.operatorGroups[",
        ),
        ("[", "1,", "$"),
    ];
    for (start, repeated, path) in inputs {
        let (line, code) = endless(start, repeated, ["--max-input-bytes", "1MB"]);
        assert_eq!(code, Some(6), "{line}");
        assert_eq!(line.lines().count(), 1, "{line}");
        let what = format!(": longer than the limit of 1000000 bytes (byte 1000000, in {path}");
        assert!(line.contains(&what), "{line}");
    }
}

#[test]
fn too_much_memory_ends_the_process() {
    let start = "{\"operatorGroups\":[{\"groupName\":\"";
    let (line, code) = endless(start, "y", ["--max-memory", "64MiB"]);
    assert_eq!(code, Some(6), "{line}");
    assert_eq!(line.lines().count(), 1, "{line}");
    assert!(line.starts_with("voltree: error: "), "{line}");
    assert!(
        line.contains(" of memory are in use, more than the 64.0 MiB of --max-memory; raise it"),
        "{line}"
    );
}

#[test]
fn memory_that_is_in_use_from_the_start_counts() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("in.json"), PAYLOAD).unwrap();
    let run = |args: &[&str], limit: &str, code| {
        let ran = voltree()
            .current_dir(dir.path())
            .args(args)
            .args(["--max-memory", limit])
            .assert()
            .code(code);
        stderr(&ran)
    };
    let convert = ["convert", "in.json", "--out", "out", "--log-format", "json"];
    let event: serde_json::Value = serde_json::from_str(&run(&convert, "1KiB", 6)).unwrap();
    assert_eq!(
        (&event["event"], &event["exit"]),
        (&"error".into(), &6.into())
    );
    assert_eq!(names(dir.path()), ["in.json"]);
    run(&convert, "8GiB", 0);
    for command in [
        &["inspect", "in.json"][..],
        &["check", "out"],
        &["render", "out"],
    ] {
        assert!(run(command, "1KiB", 6).contains("more than the 1.0 KiB of --max-memory"));
        run(command, "8GiB", 0);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn memory_that_the_system_refuses_is_one_line() {
    let dir = tempfile::tempdir().unwrap();
    let generate = [
        "generate",
        "--no-repeats",
        "--chargers",
        "14000",
        "--out",
        "in.json",
    ];
    voltree()
        .current_dir(&dir)
        .args(generate)
        .assert()
        .success();
    for kilobytes in (240_000..400_000).step_by(40_000) {
        let script = format!("ulimit -c 0; ulimit -v {kilobytes}; exec \"$@\"");
        let ran = Command::new("sh")
            .args(["-c", &script, "sh", cargo_bin!("voltree").to_str().unwrap()])
            .args([
                "convert",
                "in.json",
                "--out",
                "out",
                "--overwrite",
                "--quiet",
            ])
            .env("RUST_BACKTRACE", "0")
            .current_dir(&dir)
            .output()
            .unwrap();
        let said = String::from_utf8(ran.stderr).unwrap();
        match ran.status.code() {
            Some(0) => assert_eq!(said, ""),
            Some(5 | 6 | 101) => assert_eq!(said.lines().count(), 1, "{said}"),
            // Aborted.
            None => {}
            Some(code) => panic!("{code}: {said}"),
        }
    }
}
