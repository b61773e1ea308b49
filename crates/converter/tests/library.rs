//! Jobs of the library, as programs give them, and what they refuse that no command line says.

use std::{env, fs, num::NonZeroUsize, path::Path, process::Command};

use voltree::{
    Batch, Convert, CsvOptions, CsvSafety, Error, Format, Input, Inputs, OnError, ParquetOptions,
    convert, convert_batch, plan_batch, write_tables,
};
use voltree_core::Parser;

const PAYLOAD: &str = r#"{"operatorGroups":[{"id":7,"groupName":"=1"}]}"#;

/// The path of a payload.
fn payload(dir: &Path) -> std::path::PathBuf {
    let path = dir.join("in.json");
    fs::write(&path, PAYLOAD).unwrap();
    path
}

fn batch(dir: &Path) -> Batch {
    let inputs = Inputs {
        named: vec![payload(dir)],
        ..Inputs::default()
    };
    Batch::new(inputs, dir.join("out"))
}

#[test]
fn a_batch_keeps_the_lineage_that_its_parser_keeps() {
    let dir = tempfile::tempdir().unwrap();
    let mut job = batch(dir.path());
    job.parser = Parser::new().lineage(true).max_depth(9).max_bytes(1000);
    convert_batch(&job).unwrap();
    assert!(job.out.join("lineage/records").exists());

    // Resuming, it is not the same without.
    job.resume = true;
    assert_eq!(convert_batch(&job).unwrap().skipped, 1);
    job.parser = Parser::new();
    assert!(convert_batch(&job).is_err());
}

/// What is said by everything that writes tables, each in the same words, and by none after it wrote
/// something.
fn refusal(format: &Format, parser: &Parser) -> String {
    let dir = tempfile::tempdir().unwrap();
    let mut batch = batch(dir.path());
    let mut job = Convert::new(Input::Stdin, dir.path().join("flat"));
    (job.format, job.parser) = (format.clone(), parser.clone());
    (batch.format, batch.parser) = (format.clone(), parser.clone());
    let dataset = parser.parse_slice(PAYLOAD.as_bytes()).unwrap();
    let errors = [
        convert(&job).unwrap_err(),
        convert_batch(&batch).unwrap_err(),
        plan_batch(&batch).unwrap_err(),
        write_tables(&dataset, dir.path(), format).unwrap_err(),
    ];
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    let texts = errors.map(|error| match error {
        Error::Usage(text) => text,
        other => panic!("{other:?}"),
    });
    assert!(texts.iter().all(|text| *text == texts[0]), "{texts:?}");
    texts[0].clone()
}

#[test]
fn options_that_would_lose_values_are_refused_before_anything_is_read() {
    let csv = |delimiter: u8, null: &str| {
        let options = CsvOptions {
            delimiter,
            null: null.to_owned(),
            ..CsvOptions::default()
        };
        refusal(&Format::Csv(options), &Parser::new())
    };
    for null in ["true", "0", "-1.5", "2024-10-10T06:49:37Z"] {
        assert!(csv(b',', null).ends_with("is a value too: choose a marker that is none"));
    }
    for null in ["a,b", "\n", "\""] {
        assert!(csv(b',', null).starts_with(&format!("--null {null}: it cannot hold ")));
    }
    for delimiter in [b'"', b'_', b'e', b'0', b'-', b'\n', 0xe4] {
        assert!(csv(delimiter, "").starts_with("--delimiter: it stands in numbers"));
    }
    for level in [0, 23, -1] {
        let options = ParquetOptions {
            compression_level: level,
            ..ParquetOptions::default()
        };
        assert_eq!(
            refusal(&Format::Parquet(options), &Parser::new()),
            format!("--compression-level {level} is not in 1..=22")
        );
    }
}

#[test]
fn lineage_refuses_texts_that_are_changed() {
    let format = Format::Csv(CsvOptions {
        safety: CsvSafety::Prefix,
        ..CsvOptions::default()
    });
    assert_eq!(
        refusal(&format, &Parser::new().lineage(true)),
        "--csv-safe prefix changes texts, and --lineage keeps them: choose one"
    );
}

#[test]
fn an_address_is_no_directory() {
    let dir = tempfile::tempdir().unwrap();
    let job = |out: &str| Convert::new(Input::File(payload(dir.path())), out);
    for out in ["s3://me:pass@bucket/x", "ftp://me:pass@bucket/x"] {
        let error = convert(&job(out)).unwrap_err();
        assert!(matches!(error, Error::Usage(_)), "{error:?}");
        let scheme = &out[..out.find(':').unwrap()];
        assert_eq!(
            error.to_string(),
            format!("{scheme}://***@bucket/x: it has to be a path on this machine, not an address")
        );
    }
    let mut batch = batch(dir.path());
    batch.out = "ftp://bucket/x".into();
    for error in [
        convert_batch(&batch).unwrap_err(),
        plan_batch(&batch).unwrap_err(),
    ] {
        let text = if cfg!(feature = "object-store") {
            "ftp://bucket/x: an address has to start with s3://"
        } else {
            "ftp://bucket/x: this voltree was built without object stores"
        };
        assert!(error.to_string().starts_with(text), "{error}");
    }
    assert!(!Path::new("ftp:").exists() && !Path::new("s3:").exists());
}

#[test]
fn as_many_threads_as_no_machine_has_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let mut batch = batch(dir.path());
    batch.threads = NonZeroUsize::new(1025);
    let mut job = Convert::new(Input::Stdin, dir.path().join("flat"));
    job.threads = batch.threads;
    for error in [
        convert(&job).unwrap_err(),
        convert_batch(&batch).unwrap_err(),
    ] {
        assert!(matches!(error, Error::Usage(_)), "{error:?}");
        assert_eq!(error.to_string(), "--threads 1025 is not in 1..=1024");
    }
}

/// What is said on standard error is read where this test alone runs in a process of its own.
#[test]
fn a_batch_says_nothing_of_what_it_leaves_out() {
    const ALONE: &str = "VOLTREE_TEST_ALONE";
    if env::var_os(ALONE).is_some() {
        let dir = tempfile::tempdir().unwrap();
        let mut job = batch(dir.path());
        fs::write(dir.path().join("in.json"), "{").unwrap();
        job.on_error = OnError::Skip;
        assert_eq!(convert_batch(&job).unwrap().rejected, 1);
        return;
    }
    let test = "a_batch_says_nothing_of_what_it_leaves_out";
    let alone = Command::new(env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(ALONE, "1")
        .output()
        .unwrap();
    assert!(alone.status.success());
    assert_eq!(String::from_utf8_lossy(&alone.stderr), "");
}
