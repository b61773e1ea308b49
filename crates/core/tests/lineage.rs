//! With lineage, tables are the payload: what is rendered from them equals what was read.

mod common;

use std::{fs, path::Path};

use common::arbitrary::{records, site, tree, value};
use common::{canonical, cell, generated, rows, small};
use proptest::prelude::*;
use voltree_core::{Dataset, Engine, Parser, Render};
use voltree_generate::Config;

fn render(dataset: &Dataset) -> String {
    let mut out = Vec::new();
    let rendering = Render::new().of(dataset).unwrap();
    assert!(rendering.is_exact() && rendering.cuts().is_empty());
    rendering.write(&mut out).unwrap();
    assert_eq!(rendering.bytes(), out.len() as u64);
    String::from_utf8(out).unwrap()
}

/// Panics where a payload is not what comes back, or where the engines do not agree about it.
fn round_trips(payload: &str) {
    let parser = Parser::new().lineage(true);
    let Ok(dataset) = parser.parse_slice(payload.as_bytes()) else {
        return;
    };
    assert_eq!(render(&dataset), canonical(payload), "{payload}");
    let expected = rows(&dataset, true);
    for other in [
        parser.clone().engine(Engine::Plain),
        parser.clone().memo(false),
    ] {
        let found = rows(&other.parse_slice(payload.as_bytes()).unwrap(), true);
        assert_eq!(found, expected, "{other:?} {payload}");
    }
}

#[test]
fn fixtures() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let mut count = 0;
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            round_trips(&fs::read_to_string(path).unwrap());
            count += 1;
        }
    }
    assert!(count >= 10, "{count}");
}

#[test]
fn generated_payloads() {
    let small = Config {
        drift: true,
        volatile: 0.3,
        ..small()
    };
    for config in [
        Config {
            pretty: true,
            shuffle_keys: true,
            ..small.clone()
        },
        small,
    ] {
        round_trips(&generated(&config));
    }
}

#[test]
fn without_hierarchy_it_is_what_the_api_answers_without() {
    let whole = Config {
        drift: true,
        ..small()
    };
    let without = Config {
        exclude_hierarchy: true,
        ..whole.clone()
    };
    let [whole, without] = [whole, without].map(|config| generated(&config));
    let parser = Parser::new().lineage(true);
    let dataset = parser.parse_slice(whole.as_bytes()).unwrap();
    let rendering = Render::new().exclude_hierarchy(true).of(&dataset).unwrap();
    let mut out = Vec::new();
    rendering.write(&mut out).unwrap();
    assert_eq!(String::from_utf8(out).unwrap(), canonical(&without));
}

#[test]
fn pretty_is_the_same_with_white_space() {
    let payload =
        r#"{"operatorGroups":[{"chargers":[],"groupName":"a \"{[,:","id":1}],"spareOperators":{}}"#;
    let dataset = Parser::new()
        .lineage(true)
        .parse_slice(payload.as_bytes())
        .unwrap();
    let mut out = Vec::new();
    let rendering = Render::new().pretty(true).of(&dataset).unwrap();
    rendering.write(&mut out).unwrap();
    let value: serde_json::Value = serde_json::from_str(payload).unwrap();
    let expected = serde_json::to_string_pretty(&value).unwrap() + "\n";
    assert_eq!(String::from_utf8(out).unwrap(), expected);
}

