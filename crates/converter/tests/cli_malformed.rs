//! The committed inputs that are no payload, and devices that fail: one line on standard error, the
//! exit code that it means, and nothing left behind.

mod common;

use std::{
    fs,
    path::{Path, PathBuf},
};

use common::{names, stderr, voltree};

fn malformed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/malformed")
}

/// Each input with its error as the library words it.
fn expected() -> Vec<(String, String)> {
    let text = fs::read_to_string(malformed().join("expected.txt")).unwrap();
    let line = |line: &str| {
        let (name, error) = line.split_once(": ").unwrap();
        (name.to_owned(), error.to_owned())
    };
    // The command decompresses these; for the core they are no JSON.
    let compressed = ["gzip.json", "zstd.json", "bzip2.json", "xz.json"];
    let lines = text.lines().map(line);
    lines
        .filter(|(name, _)| !compressed.contains(&name.as_str()))
        .collect()
}

/// The error as the command words it: the place stands first, as editors like it.
fn reworded(name: &str, error: &str) -> String {
    if let Some((what, place)) = error.rsplit_once(" (line ") {
        let place = place.trim_end_matches(')');
        let (line, column) = place.split_once(", column ").unwrap();
        return format!("{name}:{line}:{column}: {what}");
    }
    let Some((what, place)) = error.rsplit_once(" at line ") else {
        return format!("{name}: {error}");
    };
    let (line, place) = place.split_once(", column ").unwrap();
    let (column, place) = place.split_once(" (byte ").unwrap();
    let (byte, path) = place.split_once("), in ").unwrap();
    format!("{name}:{line}:{column}: {what} (byte {byte}, in {path})")
}

#[test]
fn every_malformed_input_is_refused_in_one_line() {
    let dir = tempfile::tempdir().unwrap();
    let expected = expected();
    assert!(expected.len() >= 100, "{}", expected.len());
    for (name, error) in expected {
        let refused = voltree()
            .current_dir(malformed())
            .args(["convert", &name, "--out"])
            .arg(dir.path().join("out"))
            .assert()
            .code(3)
            .stdout("");
        let line = stderr(&refused);
        assert_eq!(line.lines().count(), 1, "{line}");
        let start = format!("voltree: error: {}", reworded(&name, &error));
        let advice = line
            .trim_end()
            .strip_prefix(&start)
            .unwrap_or_else(|| panic!("expected {start}\nfound    {line}"));
        assert!(advice.is_empty() || advice.starts_with("; "), "{line}");
        let api_error = advice.contains("it looks like an error answer of the API");
        assert_eq!(api_error, name.starts_with("api-"), "{line}");
        assert!(names(dir.path()).is_empty(), "{:?}", names(dir.path()));
    }
}

#[test]
fn inspect_refuses_what_convert_refuses() {
    for (name, error) in expected().into_iter().step_by(7) {
        let refused = voltree()
            .current_dir(malformed())
            .args(["inspect", &name])
            .assert()
            .code(3)
            .stdout("");
        let line = stderr(&refused);
        assert_eq!(line.lines().count(), 1, "{line}");
        let start = format!("voltree: error: {}", reworded(&name, &error));
        assert!(line.starts_with(&start), "{line}");
    }
}

/// What no stack can hold, with the stack of every thread cut down to a fraction of the usual.
#[test]
#[cfg(unix)]
fn depth_is_refused_on_a_small_stack() {
    const LEVELS: usize = 10_000_000;
    let dir = tempfile::tempdir().unwrap();
    let payload = dir.path().join("deep.json");
    for text in [
        "[".repeat(LEVELS),
        format!(
            "{{\"operatorGroups\":[{}",
            "{\"subgroups\":[".repeat(LEVELS / 2)
        ),
        format!(
            "{{\"operatorGroups\":[{{\"x\":{}{}}}]}}",
            "[".repeat(LEVELS),
            "]".repeat(LEVELS)
        ),
    ] {
        fs::write(&payload, text).unwrap();
        let refused = assert_cmd::Command::new("sh")
            .current_dir(dir.path())
            .env("RUST_MIN_STACK", "262144")
            .args([
                "-c",
                "ulimit -s 256 && exec \"$0\" convert deep.json --out out",
                env!("CARGO_BIN_EXE_voltree"),
            ])
            .assert()
            .code(6)
            .stdout("");
        let line = stderr(&refused);
        assert_eq!(line.lines().count(), 1, "{line}");
        assert!(line.starts_with("voltree: error: deep.json:1:"), "{line}");
        assert!(line.contains(": nested deeper than 1024 levels"), "{line}");
        assert_eq!(names(dir.path()), ["deep.json"]);
    }
}

/// One opens and then cannot be read, the other takes nothing.
#[test]
#[cfg(target_os = "linux")]
fn devices_that_fail_are_io_errors() {
    let dir = tempfile::tempdir().unwrap();
    let unreadable = voltree()
        .args(["convert", "/proc/self/mem", "--out"])
        .arg(dir.path().join("out"))
        .assert()
        .code(5)
        .stdout("");
    let line = stderr(&unreadable);
    assert_eq!(line.lines().count(), 1, "{line}");
    let start = "voltree: error: cannot read /proc/self/mem: ";
    assert!(line.starts_with(start), "{line}");
    assert!(names(dir.path()).is_empty());

    fs::write(dir.path().join("in.json"), "{\"operatorGroups\":[]}").unwrap();
    let full = voltree()
        .current_dir(dir.path())
        .args(["convert", "in.json", "--quiet", "--out", "out"])
        .args(["--stats-json", "/dev/full"])
        .assert()
        .code(5)
        .stdout("");
    let line = stderr(&full);
    assert_eq!(line.lines().count(), 1, "{line}");
    assert!(line.contains("/dev/full"), "{line}");
}
