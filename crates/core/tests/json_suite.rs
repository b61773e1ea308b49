//! What is JSON and what is not, by the cases of `fixtures/json-suite.txt`: as a whole input, and as a
//! value within a payload. Both engines decide alike, and as the suite says.

mod common;
mod golden;

use std::fs;

use arrow_array::cast::AsArray;
use common::agree;
use golden::fixture;
use serde_json::Value;
use voltree_core::{DEFAULT_MAX_DEPTH, Dataset, Error, ErrorKind, Parser};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Verdict {
    Accept,
    Reject,
    /// RFC 8259 leaves it open.
    Either,
}

struct Case {
    verdict: Verdict,
    name: String,
    bytes: Vec<u8>,
}

/// The cases of the file, and those that are too long to be written there.
fn cases() -> Vec<Case> {
    let file = fs::read_to_string(fixture("json-suite.txt")).unwrap();
    let lines = file
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let written = lines.map(|line| {
        let mut parts = line.splitn(3, ' ');
        let verdict = match parts.next() {
            Some("accept") => Verdict::Accept,
            Some("reject") => Verdict::Reject,
            Some("either") => Verdict::Either,
            _ => panic!("no verdict: {line}"),
        };
        let name = parts.next().unwrap().to_owned();
        let bytes = unescape(parts.next().unwrap_or_default());
        Case {
            verdict,
            name,
            bytes,
        }
    });
    let long = [
        (Verdict::Reject, "100,000 open lists", "[".repeat(100_000)),
        (
            Verdict::Reject,
            "50,000 open objects",
            "[{\"\":".repeat(50_000),
        ),
        (
            Verdict::Either,
            "500 lists",
            "[".repeat(500) + &"]".repeat(500),
        ),
    ]
    .map(|(verdict, name, text)| Case {
        verdict,
        name: name.to_owned(),
        bytes: text.into_bytes(),
    });
    written.chain(long).collect()
}

fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [byte, behind @ ..] = rest {
        (rest, _) = match (byte, behind) {
            (b'\\', [b'n', rest @ ..]) => (rest, bytes.push(b'\n')),
            (b'\\', [b't', rest @ ..]) => (rest, bytes.push(b'\t')),
            (b'\\', [b'r', rest @ ..]) => (rest, bytes.push(b'\r')),
            (b'\\', [b's', rest @ ..]) => (rest, bytes.push(b' ')),
            (b'\\', [b'\\', rest @ ..]) => (rest, bytes.push(b'\\')),
            (b'\\', [b'x', high, low, rest @ ..]) => {
                let hex = |digit: &u8| char::from(*digit).to_digit(16).unwrap() as u8;
                (rest, bytes.push(hex(high) << 4 | hex(low)))
            }
            (b'\\', _) => panic!("no escape: {text}"),
            (byte, rest) => (rest, bytes.push(*byte)),
        };
    }
    bytes
}

fn read(payload: &[u8]) -> Result<Dataset, Error> {
    agree(payload, DEFAULT_MAX_DEPTH);
    Parser::new().parse_slice(payload)
}

fn hold(case: &Case, accepted: bool, place: &str) {
    let expected = match case.verdict {
        Verdict::Accept => true,
        Verdict::Reject => false,
        Verdict::Either => return,
    };
    assert_eq!(accepted, expected, "{} {place}", case.name);
}

#[test]
fn as_a_whole_input() {
    for case in cases() {
        let accepted = match read(&case.bytes) {
            Ok(_) => true,
            Err(error) => matches!(error.kind(), ErrorKind::NotAnOperatorTree { .. }),
        };
        hold(&case, accepted, "as a whole input");
        // The suite is not ours: others have to find the same in it.
        let theirs = serde_json::from_slice::<Value>(&case.bytes).is_ok();
        hold(&case, theirs, "by serde_json");
    }
}

#[test]
fn as_a_value_in_a_payload() {
    let around = [
        (
            "as the value of an unknown field",
            r#"{"operatorGroups":[{"id":1,"x":"#,
            r#","chargers":[]}]}"#,
            ["extras", "value"],
        ),
        (
            "as the value of a custom property",
            r#"{"operatorGroups":[{"chargers":[{"chargerId":"A","customProperties":{"x":"#,
            r#"}}],"id":1}]}"#,
            ["charger_custom_properties", "value"],
        ),
        (
            "as a value of the wrong type",
            r#"{"operatorGroups":[{"id":1,"operators":[{"id":2,"isAdminOperator":"#,
            r#"}]}]}"#,
            ["operators", "is_admin_operator"],
        ),
        (
            "as an element of a list of records",
            r#"{"operatorGroups":[{"id":1,"chargers":[null,"#,
            r#"]}]}"#,
            ["sites", "id"],
        ),
    ];
    for case in cases() {
        for (place, before, behind, [table, column]) in around {
            let payload = [before.as_bytes(), &case.bytes, behind.as_bytes()].concat();
            let read = read(&payload);
            hold(&case, read.is_ok(), place);
            let Ok(dataset) = read else { continue };
            // What was kept has the value of what was given.
            let batch = &dataset.table(table).batches[0];
            let kept = batch.column_by_name(column).unwrap();
            let Some(kept) = kept.as_string_opt::<i32>().map(|kept| kept.value(0)) else {
                continue;
            };
            let Ok(given) = serde_json::from_slice::<Value>(&case.bytes) else {
                // Integers and doubles beyond those of serde_json.
                assert_eq!(case.verdict, Verdict::Either, "{}", case.name);
                continue;
            };
            match given {
                Value::String(given) if table != "extras" => assert_eq!(kept, given),
                given => assert_eq!(serde_json::from_str::<Value>(kept).unwrap(), given),
            }
        }
    }
}
