//! Jobs of the library, as programs give them, and what they refuse that no command line says.

use std::{fs, path::Path};

use voltree::{Batch, Inputs, convert_batch};
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
