use std::sync::Arc;

use arrow_array::{ArrayRef, Int32Array, Int64Array, RecordBatch, StringArray, new_null_array};
use petgraph::graph::NodeIndex;
use proptest::{collection::btree_set, prelude::*};

use super::*;
use crate::schema::{self, TableDef, Type, View};
use crate::{Dataset, Parser, Stats, Table};

/// Some rows of a table, with those columns that matter; the others are null.
struct Given {
    table: &'static str,
    columns: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

/// Words make a row: `given("site_users", "site_id user_id", ["1 21", "2 22"])`.
fn given<R: AsRef<str>>(
    table: &'static str,
    columns: &'static str,
    rows: impl IntoIterator<Item = R>,
) -> Given {
    let words = |row: R| row.as_ref().split(' ').map(String::from).collect();
    Given {
        table,
        columns: columns.split(' ').collect(),
        rows: rows.into_iter().map(words).collect(),
    }
}

/// A dataset with these rows, one batch for each `batch` of them.
fn dataset(given: &[Given], batch: usize) -> Dataset {
    let table = |def: &'static TableDef| {
        let mut batches = Vec::new();
        if let Some(given) = given.iter().find(|given| given.table == def.name) {
            let rows = given.rows.chunks(batch);
            batches.extend(rows.map(|rows| record_batch(def, &given.columns, rows)));
        }
        if batches.is_empty() {
            batches.push(RecordBatch::new_empty(def.arrow_schema()));
        }
        Table { def, batches }
    };
    Dataset {
        tables: schema::tables().iter().map(table).collect(),
        lineage: Vec::new(),
        stats: Stats::default(),
    }
}

fn record_batch(def: &TableDef, names: &[&str], rows: &[Vec<String>]) -> RecordBatch {
    let array = |column: &schema::Column| -> ArrayRef {
        let Some(index) = names.iter().position(|&name| name == column.name) else {
            return new_null_array(&column.ty.data_type(), rows.len());
        };
        let words = rows.iter().map(|row| row[index].as_str());
        match column.ty {
            Type::Int64 => Arc::new(words.map(|word| word.parse().ok()).collect::<Int64Array>()),
            Type::Int32 => Arc::new(words.map(|word| word.parse().ok()).collect::<Int32Array>()),
            _ => Arc::new(words.map(Some).collect::<StringArray>()),
        }
    };
    let columns = def.columns.iter().map(array).collect();
    RecordBatch::try_new(def.arrow_schema(), columns).unwrap()
}

/// Site 1 above 2 above 3, and 4 apart. Operator 11 is authorised for site 2, 12 is spare. User 21
/// stands at site 1 and charges at 2, user 22 stands at 3 and charges at B, user 23 nowhere.
/// Charger A stands at 3, C at 4, B nowhere.
fn sample(batch: usize) -> OperatorGraph {
    OperatorGraph::new(&dataset(
        &[
            given("sites", "id", ["1", "2", "3", "4"]),
            given("operators", "id", ["11", "12"]),
            given("users", "id", ["21", "22", "23"]),
            given("tags", "id user_id", ["31 21", "32 21", "33 22", "34 null"]),
            given("chargers", "charger_id", ["A", "B", "C"]),
            given("sockets", "charger_id position", ["A 0", "A 2", "C 0"]),
            given(
                "site_subsites",
                "parent_site_id site_id view position",
                ["1 2 access 0", "1 2 home 0", "2 3 charging 0"],
            ),
            given("site_operators", "site_id operator_id view", ["1 11 home"]),
            given("operator_sites", "operator_id site_id", ["11 2"]),
            given("site_users", "site_id user_id", ["1 21", "3 22"]),
            given(
                "site_chargers",
                "site_id charger_id view",
                ["3 A home", "4 C home"],
            ),
            given("user_sites", "user_id site_id", ["21 2"]),
            given("user_chargers", "user_id charger_id", ["22 B"]),
        ],
        batch,
    ))
}

#[test]
fn node_and_row_are_one_mapping() {
    for batch in [1, 2, 100] {
        let graph = sample(batch);
        assert_eq!(graph.graph().node_count(), 4 + 2 + 3 + 4 + 3 + 3);
        for index in 0..graph.graph().node_count() {
            let node = NodeIndex::new(index);
            assert_eq!(graph.node(graph.row(node)), node);
        }
        // Table by table, row by row: the order of `Node` is that of the indices.
        let weights: Vec<Node> = graph.graph().node_weights().copied().collect();
        assert!(weights.is_sorted());
        assert_eq!(graph.node(SiteIx::new(0)), NodeIndex::new(0));
        assert_eq!(graph.node(SocketIx::new(2)), NodeIndex::new(18));
    }
}

