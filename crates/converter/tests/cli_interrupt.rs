//! Signals: exit code 130, and nothing left behind; but for a hangup that is to be ignored.

mod common;

use std::{
    io::Write,
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use assert_cmd::cargo::cargo_bin;
use common::names;
use rustix::process::{Pid, Signal, kill_process};

/// Waits until a command has begun its output.
fn wait_for_output(dir: &Path) {
    let started = Instant::now();
    while names(dir).is_empty() {
        assert!(
            started.elapsed() < Duration::from_secs(20),
            "no output was begun"
        );
        sleep(Duration::from_millis(2));
    }
}

/// Waits until a command has begun its output, sends it a signal, and gives its exit code.
fn interrupt(mut child: Child, dir: &Path, signal: Signal) -> Option<i32> {
    wait_for_output(dir);
    kill_process(Pid::from_child(&child), signal).unwrap();
    child.wait().unwrap().code()
}

fn voltree() -> Command {
    let mut command = Command::new(cargo_bin!("voltree"));
    command.stdin(Stdio::piped()).stderr(Stdio::null());
    command
}

#[test]
fn an_interrupted_generation_leaves_nothing() {
    for signal in [Signal::INT, Signal::TERM, Signal::XCPU] {
        let dir = tempfile::tempdir().unwrap();
        let child = voltree()
            .args(["generate", "--out"])
            .arg(dir.path().join("payload.json"))
            .spawn()
            .unwrap();
        assert_eq!(interrupt(child, dir.path(), signal), Some(130));
        assert!(names(dir.path()).is_empty());
    }
}

#[test]
fn a_limit_of_the_system_is_an_error_of_the_output() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("payload.json");
    let ended = Command::new("sh")
        .args(["-c", r#"ulimit -f 8; exec "$0" generate --out "$1""#])
        .arg(cargo_bin!("voltree"))
        .arg(&out)
        .output()
        .unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    let expected = format!(
        "voltree: error: cannot write {}: File too large",
        out.display()
    );
    assert!(said.starts_with(&expected), "{said}");
    assert_eq!(ended.status.code(), Some(5));
    assert!(names(dir.path()).is_empty());
}

#[test]
fn an_interrupted_conversion_leaves_nothing_even_while_it_waits_for_input() {
    for signal in [Signal::INT, Signal::TERM] {
        let dir = tempfile::tempdir().unwrap();
        let mut child = voltree()
            .args(["convert", "-", "--out"])
            .arg(dir.path().join("out"))
            .spawn()
            .unwrap();
        let open = child.stdin.take();
        assert_eq!(interrupt(child, dir.path(), signal), Some(130));
        assert!(names(dir.path()).is_empty());
        drop(open);
    }
}

#[test]
fn an_interrupted_batch_leaves_no_directory_that_it_made() {
    for signal in [Signal::INT, Signal::TERM] {
        let dir = tempfile::tempdir().unwrap();
        let mut child = voltree()
            .args(["convert", "-", "--layout", "hive", "--out"])
            .arg(dir.path().join("deep/er/dataset"))
            .spawn()
            .unwrap();
        let open = child.stdin.take();
        assert_eq!(interrupt(child, dir.path(), signal), Some(130));
        assert!(names(dir.path()).is_empty());
        drop(open);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_hangup_that_was_ignored_when_it_began_stays_ignored() {
    let dir = tempfile::tempdir().unwrap();
    let mut child = Command::new("sh")
        .args([
            "-c",
            r#"trap "" HUP; exec "$@""#,
            "sh",
            cargo_bin!("voltree").to_str().unwrap(),
        ])
        .args(["convert", "-", "--out"])
        .arg(dir.path().join("out"))
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    wait_for_output(dir.path());
    kill_process(Pid::from_child(&child), Signal::HUP).unwrap();
    input.write_all(br#"{"operatorGroups":[]}"#).unwrap();
    drop(input);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(names(dir.path()), ["out"]);
}
