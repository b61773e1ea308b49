//! Inputs that are no payload, wherever they break: the same error from both engines, with its place.
//!
//! `UPDATE_EXPECTED=1 cargo test -p voltree-core --test malformed` writes the expected errors again.

mod common;
mod golden;

use std::{fmt::Write as _, fs};

use common::agree;
use golden::{fixture, hold, names};
use voltree_core::{DEFAULT_MAX_DEPTH, Engine, Error, ErrorKind, Parser};

/// Stack of every thread in the tests of depth: a fraction of what a level of recursion each would take.
const SMALL_STACK: usize = 128 << 10;
const LEVELS: usize = 10_000_000;

fn parsers() -> [Parser; 4] {
    [
        Parser::new().engine(Engine::Plain),
        Parser::new(),
        Parser::new().memo(false),
        Parser::new().read_chunk(1),
    ]
}

/// On threads that have a small stack.
fn with_small_stack<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new()
        .num_threads(2)
        .stack_size(SMALL_STACK)
        .build()
        .unwrap()
        .install(run)
}

#[test]
fn every_input_gives_its_error() {
    for parser in parsers() {
        let mut errors = String::new();
        for name in names("malformed") {
            if name == "expected.txt" {
                continue;
            }
            let input = fs::read(fixture("malformed").join(&name)).unwrap();
            match parser.parse_slice(&input) {
                Ok(_) => panic!("{name} is read by {parser:?}"),
                Err(error) => writeln!(errors, "{name}: {error}").unwrap(),
            }
        }
        hold(&fixture("malformed/expected.txt"), &errors);
    }
}

/// One of everything that a cut can fall into.
const ALL_KINDS: &str = r#" {
  "operatorGroups": [ null, {"subgroups":[ ],"operators":[{"id":-1.5e+3,"groups":[
    {"users":[{"id":1,"tags":[{"id":2,"expiringDate":"2024-01-01T00:00:00Z"}],"chargerGroups":null}],
     "chargers":[{"chargerId":"FI\u002d1","chargerName":"\ud83d\uDD0c\n 🔌 ä","activeConnection":true,
       "locationInfo":{"latitude":60.17,"city":"Jyväskylä"},"capabilities":["RFID",""],
       "customProperties":{"€ \u00e9":[[],{"x":false}]}}],"id":3}]}]}],
  "spareOperators": [], "unknown": [{"a":{}}, 0.5E-1]
}"#;

#[test]
fn an_input_cut_off_anywhere_ends_where_it_was_cut() {
    for parser in parsers() {
        parser.parse_slice(ALL_KINDS.as_bytes()).unwrap();
        for length in 0..ALL_KINDS.len() {
            let error = parser
                .parse_slice(&ALL_KINDS.as_bytes()[..length])
                .unwrap_err();
            match error.kind() {
                ErrorKind::Empty => assert!(length <= 1, "{length}"),
                ErrorKind::Truncated => assert_eq!(error.offset(), length as u64, "{parser:?}"),
                kind => panic!("{kind} at {length} by {parser:?}"),
            }
        }
    }
    for length in 0..ALL_KINDS.len() {
        agree(&ALL_KINDS.as_bytes()[..length], DEFAULT_MAX_DEPTH);
    }
}

#[test]
fn a_scalar_at_the_root_is_read_up_to_the_character_behind_it() {
    let scalars: [&[u8]; 8] = [b"12", b"-1.", b"1e+", b"nul", b"true", b"-", b"0x", b"}"];
    let behind: [&[u8]; 9] = [
        b"",
        b" ",
        b" x",
        b"\0",
        b"\xFF",
        b"\xC3",
        b"\xC3(",
        b"\xC3\xA9\xE2",
        b",[1]",
    ];
    for scalar in scalars {
        for behind in behind {
            agree(&[scalar, behind].concat(), DEFAULT_MAX_DEPTH);
        }
    }
}