#[test]
fn ids_lead_to_rows_and_back() {
    let graph = sample(2);
    assert_eq!(
        [1, 4, 5].map(|id| graph.site(id).map(SiteIx::index)),
        [Some(0), Some(3), None]
    );
    assert_eq!(graph.operator(12), Some(OperatorIx::new(1)));
    assert_eq!(graph.user(22), Some(UserIx::new(1)));
    assert_eq!(graph.tag(30), None);
    assert_eq!(graph.tag(33), Some(TagIx::new(2)));
    assert_eq!(graph.charger("C"), Some(ChargerIx::new(2)));
    assert_eq!(graph.charger("D"), None);
    assert_eq!(graph.socket("A", 2), Some(SocketIx::new(1)));
    assert_eq!(graph.socket("A", 1), None);

    assert_eq!(graph.site_id(SiteIx::new(3)), 4);
    assert_eq!(graph.operator_id(OperatorIx::new(0)), 11);
    assert_eq!(graph.user_id(UserIx::new(2)), 23);
    assert_eq!(graph.tag_id(TagIx::new(1)), 32);
    assert_eq!(graph.charger_id(ChargerIx::new(1)), "B");
    assert_eq!(graph.socket_key(SocketIx::new(1)), ("A", 2));
}

#[test]
#[should_panic(expected = "Site(SiteIx(4)) is no row of this graph, which has 4 of its kind")]
fn a_row_of_another_graph_is_no_row_of_the_next_table() {
    sample(2).node(SiteIx::new(4));
}

#[test]
#[should_panic(expected = "`tags` has other columns than it should, or a null in its key")]
fn a_table_without_its_columns_is_named() {
    let mut dataset = dataset(&[], 1);
    let mut tables = dataset.tables.iter_mut();
    let tags = tables.find(|table| table.def.name == "tags").unwrap();
    tags.batches[0] = tags.batches[0].project(&[0]).unwrap();
    OperatorGraph::new(&dataset);
}

#[test]
fn every_relation_row_is_an_edge() {
    let graph = sample(1);
    let edge = |from: Node, to: Node| {
        let edges = graph
            .graph()
            .edges_connecting(graph.node(from), graph.node(to));
        let mut edges: Vec<Edge> = edges.map(|edge| *edge.weight()).collect();
        edges.sort();
        edges
    };
    let site = |row| Node::Site(SiteIx::new(row));
    let operator = |row| Node::Operator(OperatorIx::new(row));
    let user = |row| Node::User(UserIx::new(row));
    let charger = |row| Node::Charger(ChargerIx::new(row));

    assert_eq!(
        graph.graph().edge_count(),
        3 + 1 + 1 + 2 + 2 + 1 + 1 + 3 + 3
    );
    assert_eq!(
        edge(site(0), site(1)),
        [Edge::Subsite(View::Access), Edge::Subsite(View::Home)]
    );
    assert_eq!(edge(site(1), site(2)), [Edge::Subsite(View::Charging)]);
    assert_eq!(edge(site(0), operator(0)), [Edge::SiteOperator(View::Home)]);
    assert_eq!(edge(operator(0), site(1)), [Edge::OperatorSite]);
    assert_eq!(edge(site(2), user(1)), [Edge::SiteUser]);
    assert_eq!(edge(site(3), charger(2)), [Edge::SiteCharger(View::Home)]);
    assert_eq!(edge(user(0), site(1)), [Edge::UserSite]);
    assert_eq!(edge(user(1), charger(1)), [Edge::UserCharger]);
    assert_eq!(edge(user(0), TagIx::new(1).into()), [Edge::UserTag]);
    assert_eq!(
        edge(charger(2), SocketIx::new(2).into()),
        [Edge::ChargerSocket]
    );
    let unowned = graph.node(TagIx::new(3));
    assert_eq!(graph.graph().neighbors_undirected(unowned).count(), 0);
}

#[test]
fn questions_are_answered() {
    let graph = sample(2);
    let sites =
        |ids: &[i64]| -> Vec<SiteIx> { ids.iter().map(|&id| graph.site(id).unwrap()).collect() };
    let chargers = |ids: &[&str]| -> Vec<ChargerIx> {
        ids.iter().map(|id| graph.charger(id).unwrap()).collect()
    };
    let users =
        |ids: &[i64]| -> Vec<UserIx> { ids.iter().map(|&id| graph.user(id).unwrap()).collect() };
    let [one, three] = [1, 3].map(|id| graph.site(id).unwrap());
    let operator = graph.operator(11).unwrap();

    assert_eq!(graph.ancestors(three), sites(&[2, 1]));
    assert_eq!(graph.ancestors(one), []);
    assert_eq!(graph.descendants(one), sites(&[2, 3]));
    assert_eq!(graph.roots(), sites(&[1, 4]));
    assert_eq!(
        graph.reached_by_operator(operator),
        Reach {
            sites: sites(&[2, 3]),
            chargers: chargers(&["A"]),
            users: users(&[22])
        }
    );
    assert_eq!(
        graph.reached_by_user(graph.user(21).unwrap()),
        Reach {
            sites: sites(&[2, 3]),
            chargers: chargers(&["A"]),
            users: vec![]
        }
    );
    assert_eq!(
        graph.who_reaches(graph.charger("A").unwrap()),
        Reachers {
            operators: vec![operator],
            users: users(&[21])
        }
    );
    assert_eq!(
        graph.who_reaches(graph.charger("B").unwrap()),
        Reachers {
            operators: vec![],
            users: users(&[22])
        }
    );
    assert_eq!(
        graph.orphans(),
        Orphans {
            sites: sites(&[1, 4]),
            operators: vec![graph.operator(12).unwrap()],
            users: users(&[23]),
            chargers: chargers(&["B"]),
        }
    );
    assert_eq!(graph.cycles(), Vec::<Vec<SiteIx>>::new());
}

