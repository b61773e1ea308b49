//! Sites and operators without a tree around them: what they are is told by their fields, in any order.

mod common;

use common::arbitrary::{records, tree};
use common::{agree, agree_on_documents, cell, rows};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use voltree_core::{Dataset, Error, ErrorKind, Parser, graph::OperatorGraph};

const DEPTH: u32 = 64;

/// A list with everything that can stand in one, in few bytes.
const LIST: &str = r#"[{"chargers":[{"chargerId":"A"}],"subgroups":[{"id":2,"chargers":[{"chargerId":"A"}]}],"id":1},
null,{"groups":[{"id":2,"chargers":[{"chargerId":"A"}]}],"id":5}]"#;

fn read(payload: &str) -> Result<Dataset, Error> {
    agree(payload.as_bytes(), DEPTH);
    Parser::new().parse_slice(payload.as_bytes())
}

/// The rows of a table as text, `-` for null.
fn table(payload: &str, name: &str) -> Vec<String> {
    let dataset = read(payload).unwrap_or_else(|error| panic!("{error}: {payload}"));
    let mut rows = Vec::new();
    for batch in &dataset.table(name).batches {
        for row in 0..batch.num_rows() {
            let columns = batch.columns().iter();
            let cells = columns.map(|column| cell(column, row).unwrap_or("-".to_owned()));
            rows.push(cells.collect::<Vec<_>>().join(" "));
        }
    }
    rows
}

