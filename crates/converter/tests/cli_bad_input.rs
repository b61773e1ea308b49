//! Inputs that are no payload: one clear line, an exit code, and no output.

mod common;

use std::fs;

use common::{names, stderr, stdout, voltree};

/// The line that a payload is refused with, without `voltree: error: `.
fn refusal(payload: &[u8], flags: &[&str], code: i32) -> String {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("in.json"), payload).unwrap();
    let refused = voltree()
        .current_dir(dir.path())
        .args(["convert", "in.json", "--out", "out"])
        .args(flags)
        .assert()
        .code(code)
        .stdout("");
    assert_eq!(names(dir.path()), ["in.json"]);
    let text = stderr(&refused);
    assert_eq!(text.lines().count(), 1, "{text}");
    text.trim_end()
        .strip_prefix("voltree: error: in.json")
        .unwrap()
        .to_owned()
}

/// Checks lines against the inputs that they are for.
fn refused(cases: &[(&[u8], &str)]) {
    for (payload, line) in cases {
        assert_eq!(
            refusal(payload, &[], 3),
            *line,
            "{}",
            payload.escape_ascii()
        );
    }
}

#[test]
fn nothing() {
    let advice = ": the input is empty; save the body of the API's response again";
    refused(&[(b"", advice), (b" \n\t", advice)]);
}

#[test]
fn a_name_with_control_characters() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a\n\u{1b}[2Jé.json"), "").unwrap();
    let refused = voltree()
        .current_dir(dir.path())
        .args(["convert", "a\n\u{1b}[2Jé.json", "--out", "out"])
        .assert()
        .code(3);
    let line = "voltree: error: a\\n\\u{1b}[2Jé.json: the input is empty; \
                save the body of the API's response again\n";
    assert_eq!(stderr(&refused), line);
}

#[test]
fn a_name_with_control_characters_in_what_is_shown() {
    let name = "a\u{1b}[2J.json";
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(name), r#"{"operatorGroups":[]}"#).unwrap();
    for arguments in [
        ["inspect", name].as_slice(),
        &["convert", name, "--out", "out", "--dry-run"],
        &[
            "convert",
            name,
            "--out",
            "out",
            "--dry-run",
            "--layout=hive",
        ],
    ] {
        let mut command = voltree();
        let done = command.current_dir(&dir).args(arguments).assert().success();
        let shown = stdout(&done);
        assert!(shown.contains("a\\u{1b}[2J.json"), "{shown}");
        assert!(!shown.contains('\u{1b}'), "{shown}");
    }
}

