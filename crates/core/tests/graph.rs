//! The graph against the tables that it was made from, on a payload with everything in it.

use std::{collections::BTreeSet, sync::LazyLock};

use arrow_array::{cast::AsArray, types::Int64Type};
use voltree_core::graph::{ChargerIx, OperatorGraph, OperatorIx, SiteIx, UserIx};
use voltree_core::{Dataset, Parser};
use voltree_generate::{Config, generate};

/// A payload that is read once for all tests.
fn generated() -> &'static Dataset {
    static DATASET: LazyLock<Dataset> = LazyLock::new(|| {
        let config = Config {
            chargers: 40,
            regional: 2,
            local: 6,
            ..Config::default()
        };
        let mut payload = Vec::new();
        generate(&config, &mut payload).unwrap();
        Parser::new().parse_slice(&payload).unwrap()
    });
    &DATASET
}

/// All values of a column of ids.
fn ids(dataset: &Dataset, table: &str, column: &str) -> Vec<i64> {
    let table = dataset.table(table);
    let index = table.def.column(column).unwrap();
    let arrays = table.batches.iter().map(|batch| batch.column(index));
    arrays
        .flat_map(|array| array.as_primitive::<Int64Type>().values().to_vec())
        .collect()
}

/// The second column's values in the rows where the first has this one.
fn joined(first: &[i64], second: &[i64], id: i64) -> BTreeSet<i64> {
    let rows = first.iter().zip(second);
    rows.filter(|row| *row.0 == id).map(|row| *row.1).collect()
}

fn count(dataset: &Dataset, tables: &[&str]) -> usize {
    tables.iter().map(|name| dataset.table(name).rows()).sum()
}

#[test]
fn every_row_is_a_node_or_an_edge() {
    let dataset = generated();
    let graph = OperatorGraph::new(dataset);
    let entities = ["sites", "operators", "users", "tags", "chargers", "sockets"];
    assert_eq!(graph.graph().node_count(), count(dataset, &entities));
    // Each tag has one user, each socket one charger.
    let relations = [
        "site_subsites",
        "site_operators",
        "operator_sites",
        "site_users",
        "site_chargers",
        "user_sites",
        "user_chargers",
        "tags",
        "sockets",
    ];
    assert_eq!(graph.graph().edge_count(), count(dataset, &relations));
}

#[test]
fn reach_is_what_operator_access_says() {
    let dataset = generated();
    let graph = OperatorGraph::new(dataset);
    let operators = ids(dataset, "operator_access", "operator_id");
    let sites = ids(dataset, "operator_access", "site_id");
    let everyone = (0..dataset.table("operators").rows()).map(OperatorIx::new);
    for operator in everyone {
        let reach = graph.reached_by_operator(operator);
        let found: BTreeSet<i64> = reach
            .sites
            .iter()
            .map(|&site| graph.site_id(site))
            .collect();
        assert_eq!(
            found,
            joined(&operators, &sites, graph.operator_id(operator))
        );
    }
}

#[test]
fn ancestors_are_what_site_ancestors_says() {
    let dataset = generated();
    let graph = OperatorGraph::new(dataset);
    let sites = ids(dataset, "site_ancestors", "site_id");
    let above = ids(dataset, "site_ancestors", "ancestor_id");
    for site in (0..dataset.table("sites").rows()).map(SiteIx::new) {
        let id = graph.site_id(site);
        let ancestors = graph.ancestors(site);
        let found = ancestors.iter().map(|&site| graph.site_id(site));
        assert_eq!(
            found.chain([id]).collect::<BTreeSet<_>>(),
            joined(&sites, &above, id)
        );
        let descendants = graph.descendants(site);
        let found = descendants.iter().map(|&site| graph.site_id(site));
        assert_eq!(
            found.chain([id]).collect::<BTreeSet<_>>(),
            joined(&above, &sites, id)
        );
    }
    assert!(graph.cycles().is_empty());
}

#[test]
fn who_reaches_is_the_inverse_of_reach() {
    let dataset = generated();
    let graph = OperatorGraph::new(dataset);
    let operators = (0..dataset.table("operators").rows()).map(OperatorIx::new);
    let by_operator: Vec<_> = operators
        .flat_map(|operator| {
            let chargers = graph.reached_by_operator(operator).chargers;
            chargers.into_iter().map(move |charger| (charger, operator))
        })
        .collect();
    let users = (0..dataset.table("users").rows()).map(UserIx::new);
    let by_user: Vec<_> = users
        .flat_map(|user| {
            let chargers = graph.reached_by_user(user).chargers;
            chargers.into_iter().map(move |charger| (charger, user))
        })
        .collect();
    for charger in (0..dataset.table("chargers").rows()).map(ChargerIx::new) {
        let found = graph.who_reaches(charger);
        let at = by_operator.iter().filter(|row| row.0 == charger);
        assert_eq!(found.operators, at.map(|row| row.1).collect::<Vec<_>>());
        let at = by_user.iter().filter(|row| row.0 == charger);
        assert_eq!(found.users, at.map(|row| row.1).collect::<Vec<_>>());
    }
}
