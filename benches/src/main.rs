//! The command that measures whole processes beside each other. See `benches/README.md`.

use std::{
    io::{self, Write},
    path::PathBuf,
    process::{Command, ExitCode},
    time::Duration,
};

use clap::Parser;
use voltree_benches::{Shape, bare::Bare, measure, ratios, shape};

/// Measures voltree, and what to compare it with
#[derive(Debug, Parser)]
enum Cli {
    /// Print the targets and what this machine makes of them
    Ratios(ratios::Options),
    /// Make a payload, and print its path
    Payload {
        /// Its name
        #[arg(value_parser = shape_named)]
        shape: &'static Shape,
    },
    /// Print the seconds that it takes to pass over a payload
    Bare {
        /// How
        #[arg(value_enum)]
        bare: Bare,
        /// The payload
        payload: PathBuf,
    },
    /// Run a command, and print what it took as JSON
    Measure {
        /// Seconds after which it is killed
        #[arg(long)]
        limit: Option<u64>,
        /// The command
        #[arg(last = true, required = true)]
        command: Vec<String>,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match cli {
        Cli::Ratios(options) => ratios::run(&options, &mut out),
        Cli::Payload { shape } => writeln!(out, "{}", shape.payload()?.path.display()),
        Cli::Bare { bare, payload } => writeln!(out, "{}", bare.time(&payload)?.as_secs_f64()),
        Cli::Measure { limit, command } => {
            let mut process = Command::new(&command[0]);
            process.args(&command[1..]);
            let measured = measure::measure(&mut process, limit.map(Duration::from_secs))?;
            writeln!(out, "{}", serde_json::to_string(&measured)?)
        }
    }
}

fn shape_named(name: &str) -> Result<&'static Shape, String> {
    Shape::named(name).ok_or_else(|| {
        let names: Vec<&str> = shape::ALL.iter().map(|shape| shape.name).collect();
        format!("the payloads are {}", names.join(", "))
    })
}
