//! Putting snapshots where others fail, or others are at work.

use std::{
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use super::*;
use crate::{
    Cleanup,
    batch::dataset::MANIFEST,
    output::Staging,
    store::{self, Change, Store},
};

/// A directory that fails, or whose claims are taken, when it is told to.
struct Fickle {
    store: Box<dyn Store>,
    fails_to_settle: AtomicBool,
    fails_to_put: AtomicBool,
    claims_are_lost: AtomicBool,
}

fn fail(flag: &AtomicBool) -> Result<(), Error> {
    match flag.load(Ordering::Relaxed) {
        true => Err(Error::Usage("as it was told to".to_owned())),
        false => Ok(()),
    }
}

impl Store for Fickle {
    fn label(&self, key: &str) -> String {
        self.store.label(key)
    }
    fn settle(&self, files: &[(PathBuf, String)]) -> Result<(), Error> {
        fail(&self.fails_to_settle)?;
        self.store.settle(files)
    }
    fn put_files(&self, files: &[(PathBuf, String)]) -> Result<(), Error> {
        fail(&self.fails_to_put)?;
        self.store.put_files(files)
    }
    fn put(&self, key: &str, bytes: &[u8]) -> Result<(), Error> {
        self.store.put(key, bytes)
    }
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Error> {
        self.store.get(key)
    }
    fn take_files(&self, files: &[(String, PathBuf)]) -> Result<(), Error> {
        self.store.take_files(files)
    }
    fn lengths(&self, keys: &[String]) -> Result<Vec<Option<u64>>, Error> {
        self.store.lengths(keys)
    }
    fn list(&self, folder: &str) -> Result<Vec<String>, Error> {
        self.store.list(folder)
    }
    fn delete(&self, key: &str) -> Result<(), Error> {
        self.store.delete(key)
    }
    fn update(&self, key: &str, change: &mut Change<'_>) -> Result<(), Error> {
        self.store.update(key, change)
    }
    fn exclusively(
        &self,
        claims: &[Claim],
        work: &mut dyn FnMut() -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.store.exclusively(claims, work)
    }
    fn groups_at_a_time(&self) -> usize {
        1
    }
    fn holds(&self, _claim: &Claim) -> Result<bool, Error> {
        Ok(!self.claims_are_lost.load(Ordering::Relaxed))
    }
    fn is_there(&self) -> Result<bool, Error> {
        self.store.is_there()
    }
    fn is_empty(&self) -> Result<bool, Error> {
        self.store.is_empty()
    }
    fn staging(&self) -> Result<Staging, Error> {
        self.store.staging()
    }
}

fn fickle(root: &Path) -> Fickle {
    Fickle {
        store: store::open(root, &Cleanup::default()).unwrap(),
        fails_to_settle: AtomicBool::new(false),
        fails_to_put: AtomicBool::new(false),
        claims_are_lost: AtomicBool::new(false),
    }
}

/// A snapshot of one file.
fn prepared(staging: &Path, name: &str, content: &str) -> Prepared {
    prepared_of(staging, name, content, &["sites"])
}

/// A snapshot of a file of each table.
fn prepared_of(staging: &Path, name: &str, content: &str, tables: &[&str]) -> Prepared {
    let dir = staging.join(format!("{name}-{content}"));
    fs::create_dir_all(&dir).unwrap();
    let mut files = Vec::new();
    let mut resources = Vec::new();
    for table in tables {
        fs::write(dir.join(table), content).unwrap();
        let key = format!("{table}/snapshot={name}/part-0.parquet");
        resources.push(serde_json::json!({"path": key, "bytes": content.len(), "rows": 1}));
        files.push(((*table).to_owned(), key));
    }
    let manifest = serde_json::json!({
        "sources": [{"title": name, "bytes": 1, "hash": content}],
        "voltree": {"snapshot": {"payload": 1, "payloads": 1, "options": {"format": "parquet"}}},
        "resources": resources,
    });
    Prepared::new(
        name.to_owned(),
        1,
        dir,
        files,
        manifest.to_string().as_bytes(),
    )
    .unwrap()
}

fn put(store: &Fickle, existing: Existing, snapshot: Prepared) -> Result<(), String> {
    let dataset = HiveDataset {
        store,
        format: "parquet".to_owned(),
    };
    let done = dataset
        .put(&[vec![snapshot]], existing)
        .map_err(|error| error.to_string())?;
    done.into_values()
        .next()
        .map_or(Ok(()), |error| Err(error.to_string()))
}

/// The hashes of what the dataset's snapshots were made of, as it lists them.
fn listed(store: &Fickle) -> Vec<String> {
    let found = store.get(MANIFEST).unwrap().unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&found).unwrap();
    let entries = manifest["snapshots"].as_array().unwrap().iter();
    entries
        .map(|entry| entry["source"]["hash"].as_str().unwrap().to_owned())
        .collect()
}

