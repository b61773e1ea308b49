//! The shapes of payloads that are measured.

use std::io::{self, Write};

use voltree_generate::{Config, generate};

use crate::adversary;

/// Records that a scaled-down payload keeps at least, if it has as many at all.
const FEWEST: u32 = 4;

/// A payload to be: a name, and what writes it.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// What the tables of results call it.
    pub name: &'static str,
    content: Content,
}

#[derive(Clone, Copy, Debug)]
enum Content {
    /// What the generator makes of this.
    Generated(fn() -> Config),
    /// So many records of what this function writes.
    Adversary(u32, adversary::Write),
}

/// The API's natural shape: 103 operators see 1,000 chargers; about 170 MB, of which 98 % repeat.
pub const REPEATS: Shape = generated("repeats", Config::repeats);
/// 40,000 chargers, each once: about 118 MB, the worst case for a memo.
pub const DISTINCT: Shape = generated("distinct", Config::distinct);
/// [`REPEATS`] seen by ten times as many operators: about 1.7 GB with the same distinct content.
pub const OPERATORS_X10: Shape = generated("operators-x10", || {
    Config::repeats().with_operators_times(10)
});
/// [`REPEATS`] where three in ten of the repeated chargers have another `lastSeen`.
pub const VOLATILE: Shape = generated("volatile", || Config {
    volatile: 0.3,
    ..Config::repeats()
});
/// [`REPEATS`], indented.
pub const PRETTY: Shape = generated("pretty", || Config {
    pretty: true,
    ..Config::repeats()
});
/// [`DISTINCT`], indented.
pub const PRETTY_DISTINCT: Shape = generated("pretty-distinct", || Config {
    pretty: true,
    ..Config::distinct()
});
/// [`DISTINCT`] with what the schema does not know, and has otherwise.
pub const DRIFT: Shape = generated("drift", || Config {
    drift: true,
    ..Config::distinct()
});
/// About 10 kB: what a conversion costs that has next to nothing to do.
pub const START_UP: Shape = generated("start-up", || Config {
    chargers: 4,
    users_per_site: 2,
    ..Config::distinct()
});
/// A million records that start alike and differ in their last bytes.
pub const SHARED_PREFIX: Shape = adversary("shared-prefix", 1_000_000, adversary::shared_prefix);
/// Long records, each equal to two earlier ones but for its last bytes.
pub const NEAR_REPEATS: Shape = adversary("near-repeats", 30_000, adversary::near_repeats);
/// Sites in each other, each equal to an earlier one but for its last bytes.
pub const NESTED_NEAR_REPEATS: Shape =
    adversary("nested-near-repeats", 4_000, adversary::nested_near_repeats);
/// Records so short that remembering them is most of the work.
pub const TINY_RECORDS: Shape = adversary("tiny-records", 2_000_000, adversary::tiny_records);

/// Records just so long that each one is remembered.
pub const SHORT_RECORDS: Shape = adversary("short-records", 1_200_000, adversary::short_records);

/// All of them.
pub const ALL: [&Shape; 13] = [
    &REPEATS,
    &DISTINCT,
    &OPERATORS_X10,
    &VOLATILE,
    &PRETTY,
    &PRETTY_DISTINCT,
    &DRIFT,
    &START_UP,
    &SHARED_PREFIX,
    &NEAR_REPEATS,
    &NESTED_NEAR_REPEATS,
    &TINY_RECORDS,
    &SHORT_RECORDS,
];

const fn generated(name: &'static str, config: fn() -> Config) -> Shape {
    let content = Content::Generated(config);
    Shape { name, content }
}

const fn adversary(name: &'static str, records: u32, write: adversary::Write) -> Shape {
    let content = Content::Adversary(records, write);
    Shape { name, content }
}

impl Shape {
    /// The shape of this name.
    pub fn named(name: &str) -> Option<&'static Shape> {
        ALL.into_iter().find(|shape| shape.name == name)
    }

    /// Writes the payload with `scale` times its records; gives the bytes of its distinct content,
    /// where that is known.
    pub(crate) fn write(&self, scale: f64, out: &mut impl Write) -> io::Result<Option<u64>> {
        match self.content {
            Content::Generated(config) => {
                let config = config();
                let config = Config {
                    chargers: scaled(config.chargers, scale),
                    // Each sees a site or two, however many there are.
                    local: scaled(config.local, scale),
                    ..config
                };
                Ok(Some(generate(&config, out)?.distinct_bytes))
            }
            Content::Adversary(records, write) => {
                write(scaled(records, scale), out)?;
                Ok(None)
            }
        }
    }
}

fn scaled(records: u32, scale: f64) -> u32 {
    // A cast from a float saturates.
    let scaled = (f64::from(records) * scale).round() as u32;
    scaled.max(records.min(FEWEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_is_json_and_bears_its_own_name() {
        for shape in ALL {
            let mut payload = Vec::new();
            shape.write(0.0, &mut payload).unwrap();
            serde_json::from_slice::<serde_json::Value>(&payload).unwrap();
            assert_eq!(Shape::named(shape.name).unwrap().name, shape.name);
        }
    }

    #[test]
    fn the_start_up_payload_has_about_10_kb() {
        let mut payload = Vec::new();
        START_UP.write(1.0, &mut payload).unwrap();
        assert!(
            (9_000..11_000).contains(&payload.len()),
            "{}",
            payload.len()
        );
    }

    #[test]
    fn a_scale_of_nothing_leaves_something() {
        assert_eq!(scaled(1_000, 0.5), 500);
        assert_eq!(scaled(1_000, 0.0), FEWEST);
        assert_eq!(scaled(2, 0.0), 2);
    }
}