#[test]
fn odd_payloads() {
    for payload in [
        // Lists that are absent, null, empty, with nulls, and of wrong types.
        r#"{"operatorGroups":null,"spareOperators":[]}"#,
        r#"{"operatorGroups":[null],"spareOperators":[null,null,{"id":1,"groups":[[],{},null,{}]},7]}"#,
        r#"{"operatorGroups":{"id":1},"spareOperators":"x"}"#,
        r#"{"operatorGroups":[{"id":1,"chargers":[{"chargerId":"A","sockets":[null,{"id":1},[],{"id":1},{"id":1},{}],"capabilities":["a",null,1,"a","a",{"a":[]}],"integrationRelays":{},"chargerConfigurations":null}]}]}"#,
        // Aliases alone, beside, and null.
        r#"{"spareOperator":[{"id":1}]}"#,
        r#"{"spareOperator":[{"id":1},{"id":2,"groups":[{"id":3}]}],"spareOperators":[{"id":1}]}"#,
        r#"{"operatorGroups":[{"id":1,"name":"a"},{"id":1,"name":"a","groupName":null},{"id":1,"groupName":"a","name":"a"},{"id":1,"name":null}]}"#,
        // Equal keys, of which the last counts; holes in what is lost.
        r#"{"operatorGroups":[{"id":5}],"operatorGroups":[{"id":1,"id":2,"x":1,"\u0078":{"a":1,"a":2},"chargers":[{"chargerId":"A"}],"chargers":null}]}"#,
        r#"{"spareOperator":[{"id":1,"groups":[{"id":2}]}],"spareOperator":[{"id":1,"groups":[{"id":2}]},{"id":3}],"spareOperators":7}"#,
        // One identity, several contents.
        r#"{"operatorGroups":[{"id":1,"groupName":"a","x":1,"chargers":[{"chargerId":"A","lastSeen":"2024-01-01T00:00:00Z","locationInfo":{"city":"x","tz":1}},{"chargerId":"A","lastSeen":"2024-01-01T02:00:00.0000000+02:00","locationInfo":{"city":null,"tz":2}},{"chargerId":"A","locationInfo":7},{"chargerId":"A","locationInfo":null}]},{"id":1,"groupName":"b","x":null},{"id":1.0,"groupName":null},{"id":1e0}]}"#,
        // No identity.
        r#"{"operatorGroups":[{"id":-1},{"id":null,"groupName":"a"},{"groupName":"a","chargers":[{"chargerId":"?1"},{},{"chargerId":7},{"chargerId":""}]}],"spareOperators":[{"id":"1"},{"id":99999999999999999999}]}"#,
        r#"{"operatorGroups":[{"users":[{"id":1,"tags":[{"id":1,"idTag":"x"},{"idTag":"x"},{"id":"1"},{"id":-1,"y":2},null,{"id":1,"idTag":"y","y":{"a":1}},{"id":1.0}],"integratedExternalIds":[{"referenceType":0},null,{"referenceType":2,"z":[1]}]}]}]}"#,
        // Sites that stand in themselves.
        r#"{"operatorGroups":[{"id":1,"subgroups":[{"id":2,"subgroups":[{"id":1,"subgroups":[{"id":2}]}]}]}]}"#,
        // What could be mistaken for marks, holes and prefixes.
        "{\"operatorGroups\":[{\"id\":1,\"groupName\":\"\\u0000=?@*\",\"\\u0000\":\"\\u0000\",\"=\":\"=\",\"a\\\"}\":[\"@*2\"],\"chargers\":[{\"chargerId\":\"\\u0000\",\"locationInfo.city\":1,\"locationInfo.x\":2,\"locationInfo\":{\"x\":3,\"city\":\"4\"},\"customProperties\":{\"\\u0000\":\"\\u0000\",\"?\":\"?\",\"s\":\"1\",\"n\":1,\"f\":1.50,\"b\":true,\"z\":null,\"l\":[1,\"a\"],\"o\":{\"b\":1,\"a\":{}},\"\":\"\"}}]}]}",
        r#"{"operatorGroups":[{"chargers":[{"chargerId":"A","customProperties":{"a":null,"b":1}},{"chargerId":"A","customProperties":{"a":"null","b":"1"}},{"chargerId":"A","customProperties":[]},{"chargerId":"A","customProperties":null}]}]}"#,
        // Numbers as written.
        r#"{"operatorGroups":[{"id":7.0,"payerId":-0,"onlineSocket":1e1,"groupType":5,"chargers":[{"chargerId":"A","id":12.50e1,"locationInfo":{"latitude":-0.0,"longitude":60}},{"chargerId":"B","locationInfo":{"latitude":0.0,"longitude":1e999}},{"chargerId":"C","locationInfo":{"latitude":60.192059,"longitude":1e+20}}]}],"x":-0.0e-0}"#,
        // Records at the root.
        r#"{"id":5,"operatorId":null,"groups":[null,{"id":1.0},{"id":1}]}"#,
        r#"[null,null,{"id":1,"groupName":"a"},{"id":1,"groupName":"a"},{"id":5.0,"homeGroupId":1e0},null]"#,
        r#" [ {"users":[{"id":1,"tags":[{"id":1}]}],"x":[{"a":1}]} ] "#,
        // A tree with what tells of other records.
        r#"{"operatorGroups":[],"subgroups":[{"id":1,"chargers":[{"chargerId":"A"}]},{"id":1}],"groups":[{"id":2}],"chargerId":1}"#,
        // Fields of the payload itself.
        r#"{"operatorGroups":[],"version":{"b":[{"c":1}],"a":2},"subgroups":[{"id":1}]}"#,
    ] {
        round_trips(payload);
    }
}

