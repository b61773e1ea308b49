use std::{
    fs,
    net::SocketAddr,
    sync::atomic::{AtomicU32, Ordering},
};

use object_store::aws::AmazonS3Builder;

use super::*;

#[path = "../../../tests/common/servers.rs"]
mod servers;

use servers::{BUCKET, Fault, Proxy, S3, SECRET_KEY, environment};

/// A dataset below `a/set` in the bucket at this address.
fn dataset(address: SocketAddr) -> Remote {
    with_secret(address, SECRET_KEY)
}

/// The same with a wrong key.
fn refused(address: SocketAddr) -> Remote {
    with_secret(address, "voltree-test-wrong")
}

fn with_secret(address: SocketAddr, secret: &str) -> Remote {
    let mut builder = AmazonS3Builder::new().with_bucket_name(BUCKET);
    for (name, value) in environment(address) {
        builder = builder.with_config(name.to_ascii_lowercase().parse().unwrap(), value);
    }
    let builder = builder.with_secret_access_key(secret);
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
    store.put_files(&[(dir.path().join("f"), key.to_owned())])
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
    let files = [(dir.path().join("f"), "t/part-0.parquet".to_owned())];
    let error = store.put_files(&files).unwrap_err();
    assert!(error.to_string().starts_with("cannot read "), "{error}");
    assert!(!s3.path("a/set/t/part-0.parquet").exists());

    let denied = refused(s3.address);
    let error = put_file(&denied, "t/part-0.parquet", &long()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot write s3://nightly/a/set/t/part-0.parquet: access is denied \
         (SignatureDoesNotMatch); check the credentials in the environment or the address"
    );
    assert!(!s3.path("a/set/t/part-0.parquet").exists());
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

fn claim(content: &str, replaces: bool) -> Claim {
    Claim {
        key: "_snapshots/a.claim".to_owned(),
        content: content.to_owned(),
        replaces,
    }
}

#[test]
fn a_claim_keeps_others_away_until_it_is_given_back() {
    let s3 = S3::start();
    let store = dataset(s3.address);
    let (mine, other) = ([claim("1", false)], [claim("2", false)]);
    let mut worked = 0;
    store
        .exclusively(&mine, &mut || {
            let refused = store.exclusively(&other, &mut || unreachable!("it is claimed"));
            assert_eq!(
                refused.unwrap_err().to_string(),
                "s3://nightly/a/set/_snapshots/a.claim: another run is putting something else under \
                 this name; if it was killed, --overwrite takes its place"
            );
            assert!(store.holds(&mine[0])?);
            worked += 1;
            Ok(())
        })
        .unwrap();
    assert_eq!(store.list("").unwrap(), [""; 0]);
    store
        .exclusively(&other, &mut || {
            // Who puts the same is let in, and so is who replaces what is there.
            store.exclusively(&other, &mut || Ok(()))?;
            assert!(!store.holds(&other[0])?);
            store.exclusively(&[claim("3", true)], &mut || {
                assert!(!store.holds(&other[0])?);
                worked += 1;
                Ok(())
            })
        })
        .unwrap();
    assert_eq!(worked, 2);
    // What fails gives its claim back, too.
    let failed = store.exclusively(&mine, &mut || Err(Error::Usage("no".to_owned())));
    assert_eq!(failed.unwrap_err().to_string(), "no");
    assert_eq!(store.list("").unwrap(), [""; 0]);
}

#[test]
fn many_files_go_together_and_the_first_failure_is_told() {
    let s3 = S3::start();
    let store = dataset(s3.address);
    let dir = tempfile::tempdir().unwrap();
    let files = |numbers: std::ops::Range<u32>| -> Vec<(PathBuf, String)> {
        let file = |number| {
            (
                dir.path().join(format!("{number}")),
                format!("t/{number:02}"),
            )
        };
        numbers.map(file).collect()
    };
    for number in 0..20 {
        fs::write(dir.path().join(number.to_string()), number.to_string()).unwrap();
    }
    let error = store.put_files(&files(18..22)).unwrap_err();
    let missing = format!("cannot read {}", dir.path().join("20").display());
    assert!(error.to_string().starts_with(&missing), "{error}");
    assert_eq!(store.list("t").unwrap(), ["t/18", "t/19"]);
    store.put_files(&files(0..20)).unwrap();
    assert_eq!(store.list("t").unwrap().len(), 20);
    assert_eq!(store.get("t/07").unwrap().unwrap(), b"7");
}
