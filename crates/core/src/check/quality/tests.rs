use crate::Parser;
use crate::check::tests::{holds, site};
use crate::check::{Checker, Finding, FindingKind, Seen};

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
