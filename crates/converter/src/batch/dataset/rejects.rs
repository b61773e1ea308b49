//! `rejects.jsonl`: the inputs that were left out.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{HiveDataset, REJECTS};
use crate::Error;

/// A line, read back.
#[derive(Deserialize)]
struct KnownReject {
    snapshot: String,
}

impl HiveDataset<'_> {
    /// The lines of `rejects.jsonl`, by their snapshots.
    pub(crate) fn rejects(&self) -> Result<BTreeMap<String, String>, Error> {
        Ok(keyed(self.store.get(REJECTS)?.as_deref()))
    }

    /// Replaces what `rejects.jsonl` says of these snapshots: of each a line, or none.
    pub(crate) fn list_rejects(
        &self,
        tried: &BTreeMap<String, Option<String>>,
    ) -> Result<(), Error> {
        self.store.update(REJECTS, &mut |found| {
            let mut lines = keyed(found);
            for (snapshot, line) in tried {
                lines.remove(snapshot);
                if let Some(line) = line {
                    lines.insert(snapshot.clone(), line.clone());
                }
            }
            let text: String = lines.values().map(|line| format!("{line}\n")).collect();
            Ok((!text.is_empty()).then(|| text.into_bytes()))
        })
    }
}

fn keyed(text: Option<&[u8]>) -> BTreeMap<String, String> {
    let text = String::from_utf8_lossy(text.unwrap_or_default());
    let keyed = |line: &str| {
        let reject: KnownReject = serde_json::from_str(line).ok()?;
        Some((reject.snapshot, line.to_owned()))
    };
    text.lines().filter_map(keyed).collect()
}
