//! The options of `voltree convert` for many inputs.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{anywhere, directory_anywhere, local};
use crate::{NameTemplate, OnError, Shard};

const HEADING: &str = "Many inputs";

#[derive(Debug, Args)]
#[command(next_help_heading = HEADING)]
pub(crate) struct BatchArgs {
    /// A file that names inputs, one a line; `-` for standard input
    #[arg(long, value_name = "FILE", value_parser = local())]
    pub(crate) files_from: Option<PathBuf>,

    /// How the output is laid out: `flat` for one payload, `hive` for a dataset with a snapshot of each
    /// payload [default: flat for one file, hive for several, a directory, a pattern, a list or an object store,
    /// and with --append, --resume, --on-error, --shard or --snapshot-name where these are typed]
    #[arg(long, value_enum)]
    pub(crate) layout: Option<Layout>,

    /// Name of an input's snapshot: text with {stem}, {name} and {parent} of its path
    #[arg(long, value_name = "TEMPLATE", default_value_t)]
    pub(crate) snapshot_name: NameTemplate,

    /// Add snapshots to a dataset; what is there is never touched
    #[arg(long, conflicts_with = "overwrite")]
    pub(crate) append: bool,

    /// Skip inputs whose complete output is there, and go on where a run ended
    #[arg(long)]
    pub(crate) resume: bool,

    /// What becomes of the rest when an input cannot be converted
    #[arg(long, value_enum, value_name = "WHAT", default_value_t)]
    pub(crate) on_error: OnError,

    /// Convert the I-th of N shares of the inputs
    #[arg(long, value_name = "I/N")]
    pub(crate) shard: Option<Shard>,

    /// Say what would be read and written, and do neither
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Whether something was typed that only a dataset has: defaults are for datasets, and make none
    #[arg(skip)]
    pub(crate) asks_for_dataset: bool,
}

/// The options that only a dataset has.
pub(crate) const OF_DATASETS: [&str; 5] =
    ["append", "resume", "shard", "on_error", "snapshot_name"];

/// How an output is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Layout {
    /// A file for each table
    Flat,
    /// A folder for each table, with a folder for each snapshot
    Hive,
}

const MERGE_EXAMPLES: &str = "\
Examples:
  voltree convert responses/ --out shard-1 --shard 1/2
  voltree convert responses/ --out shard-2 --shard 2/2
  voltree merge dataset shard-1 shard-2
  voltree merge dataset    # lists again what is there
";

#[derive(Debug, Args)]
#[command(before_help = MERGE_EXAMPLES, after_help = super::EXIT_CODES)]
pub(crate) struct MergeArgs {
    /// The dataset to join into: a directory, in an object store or on a server; made where it is missing
    #[arg(value_parser = directory_anywhere())]
    pub(crate) out: PathBuf,

    /// Datasets whose snapshots are added, directories or in object stores; they stay as they are
    #[arg(value_parser = anywhere())]
    pub(crate) shards: Vec<PathBuf>,

    /// Say nothing but errors
    #[arg(short, long)]
    pub(crate) quiet: bool,
}
