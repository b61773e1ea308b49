//! What is to be done: the meaning of a command line, with its contradictions ruled out.

use std::{
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use chrono::DateTime;
use voltree_core::{
    Parser,
    check::{FindingKind, Moment},
};

use crate::{
    Batch, Cleanup, CsvOptions, CsvSafety, Error, Existing, Format, Input, Inputs, ParquetOptions,
    cli::{
        CheckArgs, ConvertArgs, DiffArgs, FormatName, InspectArgs, Layout, Level, Reading, Writing,
    },
    console::{Console, Verbosity},
    output::StagedDir,
};

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
    /// The directory that the tables go to.
    pub out: PathBuf,
    /// What the tables are written as; Parquet by default.
    pub format: Format,
    /// How the payload is read.
    pub parser: Parser,
    /// Threads that work; as many as the machine has by default.
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
            console: Console::default(),
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
            parser: parser(&args.reading),
            lineage: args.lineage,
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
            console: console(args),
            ..Batch::new(inputs, &args.out)
        })
    }
}

fn output_format(args: &ConvertArgs) -> Result<Format, Error> {
    if args.lineage && args.writing.csv_safe == Some(CsvSafety::Prefix) {
        return Err(Error::Usage(
            "--csv-safe prefix changes texts, and --lineage keeps them: choose one".to_owned(),
        ));
    }
    format("--format", args.format, &args.writing)
}

fn inputs(args: &ConvertArgs) -> Inputs {
    Inputs {
        named: args.inputs.clone(),
        files_from: args.batch.files_from.clone(),
    }
}

/// How the output is laid out.
pub(crate) fn layout(args: &ConvertArgs) -> Layout {
    let is_dataset =
        || args.batch.asks_for_dataset() || inputs(args).are_several() || is_remote(&args.out);
    let chosen = args.batch.layout;
    chosen.unwrap_or_else(|| {
        if is_dataset() {
            Layout::Hive
        } else {
            Layout::Flat
        }
    })
}

/// Whether an output is in an object store.
fn is_remote(out: &Path) -> bool {
    !matches!(Input::new(out), Input::File(_) | Input::Stdin)
}

/// The input of a flat output.
fn only_input(args: &ConvertArgs) -> Result<Input, Error> {
    if args.batch.asks_for_dataset() {
        let text = "--append, --resume, --shard, --on-error and --snapshot-name need --layout hive";
        return Err(Error::Usage(text.to_owned()));
    }
    if is_remote(&args.out) {
        let text = "--layout flat writes a directory: say --layout hive for an object store";
        return Err(Error::Usage(text.to_owned()));
    }
    let inputs = inputs(args);
    if let ([only], false) = (&inputs.named[..], inputs.are_several()) {
        // Whether it is there shows when it is opened, after the output was looked at.
        return Ok(Input::new(only));
    }
    match &inputs.expand()?[..] {
        [only] => Ok(only.clone()),
        several => Err(Error::Usage(format!(
            "--layout flat holds one payload, and there are {} inputs: say --layout hive",
            several.len()
        ))),
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

/// Options of one format are refused with the other one: they would do nothing.
///
/// `option` is the one that names the format.
fn format(option: &str, name: FormatName, writing: &Writing) -> Result<Format, Error> {
    let refuse = |given: bool, refused: &str, format: &str| {
        if given {
            return Err(Error::Usage(format!("{refused} needs {option} {format}")));
        }
        Ok(())
    };
    match name {
        FormatName::Parquet => {
            refuse(writing.null.is_some(), "--null", "csv")?;
            refuse(writing.delimiter.is_some(), "--delimiter", "csv")?;
            refuse(writing.csv_safe.is_some(), "--csv-safe", "csv")?;
            let defaults = ParquetOptions::default();
            Ok(Format::Parquet(ParquetOptions {
                compression_level: writing
                    .compression_level
                    .unwrap_or(defaults.compression_level),
                row_group_rows: writing.row_group_rows.unwrap_or(defaults.row_group_rows),
            }))
        }
        FormatName::Csv => {
            refuse(
                writing.compression_level.is_some(),
                "--compression-level",
                "parquet",
            )?;
            refuse(
                writing.row_group_rows.is_some(),
                "--row-group-rows",
                "parquet",
            )?;
            let defaults = CsvOptions::default();
            let options = CsvOptions {
                delimiter: writing.delimiter.unwrap_or(defaults.delimiter),
                null: writing.null.clone().unwrap_or(defaults.null),
                safety: writing.csv_safe.unwrap_or(defaults.safety),
            };
            // It stands without quotes.
            if options
                .null
                .bytes()
                .any(|byte| b"\"\r\n".contains(&byte) || byte == options.delimiter)
            {
                return Err(Error::Usage(
                    "--null cannot hold the delimiter, a quote or a line break".to_owned(),
                ));
            }
            if is_value(&options.null) {
                return Err(Error::Usage(format!(
                    "--null {} is a value too: choose a marker that is none",
                    options.null
                )));
            }
            Ok(Format::Csv(options))
        }
    }
}

/// Whether a column that is no text may hold it, where it would be taken for NULL.
fn is_value(text: &str) -> bool {
    text.parse::<f64>().is_ok_and(f64::is_finite)
        || text.parse::<bool>().is_ok()
        || DateTime::parse_from_rfc3339(text).is_ok()
}
