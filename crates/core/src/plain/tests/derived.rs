//! Tables that follow from others, and what is counted.

use super::{chargers, dataset, home, rows};
use crate::schema::Kind;

#[test]
fn ancestors_over_all_views_by_the_shortest_way() {
    let payload = r#"{"operatorGroups":[{"id":1,"subgroups":[{"id":2,"subgroups":[{"id":3}]}]}],
        "spareOperators":[{"id":9,"groups":[{"id":1,"subgroups":[{"id":3}]}]}]}"#;
    assert_eq!(
        rows(payload, "site_ancestors", "site_id ancestor_id depth"),
        [
            "1 | 1 | 0",
            "2 | 1 | 1",
            "2 | 2 | 0",
            "3 | 1 | 1",
            "3 | 2 | 1",
            "3 | 3 | 0"
        ]
    );
    assert_eq!(
        rows(
            payload,
            "operator_access",
            "operator_id site_id via_site_id depth"
        ),
        ["9 | 1 | 1 | 0", "9 | 2 | 1 | 1", "9 | 3 | 1 | 1"]
    );
}

#[test]
fn closures_of_cycles_end() {
    let payload = home(r#"{"id":1,"subgroups":[{"id":2,"subgroups":[{"id":1}]}]}"#);
    assert_eq!(
        rows(&payload, "site_ancestors", "site_id ancestor_id depth"),
        ["1 | 1 | 0", "1 | 2 | 1", "2 | 1 | 1", "2 | 2 | 0"]
    );
}

#[test]
fn evses_by_charger_or_by_socket() {
    let payload = chargers(
        r#"{"chargerId":"b","evseId":"FI*1","splitEvseBySocket":true,"sockets":[{"id":7},null,{},"x",{"id":2}]},
           {"chargerId":"a","splitEvseBySocket":false,"sockets":[{"id":1}]},{"chargerId":"c"},
           {"chargerId":"d","splitEvseBySocket":true}"#,
    );
    assert_eq!(
        rows(&payload, "evses", "evse_uid charger_id socket_id evse_id"),
        [
            "a | a | - | -",
            "b7 | b | 7 | FI*1",
            "b | b | - | FI*1",
            "b2 | b | 2 | FI*1",
            "c | c | - | -"
        ]
    );
}

#[test]
fn statistics() {
    let payload = r#"{"operatorGroups":[{"id":1,"chargers":[{"chargerId":"a"}]},{"id":1,"chargers":[{"chargerId":"a"}]}],
        "spareOperators":[{"id":1,"groups":[{"id":1,"chargers":[{"chargerId":"a"}]}]}]}"#;
    let stats = dataset(payload).stats;
    assert_eq!(
        (stats.bytes, stats.repeated_bytes, stats.depth),
        (payload.len() as u64, 0, 7)
    );
    let counts: Vec<_> = stats
        .records
        .iter()
        .map(|count| (count.kind, count.occurrences, count.distinct))
        .collect();
    assert_eq!(
        counts,
        [
            (Kind::Site, 3, 2),
            (Kind::Operator, 1, 1),
            (Kind::User, 0, 0),
            (Kind::Charger, 3, 1)
        ]
    );
}

#[test]
fn every_table_is_there() {
    let dataset = dataset(r#"{"operatorGroups":null}"#);
    assert_eq!(dataset.tables.len(), crate::schema::tables().len());
    assert!(
        dataset
            .tables
            .iter()
            .all(|table| table.rows() == 0 && table.batches.len() == 1)
    );
}
