//! Without lineage, what is rendered from tables gives the same tables again.

mod common;

use common::arbitrary::{records, site, tree};
use common::{generated, small};
use proptest::prelude::*;
use voltree_core::{Cut, Dataset, Parser, Render, Rendering};
use voltree_generate::Config;

fn parse(payload: &str) -> Dataset {
    Parser::new()
        .max_depth(1 << 20)
        .parse_slice(payload.as_bytes())
        .unwrap()
}

fn rendering(payload: &str) -> Rendering {
    let rendering = Render::new().of(&parse(payload)).unwrap();
    assert!(!rendering.is_exact());
    rendering
}

fn text(rendering: &Rendering) -> String {
    let mut out = Vec::new();
    rendering.write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn render(payload: &str) -> String {
    text(&rendering(payload))
}

/// Rows, but for findings, and for what follows from the order of the payload.
fn rows(payload: &str) -> Vec<String> {
    let mut dataset = parse(payload);
    for table in &mut dataset.tables {
        let kept: Vec<usize> = (0..table.def.columns.len())
            .filter(|&column| {
                let name = table.def.columns[column].name;
                let by_order = table.def.kind.is_none() && name == "position";
                let by_order = by_order || (table.def.name, name) == ("sites", "parent_id");
                !by_order && (table.def.name, name) != ("tags", "user_id")
            })
            .collect();
        for batch in &mut table.batches {
            *batch = batch.project(&kept).unwrap();
        }
    }
    let findings = ["conflicts", "anomalies"];
    dataset
        .tables
        .iter()
        .filter(|table| !findings.contains(&table.def.name))
        .flat_map(|table| {
            table.batches.iter().flat_map(|batch| {
                (0..batch.num_rows()).map(|row| {
                    let cells = batch.columns().iter().map(|column| {
                        if column.is_null(row) {
                            return "NULL".to_owned();
                        }
                        format!("{:?}", column.slice(row, 1)).replace(['\n', ' '], "")
                    });
                    let cells: Vec<String> = cells.collect();
                    format!("{}: {}", table.def.name, cells.join(" "))
                })
            })
        })
        .collect()
}

fn lacks_identities(dataset: &Dataset) -> bool {
    common::rows(dataset, false)
        .iter()
        .any(|row| row.starts_with("anomalies: ") && row.contains("missing_identity"))
}

/// Panics where the tables of the canonical tree are others; says nothing of trees that had to be cut,
/// and of identities that are not there.
fn gives_the_same_tables(payload: &str) {
    let dataset = parse(payload);
    let rendering = Render::new().of(&dataset).unwrap();
    // Where much stands in much, it stands there very often.
    if rendering.bytes() > 1 << 20 {
        return;
    }
    let missing = lacks_identities(&dataset);
    let rendered = text(&rendering);
    let again = rows(&rendered);
    if rendering.cuts().is_empty() && !missing {
        assert_eq!(again, rows(payload), "{payload}\n{rendered}");
    }
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
            exclude_hierarchy: true,
            ..small.clone()
        },
        small,
    ] {
        let payload = generated(&config);
        assert!(rendering(&payload).cuts().is_empty());
        gives_the_same_tables(&payload);
    }
}

#[test]
fn every_occurrence_shows_the_row_and_the_union_of_its_children() {
    let payload = r#"{"operatorGroups":[],"spareOperators":[
        {"id":1,"groups":[{"id":7,"groupName":"North","users":[],"chargers":[{"chargerId":"B"},{"chargerId":"A","id":3}]}]},
        {"id":2,"groups":[{"id":7,"x":[null],"subgroups":[{"id":8}],"chargers":[{"chargerId":"A"},{"chargerId":"C","sockets":[null,{"id":1}],"locationInfo":{"city":"K","tz":1},"customProperties":{"a":"1","b":1}}]}]}]}"#;
    let site = r#"{"id":7,"groupName":"North","subgroups":[{"id":8}],"chargers":[{"chargerId":"B"},{"chargerId":"A","id":3},{"chargerId":"C","locationInfo":{"city":"K","tz":1},"sockets":[null,{"id":1}],"customProperties":{"a":"1","b":1}}],"x":[null]}"#;
    assert_eq!(
        render(payload),
        format!(
            r#"{{"operatorGroups":[],"spareOperators":[{{"id":1,"groups":[{site}]}},{{"id":2,"groups":[{site}]}}]}}"#
        )
    );
}

