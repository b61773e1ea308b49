//! Rule 3: one identity, one row.

use super::{chargers, home, rows};

#[test]
fn a_row_keeps_the_first_non_null_value_of_each_column() {
    let payload = chargers(
        r#"{"chargerId":"a","chargerName":null,"iccid":"1"},{"chargerId":"a","chargerName":"n","iccid":"2"},
           {"chargerId":"a","chargerName":"m","iccid":"2"}"#,
    );
    assert_eq!(
        rows(&payload, "chargers", "charger_id charger_name iccid imsi"),
        ["a | n | 1 | -"]
    );
    assert_eq!(
        rows(&payload, "conflicts", "entity key field other kept path"),
        [
            "chargers | a | charger_name | m | n | $.operatorGroups[0].chargers[2].chargerName",
            "chargers | a | iccid | 2 | 1 | $.operatorGroups[0].chargers[1].iccid",
        ]
    );
}

#[test]
fn values_are_compared_typed() {
    let payload = chargers(
        r#"{"chargerId":"a","id":12,"lastSeen":"2024-01-01T00:00:00Z","locationInfo":{"latitude":1.0,"longitude":-0.0}},
           {"chargerId":"a","id":1.2e1,"lastSeen":"2024-01-01T02:00:00.0000009+02:00","locationInfo":{"latitude":1,"longitude":0}},
           {"chargerId":"a","lastSeen":"2024-01-01T02:00:00.1203+02:00","locationInfo":{"latitude":1.50,"longitude":1e30}}"#,
    );
    assert_eq!(
        rows(&payload, "conflicts", "field other kept"),
        [
            "last_seen | 2024-01-01T00:00:00.1203Z | 2024-01-01T00:00:00Z",
            "latitude | 1.5 | 1.0",
            "longitude | 1e+30 | 0.0",
        ]
    );
}

#[test]
fn a_conflict_stands_where_the_other_value_is_first_in_the_text() {
    // In canonical order the spare operator is last, in the text first.
    let payload = r#"{"spareOperators":[{"id":1,"name":"b"}],"operatorGroups":[{"id":1,"operators":[
        {"id":1,"name":"a"},{"id":1,"name":"b"}]}]}"#;
    assert_eq!(
        rows(payload, "conflicts", "other kept path"),
        ["b | a | $.spareOperators[0].name"]
    );
}

#[test]
fn children_are_the_union_over_occurrences() {
    let payload = home(
        r#"{"id":1,"users":[{"id":5},{"id":6}]},{"id":1,"users":[{"id":7},{"id":5}],"chargers":[{"chargerId":"a"}]}"#,
    );
    assert_eq!(
        rows(&payload, "site_users", "site_id user_id position"),
        ["1 | 5 | 0", "1 | 6 | 1", "1 | 7 | 0"]
    );
    assert_eq!(
        rows(&payload, "site_chargers", "site_id charger_id view"),
        ["1 | a | home"]
    );
}

#[test]
fn a_parent_is_the_first_other_site() {
    let payload = home(
        r#"{"id":1,"subgroups":[{"id":1}]},{"id":2,"subgroups":[{"id":1}]},{"id":3,"subgroups":[{"id":1}]}"#,
    );
    assert_eq!(
        rows(&payload, "sites", "id parent_id"),
        ["1 | 2", "2 | -", "3 | -"]
    );
    assert!(rows(&payload, "conflicts", "field").is_empty());
}

#[test]
fn a_tag_belongs_to_its_first_user() {
    let payload =
        home(r#"{"id":1,"users":[{"id":5,"tags":[{"id":9}]},{"id":6,"tags":[null,{"id":9}]}]}"#);
    assert_eq!(rows(&payload, "tags", "id user_id"), ["9 | 5"]);
    assert_eq!(
        rows(&payload, "conflicts", "entity key field other kept path"),
        ["tags | 9 | user_id | 6 | 5 | $.operatorGroups[0].users[1].tags[1]"]
    );
}

#[test]
fn extras_and_custom_properties_merge_likewise() {
    let payload = chargers(
        r#"{"chargerId":"a","new":null,"customProperties":{"p":null,"q":"12","r":null}},
           {"chargerId":"a","new":[1.0],"customProperties":{"p":{"b":1,"a":"\/"},"q":12}},
           {"chargerId":"a","new":null,"customProperties":{"p":null}},
           {"chargerId":"a","new":[1],"customProperties":{"p":true}}"#,
    );
    assert_eq!(
        rows(&payload, "extras", "entity key field value"),
        ["chargers | a | new | [1.0]"]
    );
    assert_eq!(
        rows(
            &payload,
            "charger_custom_properties",
            "name value value_type"
        ),
        [
            r#"p | {"a":"/","b":1} | object"#,
            "q | 12 | string",
            "r | null | null"
        ]
    );
    assert_eq!(
        rows(&payload, "conflicts", "entity key field other kept"),
        [
            "charger_custom_properties | a/p | value | true | {\"a\":\"/\",\"b\":1}",
            "charger_custom_properties | a/p | value_type | boolean | object",
            "charger_custom_properties | a/q | value_type | number | string",
            "chargers | a | new | [1] | [1.0]",
        ]
    );
}

#[test]
fn parts_merge_by_position() {
    let payload = chargers(
        r#"{"chargerId":"a","sockets":[null,{"id":1}],"capabilities":["x","y"]},
           {"chargerId":"a","sockets":[{"id":2},{"id":3,"status":"ok"}],"capabilities":["x",null,"z"]},
           {"chargerId":"a","capabilities":["w"]}"#,
    );
    assert_eq!(
        rows(&payload, "sockets", "position id status"),
        ["0 | 2 | -", "1 | 1 | ok"]
    );
    assert_eq!(
        rows(&payload, "charger_capabilities", "position capability"),
        ["0 | x", "1 | y", "2 | z"]
    );
    assert_eq!(
        rows(&payload, "conflicts", "entity key field other kept"),
        [
            "charger_capabilities | a/0 | capability | w | x",
            "sockets | a/1 | id | 3 | 1"
        ]
    );
}
