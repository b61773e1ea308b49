//! `voltree inspect`.

mod common;

use common::{stderr, stdout, voltree};

const PAYLOAD: &str = r#"{"operatorGroups":[{"id":7,"groupName":"North","x":1,
    "subgroups":[{"id":8,"groupName":"a","chargers":[{"chargerId":"FI-1","id":"no"}]}],
    "operators":[{"id":1,"groups":[{"id":8,"groupName":"b","users":[{"id":5}]}]}]}]}"#;

fn inspect(flags: &[&str]) -> assert_cmd::assert::Assert {
    voltree()
        .args(["inspect", "-"])
        .args(flags)
        .write_stdin(PAYLOAD)
        .assert()
}

#[test]
fn a_look_at_a_payload() {
    let done = inspect(&[]).success();
    let text = stdout(&done);
    for part in [
        "\nSites\n  North (7)\n    a (8): 1 charger, 1 user\n",
        "\nConflicts\n  sites.group_name                         1\n",
        "\nAnomalies\n  unknown_field                            1\n",
        "\nUnknown fields\n  sites.x                                  1\n",
        "  sites                                    2\n",
    ] {
        assert!(text.contains(part), "{text}");
    }
    assert_eq!(stderr(&done), "");
}

#[test]
fn a_look_for_machines() {
    let seen: serde_json::Value =
        serde_json::from_str(&stdout(&inspect(&["--format", "json"]).success())).unwrap();
    assert_eq!(seen["bytes"], PAYLOAD.len());
    assert_eq!(seen["sites"][1]["name"], "a");
    assert_eq!(seen["sites"][1]["depth"], 1);
    assert_eq!(seen["unknown_fields"]["sites.x"], 1);
    assert_eq!(seen["anomalies"]["wrong_type"], 1);
    let sites = seen["records"]
        .as_array()
        .unwrap()
        .iter()
        .find(|r| r["kind"] == "Site")
        .unwrap();
    assert_eq!(sites["occurrences"], 3);
}

#[test]
fn what_cannot_be_read_is_refused_as_by_convert() {
    voltree()
        .args(["inspect", "-"])
        .write_stdin("[1")
        .assert()
        .code(3)
        .stdout("");
    voltree()
        .args(["inspect", "/no/such/file"])
        .assert()
        .code(5)
        .stdout("");
}
