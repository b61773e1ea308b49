//! What the tests of the command share.
#![allow(dead_code, reason = "each test file uses a part of it")]

pub(crate) mod batch;
pub(crate) mod diff;

use std::path::Path;

use assert_cmd::{Command, cargo::cargo_bin_cmd};

/// The command, without the colours and widths of whoever runs the tests.
pub(crate) fn voltree() -> Command {
    let mut command = cargo_bin_cmd!("voltree");
    command.env_remove("CLICOLOR_FORCE").env("COLUMNS", "100");
    command
}

/// `voltree check`.
pub(crate) fn check(input: impl AsRef<Path>, flags: &[&str]) -> Command {
    let mut command = voltree();
    command.arg("check").arg(input.as_ref()).args(flags);
    command
}

/// Names in a directory, sorted.
pub(crate) fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// What a finished command wrote to standard error.
pub(crate) fn stderr(assert: &assert_cmd::assert::Assert) -> String {
    String::from_utf8(assert.get_output().stderr.clone()).unwrap()
}

/// What a finished command wrote to standard output.
pub(crate) fn stdout(assert: &assert_cmd::assert::Assert) -> String {
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}
