//! The truth is what a walk over the payload finds, for every table.

use serde_json::Value;
use voltree_generate::{Config, TABLES, Truth, generate};

mod walker;

fn small() -> Config {
    Config {
        chargers: 29,
        per_site: 4,
        users_per_site: 16,
        admins: 1,
        regional: 2,
        local: 3,
        spare: 1,
        ..Config::default()
    }
}

/// Compares all tables, and returns them.
fn check(config: &Config) -> Truth {
    let mut payload = Vec::new();
    let truth = generate(config, &mut payload).expect("a vector takes it");
    assert_eq!(truth.bytes, payload.len() as u64);
    let text = std::str::from_utf8(&payload).expect("UTF-8");
    // Keys that one kind of record has, and always.
    let occurrences = |key| text.matches(&format!("\"{key}\":")).count() as u64;
    assert_eq!(truth.occurrences.chargers, occurrences("chargerId"));
    assert_eq!(truth.occurrences.sites, occurrences("groupType"));
    let operators = occurrences("isAdminOperator");
    assert_eq!(truth.occurrences.operators, operators);
    assert_eq!(
        truth.occurrences.users,
        occurrences("homeGroupId") - operators
    );
    let value: Value = serde_json::from_str(text).expect("valid JSON");
    let mut found = walker::count(&value);
    for table in TABLES {
        found.entry(table).or_insert(0);
    }
    assert_eq!(truth.tables, found, "{config:?}");
    truth
}

#[test]
fn natural_shape() {
    let truth = check(&small());
    let quality = ["extras", "conflicts", "anomalies"];
    for (table, rows) in truth.tables {
        assert_eq!(rows == 0, quality.contains(&table), "{table}");
    }
}

#[test]
fn many_seeds() {
    for seed in 0..4 {
        check(&Config {
            seed,
            drift: true,
            volatile: 0.4,
            ..small()
        });
    }
}

#[test]
fn volatile_chargers_conflict() {
    let conflicts = |volatile| {
        check(&Config {
            volatile,
            ..small()
        })
        .tables["conflicts"]
    };
    let rare = conflicts(0.001);
    let often = conflicts(0.3);
    assert!(rare > 0 && rare < often, "{rare} {often}");
    // Each charger stands often enough to have met most of its 16 instants.
    assert!(often > 29 * 5 && often <= 29 * 15, "{often}");
    assert!(conflicts(1.0) > often);
}

#[test]
fn drift_is_found_in_every_kind_of_record() {
    let truth = check(&Config {
        drift: true,
        ..small()
    });
    assert_eq!(truth.tables["anomalies"], 8);
    assert!(truth.tables["extras"] > 29 * 5);
}

#[test]
fn only_what_operators_see() {
    let one_region = Config {
        admins: 0,
        regional: 1,
        local: 0,
        spare: 0,
        ..small()
    };
    // Five sites with four chargers each, and for drivers of the last one the site next to it.
    assert_eq!(check(&one_region).tables["chargers"], 24);
    // The home site, a second one, and for its drivers the sites next to these.
    let one_local = Config {
        regional: 0,
        local: 1,
        ..one_region.clone()
    };
    let truth = check(&Config {
        drift: true,
        ..one_local
    });
    assert_eq!(truth.tables["users"], 32);
    assert_eq!(truth.tables["chargers"], 16);
    let nobody = Config {
        regional: 0,
        ..one_region
    };
    assert_eq!(check(&nobody).tables["chargers"], 0);
}

#[test]
fn without_hierarchy() {
    let truth = check(&Config {
        exclude_hierarchy: true,
        drift: true,
        volatile: 0.5,
        ..small()
    });
    assert_eq!(truth.tables["operators"], 7);
    assert_eq!(truth.tables["operator_sites"], 0);
}

#[test]
fn without_repeats() {
    for operators in [
        small(),
        Config {
            chargers: 29,
            ..Config::distinct()
        },
    ] {
        let config = Config {
            no_repeats: true,
            volatile: 0.5,
            ..operators
        };
        let truth = check(&config);
        assert_eq!(truth.tables["chargers"], 29);
        assert_eq!(truth.occurrences.chargers, 29);
        assert_eq!(truth.occurrences.users, truth.tables["users"]);
        assert_eq!(truth.tables["conflicts"], 0);
    }
}

#[test]
fn odd_sizes() {
    check(&Config {
        chargers: 1,
        ..small()
    });
    check(&Config {
        per_site: 1,
        ..small()
    });
    check(&Config {
        per_site: 1000,
        ..small()
    });
    check(&Config {
        users_per_site: 0,
        ..small()
    });
    check(&Config {
        users_per_site: 20,
        chargers: 11,
        ..small()
    });
    check(&Config {
        pretty: true,
        shuffle_keys: true,
        drift: true,
        volatile: 0.3,
        ..small()
    });
}
