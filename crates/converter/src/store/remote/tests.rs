use std::{
    fs,
    net::SocketAddr,
    sync::atomic::{AtomicU32, Ordering},
};

use object_store::aws::AmazonS3Builder;

use super::*;

#[path = "../../../tests/common/servers.rs"]
mod servers;

use servers::{BUCKET, Fault, Proxy, S3, environment};

/// A dataset below `a/set` in the bucket at this address.
fn dataset(address: SocketAddr) -> Remote {
    let mut builder = AmazonS3Builder::new().with_bucket_name(BUCKET);
    for (name, value) in environment(address) {
        builder = builder.with_config(name.to_ascii_lowercase().parse().unwrap(), value);
    }
    remote::runtime().unwrap();
    Remote {
        url: ObjectUrl::new("s3://nightly/a/set/").unwrap(),
        store: Arc::new(builder.build().unwrap()),
        prefix: Key::from("a/set"),
        cleanup: Cleanup::default(),
    }
}

/// More than one part, and no two parts alike.
fn long() -> Vec<u8> {
    (0..2 * PART as u32 / 4 + 1000)
        .flat_map(u32::to_le_bytes)
        .collect()
}

/// Puts bytes as a file.
fn put_file(store: &Remote, key: &str, bytes: &[u8]) -> Result<(), Error> {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("f"), bytes).unwrap();
    store.put_files(dir.path(), &[("f".to_owned(), key.to_owned())])
}

#[test]
fn what_is_put_is_listed_read_and_removed() {
    let s3 = S3::start();
    let store = dataset(s3.address);
    assert!(store.is_empty().unwrap());
    assert_eq!(store.list("").unwrap(), [""; 0]);
    put_file(&store, "sites/snapshot=b/part-0.csv", b"abc").unwrap();
    store.put("snapshots/b.json", b"1").unwrap();
    store.put("dataset.json", b"2").unwrap();
    s3.put("a/settings.json", b"of somebody else");
    assert!(!store.is_empty().unwrap());
    let all = [
        "dataset.json",
        "sites/snapshot=b/part-0.csv",
        "snapshots/b.json",
    ];
    assert_eq!(store.list("").unwrap(), all);
    assert_eq!(store.list("sites").unwrap(), all[1..2]);
    assert_eq!(store.list("none").unwrap(), [""; 0]);
    assert_eq!(store.get(all[1]).unwrap().unwrap(), b"abc");
    assert_eq!(
        fs::read(s3.path("a/set/sites/snapshot=b/part-0.csv")).unwrap(),
        b"abc"
    );
    store.delete("dataset.json").unwrap();
    store.delete("dataset.json").unwrap();
    assert_eq!(store.get("dataset.json").unwrap(), None);
    assert_eq!(store.label("x.json"), "s3://nightly/a/set/x.json");
    assert_eq!(store.label(""), "s3://nightly/a/set/");
}

#[test]
fn a_long_file_goes_in_parts_and_an_empty_one_too() {
    let s3 = S3::start();
    let store = dataset(s3.address);
    let long = long();
    for bytes in [&long[..], &long[..PART], b""] {
        put_file(&store, "t/part-0.parquet", bytes).unwrap();
        assert!(fs::read(s3.path("a/set/t/part-0.parquet")).unwrap() == bytes);
    }
}

#[test]
fn requests_that_fail_are_tried_again() {
    let s3 = S3::start();
    // The first connection begins the upload, and the others take parts.
    let faults = [Fault::Nothing, Fault::Cut(0), Fault::Unavailable];
    let proxy = Proxy::start(s3.address, faults);
    let store = dataset(proxy.address);
    let long = long();
    put_file(&store, "t/part-0.parquet", &long).unwrap();
    assert!(store.get("t/part-0.parquet").unwrap().unwrap() == long);
    assert_eq!(proxy.left(), 0);
}

#[test]
fn what_cannot_be_put_whole_is_not_there() {
    let s3 = S3::start();
    let store = dataset(s3.address);
    let dir = tempfile::tempdir().unwrap();
    // A directory opens as a file does, and then cannot be read; nothing was begun.
    fs::create_dir(dir.path().join("f")).unwrap();
    let files = [("f".to_owned(), "t/part-0.parquet".to_owned())];
    let error = store.put_files(dir.path(), &files).unwrap_err();
    assert!(error.to_string().starts_with("cannot read "), "{error}");
    assert!(!s3.path("a/set/t/part-0.parquet").exists());

    // A bucket that is not there refuses the first request.
    let mut elsewhere = dataset(s3.address);
    elsewhere.url = ObjectUrl::new("s3://other/a/set").unwrap();
    fs::remove_dir_all(s3.path("")).unwrap();
    let error = put_file(&elsewhere, "t/part-0.parquet", &long()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot write s3://other/a/set/t/part-0.parquet: there is no such bucket"
    );
}

#[test]
fn no_update_is_lost() {
    let s3 = S3::start();
    let store = dataset(s3.address);
    let calls = AtomicU32::new(0);
    let add = |found: Option<&[u8]>| {
        let mut all = found.unwrap_or_default().to_vec();
        all.push(b'x');
        Ok(Some(all))
    };
    store
        .update("n", &mut |found| {
            // Somebody else is faster, once where there was nothing and once where there was something.
            if calls.fetch_add(1, Ordering::Relaxed) < 2 {
                store.update("n", &mut { add }).unwrap();
            }
            add(found)
        })
        .unwrap();
    assert_eq!(calls.into_inner(), 3);
    assert_eq!(store.get("n").unwrap().unwrap(), b"xxx");
    store
        .update("n", &mut |found| Ok(found.map(<[u8]>::to_vec)))
        .unwrap();
    store.update("n", &mut |_| Ok(None)).unwrap();
    assert_eq!(store.get("n").unwrap(), None);
}
