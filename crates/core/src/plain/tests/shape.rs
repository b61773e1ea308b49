//! Rules 4, 5, 6 and 8: what the columns take, and what becomes of the rest.

use super::{chargers, home, rows};

#[test]
fn json_text_is_canonical() {
    let payload = home(
        r#"{"id":1,"x": { "b" : [ 1.0 , 1E2 ] , "a" : "\u0041\/\u00e9\u001F\b\"\\" , "\uffff":0, "𐀀":null } }"#,
    );
    assert_eq!(
        rows(&payload, "extras", "value"),
        ["{\"a\":\"A/é\\u001f\\b\\\"\\\\\",\"b\":[1.0,1E2],\"\u{ffff}\":0,\"𐀀\":null}"]
    );
}

#[test]
fn numbers_in_any_notation() {
    let payload = home(
        r#"{"id":1.0,"groupType":4e0,"onlineSocket":-0,"offlineSocket":20e-1,"payerId":0e999999999}"#,
    );
    assert_eq!(
        rows(
            &payload,
            "sites",
            "id group_type online_socket offline_socket payer_id"
        ),
        ["1 | 4 | 0 | 2 | 0"]
    );
    assert!(rows(&payload, "anomalies", "kind").is_empty());
}

#[test]
fn values_out_of_range() {
    let payload = home(
        r#"{"id":1,"groupType":5,"onlineSocket":2147483648,"payerId":-1e400,
            "chargers":[{"chargerId":"a","locationInfo":{"latitude":1e999}}]}"#,
    );
    assert_eq!(
        rows(&payload, "sites", "group_type online_socket payer_id"),
        ["- | - | -"]
    );
    assert_eq!(
        rows(&payload, "anomalies", "kind entity key field raw message"),
        [
            "out_of_range | chargers | a | locationInfo.latitude | 1e999 | 1e999 is outside the range of a double",
            "out_of_range | sites | 1 | groupType | 5 | 5 is outside 0..4",
            "out_of_range | sites | 1 | onlineSocket | 2147483648 | 2147483648 is outside -2147483648..2147483647",
            "out_of_range | sites | 1 | payerId | -1e400 | -1e400 is outside -9223372036854775808..9223372036854775807",
        ]
    );
}

#[test]
fn values_of_the_wrong_type() {
    let payload = chargers(
        r#"{"chargerId":"a","id":1.5,"chargerName":{"b":1},"activeConnection":0,"lastSeen":"yesterday",
            "locationInfo":{"city":1,"latitude":"1"},"sockets":{},"capabilities":[1,null,"x"],"customProperties":[ ]},
           7,{"chargerId":"b","locationInfo":"here"}"#,
    );
    assert_eq!(
        rows(&payload, "anomalies", "entity key field raw message"),
        [
            "chargers | a | activeConnection | 0 | expected a boolean, found a number",
            "chargers | a | capabilities | 1 | expected a text, found a number",
            "chargers | a | chargerName | {\"b\":1} | expected a text, found an object",
            "chargers | a | customProperties | [] | expected an object, found a list",
            "chargers | a | id | 1.5 | expected an integer, found a number",
            "chargers | a | lastSeen | \"yesterday\" | expected a time, found a text",
            "chargers | a | locationInfo.city | 1 | expected a text, found a number",
            "chargers | a | locationInfo.latitude | \"1\" | expected a number, found a text",
            "chargers | a | sockets | {} | expected a list, found an object",
            "chargers | b | locationInfo | \"here\" | expected an object, found a text",
            "sites | 1 | chargers | 7 | expected an object, found a number",
        ]
    );
    assert_eq!(
        rows(&payload, "charger_capabilities", "position capability"),
        ["2 | x"]
    );
    assert_eq!(
        rows(&payload, "site_chargers", "charger_id position"),
        ["a | 0", "b | 2"]
    );
}

