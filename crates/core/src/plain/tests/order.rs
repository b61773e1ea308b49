//! Rule 2: the canonical order, and rule 9: equal JSON values give equal tables.

use super::{dataset, home, rows, rows_of};

#[test]
fn a_record_comes_before_its_lists() {
    // The site below carries the same id; the outer name is first, though it stands behind.
    let payload =
        home(r#"{"subgroups":[{"id":1,"groupName":"inner"}],"id":1,"groupName":"outer"}"#);
    assert_eq!(
        rows(&payload, "sites", "id group_name parent_id"),
        ["1 | outer | -"]
    );
    assert_eq!(rows(&payload, "conflicts", "other kept"), ["inner | outer"]);
}

#[test]
fn lists_are_read_in_declared_order() {
    let payload = home(
        r#"{"id":1,"chargers":[{"chargerId":"c","chargerName":"last"}],
            "users":[{"id":2,"chargers":[{"chargerId":"c","chargerName":"second"}],
                      "chargerGroups":[{"id":3,"chargers":[{"chargerId":"c","chargerName":"first"}]}]}]}"#,
    );
    assert_eq!(rows(&payload, "chargers", "charger_name"), ["first"]);
}

#[test]
fn operator_groups_come_before_spare_operators() {
    let payload = r#"{"spareOperators":[{"id":1,"name":"spare"}],
        "operatorGroups":[{"id":1,"operators":[{"id":1,"name":"home"}]}]}"#;
    assert_eq!(rows(payload, "operators", "name is_spare"), ["home | true"]);
}

#[test]
fn external_ids_come_behind_everything_below_charger_groups() {
    let payload = home(
        r#"{"id":1,"users":[{"id":2,
            "integratedExternalIds":[{"referenceId":"outer"}],
            "chargerGroups":[{"id":1,"users":[{"id":2,"integratedExternalIds":[{"referenceId":"inner"}]}]}]}]}"#,
    );
    assert_eq!(
        rows(&payload, "user_external_ids", "reference_id"),
        ["inner"]
    );
}

#[test]
fn an_edge_counts_before_what_is_below_it() {
    // The edge 1 → 2 stands at position 0, and again at 1 below itself.
    let payload = home(
        r#"{"id":1,"subgroups":[{"id":2,"subgroups":[{"id":1,"subgroups":[null,{"id":2}]}]}]}"#,
    );
    assert_eq!(
        rows(
            &payload,
            "site_subsites",
            "parent_site_id site_id view position"
        ),
        ["1 | 2 | home | 0", "2 | 1 | home | 0"]
    );
    assert_eq!(rows(&payload, "sites", "id parent_id"), ["1 | 2", "2 | 1"]);
}

#[test]
fn white_space_and_key_order_do_not_matter() {
    let one = dataset(
        r#"{"operatorGroups":[{"id":1,"x":{"b":1,"a":2},"chargers":[{"chargerId":"a"}]}],"spareOperators":[]}"#,
    );
    let other = dataset(
        "\u{feff} {\"spareOperators\" : [ ],\r\n\t\"operatorGroups\":[{\"chargers\":[{\"chargerId\":\"\\u0061\"}],\"x\":{\"a\":2,\"b\":1},\"id\":1}] } ",
    );
    for (one, other) in one.tables.iter().zip(&other.tables) {
        if one.def.name != "anomalies" {
            assert_eq!(one.batches, other.batches, "{}", one.def.name);
        }
    }
    assert_eq!(rows_of(&one, "extras", "value"), [r#"{"a":2,"b":1}"#]);
}
