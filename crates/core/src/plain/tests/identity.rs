//! Rules 1 and 7.

use super::{chargers, home, rows};

#[test]
fn identities_by_kind() {
    let payload = home(
        r#"{"id":1,"users":[{"id":2,"tags":[{"id":3}],"integratedExternalIds":[null,{"referenceId":"r"}]}],
            "chargers":[{"chargerId":"FI-1","id":9,"sockets":[null,{"id":4}],"customProperties":{"a":1}}]}"#,
    );
    assert_eq!(rows(&payload, "sites", "id"), ["1"]);
    assert_eq!(rows(&payload, "users", "id"), ["2"]);
    assert_eq!(rows(&payload, "tags", "id user_id"), ["3 | 2"]);
    assert_eq!(
        rows(
            &payload,
            "user_external_ids",
            "user_id position reference_id"
        ),
        ["2 | 1 | r"]
    );
    assert_eq!(rows(&payload, "chargers", "charger_id id"), ["FI-1 | 9"]);
    assert_eq!(
        rows(&payload, "sockets", "charger_id position id"),
        ["FI-1 | 1 | 4"]
    );
    assert_eq!(
        rows(
            &payload,
            "charger_custom_properties",
            "charger_id name value value_type"
        ),
        ["FI-1 | a | 1 | number"]
    );
}

#[test]
fn a_record_without_identity_gets_a_placeholder() {
    let payload = home(
        r#"{"groupName":"a"},{"id":null,"groupName":"b"},{"id":"x","groupName":"c"},
           {"id":1.5},{"id":9223372036854775808},{"groupName":"a"}"#,
    );
    assert_eq!(
        rows(&payload, "sites", "id group_name"),
        ["-5 | -", "-4 | -", "-3 | c", "-2 | b", "-1 | a"]
    );
    assert_eq!(
        rows(
            &payload,
            "anomalies",
            "kind entity key field raw byte_offset message"
        ),
        [
            "missing_identity | sites | -1 | id |  | 19 | no usable identity; kept as -1",
            "missing_identity | sites | -2 | id | null | 37 | no usable identity; kept as -2",
            "missing_identity | sites | -3 | id | \"x\" | 65 | no usable identity; kept as -3",
            "missing_identity | sites | -4 | id | 1.5 | 104 | no usable identity; kept as -4",
            "missing_identity | sites | -5 | id | 9223372036854775808 | 115 | no usable identity; kept as -5",
        ]
    );
}

#[test]
fn placeholders_avoid_real_identities() {
    let payload = home(r#"{"groupName":"a"},{"groupName":"b"},{"id":-1},{"id":1,"users":[{}]}"#);
    assert_eq!(
        rows(&payload, "sites", "id group_name"),
        ["-3 | b", "-2 | a", "-1 | -", "1 | -"]
    );
    assert_eq!(rows(&payload, "users", "id"), ["-1"]);
}

#[test]
fn equal_records_share_a_placeholder() {
    // Key order, white space and escapes do not matter; numbers are compared as written.
    let payload = chargers(
        r#"{"chargerName":"\u0061","id":1},{"id" : 1,"chargerName":"a"},{"id":1.0,"chargerName":"a"}"#,
    );
    assert_eq!(
        rows(&payload, "chargers", "charger_id id"),
        ["?1 | 1", "?2 | 1"]
    );
    assert_eq!(
        rows(&payload, "site_chargers", "charger_id position"),
        ["?1 | 0", "?2 | 2"]
    );
}

#[test]
fn sites_share_placeholders_over_all_views() {
    let payload = r#"{"operatorGroups":[{"groupName":"a"}],"spareOperators":[{"id":1,"groups":[{"groupName":"a"}]}]}"#;
    assert_eq!(rows(payload, "sites", "id"), ["-1"]);
    assert_eq!(
        rows(payload, "operator_sites", "operator_id site_id"),
        ["1 | -1"]
    );
}

#[test]
fn an_empty_charger_id_is_an_identity() {
    assert_eq!(
        rows(&chargers(r#"{"chargerId":""}"#), "chargers", "charger_id"),
        [""]
    );
}

#[test]
fn keys_are_sorted_by_number_and_by_bytes() {
    let payload = home(
        r#"{"id":10},{"id":9},{"id":-1,"chargers":[{"chargerId":"b"},{"chargerId":"a/1"},{"chargerId":"B"},{"chargerId":"a"}]}"#,
    );
    assert_eq!(rows(&payload, "sites", "id"), ["-1", "9", "10"]);
    assert_eq!(
        rows(&payload, "chargers", "charger_id"),
        ["B", "a", "a/1", "b"]
    );
}
