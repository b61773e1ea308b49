//! What stands in a payload, and that it is the same everywhere.

use std::io;

use serde_json::Value;
use sha2::{Digest, Sha256};
use voltree_generate::{Config, ConfigError, generate};

fn small() -> Config {
    Config {
        chargers: 40,
        admins: 1,
        regional: 1,
        local: 4,
        ..Config::default()
    }
}

fn text(config: &Config) -> String {
    let mut payload = Vec::new();
    generate(config, &mut payload).expect("a vector takes it");
    String::from_utf8(payload).expect("UTF-8")
}

fn value(config: &Config) -> Value {
    serde_json::from_str(&text(config)).expect("JSON")
}

/// Benches and fixtures rest on these bytes: a change of this hash changes all of them.
#[test]
fn bytes_are_pinned() {
    let config = Config {
        drift: true,
        volatile: 0.3,
        ..small()
    };
    let hash = Sha256::digest(text(&config));
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        hash,
        "236f9d78cf4a5108a0424597e523cbb41252f229daa9c02b532df97f2057c8f5"
    );
    assert_ne!(
        text(&config),
        text(&Config {
            seed: 2,
            ..config.clone()
        })
    );
}

#[test]
fn form_never_changes_the_value() {
    for config in [
        small(),
        Config {
            drift: true,
            volatile: 0.3,
            ..small()
        },
        Config {
            no_repeats: true,
            ..small()
        },
    ] {
        let plain = value(&config);
        let shuffled = Config {
            shuffle_keys: true,
            ..config.clone()
        };
        assert_ne!(text(&shuffled), text(&config));
        assert_eq!(value(&shuffled), plain);
        let pretty = Config {
            pretty: true,
            ..config
        };
        assert_eq!(value(&pretty), plain);
        assert!(text(&pretty).starts_with("{\n  \"operatorGroups\": [\n    {\n"));
        assert_eq!(
            value(&Config {
                shuffle_keys: true,
                ..pretty
            }),
            plain
        );
    }
}

#[test]
fn keys_come_in_the_order_of_the_api() {
    let text = text(&small());
    let order = [
        "{\"operatorGroups\":[{\"isSpare\":false,\"subgroups\":[{\"isSpare\"",
        "\"isAdminOperator\":true,\"groups\":[{\"subgroups\":[{\"subgroups\":[{",
        "\"users\":[{\"id\":",
        "\"chargerGroups\":[{\"",
        "\"chargers\":[{\"id\":",
        "\"payerId\":",
        "],\"id\":4,\"groupName\":",
        "\"spareOperators\":[{\"id\":",
    ];
    let mut from = 0;
    for part in order {
        let found = text[from..].find(part);
        from += found.unwrap_or_else(|| panic!("{part} is missing after byte {from}"));
    }
}

#[test]
fn has_what_real_payloads_have() {
    let text = text(&Config {
        chargers: 400,
        ..Config::distinct()
    });
    for part in [
        "Jyväskylä",
        "Jyv\\u00e4skyl\\u00e4",
        "東京",
        "\\u6771\\u4eac",
        "\u{1f50c}",
        "\\ud83d\\udd0c",
        "\\n",
        "\\t",
        "\\\\",
        "\\\"",
        "[null]",
        ":[]",
        ":null",
        ":\"\"",
        "\"0001-01-01T00:00:00\"",
        "\"9999-12-31T23:59:59.9999999\"",
    ] {
        assert!(text.contains(part), "{part} is missing");
    }
    // Times by their digits after the second, and by zone.
    let mut digits = [0; 10];
    let mut zones = [0; 3];
    for time in text.split("\"lastSeen\":\"").skip(1) {
        let time = &time[19..time.find('"').expect("an end")];
        let rest = time.trim_start_matches('.');
        let fraction = rest.bytes().take_while(u8::is_ascii_digit).count();
        digits[fraction] += 1;
        zones[["", "Z"]
            .iter()
            .position(|z| *z == &rest[fraction..])
            .unwrap_or(2)] += 1;
    }
    assert!(
        digits.iter().filter(|count| **count > 0).count() >= 8,
        "{digits:?}"
    );
    assert!(zones.iter().all(|count| *count > 0), "{zones:?}");
}

#[test]
fn sizes_are_as_promised() {
    let megabytes = |config: &Config| {
        let truth = generate(config, &mut io::sink()).expect("a sink takes it");
        (truth.bytes as f64 / 1e6, truth)
    };
    let (size, repeats) = megabytes(&Config::repeats());
    assert!((160.0..180.0).contains(&size), "{size}");
    let repeated = 1.0 - repeats.distinct_bytes as f64 / repeats.bytes as f64;
    assert!((0.975..0.99).contains(&repeated), "{repeated}");
    assert_eq!(repeats.tables["operators"], 103);
    assert_eq!(repeats.tables["users"], 1_600);

    let (tenfold_size, tenfold) = megabytes(&Config::repeats().with_operators_times(10));
    assert!(
        (9.5..10.5).contains(&(tenfold_size / size)),
        "{tenfold_size}"
    );
    for table in [
        "sites",
        "users",
        "chargers",
        "sockets",
        "tags",
        "site_chargers",
    ] {
        assert_eq!(tenfold.tables[table], repeats.tables[table], "{table}");
    }

    // A tenth of the shape, to be quick without optimisation.
    let config = Config {
        chargers: 4_000,
        ..Config::distinct()
    };
    let (size, distinct) = megabytes(&config);
    assert!((11.3..12.3).contains(&size), "{size}");
    assert_eq!(distinct.tables["users"], 6_400);
    assert!(distinct.distinct_bytes * 1000 > distinct.bytes * 995);
}

#[test]
fn more_operators_see_the_same_records() {
    let records = |config: &Config| {
        let value = value(config);
        value["operatorGroups"][0]["operators"][0]["groups"][0]["subgroups"][0]["subgroups"][0]
            ["users"]
            .clone()
    };
    let config = small();
    let users = records(&config);
    assert_eq!(users.as_array().map(Vec::len), Some(16));
    assert_eq!(users, records(&config.with_operators_times(3)));
}

#[test]
fn refuses_what_it_cannot_do() {
    let refused = |config: Config, message: &str| {
        let error = generate(&config, &mut io::sink()).expect_err("refused");
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
        let inner = error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<ConfigError>());
        assert_eq!(config.validate().as_ref().err(), inner);
        assert_eq!(error.to_string(), message);
    };
    refused(
        Config {
            chargers: 0,
            ..small()
        },
        "chargers is 0, but has to be from 1 to 100000000",
    );
    refused(
        Config {
            per_site: 0,
            ..small()
        },
        "per_site is 0, but has to be from 1 to 100000000",
    );
    refused(
        Config {
            volatile: -0.1,
            ..small()
        },
        "volatile is -0.1, but is a share and has to be from 0 to 1",
    );
    refused(
        Config {
            users_per_site: u32::MAX,
            ..small()
        },
        "users_per_site is 4294967295, but has to be from 0 to 1000000",
    );
    let not_a_number = Config {
        volatile: f64::NAN,
        ..small()
    };
    assert!(matches!(
        not_a_number.validate(),
        Err(ConfigError::Volatile(_))
    ));
}

#[test]
fn passes_errors_on() {
    struct Full;
    impl io::Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let error = generate(&small(), &mut Full).expect_err("full");
    assert_eq!(error.kind(), io::ErrorKind::StorageFull);
}