#[test]
fn a_manifest_of_our_own() {
    let dir = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| voltree().current_dir(&dir).args(arguments).assert();
    fs::write(dir.path().join("in.json"), r#"{"operatorGroups":[]}"#).unwrap();
    run(&["convert", "in.json", "--out", "flat"]).success();
    run(&["convert", "in.json", "--out", "hive", "--layout=hive"]).success();
    for (command, manifest, instead) in [
        ("check", "flat/datapackage.json", "its directory"),
        ("inspect", "flat/datapackage.json", "its directory"),
        ("inspect", "hive/_snapshots/in.json", "it"),
        (
            "inspect",
            "hive/dataset.json",
            "a manifest in its _snapshots",
        ),
    ] {
        assert_eq!(
            stderr(&run(&[command, manifest]).code(3)),
            format!(
                "voltree: error: {manifest}: this is a manifest of voltree, and no payload; \
                 give {instead} to `voltree check`, `diff` or `render`\n"
            )
        );
    }
    run(&["convert", "flat/datapackage.json", "--out", "o"]).code(3);
}

#[test]
fn what_is_cut_off() {
    refused(&[(
        b"{\"operatorGroups\":[{\"id\":1,\n\"groupName\":\"No",
        ":2:16: the input is cut off: it ends at byte 43 inside $.operatorGroups[0].groupName; \
         the download was probably interrupted: fetch it again",
    )]);
}

#[test]
fn what_is_malformed() {
    refused(&[
        (
            b"{\"operatorGroups\":[]} x",
            ":1:23: expected the end of the input after the operator tree, found `x` \
             (byte 22, in $); remove it: behind a payload only another one may stand, which \
             `voltree convert --layout hive` takes for a snapshot of its own",
        ),
        (
            b"{\"operatorGroups\":[{\"id\":1,}]}",
            ":1:28: expected a key in quotes, found `}` (byte 27, in $.operatorGroups[0])",
        ),
        (
            b"{\"operatorGroups\":[\0]}",
            ":1:20: expected a value or `]`, found a NUL byte (byte 19, in $.operatorGroups[0])",
        ),
        (
            b"{\"operatorGroups\":[{\"groupName\":\"\xff\"}]}",
            ":1:34: invalid UTF-8 (byte 33, in $.operatorGroups[0].groupName); \
             JSON is UTF-8: save it again without changing the encoding",
        ),
        (
            b"{\"operatorGroups\":[{\"groupName\":\"\\ud800\"}]}",
            ":1:34: lone surrogate in a string escape (byte 33, in $.operatorGroups[0].groupName)",
        ),
    ]);
}

#[test]
fn what_is_no_json() {
    refused(&[
        (
            b"PK\x03\x04",
            ": the input is a zip archive, not JSON; unpack it first",
        ),
        (
            b"\xff\xfe{\0}\0",
            ": the input is UTF-16 text, not JSON; convert it to UTF-8 first, such as with \
             `iconv -f UTF-16 -t UTF-8`",
        ),
        (
            b"<!DOCTYPE html><html>",
            ": the input is an HTML or XML page, not JSON; it was probably sent by a proxy or a \
             login: save the API's response body again",
        ),
        (
            b"Errors in the route parameters",
            ": the input is an error text of the API, not JSON; it looks like an error answer of \
             the API, saved as a file: check the request, then save the response body again",
        ),
        (
            b"Customer not found or not authorised\n",
            ": the input is an error text of the API, not JSON; it looks like an error answer of \
             the API, saved as a file: check the request, then save the response body again",
        ),
    ]);
}

#[test]
fn what_is_no_operator_tree() {
    for payload in ["[]", "{}", "42", "null", "\"a\"", "{\"a\":1}"] {
        let line = refusal(payload.as_bytes(), &[], 3);
        let start = ":1:1: expected an operator tree, an OperatorGroup, an Operator, a \
                     ChargerGroup or a list of these, found ";
        assert!(line.starts_with(start), "{line}");
        assert!(
            line.ends_with("; give the whole response of `GET operators`, or whole records of it"),
            "{line}"
        );
    }
    let error = refusal(br#"{"message":"Unauthorized"}"#, &[], 3);
    assert!(
        error.contains("it looks like an error answer of the API"),
        "{error}"
    );
}

#[test]
fn what_is_too_deep() {
    let deep = [b"{\"operatorGroups\":".as_slice(), &b"[".repeat(10_000_000)].concat();
    let line = refusal(&deep, &[], 6);
    assert!(
        line.contains(": nested deeper than 1024 levels (byte "),
        "{line}"
    );
    assert!(
        line.ends_with("; raise --max-depth if the data is meant to be like that"),
        "{line}"
    );
    let shallow = refusal(
        br#"{"operatorGroups":[{"id":1}]}"#,
        &["--max-depth", "2"],
        6,
    );
    assert_eq!(
        shallow,
        ":1:20: nested deeper than 2 levels (byte 19, in $.operatorGroups[0]); \
         raise --max-depth if the data is meant to be like that"
    );
}

#[test]
fn a_refusal_is_json_for_machines() {
    let dir = tempfile::tempdir().unwrap();
    let refused = voltree()
        .args(["convert", "-", "--log-format", "json", "--out"])
        .arg(dir.path().join("out"))
        .write_stdin("{\"operatorGroups\":[\n1 2]}")
        .assert()
        .code(3);
    let event: serde_json::Value = serde_json::from_str(&stderr(&refused)).unwrap();
    assert_eq!(event["exit"], 3);
    assert_eq!(event["input"], "standard input");
    assert_eq!(
        (&event["line"], &event["column"], &event["byte"]),
        (&2.into(), &3.into(), &22.into())
    );
    assert_eq!(event["path"], "$.operatorGroups");
}