fn list(store: &Fickle) -> Vec<String> {
    let dataset = HiveDataset {
        store,
        format: "parquet".to_owned(),
    };
    dataset.list_snapshots(&BTreeSet::new()).unwrap();
    listed(store)
}

#[test]
fn what_is_replaced_stays_until_the_new_is_durable_and_is_listed_never_wrongly() {
    let dir = tempfile::tempdir().unwrap();
    let staging = tempfile::tempdir().unwrap();
    let store = fickle(dir.path());
    put(
        &store,
        Existing::Append,
        prepared(staging.path(), "a", "old"),
    )
    .unwrap();
    assert_eq!(list(&store), ["old"]);
    let new = || prepared(staging.path(), "a", "new");

    store.fails_to_settle.store(true, Ordering::Relaxed);
    put(&store, Existing::Replace, new()).unwrap_err();
    assert_eq!(list(&store), ["old"]);
    assert_eq!(
        store
            .get("sites/snapshot=a/part-0.parquet")
            .unwrap()
            .unwrap(),
        b"old"
    );

    store.fails_to_settle.store(false, Ordering::Relaxed);
    store.fails_to_put.store(true, Ordering::Relaxed);
    put(&store, Existing::Replace, new()).unwrap_err();
    // Before anybody lists it again: as if the process had been killed.
    assert_eq!(listed(&store), [""; 0]);

    store.fails_to_put.store(false, Ordering::Relaxed);
    put(&store, Existing::Replace, new()).unwrap();
    assert_eq!(list(&store), ["new"]);
}

#[test]
fn what_a_replaced_snapshot_had_more_goes_with_the_next_run_if_this_one_ends() {
    let (dir, staging) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = fickle(dir.path());
    let old = prepared_of(staging.path(), "a", "old", &["sites", "users"]);
    put(&store, Existing::Append, old).unwrap();
    store.fails_to_put.store(true, Ordering::Relaxed);
    for name in ["new", "newer"] {
        put(
            &store,
            Existing::Replace,
            prepared(staging.path(), "a", name),
        )
        .unwrap_err();
        assert!(store.list("users").unwrap().len() == 1);
    }
    store.fails_to_put.store(false, Ordering::Relaxed);
    // Another one that has taken a name on that list since stays.
    let record =
        r#"{"a":["users/snapshot=a/part-0.parquet"],"a-2":["sites/snapshot=a-2/part-0.parquet"]}"#;
    assert_eq!(
        store.get("_snapshots/a.obsolete").unwrap().unwrap(),
        br#"{"a":["users/snapshot=a/part-0.parquet"]}"#
    );
    store
        .put("_snapshots/a.obsolete", record.as_bytes())
        .unwrap();
    put(
        &store,
        Existing::Append,
        prepared(staging.path(), "a-2", "other"),
    )
    .unwrap();
    put(
        &store,
        Existing::Append,
        prepared(staging.path(), "a", "newest"),
    )
    .unwrap();
    assert!(store.list("users").unwrap().is_empty());
    let manifests = ["_snapshots/a-2.json", "_snapshots/a.json"];
    assert_eq!(store.list(SNAPSHOTS).unwrap(), manifests);
    assert_eq!(store.list("sites").unwrap().len(), 2);
    assert_eq!(list(&store), ["newest", "other"]);
}

