use serde_json::{Value, json};

use super::*;
use crate::{CsvOptions, write::testing, write_tables};

fn manifest(format: &Format) -> Value {
    let dir = tempfile::tempdir().unwrap();
    let tables = write_tables(&testing::dataset(3), dir.path(), format).unwrap();
    let input = InputFacts {
        name: "a.json".to_owned(),
        bytes: 9,
        hash: "xxh3-128:00".to_owned(),
        codec: None,
        payload_bytes: 9,
        repeated_bytes: 0,
        depth: 2,
    };
    write(dir.path(), &input, &tables, format).unwrap();
    let manifest: Value =
        serde_json::from_slice(&fs::read(dir.path().join(FILE)).unwrap()).unwrap();
    for resource in manifest["resources"].as_array().unwrap() {
        let file = fs::read(dir.path().join(resource["path"].as_str().unwrap())).unwrap();
        assert_eq!(resource["bytes"], file.len());
    }
    manifest
}

#[test]
fn every_table_is_a_resource_with_its_keys() {
    let manifest = manifest(&Format::default());
    assert_eq!(
        manifest["sources"][0],
        json!({"title": "a.json", "bytes": 9, "hash": "xxh3-128:00"})
    );
    let resources = manifest["resources"].as_array().unwrap();
    assert_eq!(resources.len(), schema::tables().len());
    let sites = &resources[0];
    assert_eq!(sites["name"], "sites");
    assert_eq!(sites["rows"], 3);
    assert_eq!(sites["schema"]["primaryKey"], json!(["id"]));
    assert_eq!(
        sites["schema"]["foreignKeys"],
        json!([{"fields": ["parent_id"], "reference": {"fields": ["id"]}}])
    );
    assert_eq!(
        sites["schema"]["fields"][0]["constraints"],
        json!({"required": true})
    );
    assert_eq!(
        sites["schema"]["fields"][2]["constraints"],
        json!({"minimum": 0, "maximum": 4})
    );
    assert!(sites.get("dialect").is_none());
    let tags = &resources[3];
    assert_eq!(
        tags["schema"]["foreignKeys"][0]["reference"]["resource"],
        "users"
    );
}

#[test]
fn csv_says_how_it_is_written() {
    let options = CsvOptions {
        delimiter: b'\t',
        null: "NULL".to_owned(),
        ..CsvOptions::default()
    };
    let manifest = manifest(&Format::Csv(options));
    let sites = &manifest["resources"][0];
    assert_eq!(sites["dialect"]["delimiter"], "\t");
    assert_eq!(sites["dialect"]["nullSequence"], "NULL");
    assert_eq!(sites["schema"]["missingValues"], json!(["NULL"]));
    assert_eq!(sites["encoding"], "utf-8");
}