#[test]
fn circles_end() {
    // 1 and 2 contain each other, 3 stands below both and contains itself.
    let subsites = ["1 2 home", "2 1 home", "2 3 home", "3 3 home"];
    let graph = OperatorGraph::new(&dataset(
        &[
            given("sites", "id", ["1", "2", "3"]),
            given("operators", "id", ["11"]),
            given("site_subsites", "parent_site_id site_id view", subsites),
            given("operator_sites", "operator_id site_id", ["11 2"]),
        ],
        100,
    ));
    let [one, two, three] = [1, 2, 3].map(|id| graph.site(id).unwrap());
    assert_eq!(graph.cycles(), [vec![one, two], vec![three]]);
    assert_eq!(graph.roots(), []);
    assert_eq!(graph.ancestors(three), [two, one]);
    assert_eq!(graph.descendants(three), []);
    let reach = graph.reached_by_operator(graph.operator(11).unwrap());
    assert_eq!(reach.sites, [one, two, three]);
}

#[test]
#[should_panic = "`site_users`.`user_id` has a value that `users` lacks"]
fn a_reference_to_nothing_is_said() {
    OperatorGraph::new(&dataset(
        &[
            given("sites", "id", ["1"]),
            given("site_users", "site_id user_id", ["1 21"]),
        ],
        100,
    ));
}

proptest! {
    /// The graph's walks and the derived tables' walks are two mechanisms.
    #[test]
    fn walks_agree_with_the_derived_tables(
        subsites in btree_set((0..6usize, 0..6usize), 0..12),
        grants in btree_set((0..2usize, 0..6usize), 0..4),
    ) {
        let graph = OperatorGraph::new(&dataset(
            &[
                given("sites", "id", (0..6).map(|id| id.to_string())),
                given("operators", "id", (0..2).map(|id| id.to_string())),
                given(
                    "site_subsites",
                    "parent_site_id site_id view",
                    subsites.iter().map(|(parent, site)| format!("{parent} {site} home")),
                ),
                given(
                    "operator_sites",
                    "operator_id site_id",
                    grants.iter().map(|(operator, site)| format!("{operator} {site}")),
                ),
            ],
            100,
        ));
        let edges: Vec<_> = subsites
            .iter()
            .map(|&(parent, site)| (SiteIx::new(parent), SiteIx::new(site)))
            .collect();
        let grants: Vec<_> = grants
            .iter()
            .map(|&(operator, site)| (OperatorIx::new(operator), SiteIx::new(site)))
            .collect();

        let above = closure::ancestors(6, &edges);
        for site in (0..6).map(SiteIx::new) {
            let mut found = [vec![site], graph.ancestors(site)].concat();
            let depth = |ancestor| above.iter().find(|row| (row.0, row.1) == (site, ancestor)).unwrap().2;
            prop_assert!(found.is_sorted_by_key(|&ancestor| depth(ancestor)));
            found.sort();
            let expected = above.iter().filter(|row| row.0 == site).map(|row| row.1);
            prop_assert_eq!(found, expected.collect::<Vec<_>>());

            let mut found = [vec![site], graph.descendants(site)].concat();
            found.sort();
            let expected = above.iter().filter(|row| row.1 == site).map(|row| row.0);
            prop_assert_eq!(found, expected.collect::<Vec<_>>());
        }
        let access = closure::access(6, &edges, &grants);
        for operator in (0..2).map(OperatorIx::new) {
            let rows = access.iter().filter(|row| row.0 == operator);
            let mut expected: Vec<SiteIx> = rows.map(|row| row.1).collect();
            expected.dedup();
            prop_assert_eq!(graph.reached_by_operator(operator).sites, expected);
        }
        prop_assert_eq!(graph.cycles(), closure::cycles(6, &edges));
    }
}

#[test]
fn texts_that_are_too_long_for_one_array_together() {
    let name = "c".repeat(1 << 20);
    let payload = format!(
        r#"{{"operatorGroups":[{{"id":1,"chargers":[{{"chargerId":"{name}","sockets":[{{}}]}}]}}]}}"#
    );
    let mut dataset = Parser::new().parse_slice(payload.as_bytes()).unwrap();
    for table in &mut dataset.tables {
        if ["sockets", "site_chargers"].contains(&table.def.name) {
            table.batches = vec![table.batches[0].clone(); 2_049];
        }
    }
    let graph = OperatorGraph::new(&dataset);
    assert_eq!(graph.graph().edge_count(), 2 * 2_049);
    let socket = graph.socket(&name, 0).unwrap();
    assert_eq!(graph.socket_key(socket), (name.as_str(), 0));
}
