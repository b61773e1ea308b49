//! What is to be done: the meaning of a command line, with its contradictions ruled out.

mod format;
mod inputs;

use std::{num::NonZeroUsize, path::PathBuf};

use voltree_core::{
    Parser,
    check::{FindingKind, Moment},
};

use crate::{
    Batch, Cleanup, Error, Existing, Format, Input,
    cli::{CheckArgs, ConvertArgs, DiffArgs, InspectArgs, Level, Reading},
    console::{Console, Verbosity},
    output::StagedDir,
};
use format::{format, output_format};
pub(crate) use inputs::layout;
use inputs::{inputs, only_input};

/// When progress is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum When {
    /// On a terminal
    #[default]
    Auto,
    /// Always; as lines where there is no terminal
    Always,
    /// Never
    Never,
}

/// A conversion of one payload into a directory.
///
/// ```
/// use voltree::{Convert, CsvOptions, Format, Input};
///
/// let mut job = Convert::new(Input::Stdin, "tables");
/// job.format = Format::Csv(CsvOptions::default());
/// job.overwrite = true;
/// assert!(!job.strict);
/// ```
#[derive(Clone, Debug)]
pub struct Convert {
    /// Where the payload comes from.
    pub input: Input,
    /// The directory that the tables go to, on this machine: an address is refused.
    pub out: PathBuf,
    /// What the tables are written as; Parquet by default.
    pub format: Format,
    /// How the payload is read; what rebuilding it takes is written too where it
    /// [keeps that](Parser::lineage).
    pub parser: Parser,
    /// Threads that work, at most 1,024; as many as the machine has by default.
    pub threads: Option<NonZeroUsize>,
    /// Whether an output directory that holds something is replaced; false by default.
    pub overwrite: bool,
    /// Whether anomalies other than unknown fields are refused; false by default.
    pub strict: bool,
    /// Kinds of finding that are refused; none by default.
    pub fail_on: Vec<FindingKind>,
    /// When progress is shown; never by default.
    pub progress: When,
    /// What is to vanish when a signal arrives.
    pub cleanup: Cleanup,
    pub(crate) console: Console,
}

impl Convert {
    /// A conversion with the defaults, which says nothing on standard error.
    pub fn new(input: Input, out: impl Into<PathBuf>) -> Self {
        Convert {
            input,
            out: out.into(),
            format: Format::default(),
            parser: Parser::new(),
            threads: None,
            overwrite: false,
            strict: false,
            fail_on: Vec::new(),
            progress: When::Never,
            cleanup: Cleanup::default(),
            console: Console::OF_LIBRARY,
        }
    }

    /// Whether the output may be written and the input is there.
    pub(crate) fn check(&self) -> Result<(), Error> {
        StagedDir::check(&self.out, self.overwrite, self.input.path())?;
        self.input.open().map(drop)
    }

    pub(crate) fn from_args(args: &ConvertArgs, cleanup: Cleanup) -> Result<Self, Error> {
        Ok(Convert {
            format: output_format(args)?,
            parser: parser(&args.reading).lineage(args.lineage),
            threads: args.reading.threads,
            overwrite: args.overwrite,
            strict: args.strict,
            fail_on: args.fail_on.kinds(),
            progress: args.progress,
            cleanup,
            console: console(args),
            ..Convert::new(only_input(args)?, &args.out)
        })
    }
}

impl Batch {
    pub(crate) fn from_args(args: &ConvertArgs, cleanup: Cleanup) -> Result<Self, Error> {
        let inputs = inputs(args);
        Ok(Batch {
            format: output_format(args)?,
            parser: parser(&args.reading).lineage(args.lineage),
            threads: args.reading.threads,
            max_memory: args.reading.memory.max_memory,
            names: args.batch.snapshot_name.clone(),
            shard: args.batch.shard,
            existing: match (args.batch.append, args.overwrite) {
                (_, true) => Existing::Replace,
                (true, _) => Existing::Append,
                _ => Existing::Refuse,
            },
            resume: args.batch.resume,
            on_error: args.batch.on_error,
            strict: args.strict,
            fail_on: args.fail_on.kinds(),
            progress: args.progress,
            cleanup,
            stats: args.stats_json.clone(),
            console: console(args),
            ..Batch::new(inputs, &args.out)
        })
    }
}

/// A look at a payload.
#[derive(Clone, Debug)]
pub(crate) struct Inspect {
    pub(crate) input: Input,
    pub(crate) parser: Parser,
    pub(crate) threads: Option<NonZeroUsize>,
}

impl Inspect {
    pub(crate) fn from_args(args: &InspectArgs) -> Self {
        Inspect {
            input: Input::new(&args.input),
            parser: parser(&args.reading),
            threads: args.reading.threads,
        }
    }
}

/// A check of a payload, or of a directory of tables.
#[derive(Clone, Debug)]
pub(crate) struct Check {
    pub(crate) input: Input,
    pub(crate) parser: Parser,
    pub(crate) threads: Option<NonZeroUsize>,
    pub(crate) now: Option<Moment>,
    pub(crate) fail_on: Vec<FindingKind>,
    pub(crate) limit: usize,
}

impl Check {
    pub(crate) fn from_args(args: &CheckArgs) -> Self {
        Check {
            input: Input::new(&args.input),
            parser: parser(&args.reading),
            threads: args.reading.threads,
            now: args.now,
            fail_on: args.fail_on.kinds(),
            limit: args.limit,
        }
    }
}

/// A comparison of two payloads, or directories of tables.
#[derive(Clone, Debug)]
pub(crate) struct Diff {
    pub(crate) old: Input,
    pub(crate) new: Input,
    pub(crate) parser: Parser,
    pub(crate) threads: Option<NonZeroUsize>,
    /// Changes of each table that are kept to be shown.
    pub(crate) limit: usize,
    /// Where all changes are written.
    pub(crate) tables: Option<Tables>,
    pub(crate) cleanup: Cleanup,
}

/// A directory of tables to be written.
#[derive(Clone, Debug)]
pub(crate) struct Tables {
    pub(crate) out: PathBuf,
    pub(crate) format: Format,
    pub(crate) overwrite: bool,
}

impl Diff {
    pub(crate) fn from_args(args: &DiffArgs, cleanup: Cleanup) -> Result<Self, Error> {
        let (old, new) = (Input::new(&args.old), Input::new(&args.new));
        if old == Input::Stdin && new == Input::Stdin {
            return Err(Error::Usage(
                "standard input can be one side only: choose a file or directory for the other one"
                    .to_owned(),
            ));
        }
        let format = format("--tables", args.tables, &args.writing)?;
        format.validate(false)?;
        let tables = args.out.as_ref().map(|out| Tables {
            out: out.clone(),
            format,
            overwrite: args.overwrite,
        });
        Ok(Diff {
            old,
            new,
            parser: parser(&args.reading),
            threads: args.reading.threads,
            limit: args.limit,
            tables,
            cleanup,
        })
    }
}

pub(crate) fn console(args: &ConvertArgs) -> Console {
    let Level { quiet, verbose } = args.level;
    Console {
        format: args.log_format,
        verbosity: match (quiet, verbose) {
            (true, _) => Verbosity::Quiet,
            (_, true) => Verbosity::Verbose,
            _ => Verbosity::Normal,
        },
    }
}

fn parser(reading: &Reading) -> Parser {
    Parser::new()
        .max_depth(reading.max_depth)
        .max_bytes(reading.max_input_bytes.unwrap_or(u64::MAX))
        .memo(!reading.no_memo)
}
