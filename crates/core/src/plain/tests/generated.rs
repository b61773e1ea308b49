//! Generated payloads, whose rows are known beforehand; large and deep ones.

use voltree_generate::{Config, generate};

use super::{chargers, rows, rows_of};
use crate::{
    DEFAULT_MAX_DEPTH, ErrorKind,
    plain::read_only,
    schema::{self, Kind},
};

fn assert_truth(config: &Config) {
    let mut payload = Vec::new();
    let truth = generate(config, &mut payload).unwrap();
    let dataset = read_only(&payload, DEFAULT_MAX_DEPTH).unwrap();
    for table in &dataset.tables {
        let expected = truth.tables[table.def.name];
        assert_eq!(
            table.rows() as u64,
            expected,
            "{} of {config:?}",
            table.def.name
        );
    }
    for count in &dataset.stats.records {
        let expected = match count.kind {
            Kind::Site => truth.occurrences.sites,
            Kind::Operator => truth.occurrences.operators,
            Kind::User => truth.occurrences.users,
            _ => truth.occurrences.chargers,
        };
        assert_eq!(
            count.occurrences, expected,
            "{:?} of {config:?}",
            count.kind
        );
    }
}

#[test]
fn tables_have_the_rows_that_the_generator_put_there() {
    let small = Config {
        chargers: 12,
        per_site: 4,
        users_per_site: 3,
        admins: 1,
        regional: 1,
        local: 1,
        ..Config::default()
    };
    for config in [
        small.clone(),
        Config {
            exclude_hierarchy: true,
            ..small.clone()
        },
        Config {
            no_repeats: true,
            ..small.clone()
        },
        Config {
            pretty: true,
            shuffle_keys: true,
            ..small.clone()
        },
        Config {
            drift: true,
            volatile: 0.3,
            ..small.clone()
        },
        Config {
            chargers: 40,
            ..Config::distinct()
        },
    ] {
        assert_truth(&config);
    }
}

#[test]
fn key_order_and_white_space_change_places_only() {
    let config = Config {
        chargers: 8,
        per_site: 4,
        users_per_site: 2,
        admins: 1,
        regional: 0,
        local: 1,
        drift: true,
        volatile: 0.5,
        ..Config::default()
    };
    let tables = [false, true].map(|shuffled| {
        let config = Config {
            pretty: shuffled,
            shuffle_keys: shuffled,
            ..config.clone()
        };
        let mut payload = Vec::new();
        generate(&config, &mut payload).unwrap();
        read_only(&payload, DEFAULT_MAX_DEPTH).unwrap()
    });
    for def in schema::tables() {
        let places = ["path", "byte_offset", "line", "column"];
        let columns = def.columns.iter().map(|column| column.name);
        let columns: Vec<_> = columns.filter(|name| !places.contains(name)).collect();
        let [one, other] = tables
            .each_ref()
            .map(|dataset| rows_of(dataset, def.name, &columns.join(" ")));
        assert_eq!(one, other, "{}", def.name);
    }
}

#[test]
fn many_conflicts_take_linear_time() {
    let one = |index| {
        format!(r#"{{"chargerId":"a","chargerName":"{index}","x":[{index}],"id":"{index}"}}"#)
    };
    let all: Vec<String> = (0..5_000).map(one).collect();
    let payload = chargers(&all.join(","));
    assert_eq!(rows(&payload, "conflicts", "other").len(), 2 * 4_999);
    assert_eq!(rows(&payload, "anomalies", "raw").len(), 5_001);
}

#[test]
fn large_objects_take_linear_time() {
    let member = |index| format!(r#""{index}":{index}"#);
    let all: Vec<String> = (0..5_000).map(member).collect();
    let all = all.join(",");
    let payload = chargers(&format!(
        r#"{{"chargerId":"a","customProperties":{{{all}}},{all}}}"#
    ));
    assert_eq!(
        rows(&payload, "charger_custom_properties", "name").len(),
        5_000
    );
    assert_eq!(rows(&payload, "extras", "field").len(), 5_000);
}

#[test]
fn deep_payloads_need_no_deep_stack() {
    let levels = 10_000;
    let nested = move |start: &str| start.repeat(levels) + &"]}".repeat(levels);
    let work = move || {
        for site in [
            r#"{"id":1,"subgroups":["#,
            r#"{"subgroups":["#,
            r#"{"id":1,"x":["#,
        ] {
            let payload = format!(r#"{{"operatorGroups":[{}]}}"#, nested(site));
            let error = read_only(payload.as_bytes(), DEFAULT_MAX_DEPTH).unwrap_err();
            assert!(matches!(
                error.kind(),
                ErrorKind::TooDeep {
                    limit: DEFAULT_MAX_DEPTH
                }
            ));
            if site.contains("id") {
                let dataset = read_only(payload.as_bytes(), u32::MAX).unwrap();
                assert_eq!(dataset.stats.depth, 2 * levels as u32 + 2);
            }
        }
    };
    let thread = std::thread::Builder::new().stack_size(256 << 10);
    thread.spawn(work).unwrap().join().unwrap();
}
