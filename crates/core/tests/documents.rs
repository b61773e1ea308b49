//! Several payloads in one input: each is what it is alone, at its place.

mod common;
mod golden;

use std::{
    fs,
    io::{self, Read},
    ops::Range,
};

use common::arbitrary::{tree, value};
use common::{agree_on_documents, describe, rows};
use golden::{fixture, names};
use proptest::prelude::*;
use voltree_core::{DEFAULT_MAX_DEPTH, Dataset, Engine, Error, ErrorKind, Parser};

const DEPTH: u32 = 64;

/// Small, with something to report in each.
const ONE: &str = r#"{"operatorGroups":[{"id":1,"x":1,"chargers":[{"chargerId":"A"},{"chargerId":"A"}],"groupType":9}]}"#;
const OTHER: &str = r#"{"spareOperators":[{"id":"1","groups":[{"id":1},{"id":1,"name":"é"}]}],
"y":[{},{"a":1,"a":2}]}"#;

fn ways() -> Vec<Parser> {
    let chunks = [1, 3, 4096].map(|chunk| Parser::new().read_chunk(chunk));
    let whole = [Parser::new(), Parser::new().memo(false)];
    whole.into_iter().chain(chunks).collect()
}

fn read(input: &[u8]) -> Vec<Result<Dataset, Error>> {
    agree_on_documents(&ways(), input, DEPTH)
}