#[test]
fn the_three_trees_stay_apart() {
    let payload = r#"{"operatorGroups":[{"id":1,"subgroups":[{"id":2}],"operators":[{"id":5,"groups":[{"id":1,"operators":[{"id":5,"groups":[]}],"users":[{"id":6,"chargerGroups":[{"id":1,"chargers":[{"chargerId":"A"}]}]}]}]}]}],"spareOperators":[]}"#;
    let operator = r#"{"id":5,"groups":[{"id":1,"operators":[{"id":5}],"users":[{"id":6,"chargerGroups":[{"id":1,"chargers":[{"chargerId":"A"}]}]}]}]}"#;
    assert_eq!(
        render(payload),
        format!(
            r#"{{"operatorGroups":[{{"id":1,"subgroups":[{{"id":2}}],"operators":[{operator}]}}],"spareOperators":[]}}"#
        )
    );
}

#[test]
fn identities_that_are_not_there_are_not_made_up() {
    let payload = r#"{"operatorGroups":[{"groupName":"a","chargers":[{"id":3}]},{"id":-1,"users":[{"id":6,"tags":[{"idTag":"x"}]}]}],"spareOperators":[]}"#;
    // By identity: -2 stands for the one that is missing.
    let expected = r#"{"operatorGroups":[{"groupName":"a","chargers":[{"id":3}]},{"id":-1,"users":[{"id":6,"tags":[{"idTag":"x"}]}]}],"spareOperators":[]}"#;
    assert_eq!(render(payload), expected);
}

#[test]
fn a_null_that_an_alias_would_replace_is_written() {
    let payload =
        r#"{"operatorGroups":[{"id":1,"groupName":null,"name":"a"}],"spareOperators":[]}"#;
    assert_eq!(render(payload), payload);
}

#[test]
fn an_unknown_field_that_is_called_like_one_of_the_location_stays_at_its_charger() {
    let charger = r#"{"chargerId":"A","locationInfo":{"city":"x","zone":1},"locationInfo.city":2}"#;
    gives_the_same_tables(&format!(
        r#"{{"operatorGroups":[{{"id":1,"chargers":[{charger}]}}],"spareOperators":[]}}"#
    ));
}

#[test]
fn circles_are_cut_where_they_close() {
    let payload =
        r#"{"operatorGroups":[{"id":2,"subgroups":[{"id":1,"subgroups":[{"id":2},{"id":1}]}]}]}"#;
    let rendering = rendering(payload);
    assert_eq!(
        text(&rendering),
        r#"{"operatorGroups":[{"id":1,"subgroups":[{"id":2}]}],"spareOperators":[]}"#
    );
    let cut = |key: &str, within_key: &str| Cut {
        entity: "sites",
        key: key.to_owned(),
        within_entity: "sites",
        within_key: within_key.to_owned(),
    };
    assert_eq!(rendering.cuts(), [cut("1", "1"), cut("1", "2")]);
}

