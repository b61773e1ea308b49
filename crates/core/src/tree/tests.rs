use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::Value;

use super::{Field, OperatorTree, Site, User};
use crate::{ErrorKind, Parser};

/// Reads and writes a payload, with spellings kept: numbers are compared as texts.
fn assert_round_trip(payload: &str) {
    let tree: OperatorTree =
        serde_json::from_str(payload).unwrap_or_else(|error| panic!("{error}: {payload}"));
    let written = serde_json::to_string(&tree).unwrap();
    assert_eq!(value(&written), value(payload), "{payload}");

    let again: OperatorTree = serde_json::from_str(&written).unwrap();
    assert_eq!(serde_json::to_string(&again).unwrap(), written);
    assert_eq!(tree.clone(), tree);
}

#[test]
fn trees_differ_in_what_lies_deep() {
    let tree = |id: u32| -> OperatorTree {
        let payload = format!(r#"{{"operatorGroups":[{{"subgroups":[{{"id":{id}}}]}}]}}"#);
        serde_json::from_str(&payload).unwrap()
    };
    assert_eq!(tree(1), tree(1));
    assert_ne!(tree(1), tree(2));
}

/// The payload as a value whose numbers are texts such as `#1.0`.
fn value(payload: &str) -> Value {
    let mut quoted = String::new();
    for (index, part) in payload.split('"').enumerate() {
        match index % 2 {
            0 => quoted += &quote_numbers(part),
            _ => quoted += &format!("\"{part}\""),
        }
    }
    serde_json::from_str(&quoted).unwrap_or_else(|error| panic!("{error}: {quoted}"))
}

fn quote_numbers(text: &str) -> String {
    let mut quoted = String::new();
    let mut number = String::new();
    for c in text.chars().chain([' ']) {
        let in_number = c.is_ascii_digit() || c == '-' || !number.is_empty() && "+.eE".contains(c);
        if in_number {
            number.push(c);
            continue;
        }
        if !number.is_empty() {
            quoted += &format!("\"#{number}\"");
            number.clear();
        }
        quoted.push(c);
    }
    quoted
}

#[test]
fn whatever_stands_in_a_field_survives() {
    for payload in [
        r#"{}"#,
        r#"{"operatorGroups":null,"spareOperators":[]}"#,
        r#"{"operatorGroups":"here list of sites","spareOperator":[null,1,{"id":1.0}]}"#,
        r#"{"spareOperator":[],"spareOperators":null}"#,
        r#"{"operatorGroups":[{"id":1,"id":2.0,"name":"a","x":[1.50,{"y":1e400}],"x":null}]}"#,
        r#"{"operatorGroups":[{"groupName":null,"name":"a","subgroups":{"id":[]},"users":-1.5e400}]}"#,
        r#"{"operatorGroups":[{"chargers":[{"id":1e400,"lastSeen":"9999-12-31T23:59:59.9999999",
            "locationInfo":{"latitude":60,"longitude":24.10,"tz":{}},"customProperties":{"a":1,"a":2.0}},
            {"locationInfo":[],"customProperties":"","capabilities":["\u00e9",null,[]],"lastSeen":"now"}]}]}"#,
    ] {
        assert_round_trip(payload);
    }
}

#[test]
fn the_place_of_an_error_is_one_in_the_whole_text() {
    let error = |text| serde_json::from_str::<Vec<Site>>(text).unwrap_err();
    let message = "unexpected end of hex escape";
    let lone = error("[\n{},\n{\n\"groupName\":\"\\ud800\"}]");
    assert_eq!(lone.to_string(), format!("{message} at line 4 column 22"));
    let nested = error("[\n{\"subgroups\":[{\"\\ud800\":1}]}]");
    assert_eq!(nested.to_string(), format!("{message} at line 2 column 29"));

    let alone = serde_json::from_str::<Site>("{\n\"groupName\":\"\\ud800\"}").unwrap_err();
    assert_eq!(alone.to_string(), message);
}

#[test]
fn lone_surrogates_stay_in_what_is_kept_as_text() {
    for site in [
        r#"{"new":"\ud800"}"#,
        r#"{"groupName":["\ud800"]}"#,
        r#"{"chargers":[{"customProperties":{"floor":"\ud800"}}]}"#,
    ] {
        let read: Site = serde_json::from_str(site).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), site);
        let payload = format!(r#"{{"operatorGroups":[{site}]}}"#);
        let error = Parser::new().parse_slice(payload.as_bytes()).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::LoneSurrogate), "{error}");
    }
}