/// The input up to the end of a part, with white space that leads as far in place of what stands before
/// the part.
fn alone(input: &[u8], part: Range<usize>) -> Vec<u8> {
    let mut alone = input[..part.end].to_vec();
    for byte in &mut alone[..part.start] {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
    alone
}

/// Panics where one of these payloads is not what it is alone at its place.
fn hold(parts: &[&[u8]], separator: &[u8]) {
    let input = parts.join(separator);
    let found = agree_on_documents(&ways(), &input, DEFAULT_MAX_DEPTH);
    assert_eq!(found.len(), parts.len());
    let mut start = 0;
    for (index, (part, found)) in parts.iter().zip(&found).enumerate() {
        let end = start + part.len();
        let plain = Parser::new().engine(Engine::Plain);
        let expected = plain.parse_slice(&alone(&input, start..end));
        let (expected, found) = (expected.unwrap(), found.as_ref().unwrap());
        assert!(rows(&expected, true) == rows(found, true), "{index}");
        assert_eq!(expected.stats.records, found.stats.records);
        start = end + separator.len();
    }
    let bytes = found
        .iter()
        .map(|found| found.as_ref().unwrap().stats.bytes);
    assert_eq!(bytes.sum::<u64>(), input.len() as u64);
}

#[test]
fn fixtures_one_behind_the_other() {
    let mut payloads = Vec::new();
    for name in names("") {
        let payload = name
            .ends_with(".json")
            .then(|| fs::read(fixture(&name)).unwrap());
        payloads.extend(payload.filter(|payload| payload.len() < 64 << 10));
    }
    assert!(payloads.len() >= 7, "{}", payloads.len());
    let trimmed: Vec<&[u8]> = payloads
        .iter()
        .map(|payload| payload.trim_ascii())
        .collect();
    hold(&trimmed, b"\n");
    let twice: Vec<&[u8]> = trimmed
        .iter()
        .flat_map(|payload| [*payload, *payload])
        .collect();
    hold(&twice, b"\n \r\n\t\n");
    // With nothing between them columns go on, and they count characters.
    let ascii: Vec<&[u8]> = trimmed.into_iter().filter(|part| part.is_ascii()).collect();
    assert!(ascii.len() >= 3);
    hold(&ascii, b"");
}

#[test]
fn white_space_around_ends_nothing() {
    for input in [
        format!("{ONE}{OTHER}"),
        format!("\u{feff} \n{ONE}\r\n\t {OTHER}\n\n "),
    ] {
        let found = read(input.as_bytes());
        let bytes: Vec<u64> = found
            .iter()
            .map(|found| found.as_ref().unwrap().stats.bytes)
            .collect();
        let second = input.find("{\"spare").unwrap();
        assert_eq!(bytes, [second as u64, (input.len() - second) as u64]);
    }
}

#[test]
fn nothing_is_one_error() {
    for input in ["", " \n\t\r ", "\u{feff}", "\u{feff}\n"] {
        let found = read(input.as_bytes());
        assert_eq!(found.len(), 1);
        assert!(matches!(
            found[0].as_ref().unwrap_err().kind(),
            ErrorKind::Empty
        ));
    }
}

/// The texts of all items.
fn texts(input: &str) -> Vec<String> {
    let text = |found: &Result<Dataset, Error>| match found {
        Ok(dataset) => format!("{} sites", dataset.table("sites").rows()),
        Err(error) => error.to_string(),
    };
    read(input.as_bytes()).iter().map(text).collect()
}

#[test]
fn a_fault_ends_the_input_and_leaves_what_stood_before_it() {
    let tree = r#"{"operatorGroups":[{"id":1}]}"#;
    for (input, found) in [
        ("T\nT", &["1 sites", "1 sites"][..]),
        (
            "T\n{\"operatorGroups\":[\n{]}\nT",
            &[
                "1 sites",
                "expected a key in quotes or `}`, found `]` at line 3, column 2 (byte 51), in $.operatorGroups[0]",
            ],
        ),
        (
            "T{\"operatorGroups\":[",
            &[
                "1 sites",
                "the input is cut off: it ends at byte 48 inside $.operatorGroups (line 1, column 49)",
            ],
        ),
        (
            "T \n {}\nT",
            &[
                "1 sites",
                "expected an operator tree, an OperatorGroup, an Operator, a ChargerGroup or a list of these, found an empty object at line 2, column 2 (byte 32), in $",
            ],
        ),
        (
            "T [] T",
            &[
                "1 sites",
                "expected an operator tree, an OperatorGroup, an Operator, a ChargerGroup or a list of these, found an empty list at line 1, column 31 (byte 30), in $",
            ],
        ),
        // What stands behind a payload belongs to it.
        (
            "T\nT\nx",
            &[
                "1 sites",
                "expected the end of the input after the operator tree, found `x` at line 3, column 1 (byte 60), in $",
            ],
        ),
        (
            "TT}",
            &[
                "1 sites",
                "expected the end of the input after the operator tree, found `}` at line 1, column 59 (byte 58), in $",
            ],
        ),
        (
            "T\n,T",
            &[
                "expected the end of the input after the operator tree, found `,` at line 2, column 1 (byte 30), in $",
            ],
        ),
        (
            "T\n\u{feff}T",
            &[
                "expected the end of the input after the operator tree, found byte 0xEF at line 2, column 1 (byte 30), in $",
            ],
        ),
        // Other than lists and objects end where something else starts.
        (
            "\"a\" T",
            &[
                "expected the end of the input after the operator tree, found another payload at line 1, column 5 (byte 4), in $",
            ],
        ),
        (
            "1 T",
            &[
                "expected the end of the input after the operator tree, found another payload at line 1, column 3 (byte 2), in $",
            ],
        ),
        (
            "1",
            &[
                "expected an operator tree, an OperatorGroup, an Operator, a ChargerGroup or a list of these, found a number at line 1, column 1 (byte 0), in $",
            ],
        ),
        // Only the start of the input is looked at for what is no JSON at all.
        ("<T", &["the input is an HTML or XML page, not JSON"]),
        (
            "T<T",
            &[
                "expected the end of the input after the operator tree, found `<` at line 1, column 30 (byte 29), in $",
            ],
        ),
    ] {
        assert_eq!(texts(&input.replace('T', tree)), found, "{input}");
    }
}

#[test]
fn where_one_payload_is_asked_for_another_one_is_too_much() {
    for second in [ONE, "[", "{"] {
        for parser in [Parser::new(), Parser::new().engine(Engine::Plain)] {
            let input = format!("{ONE}\n {second}");
            let error = parser.parse_slice(input.as_bytes()).unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::SecondPayload));
            let place = format!(" at line 2, column 2 (byte {}), in $", ONE.len() + 2);
            let what =
                "expected the end of the input after the operator tree, found another payload";
            assert_eq!(error.to_string(), format!("{what}{place}"));
        }
    }
}

