//! What can be typed.

mod batch;
mod check;
mod defaults;
mod diff;
mod generate;
mod limits;
mod manual;
mod place;
mod writing;

use std::{num::NonZeroUsize, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use voltree_core::DEFAULT_MAX_DEPTH;

use crate::{When, console::LogFormat, convert::MOST_THREADS};
pub(crate) use batch::{BatchArgs, Layout, MergeArgs};
pub(crate) use check::{CheckArgs, CheckFormat, FailOn};
pub(crate) use defaults::{Refused, parse, suggestion};
pub(crate) use diff::{DiffArgs, DiffFormat};
pub(crate) use generate::GenerateArgs;
use limits::{Memory, count, size};
pub(crate) use manual::{CompletionsArgs, ManArgs};
use place::{anywhere, directory, directory_anywhere, local};
pub(crate) use writing::Writing;

const EXAMPLES: &str = "\
Examples:
  voltree convert operators.json --out tables
  voltree convert operators.json --out tables --format csv
  curl -H \"$AUTH\" \"$API/operators\" | voltree convert - --out tables
  voltree convert operators.json --out tables --lineage && voltree render tables
  voltree inspect operators.json
  voltree check operators.json
  voltree diff yesterday.json today.json
  voltree schema --format sql
";

const CONVERT_EXAMPLES: &str = "\
Examples:
  voltree convert operators.json --out tables
  voltree convert operators.json --out tables --overwrite --strict
  voltree convert operators.json --out tables --lineage && voltree render tables
  voltree convert - --out tables --format csv --null '\\N' < operators.json
  voltree convert operators.json --out tables --stats-json - --quiet
  voltree convert responses/ --out dataset --on-error skip
  voltree convert 'responses/*.json.gz' --out dataset --append --resume
";

const EXIT_CODES: &str = "\
Exit codes:
    0  done
    1  refused by --strict, --fail-on, --fail-on-change or --csv-safe reject, or inputs were
       left out by --on-error skip
    2  the command line cannot be obeyed, such as an output that is not empty
    3  the input is no operator tree
    5  reading or writing failed
    6  a limit was exceeded, such as --max-depth
  101  the system refused memory, or a bug in voltree
  130  interrupted";

const DEFAULTS: &str = "\
Every option has a default in the environment, such as VOLTREE_THREADS=4 for --threads 4, or in voltree.toml: \
threads = 4 for all commands, the same below [convert] for one. What is typed counts most, then the environment.
";

/// Converts the operator trees of an EV-charging platform into Parquet or CSV tables.
#[derive(Debug, Parser)]
#[command(name = "voltree", version, before_help = EXAMPLES, after_help = format!("{DEFAULTS}\n{EXIT_CODES}"))]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// The file with defaults for options [default: voltree.toml, where it is there]
    #[arg(long, global = true, value_name = "FILE", value_parser = local(), display_order = 1000)]
    config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write the tables of a payload into a directory
    Convert(ConvertArgs),
    /// Join datasets that shards of the inputs were converted into
    Merge(MergeArgs),
    /// Write the payload that a directory of tables was made of
    Render(RenderArgs),
    /// Show what a payload holds
    Inspect(InspectArgs),
    /// Show what is worth knowing before a payload, or a directory of tables, is trusted
    Check(CheckArgs),
    /// Show what changed between two payloads, or directories of tables
    Diff(DiffArgs),
    /// Print the data dictionary
    Schema(SchemaArgs),
    /// Write a synthetic payload
    Generate(GenerateArgs),
    /// Print what makes a shell complete the command line
    Completions(CompletionsArgs),
    /// Print the manual page of a command
    Man(ManArgs),
}

#[derive(Debug, Args)]
#[command(before_help = CONVERT_EXAMPLES, after_help = EXIT_CODES)]
pub(crate) struct ConvertArgs {
    /// Responses of `GET operators`: paths, directories, patterns, URLs, or `-` for standard input
    #[arg(value_name = "INPUT", required_unless_present = "files_from", value_parser = anywhere())]
    pub(crate) inputs: Vec<PathBuf>,

    /// The directory to write; what appears there is complete. A dataset may be in an object store or on a web
    /// server that speaks WebDAV
    #[arg(short, long, value_name = "DIR", value_parser = directory_anywhere())]
    pub(crate) out: PathBuf,

    /// What the tables are written as
    #[arg(short, long, value_enum, default_value_t)]
    pub(crate) format: FormatName,

    /// Write what `voltree render` needs to rebuild the payload, too
    #[arg(long)]
    pub(crate) lineage: bool,

    /// Replace an output directory that is not empty; in a dataset, snapshots of the same name
    #[arg(long)]
    pub(crate) overwrite: bool,

