//! Addresses where paths are wanted, and what messages show of them.

mod common;

use std::fs;

use common::{names, stderr, stdout, voltree};

/// An address with all secrets that it can have.
const ADDRESS: &str = "https://me:SECRET@h.invalid/x.json?sig=SIGNED";
const SHOWN: &str = "https://***@h.invalid/x.json?***";

/// What a command line is refused with, run in an empty directory, which stays so.
fn refused(arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let dir = tempfile::tempdir().unwrap();
    let mut command = voltree();
    command.current_dir(&dir).args(arguments);
    let refused = command.envs(variables.iter().copied()).assert().code(2);
    assert_eq!(names(dir.path()), [""; 0], "{arguments:?}");
    let said = [stdout(&refused), stderr(&refused)].concat();
    for secret in ["me:", "SEC", "RET", "SIGNED"] {
        assert!(!said.contains(secret), "{arguments:?}: {said}");
    }
    said
}

#[test]
fn options_that_take_paths_refuse_addresses_by_their_names() {
    for (arguments, option) in [
        (
            vec!["convert", "--files-from", ADDRESS, "--out", "o"],
            "--files-from",
        ),
        (
            vec!["convert", "a", "--out", "o", "--stats-json", ADDRESS],
            "--stats-json",
        ),
        (vec!["diff", "a", "b", "--out", ADDRESS], "--out"),
        (vec!["render", "a", "--out", ADDRESS], "--out"),
        (vec!["generate", "--out", ADDRESS], "--out"),
        (
            vec!["generate", "--out", "-", "--truth", ADDRESS],
            "--truth",
        ),
        (vec!["man", "--out", ADDRESS], "--out"),
    ] {
        let said = refused(&arguments, &[]);
        assert!(
            said.starts_with(&format!("error: invalid value '{SHOWN}' for '{option}")),
            "{said}"
        );
        assert!(
            said.contains(": it has to be a path on this machine, not an address\n"),
            "{said}"
        );
    }
    let said = refused(&["diff", "a", "b", "--out", "s3://bucket/changes"], &[]);
    assert!(
        said.contains("'s3://bucket/changes' for '--out <DIR>'"),
        "{said}"
    );
}

#[test]
fn defaults_refuse_addresses_as_options_do() {
    let why = "it has to be a path on this machine, not an address\n";
    assert_eq!(
        refused(&["inspect", "a"], &[("VOLTREE_STATS_JSON", ADDRESS)]),
        format!(
            "voltree: error: VOLTREE_STATS_JSON: invalid value '{SHOWN}' for '--stats-json <FILE>': {why}"
        )
    );
    for (arguments, variables) in [
        (vec!["inspect", "a", "--config", ADDRESS], vec![]),
        (vec!["inspect", "a"], vec![("VOLTREE_CONFIG", ADDRESS)]),
    ] {
        assert_eq!(
            refused(&arguments, &variables),
            format!("voltree: error: --config {SHOWN}: {why}")
        );
    }
}

#[cfg(feature = "object-store")]
#[test]
fn a_payload_in_a_store_is_no_directory_of_tables() {
    let said = refused(&["render", ADDRESS], &[]);
    assert!(
        said.starts_with(&format!(
            "voltree: error: {SHOWN}: these are no tables; give "
        )),
        "{said}"
    );
}

#[cfg(feature = "object-store")]
#[test]
fn a_password_that_should_be_escaped_is_not_shown() {
    for address in [
        "https://me:SEC/RET@h.invalid/x?sig=SIGNED",
        "https://me:SEC#RET@h.invalid/x",
        "https://me:SEC?RET@h.invalid/x",
    ] {
        let line = "voltree: error: https://***: invalid port number; in a password `/` is %2F, \
                    `?` is %3F, `#` is %23\n";
        let convert = ["convert", address, "--out", "o"];
        assert_eq!(refused(&convert, &[]), line);
        let hive = [&convert[..], &["--layout", "hive", "--dry-run"]].concat();
        assert_eq!(refused(&hive, &[]), line);
        assert_eq!(refused(&["inspect", address], &[]), line);
    }
}

#[cfg(feature = "object-store")]
#[test]
fn addresses_of_other_kinds_are_refused() {
    let said = refused(&["inspect", "sftp://me:SECRET@h.invalid/x?sig=SIGNED"], &[]);
    assert!(
        said.starts_with(
            "error: invalid value 'sftp://***@h.invalid/x?***' for '<INPUT>': \
             an address has to start with s3://"
        ),
        "{said}"
    );
}

#[test]
fn what_is_no_option_and_no_command_is_quoted_without_secrets() {
    for arguments in [
        ["inspect", "a", ADDRESS].as_slice(),
        &[ADDRESS],
        &["convert", "a", "--out", "o", "--threads", ADDRESS],
        &["man", ADDRESS],
    ] {
        assert!(refused(arguments, &[]).contains(SHOWN));
    }
}

/// Such a directory is no address.
#[test]
fn paths_with_colons_stay_paths() {
    let dir = tempfile::tempdir().unwrap();
    let mut generate = voltree();
    generate.current_dir(&dir);
    generate.args(["generate", "--chargers", "1", "--out", "s3:a.json"]);
    generate.assert().success();
    assert!(fs::exists(dir.path().join("s3:a.json")).unwrap());
}
