//! The options of `voltree diff`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{EXIT_CODES, FormatName, Reading, Writing, anywhere, directory};

const EXAMPLES: &str = "\
Examples:
  voltree diff yesterday.json today.json
  voltree diff tables today.json --limit 100
  voltree diff yesterday today --out changes --tables csv
  voltree diff dataset/_snapshots/monday.json dataset/_snapshots/tuesday.json
  curl -H \"$AUTH\" \"$API/operators\" | voltree diff tables - --fail-on-change
  voltree diff yesterday today --format json | jq '.tables.chargers'
";

const NOTES: &str = "\
Rows are paired by their table's key. Not compared: where conflicts and anomalies stood in the text, \
and the tables of the lineage.
";

#[derive(Debug, Args)]
#[command(before_help = EXAMPLES, after_help = format!("{NOTES}\n{EXIT_CODES}"))]
pub(crate) struct DiffArgs {
    /// The one before: a response of `GET operators`, a directory that `voltree convert` wrote, or
    /// the manifest of a snapshot; a path, a URL, or `-` for standard input
    #[arg(value_parser = anywhere())]
    pub(crate) old: PathBuf,

    /// The one behind, likewise
    #[arg(value_parser = anywhere())]
    pub(crate) new: PathBuf,

    /// How the summary is shown
    #[arg(short, long, value_enum, default_value_t)]
    pub(crate) format: DiffFormat,

    /// Changed rows of each table that the summary shows
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) limit: usize,

    /// End with exit code 1 if there is any difference
    #[arg(long)]
    pub(crate) fail_on_change: bool,

    /// The directory to write all changes to, as tables; appears when it is complete
    #[arg(short, long, value_name = "DIR", value_parser = directory())]
    pub(crate) out: Option<PathBuf>,

    /// What the tables of --out are written as
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) tables: FormatName,

    /// Replace an output directory that is not empty
    #[arg(long)]
    pub(crate) overwrite: bool,

    #[command(flatten)]
    pub(crate) reading: Reading,

    #[command(flatten)]
    pub(crate) writing: Writing,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// Counts, and a few changes of each table
    #[default]
    Text,
    /// The same as one JSON object
    Json,
}
