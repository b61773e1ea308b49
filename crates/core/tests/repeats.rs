//! What stands again is recognised.

use voltree_core::Parser;

/// Bytes of a record by which it is looked for.
const PREFIX: usize = 128;

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
    // The first one stands behind a short one, which only a part of the others are looked for.
    assert!(found >= all[1..].concat().len(), "{found}");
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

#[test]
fn short_records_are_found_whatever_stands_behind_them() {
    let all: Vec<String> = chargers(
        50,
        r#","chargerName":"so that it is not among the shortest""#,
    );
    assert!((65..PREFIX).contains(&all[0].len()));
    for separator in [",", " ,\n  "] {
        // Each of them stands behind each other one.
        let mixed = (0..2_000).map(|n| all[(n * n * 7 + n / 50) % 50].as_str());
        let list = mixed.collect::<Vec<_>>().join(separator);
        let (found, _) = repeated(&format!(
            r#"{{"operatorGroups":[{{"id":1,"chargers":[{list}]}}]}}"#
        ));
        assert!(found >= 1_900 * all[0].len(), "{found}");
    }
}

#[test]
fn what_stands_again_behind_much_that_does_not_is_found() {
    // So many that in the end few of them are remembered.
    let all = chargers(
        9_999,
        r#","chargerName":"of some length, as most of them are""#,
    );
    let (once, again) = (all.join(","), all[5_000..].join(","));
    let mixed = (0..5_000).map(|n| all[5_000 + n * 7 % 50].as_str());
    let mixed = mixed.collect::<Vec<_>>().join(",");
    let payload = format!(
        r#"{{"operatorGroups":[{{"id":1,"chargers":[{once}]}},{{"id":2,"chargers":[{again}]}},
        {{"id":3,"chargers":[{mixed}]}}]}}"#
    );
    let (found, _) = repeated(&payload);
    let length = all[0].len();
    assert!((65..PREFIX).contains(&length));
    // A run of them from one of the first few on; and each of the mixed ones, once it has stood there.
    assert!(found >= (4_980 + 4_900) * length, "{}", found / length);
    let tables = |parser: Parser| parser.parse_slice(payload.as_bytes()).unwrap().tables;
    let rows = |table: &voltree_core::Table| {
        table
            .batches
            .iter()
            .map(|batch| batch.num_rows())
            .sum::<usize>()
    };
    let (with, without) = (tables(Parser::new()), tables(Parser::new().memo(false)));
    for (one, other) in with.iter().zip(&without) {
        assert_eq!(rows(one), rows(other), "{}", one.def.name);
    }
}

#[test]
fn a_record_that_begins_like_another_one_is_found() {
    let filler = format!(r#"{{"id":5,"groupName":"{}"}}"#, "p".repeat(200));
    let site = |number: u32| {
        let name = number.to_string().repeat(1_000);
        format!(r#"{{"subgroups":[{{"id":9}}],"id":{number},"groupName":"{name}"}}"#)
    };
    let sites = [site(1), site(2)];
    let list: Vec<&str> = (0..200)
        .flat_map(|n| [filler.as_str(), &sites[n % 2]])
        .collect();
    let (found, bytes) = repeated(&format!(r#"{{"operatorGroups":[{}]}}"#, list.join(",")));
    assert!(found > bytes * 95 / 100, "{found} of {bytes}");
}

#[test]
fn a_run_of_one_record_is_one_record_however_short() {
    for id in 0..20 {
        let site = format!(r#"{{"id":{id}}}"#);
        let list = vec![site.as_str(); 100].join(",");
        let (found, _) = repeated(&format!(r#"{{"operatorGroups":[{list}]}}"#));
        assert_eq!(found, 99 * site.len(), "{site}");
    }
}
