//! What is set, checked against the options that there are.

use std::ffi::OsString;

use clap::{Arg, ArgAction, Command, error::ErrorKind};

use super::{Chosen, Defaults};
use crate::{Error, cli::place::without_secrets};

/// Options without defaults: they say that nothing is to be done, or are inputs.
const WITHOUT: [&str; 4] = ["config", "help", "version", "files-from"];
/// How alike a name has to be to be suggested, 0 to 1.
const ALIKE: f64 = 0.8;

/// What counts more is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    FileForAll,
    FileForOne,
    Variable,
    Typed,
}

/// Something that was set, and where.
pub(super) struct Given {
    pub(super) rank: Rank,
    /// The command that it is for; all that have the option where none is named.
    pub(super) command: Option<String>,
    /// The long name of the option.
    pub(super) option: String,
    pub(super) setting: Setting,
    /// The variable, or file, line and key.
    pub(super) origin: String,
}

/// A value as it was set.
pub(super) enum Setting {
    Text(OsString),
    Switch(bool),
    List(Vec<OsString>),
}

/// The defaults that are set, for each command that takes them.
///
/// An option may be another one in another command: a value that one of them takes is set for this one.
pub(super) fn resolve(command: &Command, given: Vec<Given>) -> Result<Defaults, Error> {
    let mut defaults = Defaults::new();
    for given in given {
        let named = |command: &&Command| match &given.command {
            Some(name) => command.get_name() == name,
            None => true,
        };
        let commands: Vec<&Command> = command.get_subcommands().filter(named).collect();
        let options = commands.iter().filter_map(|command| {
            let option = option(command, &given.option)?;
            Some((*command, values(command, option, &given.setting)))
        });
        let (mut known, mut taken, mut refused) = (false, false, None);
        for (command, values) in options {
            known = true;
            match values {
                Ok(values) => {
                    taken = true;
                    let name = (command.get_name().to_owned(), given.option.clone());
                    let rank = given.rank;
                    defaults.insert(name, Chosen { rank, values });
                }
                Err(why) => refused = refused.or(Some(why)),
            }
        }
        if !known {
            // Variables of others may start alike.
            if given.rank == Rank::Variable {
                continue;
            }
            return Err(unknown(&given, &commands));
        }
        if let Some(why) = refused.filter(|_| !taken) {
            return Err(Error::Usage(format!("{}: {why}", given.origin)));
        }
    }
    Ok(defaults)
}

/// The option with this long name.
pub(super) fn option<'a>(command: &'a Command, name: &str) -> Option<&'a Arg> {
    options(command).find(|arg| arg.get_long() == Some(name))
}

fn options(command: &Command) -> impl Iterator<Item = &Arg> {
    let options = command.get_arguments();
    options.filter(|arg| arg.get_long().is_some_and(|name| !WITHOUT.contains(&name)))
}

/// The values, unless the option does not take them.
fn values(command: &Command, option: &Arg, setting: &Setting) -> Result<Vec<OsString>, String> {
    if !option.get_action().takes_values() {
        let on = match setting {
            Setting::Switch(on) => *on,
            Setting::Text(text) => match text.to_str() {
                Some("1" | "true") => true,
                Some("" | "0" | "false") => false,
                _ => return Err(format!("it takes true or false, not {}", text.display())),
            },
            Setting::List(_) => return Err("it takes true or false, not a list".to_owned()),
        };
        return Ok(vec![on.to_string().into()]);
    }
    let values = match setting {
        Setting::Text(text) => vec![text.clone()],
        Setting::List(values) if matches!(option.get_action(), ArgAction::Append) => values.clone(),
        Setting::List(_) => return Err("it takes one value, not a list".to_owned()),
        Setting::Switch(on) => {
            return Err(format!("it takes a value, and is no switch to be {on}"));
        }
    };
    values
        .iter()
        .try_for_each(|value| check(command, option, value))?;
    Ok(values)
}

/// Why an option does not take a value, in the words that are said where it is typed.
fn check(command: &Command, option: &Arg, value: &OsString) -> Result<(), String> {
    let mut typed = OsString::from(format!("--{}=", option.get_long().unwrap_or_default()));
    typed.push(value);
    let parsed = command
        .clone()
        .no_binary_name(true)
        .try_get_matches_from([typed]);
    match parsed {
        Err(error) if is_about_value(error.kind()) => {
            let text = without_secrets(error).to_string();
            let lines = text.lines().map(str::trim);
            let lines: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
            let text = lines.join(" ");
            Err(text.strip_prefix("error: ").unwrap_or(&text).to_owned())
        }
        // What else may be missing is typed.
        _ => Ok(()),
    }
}

fn is_about_value(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::InvalidValue
            | ErrorKind::ValueValidation
            | ErrorKind::InvalidUtf8
            | ErrorKind::TooFewValues
            | ErrorKind::TooManyValues
            | ErrorKind::WrongNumberOfValues
    )
}

fn unknown(given: &Given, commands: &[&Command]) -> Error {
    let names = commands.iter().flat_map(|command| options(command));
    let names = names.filter_map(Arg::get_long);
    let of = match &given.command {
        Some(command) => format!(" of voltree {command}"),
        None => String::new(),
    };
    let suggestion = suggestion(&given.option, names);
    Error::Usage(format!(
        "{}: this is no option{of}{suggestion}",
        given.origin
    ))
}

/// The most similar name, as the end of a sentence; nothing where none is similar.
pub(crate) fn suggestion<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> String {
    let alike = names.map(|other| (strsim::jaro_winkler(name, other), other));
    let best = alike.max_by(|one, other| one.0.total_cmp(&other.0).then(other.1.cmp(one.1)));
    match best {
        Some((alike, name)) if alike > ALIKE => format!("; did you mean `{name}`?"),
        _ => String::new(),
    }
}