#[test]
fn nesting_to_the_limit() {
    let deep = |levels: usize| {
        let (open, close) = (r#"{"id":1,"subgroups":["#, "]}");
        format!(
            r#"{{"operatorGroups":[{}{{"id":2}}{}]}}"#,
            open.repeat(levels),
            close.repeat(levels)
        )
    };
    round_trips(&deep(200));
    let payload = deep(200_000);
    let parser = Parser::new().lineage(true).max_depth(u32::MAX);
    let dataset = parser.parse_slice(payload.as_bytes()).unwrap();
    assert!(render(&dataset) == payload);
}

#[test]
fn equal_records_stand_once() {
    let site = r#"{"id":7,"chargers":[{"chargerId":"A"},{"chargerId":"B"}]}"#;
    let spaced = r#"{ "chargers" : [{"chargerId":"A"} , {"chargerId":"\u0042"}], "id":7 }"#;
    let payload = format!(
        r#"{{"operatorGroups":[{site},{spaced}],"spareOperators":[{{"id":1,"groups":[{spaced},{site}]}}]}}"#
    );
    let dataset = Parser::new()
        .lineage(true)
        .parse_slice(payload.as_bytes())
        .unwrap();
    assert_eq!(dataset.table("lineage_records").rows(), 5);
    assert_eq!(dataset.table("lineage_children").rows(), 2 + 2 + 3);
    assert_eq!(dataset.table("lineage_shapes").rows(), 4);
}

/// The example of `docs/lineage.md`.
#[test]
fn the_documented_example() {
    let docs = include_str!("../../../docs/lineage.md");
    let payload = docs
        .lines()
        .find(|line| line.starts_with(r#"{"operatorGroups""#));
    let dataset = Parser::new()
        .lineage(true)
        .parse_slice(payload.unwrap().as_bytes())
        .unwrap();
    for table in &dataset.lineage {
        for batch in &table.batches {
            for row in 0..batch.num_rows() {
                let cells = batch.columns().iter().map(|column| {
                    let text = cell(column, row).unwrap_or_default();
                    match column.data_type() {
                        arrow_schema::DataType::Utf8 if !text.is_empty() => format!("`{text}`"),
                        _ => text,
                    }
                });
                let line = format!("| {} |", cells.collect::<Vec<_>>().join(" | "));
                let line = line.replace("|  |", "| |").replace("|  |", "| |");
                assert!(docs.contains(&line), "{line}");
            }
        }
    }
}

#[test]
fn there_is_no_lineage_unless_it_is_asked_for() {
    let dataset = Parser::new()
        .parse_slice(br#"{"operatorGroups":[]}"#)
        .unwrap();
    assert!(dataset.lineage.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn trees_of_few_identities(payload in tree()) {
        round_trips(&payload);
    }

    #[test]
    fn trees_written_twice(one in site(), other in site()) {
        round_trips(&format!(
            r#"{{"operatorGroups":[{one},{other},{{"subgroups":[{one},{one},{other}]}}],"spareOperators":[{{"id":1,"groups":[{one},{other},{one}]}}]}}"#
        ));
    }

    #[test]
    fn records_without_a_tree(payload in records()) {
        round_trips(&payload);
    }

    #[test]
    fn any_json(payload in value(), inner in value()) {
        round_trips(&payload);
        round_trips(&format!(r#"{{"operatorGroups":{payload},"spareOperator":{inner}}}"#));
    }
}