#[test]
fn a_long_number_at_the_root_is_a_number_whatever_is_read_at_a_time() {
    let number = "1".repeat(2 << 20);
    for size in [1 << 10, 65_537, 4 << 20] {
        let parser = Parser::new().read_chunk(size);
        let error = parser.parse_slice(number.as_bytes()).unwrap_err();
        assert_eq!(error.offset(), 0);
        assert!(error.to_string().contains("found a number"), "{error}");
    }
}

fn too_deep(payload: &[u8], offset: usize, path: &str) {
    let check = |error: Error, parser: &Parser| {
        let ErrorKind::TooDeep { limit } = error.kind() else {
            panic!("{error} by {parser:?}");
        };
        assert_eq!(*limit, DEFAULT_MAX_DEPTH);
        assert_eq!(error.offset(), offset as u64, "{parser:?}");
        assert_eq!(error.path(), path, "{parser:?}");
    };
    for parser in [Parser::new().engine(Engine::Plain), Parser::new()] {
        check(
            with_small_stack(|| parser.parse_slice(payload)).unwrap_err(),
            &parser,
        );
    }
}

#[test]
fn lists_ten_million_deep() {
    let limit = DEFAULT_MAX_DEPTH as usize;
    too_deep(
        &b"[".repeat(LEVELS),
        limit,
        &format!("${}", "[0]".repeat(limit)),
    );
    let payload = [b"{\"operatorGroups\":".as_slice(), &b"[".repeat(LEVELS)].concat();
    let path = format!("$.operatorGroups{}", "[0]".repeat(limit - 1));
    too_deep(&payload, 18 + limit - 1, &path);
}

#[test]
fn sites_ten_million_deep() {
    let site = "{\"subgroups\":[";
    let payload = format!("{{\"operatorGroups\":[{}", site.repeat(LEVELS / 2));
    // The root and its list are two levels, as each site is with its own.
    let inner = (DEFAULT_MAX_DEPTH as usize - 2) / 2;
    let path = format!("$.operatorGroups[0]{}", ".subgroups[0]".repeat(inner));
    too_deep(payload.as_bytes(), 19 + inner * site.len(), &path);
}

#[test]
fn a_field_that_nobody_knows_ten_million_deep() {
    let start = r#"{"operatorGroups":[{"chargers":[{"chargerId":"FI-1","x":"#;
    let limit = DEFAULT_MAX_DEPTH as usize;
    // Complete and well-formed, but for its depth.
    let payload = [
        start.as_bytes(),
        &b"[".repeat(LEVELS),
        &b"]".repeat(LEVELS),
        b"}]}]}",
    ]
    .concat();
    let path = format!(
        "$.operatorGroups[0].chargers[0].x{}",
        "[0]".repeat(limit - 5)
    );
    too_deep(&payload, start.len() + limit - 5, &path);
    let start = r#"{"x":"#;
    let payload = format!("{start}{}", "{\"x\":".repeat(LEVELS));
    let path = format!("$.x{}", ".x".repeat(limit - 1));
    too_deep(payload.as_bytes(), start.len() * limit, &path);
}

#[test]
fn what_is_as_deep_as_the_limit_is_read_on_a_small_stack() {
    // Below the root: its list, and each site with its own list.
    let sites = (DEFAULT_MAX_DEPTH as usize - 2) / 2;
    let nested = (0..sites).fold(String::new(), |below, id| {
        format!(r#"{{"subgroups":[{below}],"id":{id}}}"#)
    });
    let lists = DEFAULT_MAX_DEPTH as usize - 3;
    let payload = format!(
        r#"{{"operatorGroups":[{nested},{{"id":0,"x":{}{}}}]}}"#,
        "[".repeat(lists),
        "]".repeat(lists)
    );
    for parser in parsers() {
        let dataset = with_small_stack(|| parser.parse_slice(payload.as_bytes())).unwrap();
        assert_eq!(dataset.table("sites").rows(), sites, "{parser:?}");
        assert_eq!(dataset.table("extras").rows(), 1, "{parser:?}");
        assert_eq!(dataset.stats.depth, DEFAULT_MAX_DEPTH, "{parser:?}");
    }
}
