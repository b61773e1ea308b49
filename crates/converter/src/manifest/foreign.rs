//! Manifests that are given where a payload is wanted.

use std::io::{BufReader, Read};

use serde::{Deserialize, de::IgnoredAny};

use crate::Input;

/// No manifest is longer: a larger file is not read again to see what it is.
const LONGEST: u64 = 64 << 20;

/// What tells manifests from other files, and from each other.
#[derive(Deserialize)]
struct Mark {
    voltree: Tool,
    snapshots: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Tool {
    #[serde(rename = "schema_version")]
    _schema_version: IgnoredAny,
    snapshot: Option<IgnoredAny>,
}

/// What to give instead of an input that is a manifest of voltree; nothing if it is none.
pub(crate) fn instead_of(input: &Input) -> Option<&'static str> {
    if !input.is_lasting() {
        return None;
    }
    let file = BufReader::new(input.open().ok()?.take(LONGEST));
    let mark: Mark = serde_json::from_reader(file).ok()?;
    Some(match (mark.voltree.snapshot, mark.snapshots) {
        (Some(_), _) => "it",
        (_, Some(_)) => "a manifest in its _snapshots",
        _ => "its directory",
    })
}
