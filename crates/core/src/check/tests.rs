use super::*;
use crate::Parser;

/// The findings of a payload, as `kind entity key field`.
fn found(payload: &str) -> Vec<String> {
    let dataset = Parser::new().parse_slice(payload.as_bytes()).unwrap();
    let findings = Checker::new(&dataset).all();
    let text = |finding: Finding| {
        let Finding {
            kind,
            entity,
            key,
            field,
            ..
        } = finding;
        format!("{kind} {entity} {key} {field}")
            .trim_end()
            .to_owned()
    };
    findings.map(text).collect()
}

/// A payload with one site, which one operator reaches, and these fields in it.
fn site(fields: &str) -> String {
    format!(
        r#"{{"operatorGroups":[{{"id":1,"operators":[{{"id":5,"groups":[{{"id":1}}]}}],{fields}}}]}}"#
    )
}

fn charger(fields: &str) -> String {
    site(&format!(r#""chargers":[{{"chargerId":"FI-1",{fields}}}]"#))
}

fn user(fields: &str) -> String {
    site(&format!(r#""users":[{{"id":3,{fields}}}]"#))
}

/// What has a finding, the finding, and what is nearly the same and has none.
fn holds(kind: FindingKind, bad: &str, expected: &str, good: &str) {
    assert_eq!(found(bad), [format!("{kind} {expected}")], "{bad}");
    assert_eq!(found(good), [""; 0], "{good}");
}

#[test]
fn the_names_of_the_kinds_are_a_contract() {
    let names: Vec<&str> = FindingKind::ALL.iter().map(|kind| kind.name()).collect();
    assert_eq!(
        names,
        [
            "unreadable-table",
            "changed-file",
            "row-count",
            "repeated-key",
            "unsorted-rows",
            "dangling-reference",
            "wrong-type",
            "out-of-range",
            "enum-out-of-range",
            "coordinate-out-of-range",
            "missing-identity",
            "duplicate-key",
            "conflict",
            "unknown-field",
            "cycle",
            "site-in-two-places",
            "dangling-group-id",
            "dangling-home-group-id",
            "charger-without-site",
            "operator-without-reach",
            "expired-tag",
            "duplicate-tag",
            "evse-id-syntax",
            "equal-evse-uid",
            "socket-without-evse",
        ]
    );
    for kind in FindingKind::ALL {
        assert_eq!(kind.name().parse(), Ok(*kind));
        assert!(kind.doc().ends_with('.'), "{}", kind.doc());
    }
    assert!("any".parse::<FindingKind>().is_err());
}

#[test]
fn anomalies_are_findings_with_their_place() {
    holds(
        FindingKind::WrongType,
        &site(r#""groupName":5"#),
        "sites 1 groupName",
        &site(r#""groupName":"5""#),
    );
    holds(
        FindingKind::OutOfRange,
        &site(r#""onlineSocket":2147483648"#),
        "sites 1 onlineSocket",
        &site(r#""onlineSocket":2147483647"#),
    );
    holds(
        FindingKind::EnumOutOfRange,
        &site(r#""groupType":5"#),
        "sites 1 groupType",
        &site(r#""groupType":4"#),
    );
    holds(
        FindingKind::MissingIdentity,
        &site(r#""subgroups":[{"id":null}]"#),
        "sites -1 id",
        &site(r#""subgroups":[{"id":-1}]"#),
    );
    holds(
        FindingKind::DuplicateKey,
        &site(r#""groupName":"a","groupName":"b""#),
        "sites 1 groupName",
        &site(r#""groupName":"a","externalId":"b""#),
    );
    holds(
        FindingKind::Cycle,
        &site(r#""subgroups":[{"id":2,"subgroups":[{"id":1}]}]"#),
        "sites 1 subgroups",
        &site(r#""subgroups":[{"id":2,"subgroups":[{"id":3}]}]"#),
    );
    let dataset = Parser::new().parse_slice(b"{\"operatorGroups\":[{\"id\":1,\n\"groupName\":5}]}");
    let findings: Vec<Finding> = Checker::new(&dataset.unwrap()).all().collect();
    assert_eq!(
        findings[0].seen,
        Seen {
            table: "anomalies",
            row: Some(1),
            path: Some("$.operatorGroups[0].groupName".to_owned()),
            byte_offset: Some(40),
            line: Some(2),
            column: Some(13),
        }
    );
    assert_eq!(findings[0].message, "expected a text, found a number: `5`");
}

#[test]
fn conflicts_show_both_values() {
    let other = |name: &str| {
        format!(
            r#"{{"operatorGroups":[{{"id":1,"groupName":"a"}},{{"id":1,"groupName":{name}}}]}}"#
        )
    };
    holds(
        FindingKind::Conflict,
        &other("\"b\""),
        "sites 1 group_name",
        &other("null"),
    );
    let dataset = Parser::new().parse_slice(other(&format!("\"{}\"", "ä".repeat(70))).as_bytes());
    let findings: Vec<Finding> = Checker::new(&dataset.unwrap()).all().collect();
    let shown = "ä".repeat(60);
    assert_eq!(
        findings[0].message,
        format!("kept `a`, also seen `{shown}…`")
    );
    assert_eq!(
        findings[0].seen.path.as_deref(),
        Some("$.operatorGroups[1].groupName")
    );
    assert_eq!(
        (findings[0].seen.table, findings[0].seen.row),
        ("conflicts", Some(1))
    );
}

#[test]
fn an_unknown_field_is_one_finding_with_its_records_counted() {
    let payload = r#"{"operatorGroups":[{"id":1,"tz":1},{"id":2,"tz":1},{"id":3,"tz":[ 2 ]},
        {"id":4,"tz":3},{"id":5,"tz":4},{"id":6}]}"#;
    let dataset = Parser::new().parse_slice(payload.as_bytes()).unwrap();
    let findings: Vec<Finding> = Checker::new(&dataset).all().collect();
    assert_eq!(findings.len(), 1);
    assert_eq!(
        (findings[0].kind, findings[0].records),
        (FindingKind::UnknownField, Some(5))
    );
    assert_eq!(findings[0].samples, ["1", "[2]", "3"]);
    assert_eq!(findings[0].seen.line, Some(1));
    assert_eq!(
        findings[0].message,
        "the schema does not know this field; it stands in 5 records, such as 1, [2], 3"
    );
}

#[test]
fn references_that_point_outside() {
    holds(
        FindingKind::DanglingGroupId,
        &charger(r#""groupId":2"#),
        "chargers FI-1 groupId",
        &charger(r#""groupId":1"#),
    );
    holds(
        FindingKind::DanglingHomeGroupId,
        &user(r#""homeGroupId":2"#),
        "users 3 homeGroupId",
        &user(r#""homeGroupId":1"#),
    );
    let operator = |home: i64| {
        site(&format!(
            r#""subgroups":[{{"id":2,"operators":[{{"id":6,"homeGroupId":{home},"groups":[{{"id":2}}]}}]}}]"#
        ))
    };
    let (bad, good) = (operator(3), operator(2));
    holds(
        FindingKind::DanglingHomeGroupId,
        &bad,
        "operators 6 homeGroupId",
        &good,
    );
}

#[test]
fn a_site_in_two_places() {
    let below = |parent: i64| {
        site(&format!(
            r#""subgroups":[{{"id":2,"subgroups":[{{"id":4}}]}},{{"id":3,"subgroups":[{{"id":{parent}}}]}}]"#
        ))
    };
    holds(
        FindingKind::SiteInTwoPlaces,
        &below(4),
        "sites 4",
        &below(6),
    );
    // In two views below the same site.
    let views = r#"{"operatorGroups":[{"id":1,"subgroups":[{"id":2}],
        "operators":[{"id":5,"groups":[{"id":1,"subgroups":[{"id":2}]}]}]}]}"#;
    assert_eq!(found(views), [""; 0]);
    let own = site(r#""subgroups":[{"id":1}]"#);
    assert_eq!(found(&own), ["cycle sites 1 subgroups"]);
}

#[test]
fn chargers_and_operators_without_a_place() {
    holds(
        FindingKind::ChargerWithoutSite,
        &user(r#""chargers":[{"chargerId":"FI-1"}]"#),
        "chargers FI-1",
        &user(r#""chargerGroups":[{"id":1,"chargers":[{"chargerId":"FI-1"}]}]"#),
    );
    holds(
        FindingKind::OperatorWithoutReach,
        r#"{"spareOperators":[{"id":7,"groups":[null]}]}"#,
        "operators 7",
        r#"{"spareOperators":[{"id":7,"groups":[{"id":1}]}]}"#,
    );
}

#[test]
fn tags_that_have_expired() {
    let tag = |expires: &str| {
        user(&format!(
            r#""tags":[{{"id":9,"expiringDate":"{expires}","lastUpdated":"2024-01-02T03:04:05Z"}}]"#
        ))
    };
    holds(
        FindingKind::ExpiredTag,
        &tag("2024-01-02T05:04:05+02:00"),
        "tags 9 expiringDate",
        &tag("2024-01-02T03:04:05.000001Z"),
    );
    let late = tag("2024-01-03T00:00:00Z");
    let dataset = Parser::new().parse_slice(late.as_bytes()).unwrap();
    assert_eq!(
        Checker::new(&dataset).of(FindingKind::ExpiredTag).count(),
        0
    );
    let checker = Checker::new(&dataset).now("2024-01-03T00:00:00".parse().unwrap());
    let found: Vec<Finding> = checker.of(FindingKind::ExpiredTag).collect();
    assert_eq!(
        found[0].message,
        "the tag has expired: 2024-01-03T00:00:00Z is not later than 2024-01-03T00:00:00Z"
    );
}

#[test]
fn the_payload_tells_the_time_but_not_by_what_stands_for_never() {
    let latest = |fields: &str| {
        let dataset = Parser::new()
            .parse_slice(charger(fields).as_bytes())
            .unwrap();
        Checker::new(&dataset)
            .judged_at()
            .map(|moment| moment.to_string())
    };
    assert_eq!(latest(r#""evseId":null"#), None);
    let seen = r#""lastSeen":"2024-10-10T06:49:37Z""#;
    assert_eq!(latest(seen).as_deref(), Some("2024-10-10T06:49:37Z"));
    let socket = |time: &str| format!(r#"{seen},"sockets":[{{"lastUpdated":"{time}"}}]"#);
    assert_eq!(
        latest(&socket("9999-12-31T23:59:59.9999999")).as_deref(),
        Some("2024-10-10T06:49:37Z")
    );
    assert_eq!(
        latest(&socket("9998-12-31T23:59:59.5")).as_deref(),
        Some("9998-12-31T23:59:59.5Z")
    );
    // Without any time nothing has expired.
    assert_eq!(
        found(&user(
            r#""tags":[{"id":9,"expiringDate":"0001-01-01T00:00:00"}]"#
        )),
        [""; 0]
    );
}

#[test]
fn tags_that_are_read_as_another() {
    let tags = |one: &str, other: &str| {
        user(&format!(
            r#""tags":[{{"id":8,"idTag":{one}}},{{"id":9,"idTag":{other}}}]"#
        ))
    };
    holds(
        FindingKind::DuplicateTag,
        &tags("\"04ab\"", "\"04AB\""),
        "tags 9 idTag",
        &tags("\"04ab\"", "\"04ac\""),
    );
    assert_eq!(found(&tags("\"\"", "\"\"")), [""; 0]);
    assert_eq!(found(&tags("null", "null")), [""; 0]);
}

#[test]
fn evse_ids_and_uids() {
    holds(
        FindingKind::EvseIdSyntax,
        &charger(r#""evseId":"FRA23X45B""#),
        "chargers FI-1 evseId",
        &charger(r#""evseId":"fr*a23*e45b*78c""#),
    );
    assert_eq!(found(&charger(r#""evseId":"""#)), [""; 0]);
    let split = |id: i32| {
        charger(&format!(
            r#""splitEvseBySocket":true,"sockets":[{{"id":1,"deviceEvseId":1}},{{"id":{id},"deviceEvseId":1}}]"#
        ))
    };
    holds(
        FindingKind::EqualEvseUid,
        &split(1),
        "evses FI-11",
        &split(2),
    );
    // Two chargers, one uid.
    let two = site(
        r#""chargers":[{"chargerId":"A","splitEvseBySocket":true,"sockets":[{"id":11}]},{"chargerId":"A11"}]"#,
    );
    let dataset = Parser::new().parse_slice(two.as_bytes()).unwrap();
    let findings: Vec<Finding> = Checker::new(&dataset).all().collect();
    assert_eq!(
        findings[0].message,
        "EVSEs of charger A and of charger A11 have this uid"
    );
}

#[test]
fn sockets_that_are_part_of_no_evse() {
    let kind = FindingKind::SocketWithoutEvse;
    let socket = |fields: &str| charger(&format!(r#""sockets":[null,{{"id":1{fields}}}]"#));
    holds(
        kind,
        &socket(""),
        "sockets FI-1/1",
        &socket(r#","chargingStationEvseId":0"#),
    );
    let split = |id: &str| {
        charger(&format!(
            r#""splitEvseBySocket":true,"sockets":[{{"id":{id},"deviceEvseId":1}}]"#
        ))
    };
    holds(kind, &split("null"), "sockets FI-1/0", &split("1"));
}

#[test]
fn coordinates_on_earth() {
    let kind = FindingKind::CoordinateOutOfRange;
    let at = |latitude: &str, longitude: &str| {
        charger(&format!(
            r#""locationInfo":{{"latitude":{latitude},"longitude":{longitude}}}"#
        ))
    };
    let field = "chargers FI-1 locationInfo.";
    holds(
        kind,
        &at("-90.5", "0"),
        &format!("{field}latitude"),
        &at("-90", "180"),
    );
    holds(
        kind,
        &at("0", "181"),
        &format!("{field}longitude"),
        &at("90", "-180"),
    );
}

#[test]
fn findings_of_a_kind_are_those_among_all() {
    let payload = std::fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../fixtures/generated.json"
    ));
    let dataset = Parser::new().parse_slice(&payload.unwrap()).unwrap();
    let checker = Checker::new(&dataset);
    let all: Vec<Finding> = checker.all().collect();
    assert!(
        all.iter()
            .any(|finding| finding.kind == FindingKind::Conflict)
    );
    for &kind in FindingKind::ALL {
        let of_kind: Vec<&Finding> = all.iter().filter(|finding| finding.kind == kind).collect();
        let alone: Vec<Finding> = checker.of(kind).collect();
        assert_eq!(alone.iter().collect::<Vec<_>>(), of_kind);
    }
    // What a parser gives holds together.
    let broken = all
        .iter()
        .filter(|finding| finding.kind <= FindingKind::DanglingReference);
    assert_eq!(broken.count(), 0);
}

/// The dataset of a small payload, a table of it with these rows in this order.
fn edited(name: &str, rows: &[usize]) -> Vec<String> {
    let payload = r#"{"operatorGroups":[{"id":1,"chargers":[{"chargerId":"A"},{"chargerId":"B"}],
        "subgroups":[{"id":2}],"operators":[{"id":5,"groups":[{"id":1}]}]}]}"#;
    let mut dataset = Parser::new().parse_slice(payload.as_bytes()).unwrap();
    let place = dataset
        .tables
        .iter()
        .position(|table| table.def.name == name);
    let table = &mut dataset.tables[place.unwrap()];
    let batch = table.batches[0].clone();
    table.batches = rows.iter().map(|&row| batch.slice(row, 1)).collect();
    if rows.is_empty() {
        table.batches = vec![batch.slice(0, 0)];
    }
    let kinds = [
        FindingKind::RepeatedKey,
        FindingKind::UnsortedRows,
        FindingKind::DanglingReference,
    ];
    let findings = kinds
        .iter()
        .flat_map(|&kind| Checker::new(&dataset).of(kind));
    let text = |finding: Finding| {
        let row = finding.seen.row.unwrap();
        format!(
            "{} {} {row}: {}",
            finding.kind, finding.key, finding.message
        )
    };
    findings.map(text).collect()
}

#[test]
fn keys_that_repeat_or_do_not_ascend() {
    assert_eq!(edited("site_chargers", &[0, 1]), [""; 0]);
    assert_eq!(
        edited("site_chargers", &[1, 0]),
        ["unsorted-rows 1/A/home 2: the row before has a greater key"]
    );
    assert_eq!(
        edited("site_chargers", &[0, 0, 1]),
        ["repeated-key 1/A/home 2: another row has the same key"]
    );
    assert_eq!(
        edited("site_chargers", &[0, 1, 0]),
        [
            "repeated-key 1/A/home 3: another row has the same key",
            "unsorted-rows 1/A/home 3: the row before has a greater key",
        ]
    );
}

#[test]
fn foreign_keys_that_find_no_row() {
    assert_eq!(
        edited("chargers", &[0]),
        [
            "dangling-reference 1/B/home 2: charger_id B is no row of chargers",
            "dangling-reference  2: charger_id B is no row of chargers",
        ]
    );
    assert_eq!(
        edited("operators", &[]),
        [
            "dangling-reference 1/5/home 1: operator_id 5 is no row of operators",
            "dangling-reference 5/1 1: operator_id 5 is no row of operators",
            "dangling-reference 5/1/1 1: operator_id 5 is no row of operators",
            "dangling-reference 5/2/1 2: operator_id 5 is no row of operators",
        ]
    );
}

#[test]
fn tables_that_do_not_fit_together_make_no_check_panic() {
    let payload = std::fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../fixtures/generated.json"
    ));
    let whole = Parser::new().parse_slice(&payload.unwrap()).unwrap();
    for emptied in 0..whole.tables.len() {
        let mut dataset = whole.clone();
        let batches = &mut dataset.tables[emptied].batches;
        batches
            .iter_mut()
            .for_each(|batch| *batch = batch.slice(0, 0));
        let findings = Checker::new(&dataset).all();
        assert!(findings.count() > 0);
    }
}
