//! What the tests of datasets share.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use super::voltree;

/// A directory with payloads, whose sites have these ids.
pub(crate) fn payloads(names: &[(&str, u32)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("in")).unwrap();
    for (name, id) in names {
        write_payload(&dir.path().join("in").join(name), *id);
    }
    dir
}

pub(crate) fn write_payload(path: &Path, id: u32) {
    let text = format!(
        r#"{{"operatorGroups":[{{"id":{id},"groupName":"G","chargers":[{{"chargerId":"C{id}"}}]}}]}}"#
    );
    fs::write(path, text).unwrap();
}

/// `voltree convert` in a directory.
pub(crate) fn convert(dir: &Path, arguments: &[&str]) -> assert_cmd::Command {
    let mut command = voltree();
    command.current_dir(dir).arg("convert").args(arguments);
    command
}

/// All files below a directory, by their paths.
pub(crate) fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut dirs: Vec<PathBuf> = vec![dir.to_owned()];
    while let Some(folder) = dirs.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                dirs.push(path);
            } else {
                let name = path.strip_prefix(dir).unwrap().display().to_string();
                files.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    files
}

pub(crate) fn snapshots(dir: &Path) -> Vec<String> {
    let text = fs::read(dir.join("dataset.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let entries = manifest["snapshots"].as_array().unwrap();
    entries
        .iter()
        .map(|entry| entry["name"].as_str().unwrap().to_owned())
        .collect()
}