#[test]
fn an_alias_is_read_where_the_name_is_absent() {
    let read = |text: &str| -> Site { serde_json::from_str(text).unwrap() };
    let alias = read(r#"{"name":"a"}"#);
    assert_eq!(alias.group_name.as_deref(), Some("a"));
    assert_eq!(serde_json::to_string(&alias).unwrap(), r#"{"name":"a"}"#);

    for both in [
        r#"{"name":"a","groupName":null}"#,
        r#"{"groupName":null,"name":"a"}"#,
    ] {
        let both = read(both);
        assert_eq!(both.group_name, Field::Null);
        assert_eq!(both.rest.unknown("name").unwrap().text(), r#""a""#);
    }
    let twice = read(r#"{"name":"a","name":"b"}"#);
    assert_eq!(twice.group_name.as_deref(), Some("b"));
    assert_eq!(twice.rest.lost[0].1.text(), r#""a""#);
}

#[test]
fn white_space_and_escapes_are_understood() {
    let text = " { \"\\u0069d\" :\n7\t,\r\"tags\" : [ { \"idTag\" : \"a\\\\\\\"b\" } , null ] , \"name\":\"\\ud83d\\ude00\"} ";
    let user: User = serde_json::from_str(text).unwrap();
    assert_eq!(user.id.number(), Some(7));
    assert_eq!(user.name.as_deref(), Some("😀"));
    assert_eq!(
        user.tags.values().next().unwrap().id_tag.as_deref(),
        Some(r#"a\"b"#)
    );
    assert_eq!(user.tags.value().unwrap().len(), 2);
}

#[test]
fn what_is_no_record_is_refused() {
    for payload in [
        "[]",
        "7",
        "null",
        "{",
        r#"{"id":}"#,
        r#"{"name":"\ud800"}"#,
        r#"{"\ud800":1}"#,
    ] {
        assert!(serde_json::from_str::<User>(payload).is_err(), "{payload}");
    }
    let error = serde_json::from_str::<User>("[]").unwrap_err();
    assert_eq!(error.to_string(), "expected an object, for User");
}

#[test]
fn readers_and_values_are_sources_too() {
    let payload = r#"{"operatorGroups":[{"id":1}]}"#;
    let tree: OperatorTree = serde_json::from_reader(payload.as_bytes()).unwrap();
    assert_eq!(tree, serde_json::from_slice(payload.as_bytes()).unwrap());
    assert_eq!(
        tree,
        serde_json::from_value(serde_json::from_str(payload).unwrap()).unwrap()
    );
    assert_eq!(
        serde_json::to_value(&tree).unwrap()["operatorGroups"][0]["id"],
        1
    );
}

#[test]
fn deep_trees_need_no_deep_stack() {
    let levels = 20_000;
    let deep = r#"{"subgroups":["#.repeat(levels) + &"]}".repeat(levels);
    let payload = format!(r#"{{"operatorGroups":[{deep}]}}"#);
    let work = move || {
        let tree: OperatorTree = serde_json::from_str(&payload).unwrap();
        let copy = tree.clone();
        assert!(tree == copy);
        assert_eq!(serde_json::to_string(&copy).unwrap(), payload);
        assert!(format!("{tree:?}").len() > payload.len());
    };
    let thread = std::thread::Builder::new().stack_size(256 << 10);
    thread.spawn(work).unwrap().join().unwrap();
}

/// Any JSON value of few names and scalars, so that fields meet what they do not expect.
fn json() -> impl Strategy<Value = String> {
    let scalar = select(vec![
        "null",
        "true",
        "1",
        "2.0",
        "-0",
        "1e400",
        "\"\"",
        "\"a\"",
        "\"2024-01-01T00:00:00\"",
    ]);
    scalar
        .prop_map(str::to_owned)
        .prop_recursive(5, 40, 4, |value| {
            let name = select(vec![
                "operatorGroups",
                "spareOperators",
                "spareOperator",
                "id",
                "name",
                "groupName",
                "subgroups",
                "operators",
                "users",
                "chargers",
                "groups",
                "locationInfo",
                "latitude",
                "customProperties",
                "capabilities",
                "sockets",
                "lastSeen",
                "isSpare",
                "unknown",
            ]);
            let member =
                (name, value.clone()).prop_map(|(name, value)| format!("\"{name}\": {value}"));
            prop_oneof![
                1 => vec(value, 0..3).prop_map(|values| format!("[{}]", values.join(" ,"))),
                3 => vec(member, 0..4).prop_map(|members| format!("{{{}}}", members.join(", "))),
            ]
        })
}

proptest! {
    #[test]
    fn every_tree_survives(sites in json(), operators in json(), other in json()) {
        assert_round_trip(&format!(
            r#"{{"operatorGroups":[{sites},{other}],"spareOperator":[{operators}],"x":{other}}}"#
        ));
        assert_round_trip(&format!(r#"{{"operatorGroups":{sites},"spareOperators":{operators}}}"#));
    }
}
