//! Inputs that are cut, by the limit to their length or by a reader that fails: the same error from
//! both engines, wherever it falls.

mod common;

use std::io::{self, Read};

use common::{agree_in, agree_on_documents, agree_reading};
use voltree_core::{DEFAULT_MAX_DEPTH, Engine, ErrorKind, Parser};

/// With white space and a byte order mark around, escapes and characters of several bytes.
const PAYLOAD: &str = "\u{feff} {\"operatorGroups\":[{\"groupName\":\"\\ud83d\\udd0c é🔌\",
 \"users\":[{\"id\":-1.5e3,\"tags\":[null,{\"id\":9}]}],\"x\":{\"é\":[true]}},
 {\"users\":[{\"id\":-1.5e3,\"tags\":[null,{\"id\":9}]}]}]} \n ";

fn parsers() -> [Parser; 5] {
    [
        Parser::new(),
        Parser::new().memo(false),
        Parser::new().read_chunk(1),
        Parser::new().read_chunk(3),
        Parser::new().engine(Engine::Plain),
    ]
}

#[test]
fn a_valid_input_is_refused_at_the_limit_and_read_below_it() {
    for parser in parsers() {
        for limit in 0..=PAYLOAD.len() as u64 + 1 {
            let read = parser
                .clone()
                .max_bytes(limit)
                .parse_slice(PAYLOAD.as_bytes());
            if limit >= PAYLOAD.len() as u64 {
                assert_eq!(read.unwrap().stats.bytes, PAYLOAD.len() as u64);
                continue;
            }
            let error = read.unwrap_err();
            // A character of which the first byte only is read, outside of strings.
            let within_mark = (1..3).contains(&limit);
            match error.kind() {
                ErrorKind::TooLong { limit: found } => {
                    assert_eq!((*found, error.offset()), (limit, limit), "{parser:?}");
                }
                kind => assert!(within_mark, "{kind} at {limit} by {parser:?}"),
            }
        }
    }
}

#[test]
fn both_engines_agree_at_every_limit() {
    let faulty = PAYLOAD.replace("-1.5e3", "-1.e3").replace("true", "tru");
    let no_tree = [
        "[1, 2]  ",
        "12345",
        "\"a\\u00e9\" ",
        "   ",
        "",
        "nul ",
        "{} x",
        "{\"a\":1}  \n",
        "[] \u{e9}",
    ];
    for payload in [PAYLOAD, &faulty].into_iter().chain(no_tree) {
        for limit in 0..=payload.len() as u64 + 1 {
            let ways = parsers().map(|parser| parser.max_bytes(limit));
            agree_in(&ways, payload.as_bytes(), DEFAULT_MAX_DEPTH);
            agree_in(&ways, payload.as_bytes(), 2);
        }
    }
}

#[test]
fn both_engines_agree_wherever_the_reader_fails() {
    let faulty = PAYLOAD.replace("true", "tru");
    let second = format!("{PAYLOAD}\n{faulty}");
    let no_tree = ["[1, 2] ", "12345 ", "\"a\" x", "nul ", "{} \u{e9}", ""];
    for payload in [PAYLOAD, &faulty, &second].into_iter().chain(no_tree) {
        for length in 0..=payload.len() {
            let start = &payload.as_bytes()[..length];
            let read = |parser: &Parser| parser.documents(start.chain(Failing)).collect();
            let found = agree_reading(&parsers(), start, DEFAULT_MAX_DEPTH, read);
            let error = found.last().unwrap().as_ref().unwrap_err();
            assert!(error.line() > 0 && error.column() > 0, "{error:?}");
            match error.kind() {
                ErrorKind::Io(failed) => {
                    assert_eq!(failed.raw_os_error(), Some(5));
                    assert_eq!(error.offset(), length as u64);
                }
                // A fault comes first, wherever the reader fails behind it.
                kind => assert!(!matches!(kind, ErrorKind::Truncated | ErrorKind::Empty)),
            }
        }
    }
    let fault = Parser::new().parse_slice(faulty.as_bytes()).unwrap_err();
    for length in fault.offset() as usize + 1..faulty.len() {
        let input = faulty.as_bytes()[..length].chain(Failing);
        let found = Parser::new().parse_reader(input).unwrap_err();
        assert_eq!(found.place(), fault.place(), "{length}");
    }
}

#[test]
fn the_limit_counts_all_payloads_of_an_input() {
    let one = "{\"operatorGroups\":[{\"id\":1}]}\n";
    let several = [one, one, " ", "{\"spareOperators\":[]}", "[]  "].concat();
    for limit in 0..=several.len() as u64 + 1 {
        let ways = parsers().map(|parser| parser.max_bytes(limit));
        let found = agree_on_documents(&ways, several.as_bytes(), DEFAULT_MAX_DEPTH);
        let read = found.iter().filter(|document| document.is_ok()).count();
        // One is complete when the next one has begun.
        let complete = [30, 61].into_iter().filter(|&start| limit > start);
        if limit <= 82 {
            assert_eq!(read, complete.count(), "{limit}");
            let error = found.last().unwrap().as_ref().unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::TooLong { .. }), "{error}");
        }
    }
}

#[test]
fn a_fault_before_the_limit_comes_first() {
    for parser in parsers() {
        let error = parser
            .max_bytes(25)
            .parse_slice(b"{\"operatorGroups\":[tru]} and much more")
            .unwrap_err();
        assert_eq!(error.offset(), 22);
        assert!(matches!(error.kind(), ErrorKind::Syntax { .. }), "{error}");
    }
}

#[test]
fn what_never_ends_is_refused() {
    let endless = [
        ("", " "),
        ("\"", "a"),
        ("{\"operatorGroups\":[]}", "\n"),
        ("{\"operatorGroups\":[", "1,"),
        ("{\"operatorGroups\":[", "{},"),
        ("{\"operatorGroups\":[{\"groupName\":\"", "x"),
        ("{\"operatorGroups\":[{\"", "x"),
        ("{\"operatorGroups\":[{\"payerId\":", "7"),
        ("{\"operatorGroups\":[{\"x\":[", "[],"),
        ("[", "null, "),
        ("1", "2"),
    ];
    for (start, repeated) in endless {
        for parser in parsers() {
            let limit = 100_001;
            let input = start.as_bytes().chain(Endless(repeated.as_bytes(), 0));
            let error = parser.max_bytes(limit).parse_reader(input).unwrap_err();
            let expected = ErrorKind::TooLong { limit };
            assert_eq!(error.kind().to_string(), expected.to_string(), "{start}");
            assert_eq!(error.offset(), limit);
        }
    }
}

/// A text over and over.
struct Endless(&'static [u8], usize);

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        for byte in &mut *buffer {
            *byte = self.0[self.1 % self.0.len()];
            self.1 += 1;
        }
        Ok(buffer.len())
    }
}

/// A disk that is broken.
struct Failing;

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::from_raw_os_error(5))
    }
}
