//! Defaults for options, from the environment and from a file.
//!
//! What is typed counts most, then `VOLTREE_<OPTION>`, then the table of the command in the file, then what
//! the file says for all commands. A default never contradicts: it gives way to what counts more.

mod file;
mod setting;
mod yielding;

use std::{collections::BTreeMap, ffi::OsString, panic::resume_unwind, thread};

use clap::{ArgMatches, Command, CommandFactory, FromArgMatches, error::ErrorKind};

use super::{Cli, batch::OF_DATASETS, place::without_secrets};
use crate::Error;
pub(crate) use setting::suggestion;
use setting::{Given, Rank, Setting};

/// What the names of variables start with.
const PREFIX: &str = "VOLTREE_";
/// The variable, and the option, that name the file.
const FILE_VARIABLE: &str = "VOLTREE_CONFIG";
const FILE_OPTION: &str = "--config";

/// What `diff` writes tables of changes with, and does nothing with else.
const OF_CHANGES: [&str; 7] = [
    "tables",
    "overwrite",
    "compression_level",
    "row_group_rows",
    "null",
    "delimiter",
    "csv_safe",
];

/// Why there is nothing to run.
pub(crate) enum Refused {
    /// Clap has the answer, such as the help.
    Answer(clap::Error),
    /// A default cannot be obeyed.
    Error(Error),
}

impl From<clap::Error> for Refused {
    fn from(answer: clap::Error) -> Self {
        Refused::Answer(without_secrets(answer))
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Refused::Error(error)
    }
}

/// A default of an option of a command.
struct Chosen {
    rank: Rank,
    values: Vec<OsString>,
}

/// By the names of the command and of the option.
type Defaults = BTreeMap<(String, String), Chosen>;

/// Reads a command line; what is not typed is taken from the defaults.
///
/// It has a stack of its own: where nothing is optimised, declaring all options takes hundreds of KiB.
pub(crate) fn parse(typed: Vec<OsString>) -> Result<Cli, Refused> {
    const STACK: usize = 4 << 20;
    let thread = thread::Builder::new().stack_size(STACK);
    match thread.spawn(move || parse_here(typed)) {
        Ok(parsed) => parsed.join().unwrap_or_else(|panic| resume_unwind(panic)),
        Err(error) => Err(Refused::Error(Error::Io {
            doing: "cannot start a thread".to_owned(),
            error,
        })),
    }
}

fn parse_here(typed: Vec<OsString>) -> Result<Cli, Refused> {
    let given = given(&typed);
    let nothing = given.as_ref().is_ok_and(Vec::is_empty);
    if nothing || wants_no_defaults(&typed) {
        return read(&Cli::command().try_get_matches_from(typed)?);
    }
    let plain = Cli::command();
    let mut defaults = setting::resolve(&plain, given?)?;
    // Without one that gives way, others may have nothing that they apply to.
    loop {
        let matches = apply(plain.clone(), &defaults).try_get_matches_from(&typed)?;
        let yielding = yielding::names(&plain, &matches, &defaults);
        if yielding.is_empty() {
            return read(&matches);
        }
        defaults.retain(|name, _| !yielding.contains(name));
    }
}

fn read(matches: &ArgMatches) -> Result<Cli, Refused> {
    let mut cli = Cli::from_arg_matches(matches)?;
    let typed = matches.subcommand().map(|(_, matches)| matches);
    let is_typed = |option: &str| typed.is_some_and(|matches| is_typed(matches, option));
    match &mut cli.command {
        // Clap could tell, but takes no default for an option that is there.
        super::Command::Diff(args) if args.out.is_none() => {
            if let Some(option) = OF_CHANGES.iter().find(|option| is_typed(option)) {
                let option = option.replace('_', "-");
                let text = format!("--{option} needs --out, where the changes go");
                return Err(Error::Usage(text).into());
            }
        }
        super::Command::Convert(args) => {
            args.batch.asks_for_dataset = OF_DATASETS.iter().any(|option| is_typed(option));
        }
        _ => {}
    }
    Ok(cli)
}

/// All that is set, what counts more behind what counts less.
fn given(typed: &[OsString]) -> Result<Vec<Given>, Error> {
    let mut given = file::read(named_file(typed))?;
    let mut variables: Vec<(OsString, OsString)> = std::env::vars_os().collect();
    // An empty one is as good as none.
    variables.retain(|(_, value)| !value.is_empty());
    variables.sort_unstable();
    given.extend(variables.into_iter().filter_map(|(name, value)| {
        let name = name.into_string().ok()?;
        let option = name
            .strip_prefix(PREFIX)
            .filter(|_| name != FILE_VARIABLE)?;
        Some(Given {
            rank: Rank::Variable,
            command: None,
            option: option.to_ascii_lowercase().replace('_', "-"),
            setting: Setting::Text(value),
            origin: name,
        })
    }));
    Ok(given)
}

/// The file that the command line or the environment names.
fn named_file(typed: &[OsString]) -> Option<OsString> {
    let mut options = typed.iter().skip(1).take_while(|option| *option != "--");
    while let Some(option) = options.next() {
        if option == FILE_OPTION {
            return options.next().cloned();
        }
        let text = option
            .to_str()
            .and_then(|text| text.strip_prefix(FILE_OPTION));
        if let Some(file) = text.and_then(|rest| rest.strip_prefix('=')) {
            return Some(file.into());
        }
    }
    std::env::var_os(FILE_VARIABLE).filter(|file| !file.is_empty())
}

/// Whether it asks for help or the like, which a file with an error does not stand in the way of.
fn wants_no_defaults(typed: &[OsString]) -> bool {
    match Cli::command().try_get_matches_from(typed) {
        Ok(matches) => matches!(matches.subcommand_name(), Some("completions" | "man")),
        Err(answer) => {
            !answer.use_stderr()
                || matches!(
                    answer.kind(),
                    ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
                        | ErrorKind::InvalidSubcommand
                        | ErrorKind::MissingSubcommand
                )
        }
    }
}

/// The command with these defaults.
fn apply(command: Command, defaults: &Defaults) -> Command {
    defaults
        .iter()
        .fold(command, |command, ((subcommand, option), default)| {
            command.mut_subcommand(subcommand, |subcommand| {
                let id = setting::option(&subcommand, option).map(|arg| arg.get_id().to_string());
                let Some(id) = id else { return subcommand };
                subcommand.mut_arg(id, |arg| {
                    // One that has to be given was given.
                    arg.default_values(default.values.clone()).required(false)
                })
            })
        })
}

/// Whether a value was typed.
fn is_typed(matches: &ArgMatches, id: &str) -> bool {
    matches.value_source(id) == Some(clap::parser::ValueSource::CommandLine)
}
