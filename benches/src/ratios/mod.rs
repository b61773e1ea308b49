//! The targets, each as a ratio of two runs that alternate.

mod experiment;
mod figure;
mod process;

use std::{
    io::{self, Write},
    path::PathBuf,
};

use clap::Args;
use experiment::EXPERIMENTS;
use figure::Samples;
use process::Voltree;

/// How the ratios are measured.
#[derive(Debug, Args)]
pub struct Options {
    /// How often each of the two is run
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,

    /// Measure only what has this in its name
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,

    /// The binary to measure [default: built from this workspace]
    #[arg(long, value_name = "FILE")]
    voltree: Option<PathBuf>,
}

/// Measures and prints a table, line by line.
///
/// # Errors
///
/// When anything cannot be made, run or printed.
pub fn run(options: &Options, out: &mut impl Write) -> io::Result<()> {
    let voltree = match &options.voltree {
        Some(binary) => Voltree::at(binary)?,
        None => Voltree::build()?,
    };
    let chosen = EXPERIMENTS.iter().filter(|experiment| {
        let name = options.only.as_deref().unwrap_or_default();
        experiment.rows.iter().any(|row| row.name.contains(name))
    });
    writeln!(out, "| what | this | against | figure | spread | target |")?;
    writeln!(out, "|---|--:|--:|--:|--:|--:|")?;
    for experiment in chosen {
        let [this, that] = [experiment.this, experiment.that].map(|run| run.prepare(&voltree));
        let (this, that) = (this?, that?);
        let mut samples = Samples::new(this.payload(), that.payload());
        for _ in 0..options.rounds {
            samples.push(this.sample()?, that.sample()?);
        }
        for row in experiment.rows {
            writeln!(out, "{}", row.markdown(&samples))?;
        }
        out.flush()?;
    }
    writeln!(
        out,
        "\nMedians of {} rounds in which the two runs alternate; the spread is that of the rounds.",
        options.rounds
    )
}
