//! The options of `voltree check`.

use std::path::PathBuf;

use clap::{
    Args, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};
use voltree_core::check::{FindingKind, Moment};

use super::{EXIT_CODES, Reading, anywhere};

const EXAMPLES: &str = "\
Examples:
  voltree check operators.json
  voltree check operators.json --fail-on wrong-type,cycle
  voltree check operators.json --format sarif > voltree.sarif
  voltree check tables --fail-on any
";

/// Stands for every kind.
const ANY: &str = "any";

#[derive(Debug, Args)]
#[command(before_help = EXAMPLES, after_help = EXIT_CODES)]
pub(crate) struct CheckArgs {
    /// The response of `GET operators`, a directory that `voltree convert` wrote, or the manifest of a
    /// snapshot: a path, a URL, or `-` for standard input
    #[arg(value_parser = anywhere())]
    pub(crate) input: PathBuf,

    /// How findings are shown
    #[arg(short, long, value_enum, default_value_t)]
    pub(crate) format: CheckFormat,

    #[command(flatten)]
    pub(crate) fail_on: FailOn,

    /// The time that expired tags are told by [default: the latest lastSeen or lastUpdated that is
    /// found]
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<Moment>,

    /// Findings of each kind that text shows; JSON and SARIF have all
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(crate) limit: usize,

    #[command(flatten)]
    pub(crate) reading: Reading,
}

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct FailOn {
    /// Kinds of finding that are refused with exit code 1, or `any`
    #[arg(
        long = "fail-on",
        value_name = "KIND,…",
        value_delimiter = ',',
        value_parser = kinds(),
    )]
    kinds: Vec<Refused>,
}

/// What `--fail-on` names.
#[derive(Clone, Copy, Debug)]
enum Refused {
    Any,
    Kind(FindingKind),
}

impl FailOn {
    /// The kinds, in their own order.
    pub(crate) fn kinds(&self) -> Vec<FindingKind> {
        let refused = |kind: &FindingKind| {
            self.kinds.iter().any(|named| match named {
                Refused::Any => true,
                Refused::Kind(named) => named == kind,
            })
        };
        FindingKind::ALL.iter().copied().filter(refused).collect()
    }
}

fn kinds() -> impl TypedValueParser<Value = Refused> {
    let names = FindingKind::ALL.iter().map(|kind| kind.name());
    PossibleValuesParser::new(std::iter::once(ANY).chain(names))
        .map(|name| name.parse().map_or(Refused::Any, Refused::Kind))
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// Counts, and a few findings of each kind
    #[default]
    Text,
    /// All findings as one JSON object
    Json,
    /// All findings as SARIF 2.1.0, for code scanning tools
    Sarif,
}
