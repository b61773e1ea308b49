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
pub(super) fn site(fields: &str) -> String {
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
pub(super) fn holds(kind: FindingKind, bad: &str, expected: &str, good: &str) {
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
    holds(
        FindingKind::DuplicateTag,
        &tags("\"Kärt\"", "\"KÄRT\""),
        "tags 9 idTag",
        &tags("\"Kärt\"", "\"KART\""),
    );
    // At the end of a word there is another small sigma.
    holds(
        FindingKind::DuplicateTag,
        &tags("\"ΑΣ\"", "\"ασ\""),
        "tags 9 idTag",
        &tags("\"ΑΣ\"", "\"αβ\""),
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

#[test]
fn findings_may_be_taken_on_another_thread() {
    let dataset = Parser::new()
        .parse_slice(site(r#""groupName":5"#).as_bytes())
        .unwrap();
    let findings = Checker::new(&dataset).all();
    let found = std::thread::scope(|scope| scope.spawn(|| findings.count()).join().unwrap());
    assert_eq!(found, 1);
    assert!(dataset.get("anomalies").is_some() && dataset.get("lineage_records").is_none());
    assert_eq!(Moment::from_micros(7).micros(), 7);
}