#[test]
fn the_view_is_told_by_all_sites_at_the_root() {
    for (payload, view) in [
        (r#"{"id":1,"groupName":"a","subgroups":[{"id":2}]}"#, "home"),
        (r#"{"id":1,"subgroups":[{"id":2}],"isSpare":null}"#, "home"),
        (
            r#"{"subgroups":[{"id":2}],"chargers":null,"id":1}"#,
            "charging",
        ),
        (r#"{"subgroups":[{"id":2}],"id":1,"users":[]}"#, "access"),
        (
            r#"{"subgroups":[{"id":2,"users":[],"isSpare":true}],"id":1}"#,
            "home",
        ),
        (
            r#"[{"subgroups":[{"id":2}],"id":1},{"id":3,"payerId":1}]"#,
            "charging",
        ),
        (
            r#"[{"subgroups":[{"id":2}],"id":1},{"id":3,"payerId":1},{"isSpare":false}]"#,
            "home",
        ),
        (
            r#"[{"subgroups":[{"id":2}],"id":1,"isSpare":true},{"id":3,"users":7}]"#,
            "access",
        ),
        // Operators tell nothing about the sites beside them.
        (
            r#"[{"subgroups":[{"id":2}],"id":1},{"id":5,"groups":[{"id":3,"users":[]}]}]"#,
            "home",
        ),
    ] {
        assert_eq!(
            table(payload, "site_subsites"),
            [format!("1 2 {view} 0")],
            "{payload}"
        );
    }
}

#[test]
fn nothing_is_made_up_around_a_record() {
    let operators = r#"[null,{"id":5,"groups":[{"id":1}]},{"operatorId":"x","id":6}]"#;
    let spare = |payload| -> Vec<String> {
        let rows = table(payload, "operators").into_iter();
        rows.map(|row| format!("{} {}", &row[..1], row.rsplit(' ').next().unwrap()))
            .collect()
    };
    assert_eq!(spare(operators), ["5 false", "6 false"]);
    assert_eq!(table(operators, "operator_access"), ["5 1 1 0"]);
    let sites = r#"[{"id":1,"groupName":"a","operators":[{"id":5}]},{"id":2,"groupName":"b"}]"#;
    let parents = table(sites, "sites");
    assert!(parents.iter().all(|row| row.ends_with(" -")), "{parents:?}");
    assert!(table(sites, "site_subsites").is_empty());
    assert_eq!(spare(sites), ["5 false"]);
}

#[test]
fn paths_start_at_the_root() {
    let paths = |payload| -> Vec<String> {
        let rows = table(payload, "anomalies").into_iter();
        rows.map(|row| {
            row.split(' ')
                .find(|cell| cell.starts_with('$'))
                .unwrap()
                .to_owned()
        })
        .collect()
    };
    assert_eq!(
        paths(r#"{"id":1,"groupType":9,"groupName":"a"}"#),
        ["$.groupType"]
    );
    assert_eq!(paths(r#"{"chargers":[{}],"id":1}"#), ["$.chargers[0]"]);
    assert_eq!(
        paths(r#"[null,null,{"chargers":[{}],"id":1}]"#),
        ["$[2].chargers[0]"]
    );
    assert_eq!(paths(r#"[{"emailAddress":null}]"#), ["$[0]"]);
    assert_eq!(
        paths(r#"[{"subgroups":[{"id":1}],"id":1,"groupName":"a"}]"#),
        ["$[0].subgroups[0]"]
    );
}

#[test]
fn an_error_text_of_the_api_is_told_by_what_it_says() {
    for (payload, expected) in [
        (r#""Errors in the route parameters""#, true),
        (r#"["Errors in the route parameters"]"#, true),
        (r#""Errors in\u0020the route parameters""#, true),
        (r#"["abc","Errors in the route parameters"]"#, false),
        (r#"[["Errors in the route parameters"]]"#, false),
    ] {
        let error = read(payload).unwrap_err();
        let is_expected = matches!(
            error.kind(),
            ErrorKind::NotAnOperatorTree { api_error, .. } if *api_error == expected
        );
        assert!(is_expected, "{payload}: {error:?}");
    }
}

#[test]
fn a_tree_is_a_tree_whatever_else_stands_at_its_root() {
    let drifted = r#"{"subgroups":[{"id":1,"chargers":[{"chargerId":"A"}],"x":1,"x":{"a":1,"a":2}}],"groups":[{"id":3}],
"chargers":[{"chargerId":"A"}],"users":7,"operatorGroups":[{"id":2}],"operators":[null],"groupName":"a"}"#;
    assert_eq!(table(drifted, "sites").len(), 1);
    assert!(table(drifted, "chargers").is_empty());
    let fields = table(drifted, "extras");
    let fields: Vec<&str> = fields
        .iter()
        .map(|row| row.split(' ').nth(2).unwrap())
        .collect();
    assert_eq!(
        fields,
        [
            "chargers",
            "groupName",
            "groups",
            "operators",
            "subgroups",
            "users"
        ]
    );
    assert_eq!(
        table(drifted, "anomalies")
            .iter()
            .filter(|row| row.starts_with("duplicate_key root"))
            .count(),
        2
    );
}

#[test]
fn the_graph_takes_them() {
    let dataset = read(LIST).unwrap();
    let graph = OperatorGraph::new(&dataset);
    let reach = graph.reached_by_operator(graph.operator(5).unwrap());
    assert_eq!(reach.chargers, [graph.charger("A").unwrap()]);
    assert_eq!(graph.roots(), [graph.site(1).unwrap()]);
}

#[test]
fn any_byte_of_a_list_changed_removed_or_added() {
    let payload = LIST.as_bytes();
    agree(payload, DEPTH);
    for at in 0..payload.len() {
        let mut changed = payload.to_vec();
        for byte in [b'"', b'}', b']', b'0', b' ', 0x00, 0xC3] {
            changed[at] = byte;
            agree(&changed, DEPTH);
        }
        let mut removed = payload.to_vec();
        removed.remove(at);
        agree(&removed, DEPTH);
        for byte in [b',', b'['] {
            let mut added = payload.to_vec();
            added.insert(at, byte);
            agree(&added, DEPTH);
        }
        agree(&payload[..at], DEPTH);
    }
}

#[test]
fn at_the_depth_limit() {
    for payload in [LIST, &LIST[1..LIST.find("\n").unwrap() - 1], "[[]]", "[{}]"] {
        for depth in 1..10 {
            agree(payload.as_bytes(), depth);
        }
    }
}

#[test]
fn one_behind_the_other() {
    let input = format!("{LIST}{LIST}\n{{\"operatorId\":1}}[{{\"users\":[]}}]\n[]");
    let found = agree_on_documents(
        &[Parser::new(), Parser::new().read_chunk(1)],
        input.as_bytes(),
        DEPTH,
    );
    let sites = found.iter().map(|found| {
        found
            .as_ref()
            .map_or(0, |dataset| dataset.table("sites").rows())
    });
    assert_eq!(sites.collect::<Vec<_>>(), [2, 2, 0, 1, 0]);
    assert!(found[4].is_err());
}

/// Members of a record at the root, and the same in another order.
fn two_orders() -> impl Strategy<Value = [String; 2]> {
    let site = r#"[{"id":1,"chargers":[{"chargerId":"A"}],"x":1},{"id":2},null]"#;
    let operator = r#"[{"id":5,"groups":[{"id":1}]},{"id":5,"name":"a","x":2}]"#;
    let members = [
        ("id", "1"),
        ("name", "\"a\""),
        ("groupName", "\"b\""),
        ("isSpare", "true"),
        ("payerId", "1.0"),
        ("homeGroupId", "1"),
        ("subgroups", site),
        ("operators", operator),
        ("users", r#"[{"id":9,"chargerGroups":[{"id":2}]}]"#),
        ("chargers", r#"[{"chargerId":"A"},{"chargerId":"B","x":1}]"#),
        ("groups", site),
        ("operatorGroups", site),
        ("spareOperator", operator),
        ("spareOperators", operator),
        ("x", r#"{"a":1}"#),
    ];
    let members = prop::sample::subsequence(members.to_vec(), 1..7);
    let object = |members: Vec<(&str, &str)>| {
        let members: Vec<String> = members
            .iter()
            .map(|(key, value)| format!("\"{key}\":{value}"))
            .collect();
        format!("{{{}}}", members.join(","))
    };
    let orders =
        members.prop_flat_map(|members| (Just(members.clone()), Just(members).prop_shuffle()));
    orders.prop_map(move |(one, other)| [object(one), object(other)])
}

#[test]
fn the_properties_are_about_payloads_too() {
    let mut runner = TestRunner::deterministic();
    let mut read = 0;
    for _ in 0..200 {
        let payload = records().new_tree(&mut runner).unwrap().current();
        read += usize::from(Parser::new().parse_slice(payload.as_bytes()).is_ok());
    }
    assert!((60..180).contains(&read), "{read} of 200");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn records_of_few_identities(payload in records()) {
        agree(payload.as_bytes(), DEPTH);
    }

    #[test]
    fn records_with_a_byte_changed(payload in records(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut payload = payload.into_bytes();
        let at = at.index(payload.len());
        payload[at] = byte;
        agree(&payload, DEPTH);
    }

    #[test]
    fn records_written_twice(one in records(), other in tree()) {
        agree(format!("[{one},{one}]").as_bytes(), DEPTH);
        agree(format!("[{one},{other}]").as_bytes(), DEPTH);
    }

    #[test]
    fn the_order_of_the_keys_changes_nothing([one, other] in two_orders(), list in any::<bool>()) {
        let around = |record: String| if list { format!("[{record},null,{record}]") } else { record };
        let text = |payload: String| match read(&payload) {
            Ok(dataset) => rows(&dataset, false).join("\n"),
            // The keys that are named are the first ones.
            Err(error) => error.place().path.clone(),
        };
        prop_assert_eq!(text(around(one)), text(around(other)));
    }
}
