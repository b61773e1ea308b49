//! Duplicate keys, cycles and places.

use super::{chargers, home, rows};

#[test]
fn the_last_of_equal_keys_counts() {
    let payload = home(r#"{"id":1,"id":2,"\u0069d":3,"users":[{"id":9}],"users":[]}"#);
    assert_eq!(rows(&payload, "sites", "id"), ["3"]);
    assert!(rows(&payload, "users", "id").is_empty());
    assert_eq!(
        rows(
            &payload,
            "anomalies",
            "kind entity key field raw path byte_offset message"
        ),
        [
            "duplicate_key | sites | 3 | id | 1 | $.operatorGroups[0].id | 25 | the key stands again in the same object; the last value counts",
            "duplicate_key | sites | 3 | id | 2 | $.operatorGroups[0].id | 32 | the key stands again in the same object; the last value counts",
            "duplicate_key | sites | 3 | users | [{\"id\":9}] | $.operatorGroups[0].users | 54 | the key stands again in the same object; the last value counts",
        ]
    );
}

#[test]
fn duplicate_keys_are_found_anywhere() {
    let payload = chargers(
        r#"{"chargerId":"a","locationInfo":{"city":"x","city":"y"},"customProperties":{"p":1,"p":2},
            "foo":[{"bar":1,"bar":2}],"sockets":[{"id":1,"id":2}],"capabilities":[{"k":1,"k":2}]}"#,
    );
    assert_eq!(
        rows(&payload, "anomalies", "kind entity key field raw")[..5],
        [
            "duplicate_key | chargers | a | capabilities[0].k | 1",
            "duplicate_key | chargers | a | customProperties.p | 1",
            "duplicate_key | chargers | a | foo[0].bar | 1",
            "duplicate_key | chargers | a | locationInfo.city | \"x\"",
            "duplicate_key | sockets | a/0 | id | 1",
        ]
    );
}

#[test]
fn duplicate_keys_within_a_lost_value_belong_to_its_owner() {
    // The lost list has a site at the same path as the one that counts.
    let payload = r#"{"operatorGroups":[{"id":1,"id":2}],"operatorGroups":[{"id":3}]}"#;
    assert_eq!(rows(payload, "sites", "id"), ["3"]);
    assert_eq!(
        rows(payload, "anomalies", "entity key field raw"),
        [
            "root |  | operatorGroups | [{\"id\":2}]",
            "root |  | operatorGroups[0].id | 1"
        ]
    );
}

#[test]
fn cycles_are_found_with_their_members() {
    let payload = home(
        r#"{"id":3,"subgroups":[{"id":2,"subgroups":[{"id":10,"subgroups":[{"id":3}]}]}]},
           {"id":5,"subgroups":[{"id":5}]},{"id":6,"subgroups":[{"id":7,"subgroups":[{"id":2}]}]}"#,
    );
    assert_eq!(
        rows(
            &payload,
            "anomalies",
            "kind entity key field raw path message"
        ),
        [
            "cycle | sites | 2 | subgroups | [2,3,10] | $.operatorGroups[0].subgroups[0] | 3 sites contain each other",
            "cycle | sites | 5 | subgroups | [5] | $.operatorGroups[1].subgroups[0] | the site contains itself",
        ]
    );
}

#[test]
fn an_anomaly_stands_where_it_is_first_in_the_text() {
    let payload = r#"{"spareOperators":[{"id":1,"name":7}],
"operatorGroups":[{"id":1,"operators":[{"id":1,"name":7}]}]}"#;
    assert_eq!(
        rows(payload, "anomalies", "path byte_offset line column"),
        ["$.spareOperators[0].name | 34 | 1 | 35"]
    );
}

#[test]
fn columns_count_characters_and_no_byte_order_mark() {
    let payload = "\u{feff}{\"operatorGroups\":[{\"id\":1}],\n\"ä€𐀀\":0}";
    assert_eq!(
        rows(payload, "anomalies", "path byte_offset line column"),
        ["$['ä€𐀀'] | 45 | 2 | 7"]
    );
}
