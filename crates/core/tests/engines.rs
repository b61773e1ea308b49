//! The fast engine against the plain one: the same tables and the same errors, byte for byte.

mod common;

use common::arbitrary::{site, tree, value};
use common::{agree, generated, small};
use proptest::prelude::*;
use voltree_generate::Config;

const DEPTH: u32 = 64;

/// A payload that repeats itself, with copies that end alike and differ within.
const COPIES: &str = r#"{"operatorGroups":[{"subgroups":[{"operators":[],"id":2}],"operators":[
{"id":1,"groups":[{"subgroups":[],"users":[{"id":5,"tags":[{"id":9}],"chargers":[]}],"chargers":[{"chargerId":"A","lastSeen":"2024-01-01T00:00:00Z"},{"chargerId":"B"}],"id":3}]},
{"id":2,"groups":[{"subgroups":[],"users":[{"id":5,"tags":[{"id":9}],"chargers":[]}],"chargers":[{"chargerId":"A","lastSeen":"2024-01-01T00:00:00Z"},{"chargerId":"B"}],"id":3}]}],"id":1}],
"spareOperators":[{"id":4,"groups":[{"subgroups":[],"users":[{"id":5,"tags":[{"id":9}],"chargers":[]}],"chargers":[{"chargerId":"A","lastSeen":"2024-01-01T00:00:00Z"},{"chargerId":"B"}],"id":3}]}]}"#;

#[test]
fn generated_payloads() {
    let small = small();
    for config in [
        small.clone(),
        Config {
            drift: true,
            volatile: 0.3,
            ..small.clone()
        },
        Config {
            exclude_hierarchy: true,
            ..small.clone()
        },
        Config {
            pretty: true,
            drift: true,
            volatile: 0.5,
            ..small.clone()
        },
        Config {
            shuffle_keys: true,
            drift: true,
            volatile: 0.5,
            ..small
        },
    ] {
        agree(generated(&config).as_bytes(), 1024);
    }
}

