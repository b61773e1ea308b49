//! The fast engine against the plain one: the same tables and the same errors, byte for byte.

mod common;

use common::agree;
use proptest::prelude::*;
use voltree_generate::{Config, generate};

const DEPTH: u32 = 64;

/// A payload that repeats itself, with copies that end alike and differ within.
const COPIES: &str = r#"{"operatorGroups":[{"subgroups":[{"operators":[],"id":2}],"operators":[
{"id":1,"groups":[{"subgroups":[],"users":[{"id":5,"tags":[{"id":9}],"chargers":[]}],"chargers":[{"chargerId":"A","lastSeen":"2024-01-01T00:00:00Z"},{"chargerId":"B"}],"id":3}]},
{"id":2,"groups":[{"subgroups":[],"users":[{"id":5,"tags":[{"id":9}],"chargers":[]}],"chargers":[{"chargerId":"A","lastSeen":"2024-01-01T00:00:00Z"},{"chargerId":"B"}],"id":3}]}],"id":1}],
"spareOperators":[{"id":4,"groups":[{"subgroups":[],"users":[{"id":5,"tags":[{"id":9}],"chargers":[]}],"chargers":[{"chargerId":"A","lastSeen":"2024-01-01T00:00:00Z"},{"chargerId":"B"}],"id":3}]}]}"#;

#[test]
fn generated_payloads() {
    let small = Config {
        chargers: 30,
        per_site: 5,
        admins: 1,
        regional: 2,
        local: 3,
        ..Config::repeats()
    };
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
        let mut payload = Vec::new();
        generate(&config, &mut payload).unwrap();
        agree(&payload, 1024);
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

/// A value of some scalar field, mostly of a kind that the field does not expect.
fn scalar() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "0",
        "1",
        "2",
        "0",
        "1",
        "null",
        "true",
        "1.0",
        "2e0",
        "-1",
        "99999999999999999999",
        "0.5",
        "\"\"",
        "\"a\"",
        "\"\\u0061\"",
        "\"?1\"",
        "\"2024-01-01T00:00:00\"",
        "\"2024-01-01T01:00:00.0000001+01:00\"",
        "\"\\u00e9\\n\"",
        "[1,{\"a\":1,\"a\":2}]",
        "{}",
        "{ \"b\":1, \"a\":[]}",
    ])
    .prop_map(str::to_owned)
}

/// Some wire name: often one that means something where it stands.
fn key() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "id",
        "id",
        "chargerId",
        "chargerId",
        "name",
        "groupName",
        "groupType",
        "isSpare",
        "lastSeen",
        "latitude",
        "locationInfo",
        "customProperties",
        "capabilities",
        "sockets",
        "type",
        "splitEvseBySocket",
        "x",
        "\\u0078",
        "a b'",
        "maxWatts",
        "idTag",
        "expiringDate",
        "referenceType",
        "onlineSocket",
        "payerId",
        "tags",
        "integratedExternalIds",
        "chargerConfigurations",
        "integrationRelays",
        "subgroups",
        "operators",
        "users",
        "chargers",
        "groups",
        "chargerGroups",
        "operatorGroups",
        "spareOperators",
        "spareOperator",
    ])
}

fn space() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", "", "", " ", "\n", "\t "])
}

fn object(value: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    prop::collection::vec((key(), space(), value), 0..5).prop_map(|members| {
        let members: Vec<String> = members
            .iter()
            .map(|(key, space, value)| format!("{space}\"{key}\":{space}{value}"))
            .collect();
        format!("{{{}}}", members.join(","))
    })
}

fn value() -> impl Strategy<Value = String> {
    scalar().prop_recursive(6, 60, 5, |inner| {
        prop_oneof![
            object(inner.clone()),
            prop::collection::vec(inner.clone(), 0..3)
                .prop_map(|list| format!("[{}]", list.join(" ,"))),
            // Lists of records, as the schema has them.
            prop::collection::vec(object(inner), 1..4)
                .prop_map(|list| format!("[{}]", list.join(","))),
        ]
    })
}

fn list_of(record: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let element = prop_oneof![8 => record, 1 => Just("null".to_owned()), 1 => scalar()];
    prop::collection::vec(element, 0..4).prop_map(|list| format!("[{}]", list.join(",")))
}

/// Members in an order of their own.
fn members(list: Vec<(&'static str, BoxedStrategy<String>)>) -> BoxedStrategy<String> {
    let optional: Vec<_> = list
        .into_iter()
        .map(|(key, value)| {
            prop::option::weighted(0.7, value).prop_map(move |value| Some((key, value?)))
        })
        .collect();
    (optional, prop::collection::vec((key(), scalar()), 0..2))
        .prop_map(|(members, more)| {
            members
                .into_iter()
                .flatten()
                .chain(more)
                .collect::<Vec<_>>()
        })
        .prop_shuffle()
        .prop_map(|members| {
            let members: Vec<String> = members
                .iter()
                .map(|(key, value)| format!("\"{key}\":{value}"))
                .collect();
            format!("{{{}}}", members.join(","))
        })
        .boxed()
}

fn charger() -> BoxedStrategy<String> {
    let part = members(vec![("id", scalar().boxed()), ("type", scalar().boxed())]);
    members(vec![
        (
            "chargerId",
            prop::sample::select(vec!["\"A\"", "\"B\"", "null"])
                .prop_map(str::to_owned)
                .boxed(),
        ),
        ("lastSeen", scalar().boxed()),
        ("sockets", list_of(part).boxed()),
        ("splitEvseBySocket", scalar().boxed()),
        (
            "locationInfo",
            members(vec![
                ("latitude", scalar().boxed()),
                ("city", scalar().boxed()),
            ]),
        ),
        ("capabilities", list_of(scalar()).boxed()),
        ("customProperties", object(scalar()).boxed()),
    ])
}

fn user(site: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let tag = members(vec![("id", scalar().boxed()), ("idTag", scalar().boxed())]);
    let external = members(vec![
        ("referenceType", scalar().boxed()),
        ("referenceId", scalar().boxed()),
    ]);
    members(vec![
        ("id", scalar().boxed()),
        ("name", scalar().boxed()),
        ("tags", list_of(tag).boxed()),
        ("chargerGroups", list_of(site).boxed()),
        ("chargers", list_of(charger()).boxed()),
        ("integratedExternalIds", list_of(external).boxed()),
    ])
}

fn site() -> BoxedStrategy<String> {
    let leaf = members(vec![
        ("id", scalar().boxed()),
        ("groupName", scalar().boxed()),
    ]);
    leaf.prop_recursive(4, 40, 4, |site| {
        let site = site.boxed();
        let operator = members(vec![
            ("id", scalar().boxed()),
            ("groups", list_of(site.clone()).boxed()),
        ]);
        members(vec![
            ("subgroups", list_of(site.clone()).boxed()),
            ("operators", list_of(operator).boxed()),
            ("users", list_of(user(site)).boxed()),
            ("chargers", list_of(charger()).boxed()),
            ("id", scalar().boxed()),
            ("groupType", scalar().boxed()),
            ("groupName", scalar().boxed()),
        ])
    })
    .boxed()
}

fn tree() -> BoxedStrategy<String> {
    let operator = members(vec![
        ("id", scalar().boxed()),
        ("groups", list_of(site()).boxed()),
    ]);
    members(vec![
        ("operatorGroups", list_of(site()).boxed()),
        ("spareOperators", list_of(operator.clone()).boxed()),
        ("spareOperator", list_of(operator).boxed()),
    ])
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