#[test]
fn records_without_a_tree_get_one_around_them() {
    let chargers = r#"[{"chargerId":"A"}]"#;
    for (payload, sites, operators) in [
        // Sites of any view, with all that is below them.
        (
            format!(r#"[{{"chargers":{chargers},"id":1}},null,{{"subgroups":[{{"id":3,"chargers":{chargers}}}],"id":2,"payerId":7}}]"#),
            format!(r#"{{"id":1,"chargers":{chargers}}},{{"id":2,"payerId":7,"subgroups":[{{"id":3,"chargers":{chargers}}}]}}"#),
            "".to_owned(),
        ),
        (
            r#"{"id":1,"groupName":"a","isSpare":true,"operators":[{"id":5}]}"#.to_owned(),
            r#"{"id":1,"groupName":"a","isSpare":true,"operators":[{"id":5}]}"#.to_owned(),
            "".to_owned(),
        ),
        (
            r#"{"users":[{"id":6,"chargerGroups":[{"id":2}]}],"operators":[{"id":5,"groups":[{"id":2}]}],"id":1}"#.to_owned(),
            r#"{"id":1,"operators":[{"id":5,"groups":[{"id":2}]}],"users":[{"id":6,"chargerGroups":[{"id":2}]}]}"#.to_owned(),
            "".to_owned(),
        ),
        // A site that stands elsewhere as well shows there what is not below it at home.
        (
            r#"{"id":1,"isSpare":false,"users":[{"id":6}],"operators":[{"id":5,"groups":[{"id":1}]}],"chargers":[{"chargerId":"A"}]}"#.to_owned(),
            r#"{"id":1,"isSpare":false}"#.to_owned(),
            r#"{"id":5,"groups":[{"id":1,"isSpare":false,"operators":[{"id":5}],"users":[{"id":6}],"chargers":[{"chargerId":"A"}]}]}"#.to_owned(),
        ),
        (
            r#"[{"id":2,"isSpare":false,"operators":[{"id":5,"groups":[{"id":2}]}]},{"id":1,"users":[]}]"#.to_owned(),
            r#"{"id":1},{"id":2,"isSpare":false}"#.to_owned(),
            r#"{"id":5,"groups":[{"id":2,"isSpare":false,"operators":[{"id":5}]}]}"#.to_owned(),
        ),
        (
            r#"{"id":7,"groups":[{"id":2,"isSpare":false,"chargers":[{"chargerId":"A"}],"operators":[{"id":7}]}]}"#.to_owned(),
            r#"{"id":2,"isSpare":false}"#.to_owned(),
            r#"{"id":7,"groups":[{"id":2,"isSpare":false,"operators":[{"id":7}],"chargers":[{"chargerId":"A"}]}]}"#.to_owned(),
        ),
        // Operators, and those who stand in their sites.
        (
            r#"{"id":6,"groups":[{"id":1,"operators":[{"id":5},{"id":6}]}],"operatorId":"x"}"#.to_owned(),
            "".to_owned(),
            r#"{"id":6,"operatorId":"x","groups":[{"id":1,"operators":[{"id":5},{"id":6,"operatorId":"x"}]}]}"#.to_owned(),
        ),
        (
            r#"[{"id":6,"groups":[]},{"id":5,"groups":[{"id":1}]},{"id":4,"groups":[]}]"#.to_owned(),
            "".to_owned(),
            r#"{"id":4},{"id":5,"groups":[{"id":1}]},{"id":6}"#.to_owned(),
        ),
    ] {
        assert_eq!(
            render(&payload),
            format!(r#"{{"operatorGroups":[{sites}],"spareOperators":[{operators}]}}"#),
            "{payload}"
        );
    }
}

#[test]
fn nesting_costs_no_stack() {
    let levels = 0..50_000;
    let open = levels
        .clone()
        .map(|id| format!(r#"{{"id":{id},"groups":[{{"id":{id},"operators":["#));
    let payload = format!(
        r#"{{"operatorGroups":[],"spareOperators":[{}{{"id":50000}}{}]}}"#,
        open.collect::<String>(),
        "]}]}".repeat(levels.len())
    );
    assert!(render(&payload) == payload);
}

#[test]
fn a_tree_beyond_measure_is_refused() {
    // Each site shows the next one twice: by 48 levels that is 2^48 sites.
    let site = |id: usize| {
        let (one, other) = (2 * id + 2, 2 * id + 3);
        let below = format!(r#"[{{"id":{one}}},{{"id":{other}}}]"#);
        let (left, right) = (2 * id, 2 * id + 1);
        format!(r#"{{"id":{left},"subgroups":{below}}},{{"id":{right},"subgroups":{below}}}"#)
    };
    let sites: Vec<String> = (0..48).map(site).collect();
    let payload = format!(r#"{{"operatorGroups":[{}]}}"#, sites.join(","));
    let error = Render::new().of(&parse(&payload)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the tables make a tree that is too large to be written"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn trees_of_few_identities(payload in tree()) {
        if Parser::new().parse_slice(payload.as_bytes()).is_ok() {
            gives_the_same_tables(&payload);
        }
    }

    #[test]
    fn of_records_without_a_tree_no_identity_is_left_out(payload in records()) {
        let Ok(dataset) = Parser::new().parse_slice(payload.as_bytes()) else {
            return Ok(());
        };
        let rendering = Render::new().of(&dataset).unwrap();
        // Of records without identity those that show the same are one.
        if rendering.bytes() < 1 << 20 && !lacks_identities(&dataset) {
            let again = parse(&text(&rendering));
            let records = ["sites", "operators", "users", "chargers"].as_slice();
            let relations: &[&str] = match rendering.cuts() {
                [] => &["operator_sites", "user_sites"],
                _ => &[],
            };
            for name in [records, relations].concat() {
                prop_assert_eq!(again.table(name).rows(), dataset.table(name).rows(), "{} {}", name, payload);
            }
        }
    }

    #[test]
    fn sites(one in site(), other in site()) {
        gives_the_same_tables(&format!(
            r#"{{"operatorGroups":[{one}],"spareOperators":[{{"id":9,"groups":[{one},{other}]}}]}}"#
        ));
    }
}
