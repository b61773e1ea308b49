//! Generated payloads: the tables have the rows that the generator counted, and neither threads,
//! nor read sizes, nor the memo, nor key order or white space change them.

mod common;

use common::rows;
use voltree_core::Parser;
use voltree_generate::{Config, Truth, generate};

fn small() -> Config {
    Config {
        chargers: 60,
        per_site: 5,
        admins: 2,
        regional: 3,
        local: 6,
        drift: true,
        volatile: 0.3,
        ..Config::repeats()
    }
}

fn payload(config: &Config) -> (Vec<u8>, Truth) {
    let mut payload = Vec::new();
    let truth = generate(config, &mut payload).unwrap();
    (payload, truth)
}

#[test]
fn rows_are_those_of_the_generator() {
    let configs = [
        small(),
        Config {
            volatile: 0.0,
            drift: false,
            ..small()
        },
        Config {
            exclude_hierarchy: true,
            ..small()
        },
        Config {
            no_repeats: true,
            ..small()
        },
        Config {
            pretty: true,
            ..small()
        },
        Config {
            shuffle_keys: true,
            ..small()
        },
    ];
    for config in configs {
        let (payload, truth) = payload(&config);
        let dataset = Parser::new().parse_slice(&payload).unwrap();
        assert_eq!(dataset.stats.bytes, truth.bytes);
        for table in &dataset.tables {
            assert_eq!(
                table.rows() as u64,
                truth.tables[table.def.name],
                "{} {config:?}",
                table.def.name
            );
        }
        let occurrences: Vec<u64> = dataset
            .stats
            .records
            .iter()
            .map(|count| count.occurrences)
            .collect();
        let expected = truth.occurrences;
        assert_eq!(
            occurrences,
            [
                expected.sites,
                expected.operators,
                expected.users,
                expected.chargers
            ],
            "{config:?}"
        );
    }
}

#[test]
fn nothing_but_the_payload_changes_the_tables() {
    let (payload, _) = payload(&small());
    let expected = rows(&Parser::new().parse_slice(&payload).unwrap(), true);
    for parser in [
        Parser::new().memo(false),
        Parser::new().read_chunk(1),
        Parser::new().read_chunk(3),
        Parser::new().read_chunk(4096),
    ] {
        assert_eq!(
            rows(&parser.parse_slice(&payload).unwrap(), true),
            expected,
            "{parser:?}"
        );
    }
    for threads in [1, 2, 5] {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let dataset = pool
            .install(|| Parser::new().parse_slice(&payload))
            .unwrap();
        assert_eq!(rows(&dataset, true), expected, "{threads} threads");
    }
}

#[test]
fn key_order_and_white_space_change_places_only() {
    let (plain, _) = payload(&small());
    let expected = rows(&Parser::new().parse_slice(&plain).unwrap(), false);
    for config in [
        Config {
            pretty: true,
            ..small()
        },
        Config {
            shuffle_keys: true,
            ..small()
        },
    ] {
        let (other, _) = payload(&config);
        assert_eq!(
            rows(&Parser::new().parse_slice(&other).unwrap(), false),
            expected,
            "{config:?}"
        );
    }
}