#[test]
fn absent_null_and_empty_lists_are_all_fine() {
    for list in [
        "",
        r#","subgroups":null"#,
        r#","subgroups":[]"#,
        r#","subgroups":[null]"#,
    ] {
        let payload = home(&format!(r#"{{"id":1{list}}},null"#));
        assert_eq!(rows(&payload, "sites", "id"), ["1"]);
        assert!(rows(&payload, "anomalies", "kind").is_empty());
    }
}

#[test]
fn times_are_instants() {
    let payload = chargers(
        r#"{"chargerId":"a","lastSeen":"0001-01-01T00:00:00"},{"chargerId":"b","lastSeen":"9999-12-31T23:59:59.9999999"},
           {"chargerId":"c","lastSeen":"2024-10-10T06:49:37.363+03:00"}"#,
    );
    assert_eq!(
        rows(&payload, "chargers", "last_seen"),
        [
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999999Z",
            "2024-10-10T03:49:37.363Z"
        ]
    );
}

#[test]
fn unknown_fields_are_data() {
    let payload = r#"{"apiVersion":2,"operatorGroups":[{"id":1,"timezone":"EET","chargers":[
        {"chargerId":"a","locationInfo":{"tz":null},"sockets":[{"dlmGroupId":1}]}]},{"id":2,"timezone":null}]}"#;
    assert_eq!(
        rows(payload, "extras", "entity key field value"),
        [
            "chargers | a | locationInfo.tz | null",
            "root |  | apiVersion | 2",
            "sites | 1 | timezone | \"EET\"",
            "sites | 2 | timezone | null",
            "sockets | a/0 | dlmGroupId | 1",
        ]
    );
    assert_eq!(
        rows(
            payload,
            "anomalies",
            "kind entity key field raw path message"
        ),
        [
            "unknown_field | chargers |  | locationInfo.tz |  | $.operatorGroups[0].chargers[0].locationInfo.tz | the schema does not know this field; its values are in extras",
            "unknown_field | root |  | apiVersion |  | $.apiVersion | the schema does not know this field; its values are in extras",
            "unknown_field | sites |  | timezone |  | $.operatorGroups[0].timezone | the schema does not know this field; its values are in extras",
            "unknown_field | sockets |  | dlmGroupId |  | $.operatorGroups[0].chargers[0].sockets[0].dlmGroupId | the schema does not know this field; its values are in extras",
        ]
    );
}

#[test]
fn another_spelling_counts_where_the_name_is_absent() {
    let payload = r#"{"spareOperator":[{"id":1}],"operatorGroups":[{"id":1,"name":"a"},{"id":2,"name":5},
        {"id":3,"name":"b","groupName":null},{"id":4,"name":"c","name":"d"}]}"#;
    assert_eq!(
        rows(payload, "sites", "id group_name"),
        ["1 | a", "2 | -", "3 | -", "4 | d"]
    );
    assert_eq!(rows(payload, "operators", "id is_spare"), ["1 | true"]);
    assert_eq!(
        rows(payload, "extras", "key field value"),
        ["3 | name | \"b\""]
    );
    assert_eq!(
        rows(payload, "anomalies", "kind key field raw path"),
        [
            "duplicate_key | 4 | name | \"c\" | $.operatorGroups[3].name",
            "unknown_field |  | name |  | $.operatorGroups[2].name",
            "wrong_type | 2 | groupName | 5 | $.operatorGroups[1].name",
        ]
    );
    let both = r#"{"spareOperator":[{"id":1}],"spareOperators":null}"#;
    assert!(rows(both, "operators", "id").is_empty());
    assert_eq!(
        rows(both, "extras", "field value"),
        ["spareOperator | [{\"id\":1}]"]
    );
}

#[test]
fn every_field_is_read_wherever_a_site_stands() {
    let payload = r#"{"spareOperators":[{"id":1,"groups":[{"id":2,"isSpare":true,"onlineSocket":3,"users":[
        {"id":4,"chargerGroups":[{"id":5,"operators":[{"id":6}],"subgroups":[{"id":7}]}]}]}]}]}"#;
    assert_eq!(
        rows(payload, "sites", "id is_spare online_socket"),
        ["2 | true | 3", "5 | - | -", "7 | - | -"]
    );
    assert_eq!(
        rows(payload, "site_operators", "site_id operator_id view"),
        ["5 | 6 | charging"]
    );
    assert_eq!(
        rows(payload, "site_subsites", "parent_site_id site_id view"),
        ["5 | 7 | charging"]
    );
    assert_eq!(
        rows(payload, "operators", "id is_spare"),
        ["1 | true", "6 | false"]
    );
}
