//! Payloads of the generator.

use voltree_generate::{Config, generate};

/// The natural shape in small.
pub fn small() -> Config {
    Config {
        chargers: 30,
        per_site: 5,
        admins: 1,
        regional: 2,
        local: 3,
        ..Config::repeats()
    }
}

/// The payload that a configuration gives.
pub fn generated(config: &Config) -> String {
    let mut payload = Vec::new();
    generate(config, &mut payload).expect("a vector takes it");
    String::from_utf8(payload).expect("the generator writes UTF-8")
}