#[test]
fn of_two_who_put_the_same_one_leaves_it_to_the_other() {
    let dir = tempfile::tempdir().unwrap();
    let staging = tempfile::tempdir().unwrap();
    let store = fickle(dir.path());
    let same = || prepared(staging.path(), "a", "same");
    put(&store, Existing::Append, same()).unwrap();
    // Touching anything would fail.
    store.fails_to_put.store(true, Ordering::Relaxed);
    put(&store, Existing::Append, same()).unwrap();
    let other = prepared(staging.path(), "a", "other");
    let refused = put(&store, Existing::Append, other).unwrap_err();
    assert!(
        refused.contains("a snapshot a of other content or options"),
        "{refused}"
    );
}

#[test]
fn a_claim_that_was_lost_to_who_put_the_same_is_no_matter() {
    let dir = tempfile::tempdir().unwrap();
    let staging = tempfile::tempdir().unwrap();
    let store = fickle(dir.path());
    store.claims_are_lost.store(true, Ordering::Relaxed);
    put(
        &store,
        Existing::Replace,
        prepared(staging.path(), "a", "same"),
    )
    .unwrap();
    // Somebody else, who is still at work.
    store.put("_snapshots/b.claim", b"other").unwrap();
    let refused = put(
        &store,
        Existing::Replace,
        prepared(staging.path(), "b", "mine"),
    );
    assert!(
        refused
            .unwrap_err()
            .contains("another run at work on snapshot b")
    );
    assert_eq!(store.get("_snapshots/b.json").unwrap(), None);
}

#[test]
fn every_snapshot_of_an_input_is_claimed() {
    let staging = tempfile::tempdir().unwrap();
    let night = ["night", "night-2"].map(|name| prepared(staging.path(), name, "x"));
    let keys: Vec<String> = claims(&night, Existing::Append)
        .map(|claim| claim.key)
        .collect();
    assert_eq!(keys, ["_snapshots/night.claim", "_snapshots/night-2.claim"]);
}

#[test]
fn what_is_left_of_another_input_is_replaced_unless_it_is_being_put() {
    let dir = tempfile::tempdir().unwrap();
    let (root, staging) = (dir.path().join("ds"), dir.path().join("staging"));
    let store = fickle(&root);
    let left = serde_json::json!({
        "sources": [{"title": "night", "bytes": 1, "hash": "x"}],
        "voltree": {"snapshot": {"payload": 2, "payloads": 2, "options": {"format": "parquet"}}},
        "resources": [{"path": "lineage/texts/snapshot=night-2/part-0.parquet", "bytes": 1, "rows": 1}],
    });
    store
        .put("_snapshots/night-2.json", left.to_string().as_bytes())
        .unwrap();
    store
        .put("lineage/texts/snapshot=night-2/part-0.parquet", b"x")
        .unwrap();
    store.put("_snapshots/night.claim", b"x").unwrap();
    for existing in [Existing::Append, Existing::Replace] {
        let refused = put(&store, existing, prepared(&staging, "night-2", "new")).unwrap_err();
        assert!(
            refused.contains("has snapshot night-2 of night, which another run is putting"),
            "{refused}"
        );
    }
    store.delete("_snapshots/night.claim").unwrap();
    put(
        &store,
        Existing::Append,
        prepared(&staging, "night-2", "new"),
    )
    .unwrap();
    assert_eq!(list(&store), ["new"]);
    assert!(
        !root
            .join("lineage/texts/snapshot=night-2/part-0.parquet")
            .exists()
    );
}
