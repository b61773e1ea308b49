//! Generates the shapes into nothing and prints sizes and speeds.

use std::io;
use std::time::Instant;

use voltree_generate::{Config, generate};

fn main() -> io::Result<()> {
    let repeats = Config::repeats;
    let shapes = [
        ("repeats", repeats()),
        ("10 x the operators", repeats().with_operators_times(10)),
        (
            "volatile",
            Config {
                volatile: 0.3,
                ..repeats()
            },
        ),
        (
            "drift",
            Config {
                drift: true,
                ..repeats()
            },
        ),
        (
            "pretty",
            Config {
                pretty: true,
                ..repeats()
            },
        ),
        (
            "shuffled",
            Config {
                shuffle_keys: true,
                ..repeats()
            },
        ),
        ("distinct", Config::distinct()),
    ];
    for (name, config) in shapes {
        let start = Instant::now();
        let truth = generate(&config, &mut io::sink())?;
        let seconds = start.elapsed().as_secs_f64();
        let megabytes = truth.bytes as f64 / 1e6;
        let repeated = 100.0 - 100.0 * truth.distinct_bytes as f64 / truth.bytes as f64;
        println!(
            "{name:20} {megabytes:7.1} MB, {repeated:4.1} % repeated, {:5.0} MB/s, {} chargers stand {} times",
            megabytes / seconds,
            truth.tables["chargers"],
            truth.occurrences.chargers,
        );
    }
    Ok(())
}
