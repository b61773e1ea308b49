//! What stands again is recognised.

use voltree_core::Parser;

/// Bytes that were recognised, and of all of them.
fn repeated(payload: &str) -> (usize, usize) {
    let parse = |parser: Parser| parser.parse_slice(payload.as_bytes()).unwrap();
    assert_eq!(parse(Parser::new().memo(false)).stats.repeated_bytes, 0);
    let stats = parse(Parser::new()).stats;
    (stats.repeated_bytes as usize, stats.bytes as usize)
}

fn chargers(count: usize, rest: &str) -> Vec<String> {
    let charger = |number| format!(r#"{{"chargerId":"{number:04}"{rest}}}"#);
    (0..count).map(charger).collect()
}

#[test]
fn a_list_that_stands_again_elsewhere_is_found() {
    let all = chargers(
        100,
        r#","chargerName":"of some length","sockets":[{"id":1},{"id":2}]"#,
    );
    let list = all.join(",");
    let payload = format!(
        r#"{{"operatorGroups":[{{"id":1,"chargers":[{list}]}},{{"id":2,"chargers":[{{}},{list}]}}]}}"#
    );
    let (found, _) = repeated(&payload);
    assert_eq!(found, all.concat().len());
}

#[test]
fn of_short_records_that_stand_again_all_but_a_few_are_found() {
    let all = chargers(1_000, "");
    let list = all.join(",");
    let payload = format!(
        r#"{{"operatorGroups":[{{"id":1,"chargers":[{list}]}},{{"id":2,"chargers":[{{}},{list}]}}]}}"#
    );
    let (found, _) = repeated(&payload);
    let length = all[0].len();
    assert!((980 * length..=1_000 * length).contains(&found), "{found}");
}

#[test]
fn a_site_that_stands_a_hundred_times_is_read_once() {
    let list = chargers(50, "").join(",");
    let site = format!(r#"{{"id":1,"chargers":[{list}]}}"#);
    let payload = format!(
        r#"{{"operatorGroups":[{}]}}"#,
        vec![site.as_str(); 100].join(",")
    );
    let (found, bytes) = repeated(&payload);
    assert_eq!(found, 99 * site.len());
    assert!(found > bytes * 98 / 100);
}