    /// Write nothing if there is any anomaly but unknown fields
    #[arg(long)]
    pub(crate) strict: bool,

    #[command(flatten)]
    pub(crate) fail_on: FailOn,

    /// Write what was read, found and written as JSON, `-` for standard output
    #[arg(long, value_name = "FILE", value_parser = local())]
    pub(crate) stats_json: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) level: Level,

    /// When to show progress
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    pub(crate) progress: When,

    /// How messages are written on standard error
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) log_format: LogFormat,

    #[command(flatten)]
    pub(crate) reading: Reading,

    #[command(flatten)]
    pub(crate) batch: BatchArgs,

    #[command(flatten)]
    pub(crate) writing: Writing,
}

const RENDER_EXAMPLES: &str = "\
Examples:
  voltree render tables > operators.json
  voltree render tables --out operators.json --pretty
  voltree render tables --exclude-hierarchy | jq '.spareOperators[].name'
";

const RENDER_NOTES: &str = "\
With lineage (`voltree convert --lineage`) the output equals the converted payload as a JSON value; \
key order, white space and the spelling of strings may differ.

Without, it is the canonical tree: wherever an identity stands it shows its row, and all its children \
in the tree that it stands in; null columns and empty lists are absent, but for the two lists of the \
root. An operator below another one, and a user below another one, shows nothing below itself if it \
stands elsewhere, too. What would stand within itself all the same is cut, with a note on standard error: \
the record in which it would is written without it wherever that one stands in the tree.
";

#[derive(Debug, Args)]
#[command(before_help = RENDER_EXAMPLES, after_help = format!("{RENDER_NOTES}\n{EXIT_CODES}"))]
pub(crate) struct RenderArgs {
    /// A directory that `voltree convert --out` wrote, Parquet or CSV, or the manifest of a snapshot in a
    /// dataset, as a path or URL
    #[arg(value_parser = anywhere())]
    pub(crate) dir: PathBuf,

    /// The file to write, `-` for standard output; appears when it is complete
    #[arg(short, long, value_name = "FILE", value_parser = local(), default_value = "-")]
    pub(crate) out: PathBuf,

    /// Indent the JSON
    #[arg(long)]
    pub(crate) pretty: bool,

    #[command(flatten)]
    pub(crate) memory: Memory,

    /// Leave out the operators' groups, as the API does with `excludeHierarchy=true`
    #[arg(long)]
    pub(crate) exclude_hierarchy: bool,

    /// Say nothing but errors
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Level {
    /// Say nothing but errors
    #[arg(short, long)]
    pub(crate) quiet: bool,

    /// Say more: the length and hash of each file; in a dataset they stand in the manifests of the snapshots
    #[arg(short, long, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Reading {
    /// Threads that work, at most 1024 [default: as many as the machine has]
    #[arg(long, value_name = "N", value_parser = count(1..=MOST_THREADS as u64))]
    pub(crate) threads: Option<NonZeroUsize>,

    /// Deepest nesting of arrays and objects that is read
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), default_value_t = DEFAULT_MAX_DEPTH)]
    pub(crate) max_depth: u32,

    /// Longest payload that is read, decompressed, such as `500MB` or `2GiB` [default: any]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub(crate) max_input_bytes: Option<u64>,

    #[command(flatten)]
    pub(crate) memory: Memory,

    /// Parse repeats again instead of recognising them; the tables are the same
    #[arg(long)]
    pub(crate) no_memo: bool,
}

#[derive(Debug, Args)]
#[command(
    before_help = "Examples:\n  voltree inspect operators.json\n  voltree inspect - --format json < operators.json\n"
)]
pub(crate) struct InspectArgs {
    /// The response of `GET operators`: a path, a URL, or `-` for standard input
    #[arg(value_parser = anywhere())]
    pub(crate) input: PathBuf,

    /// How it is shown
    #[arg(short, long, value_enum, default_value_t)]
    pub(crate) format: InspectFormat,

    #[command(flatten)]
    pub(crate) reading: Reading,
}

#[derive(Debug, Args)]
#[command(
    before_help = "Examples:\n  voltree schema > tables.md\n  voltree schema --format sql | duckdb tables.db\n"
)]
pub(crate) struct SchemaArgs {
    /// How it is written
    #[arg(short, long, value_enum, default_value_t)]
    pub(crate) format: SchemaFormat,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum FormatName {
    #[default]
    Parquet,
    Csv,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum InspectFormat {
    #[default]
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum SchemaFormat {
    #[default]
    Markdown,
    Json,
    Sql,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_flags_agree_with_each_other() {
        Cli::command().debug_assert();
    }
}