#[test]
fn any_byte_of_two_payloads_changed_removed_or_added() {
    let input = format!("{ONE}\n{OTHER} ").into_bytes();
    let check = |input: &[u8]| drop(read(input));
    check(&input);
    for at in 0..input.len() {
        let mut changed = input.clone();
        for byte in [b'"', b'}', b'{', 0xC3] {
            changed[at] = byte;
            check(&changed);
        }
        let mut removed = input.clone();
        removed.remove(at);
        check(&removed);
        check(&input[..at]);
    }
}

#[test]
fn depth_is_that_of_each() {
    let input = format!("{ONE}{OTHER}");
    for depth in 1..8 {
        agree_on_documents(&ways(), input.as_bytes(), depth);
    }
}

/// Fails where the text ends.
struct Failing<'a>(&'a [u8]);

impl Read for Failing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(io::Error::other("torn")),
            count => Ok(count),
        }
    }
}

#[test]
fn a_reader_that_fails_in_the_second_payload_leaves_the_first() {
    // Some of the second payload is looked at while the first one is read.
    let input = format!("{ONE}{{\"x\":{}", " ".repeat(600));
    let mut documents = Parser::new().documents(Failing(input.as_bytes()));
    assert!(documents.next().unwrap().is_ok());
    let error = documents.next().unwrap().unwrap_err();
    assert_eq!(error.to_string(), "reading failed: torn (after byte 703)");
    assert!(documents.next().is_none() && documents.next().is_none());
}

#[test]
fn many_small_ones_from_one_reader() {
    let tree = |id| format!("{{\"operatorGroups\":[{{\"id\":{id}}}]}}\n");
    let input: String = (0..500).map(tree).collect();
    for parser in [Parser::new(), Parser::new().read_chunk(7)] {
        let mut count = 0;
        for found in parser.documents(input.as_bytes()) {
            let dataset = found.unwrap();
            let sites = &dataset.table("sites").batches[0];
            let id = format!("{:?}", sites.column(0));
            assert!(id.contains(&format!("\n  {count},\n")), "{id}");
            count += 1;
        }
        assert_eq!(count, 500);
    }
}

/// Where an input would be split, and what may stand there.
fn separator() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "", "", "\n", "\n", " ", "\r\n", "\t", ",", "x", "]", "}", "\"",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, ..ProptestConfig::default() })]

    #[test]
    fn any_values(parts in prop::collection::vec((prop_oneof![tree(), value()], separator()), 0..4)) {
        let input: String = parts.into_iter().flat_map(|(part, separator)| [part, separator.to_owned()]).collect();
        let found = agree_on_documents(&ways(), input.as_bytes(), 12);
        prop_assert!(!found.is_empty());
        prop_assert!(found[..found.len() - 1].iter().all(Result::is_ok));
        // One payload is read the same way in either way, but for its end.
        let one = Parser::new().max_depth(12).parse_slice(input.as_bytes());
        match (&found[..], &one) {
            ([Ok(found)], Ok(one)) => prop_assert_eq!(rows(found, true), rows(one, true)),
            (_, Err(error)) if matches!(error.kind(), ErrorKind::SecondPayload) => {}
            ([Err(found)], Err(one)) => prop_assert_eq!(describe(found), describe(one)),
            _ => prop_assert!(false, "{}", input),
        }
    }

    #[test]
    fn trees_are_what_they_are_alone(trees in prop::collection::vec(tree(), 1..4), separator in prop::sample::select(vec!["", "\n", " ", "\r\n\t"])) {
        let valid = |tree: &&String| Parser::new().parse_slice(tree.as_bytes()).is_ok();
        let trees: Vec<&[u8]> = trees.iter().filter(valid).map(|tree| tree.as_bytes()).collect();
        if !trees.is_empty() {
            hold(&trees, separator.as_bytes());
        }
    }
}
