use crate::Parser;
use crate::check::{Checker, Finding, FindingKind};

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
fn keys_that_are_too_long_for_one_array_together() {
    let payload = format!(
        r#"{{"operatorGroups":[{{"id":1,"chargers":[{{"chargerId":"{}","sockets":[{{"id":1,"deviceEvseId":1}}]}}]}}]}}"#,
        "c".repeat(1 << 20)
    );
    let mut dataset = Parser::new().parse_slice(payload.as_bytes()).unwrap();
    for table in &mut dataset.tables {
        if table.def.name == "sockets" {
            table.batches = vec![table.batches[0].clone(); 2_049];
        }
    }
    let count = |kind| Checker::new(&dataset).of(kind).count();
    assert_eq!(count(FindingKind::RepeatedKey), 2_048);
    assert_eq!(count(FindingKind::UnsortedRows), 0);
    assert_eq!(count(FindingKind::DanglingReference), 0);
}
