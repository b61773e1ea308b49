//! The committed payloads give the committed tables, by both engines.
//!
//! `UPDATE_EXPECTED=1 cargo test -p voltree-core --test fixtures` writes the expected tables again.

mod common;
mod golden;

use std::{fs, sync::Once};

use common::{FOLLOW_TEXT, rows};
use golden::{fixture, hold, names, text, updating};
use voltree_core::{Engine, Parser};
use voltree_generate::{Config, generate};

/// Payloads longer than this are made by the generator: nobody reads their tables row by row.
const READABLE: usize = 64 << 10;
/// Longest table that is committed of such a payload.
const LONGEST: usize = 4 << 10;

fn payloads() -> Vec<String> {
    refresh();
    let mut names = names("");
    names.retain(|name| name.ends_with(".json"));
    names
}

fn expected(payload: &str) -> String {
    format!("expected/{}.txt", payload.trim_end_matches(".json"))
}

/// The generator's payloads, as the README has their commands.
fn generated() -> [(&'static str, Config); 3] {
    let config = Config {
        chargers: 12,
        per_site: 3,
        users_per_site: 2,
        admins: 1,
        regional: 1,
        local: 4,
        volatile: 0.3,
        drift: true,
        ..Config::repeats()
    };
    [
        ("generated.json", config.clone()),
        (
            "generated-without-hierarchy.json",
            Config {
                exclude_hierarchy: true,
                ..config.clone()
            },
        ),
        (
            "generated-pretty-shuffled.json",
            Config {
                pretty: true,
                shuffle_keys: true,
                ..config
            },
        ),
    ]
}

/// Writes the generated payloads again where that is asked for, before any test reads one.
fn refresh() {
    static WRITTEN: Once = Once::new();
    if !updating() {
        return;
    }
    WRITTEN.call_once(|| {
        for (name, config) in generated() {
            let mut payload = Vec::new();
            generate(&config, &mut payload).unwrap();
            fs::write(fixture(name), payload).unwrap();
        }
    });
}

#[test]
fn every_payload_gives_its_tables() {
    let payloads = payloads();
    assert!(payloads.len() >= 10, "{payloads:?}");
    for name in payloads {
        let payload = fs::read(fixture(&name)).unwrap();
        let longest = if payload.len() > READABLE {
            LONGEST
        } else {
            usize::MAX
        };
        for parser in [
            Parser::new().engine(Engine::Plain),
            Parser::new(),
            Parser::new().memo(false),
            Parser::new().read_chunk(7),
        ] {
            let dataset = parser
                .parse_slice(&payload)
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            hold(&fixture(&expected(&name)), &text(&dataset, longest));
        }
    }
}

#[test]
fn no_expected_tables_are_left_over() {
    let expected: Vec<String> = payloads()
        .iter()
        .map(|name| expected(name).replace("expected/", ""))
        .collect();
    let mut found = names("expected");
    found.retain(|name| !expected.contains(name));
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn the_generated_payloads_are_what_is_generated() {
    refresh();
    for (name, config) in generated() {
        let mut payload = Vec::new();
        let truth = generate(&config, &mut payload).unwrap();
        assert!(
            fs::read(fixture(name)).unwrap() == payload,
            "{name} is not what the generator writes"
        );
        let dataset = Parser::new().parse_slice(&payload).unwrap();
        for table in &dataset.tables {
            let expected = truth.tables[table.def.name];
            assert_eq!(table.rows() as u64, expected, "{name} {}", table.def.name);
        }
    }
}

#[test]
fn key_order_and_white_space_change_places_only() {
    refresh();
    let [one, other] = ["generated.json", "generated-pretty-shuffled.json"].map(|name| {
        let payload = fs::read(fixture(name)).unwrap();
        Parser::new().parse_slice(&payload).unwrap()
    });
    assert_eq!(rows(&one, false), rows(&other, false));
    let places = |name: &str| one.table(name).def.column(FOLLOW_TEXT[0]).is_some();
    assert!(places("conflicts") && places("anomalies"));
    assert_ne!(rows(&one, true), rows(&other, true));
}
