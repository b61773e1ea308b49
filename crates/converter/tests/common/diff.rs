//! What the tests of `voltree diff` share.

use std::{
    fs,
    path::{Path, PathBuf},
};

use assert_cmd::Command;
use tempfile::TempDir;

use super::voltree;

pub(crate) const OLD: &str = r#"{"operatorGroups":[{"id":1,"groupName":"North","subgroups":[{"id":2}],
    "chargers":[{"chargerId":"A","firmwareVersion":"1","locationInfo":{"latitude":60}},{"chargerId":"B"}]}]}"#;
pub(crate) const NEW: &str = r#"{"operatorGroups":[{"id":1,"groupName":"South","subgroups":[{"id":3}],
    "chargers":[{"chargerId":"A","firmwareVersion":"2","locationInfo":{"latitude":60.5}},{"chargerId":"C"}]}]}"#;

pub(crate) fn diff(old: impl AsRef<Path>, new: impl AsRef<Path>) -> Command {
    let mut command = voltree();
    command.arg("diff").arg(old.as_ref()).arg(new.as_ref());
    command
}

/// A directory with `old.json` and `new.json`.
pub(crate) fn payloads(old: &str, new: &str) -> (TempDir, PathBuf, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let (one, other) = (dir.path().join("old.json"), dir.path().join("new.json"));
    fs::write(&one, old).unwrap();
    fs::write(&other, new).unwrap();
    (dir, one, other)
}

pub(crate) fn convert(payload: &Path, out: &Path, flags: &[&str]) {
    let mut command = voltree();
    command.args(["convert", "--quiet", "--out"]).arg(out);
    command.arg(payload).args(flags).assert().success();
}
