//! What the integration tests share.
#![allow(dead_code, unreachable_pub)] // Each test uses a part.

pub mod arbitrary;

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use voltree_core::{Dataset, Engine, Error, Parser};

/// Columns whose values follow the text, not the value of the payload.
pub const FOLLOW_TEXT: [&str; 4] = ["path", "byte_offset", "line", "column"];

/// Every row of every table as text; with or without the columns that follow the text.
pub fn rows(dataset: &Dataset, with_places: bool) -> Vec<String> {
    let mut rows = Vec::new();
    for table in dataset.all_tables() {
        for batch in &table.batches {
            assert_eq!(batch.schema(), table.def.arrow_schema());
            let kept = (0..batch.num_columns()).filter(|&column| {
                with_places || !FOLLOW_TEXT.contains(&table.def.columns[column].name)
            });
            let columns: Vec<_> = kept.map(|column| batch.column(column)).collect();
            for row in 0..batch.num_rows() {
                let cells = columns.iter().map(|column| {
                    if column.is_null(row) {
                        return "NULL".to_owned();
                    }
                    format!("{:?}", column.slice(row, 1)).replace(['\n', ' '], "")
                });
                rows.push(format!(
                    "{}: {}",
                    table.def.name,
                    cells.collect::<Vec<_>>().join(" ")
                ));
            }
        }
    }
    rows
}

/// What comes of a payload: its rows, or the error in all its parts.
pub fn outcome(parser: &Parser, payload: &[u8]) -> Result<Vec<String>, String> {
    let describe = |error: Error| format!("{:?} {:?}", error.kind(), error.place());
    parser
        .parse_slice(payload)
        .map(|dataset| rows(&dataset, true))
        .map_err(describe)
}

/// Panics where the engines do not agree on a payload.
pub fn agree(payload: &[u8], max_depth: u32) {
    let plain = Parser::new().engine(Engine::Plain).max_depth(max_depth);
    let expected = outcome(&plain, payload);
    for parser in [
        Parser::new(),
        Parser::new().memo(false),
        Parser::new().read_chunk(1),
    ] {
        let parser = parser.max_depth(max_depth);
        let found = outcome(&parser, payload);
        if found != expected {
            let text = String::from_utf8_lossy(payload);
            match (&expected, &found) {
                (Ok(expected), Ok(found)) => {
                    let only = |one: &[String], other: &[String]| {
                        one.iter()
                            .filter(|row| !other.contains(row))
                            .cloned()
                            .collect::<Vec<_>>()
                            .join("\n")
                    };
                    panic!(
                        "{parser:?}\n{text}\nonly plain:\n{}\nonly fast:\n{}",
                        only(expected, found),
                        only(found, expected)
                    );
                }
                _ => panic!("{parser:?}\n{text}\nplain: {expected:?}\nfast: {found:?}"),
            }
        }
    }
}

/// A payload as compact JSON text: keys sorted, of equal ones the last, numbers as written, the fewest
/// escapes.
pub fn canonical(payload: &str) -> String {
    match payload.trim_start().as_bytes()[0] {
        b'{' => {
            let members: BTreeMap<String, Box<RawValue>> = serde_json::from_str(payload).unwrap();
            let members = members.iter().map(|(key, value)| {
                let key = serde_json::to_string(key).unwrap();
                format!("{key}:{}", canonical(value.get()))
            });
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        b'[' => {
            let elements: Vec<Box<RawValue>> = serde_json::from_str(payload).unwrap();
            let elements = elements.iter().map(|element| canonical(element.get()));
            format!("[{}]", elements.collect::<Vec<_>>().join(","))
        }
        b'"' => {
            let text: String = serde_json::from_str(payload).unwrap();
            serde_json::to_string(&text).unwrap()
        }
        _ => payload.trim().to_owned(),
    }
}