#[test]
fn what_has_one_name_in_a_record_and_below_it_follows_no_order_of_keys() {
    let charger = |members: [&str; 2]| {
        let kept = r#"{"chargerId":"A","latitude":5,"locationInfo":{"latitude":1}}"#;
        let other = members.join(",");
        format!(
            r#"{{"operatorGroups":[{{"id":1,"chargers":[{kept},{{"chargerId":"A",{other}}}]}}]}}"#
        )
    };
    for [one, other] in [
        [r#""latitude":2.5"#, r#""locationInfo":{"latitude":2.5}"#],
        [r#""locationInfo.foo":1"#, r#""locationInfo":{"foo":2}"#],
        [r#""latitude":6"#, r#""locationInfo":{"latitude":6}"#],
    ] {
        let payloads = [charger([one, other]), charger([other, one])];
        let tables = payloads.map(|payload| {
            agree(payload.as_bytes(), DEPTH);
            let dataset = voltree_core::Parser::new()
                .parse_slice(payload.as_bytes())
                .unwrap();
            let shown = |name: &str, columns: std::ops::Range<usize>| {
                let batches = &dataset.table(name).batches;
                let columns: Vec<usize> = columns.collect();
                let batches = batches.iter().map(|batch| batch.project(&columns).unwrap());
                format!("{:?}", batches.collect::<Vec<_>>())
            };
            (shown("conflicts", 0..5), shown("extras", 0..4))
        });
        assert_eq!(tables[0], tables[1]);
    }
}

#[test]
fn any_byte_of_a_copy_changed_removed_or_added() {
    let payload = COPIES.as_bytes();
    agree(payload, DEPTH);
    for at in 0..payload.len() {
        let mut changed = payload.to_vec();
        for byte in [b'"', b'}', b'0', b' ', 0x00, 0xC3] {
            changed[at] = byte;
            agree(&changed, DEPTH);
        }
        let mut removed = payload.to_vec();
        removed.remove(at);
        agree(&removed, DEPTH);
        let mut added = payload.to_vec();
        added.insert(at, b',');
        agree(&added, DEPTH);
        agree(&payload[..at], DEPTH);
    }
}

#[test]
fn a_copy_deeper_than_its_original() {
    // Long enough to be recognised by its first bytes alone.
    let name = "Depot ".repeat(40);
    let site = format!(r#"{{"id":9,"groupName":"{name}","subgroups":[]}}"#);
    let below = |site: &str, id: u32| format!(r#"{{"id":{id},"subgroups":[{site}]}}"#);
    let deep = below(&below(&below(&site, 3), 2), 1);
    let payload = format!(r#"{{"operatorGroups":[{site},{deep}]}}"#);
    for depth in 1..16 {
        agree(payload.as_bytes(), depth);
    }
}

#[test]
fn a_copy_at_the_depth_limit() {
    for depth in 1..16 {
        agree(COPIES.as_bytes(), depth);
    }
}

#[test]
fn a_scalar_as_the_whole_payload_cut_off() {
    for payload in [
        "t", "nul", "-", " \n-", "1.", "2e+", "\"a", "\"\\u12", "é", "-é",
    ] {
        agree(payload.as_bytes(), DEPTH);
    }
}

#[test]
fn a_fault_before_a_record_that_is_cut_off() {
    for before in [
        "nul", "1 ", "1", "\"a\"", "{}", "{} ", "null,", "{},x", "\"", "-", "[]", "é", "[1}",
    ] {
        for record in ["{", "{\"id\":", "{,", "{}", "{}]", "{}]}"] {
            let payload = format!("{{\"spareOperators\":[{before}{record}");
            agree(payload.as_bytes(), DEPTH);
            agree(payload.as_bytes(), 3);
        }
    }
    agree(b"{\"spareOperators\":[\xE2{", DEPTH);
}

#[test]
fn a_fault_around_a_record_with_a_fault_behind_it() {
    for before in ["*", "nul", "1 ", "{}", "{\"id\":}, "] {
        for record in [
            "{\"id\":01}",
            "{\"id\":\"\u{1}\"}",
            "{\"groups\":[{\"id\":-}]}",
        ] {
            let payload = format!("{{\"spareOperators\":[{before}{record}],\"x\":[nul]}}");
            agree(payload.as_bytes(), DEPTH);
            let nested = format!("{{\"operatorGroups\":[{{\"operators\":[{before}{record}]}}]}}");
            agree(nested.as_bytes(), DEPTH);
        }
    }
    agree(b"{\"spareOperators\":[*{\"i\xFFd\":1}]}", DEPTH);
}

#[test]
fn a_string_cut_off_within_a_character() {
    for string in [
        "",
        "\\",
        "\\u",
        "\\u12",
        "\\ud800",
        "\\ud800\\",
        "\\ud800\\u",
        "\\ud800\\ud",
    ] {
        for cut in [&b"\xC3"[..], b"\xF0\x9F\x98", b"\xFF", b"\xE2 "] {
            for before in [
                "",
                "[{\"a\":",
                "{\"spareOperators\":[{\"name\":",
                "{\"x\":[{},",
            ] {
                let payload = [before.as_bytes(), b"\"", string.as_bytes(), cut].concat();
                agree(&payload, DEPTH);
            }
        }
    }
}

#[test]
fn what_is_no_text_behind_the_payload() {
    for behind in [
        &b"\xFF"[..],
        b" \x80x",
        b"\xE2\x82",
        b"\xE2\x82 ",
        b"\xF0\x9F\x98\x80",
        b"\xED\xA0\x80",
    ] {
        for payload in [&b"{\"operatorGroups\":[]}"[..], b"[]", b"0 "] {
            agree(&[payload, behind].concat(), DEPTH);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn trees_of_few_identities(payload in tree()) {
        agree(payload.as_bytes(), DEPTH);
    }

    #[test]
    fn trees_written_twice(one in site(), other in site()) {
        let payload = format!(
            r#"{{"operatorGroups":[{one},{other},{{"subgroups":[{one},{one},{other}]}}],"spareOperators":[{{"id":1,"groups":[{one},{other},{one}]}}]}}"#
        );
        agree(payload.as_bytes(), DEPTH);
    }

    #[test]
    fn any_json(payload in value()) {
        agree(payload.as_bytes(), 8);
    }

    #[test]
    fn trees_with_a_byte_changed(payload in tree(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut payload = payload.into_bytes();
        let at = at.index(payload.len());
        payload[at] = byte;
        agree(&payload, DEPTH);
    }
}
