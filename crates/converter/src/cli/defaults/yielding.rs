//! Defaults that give way to what counts more.

use std::collections::BTreeSet;

use clap::{Arg, ArgMatches, Command};

use super::{
    Defaults, is_typed,
    setting::{Rank, option},
};

/// Options under a heading do something only where another option has this value.
const ONLY_WITH: [(&str, &str, &str); 5] = [
    ("Parquet", "format", "parquet"),
    ("Parquet", "tables", "parquet"),
    ("CSV", "format", "csv"),
    ("CSV", "tables", "csv"),
    ("Many inputs", "layout", "hive"),
];
/// Values that exclude each other, which is found out when they are obeyed.
const EXCLUDED: [(&str, &str); 2] = [("csv-safe", "prefix"), ("lineage", "true")];

/// Whether the values of two options cannot be obeyed together.
type Clash = fn(&str, &str) -> bool;
/// Options whose values must not be alike in this way.
const CLASHES: [(&str, &str, Clash); 2] = [
    ("null", "delimiter", |null, delimiter| {
        null.contains(delimiter)
    }),
    ("truth", "out", |truth, out| truth == out),
];

/// The defaults that would contradict what was typed, or what counts more than they do.
pub(super) fn names(
    command: &Command,
    matches: &ArgMatches,
    defaults: &Defaults,
) -> BTreeSet<(String, String)> {
    let Some((name, matches)) = matches.subcommand() else {
        return BTreeSet::new();
    };
    let Some(command) = command.find_subcommand(name) else {
        return BTreeSet::new();
    };
    let rank = |arg: &Arg| {
        if is_typed(matches, arg.get_id().as_str()) {
            return Some(Rank::Typed);
        }
        let long = arg.get_long()?.to_owned();
        Some(defaults.get(&(name.to_owned(), long))?.rank)
    };
    let is_on = |arg: &Arg| value(matches, arg).is_some_and(|value| value != "false");
    let of_command = defaults.keys().filter(|(command, _)| command == name);
    let yields = |(_, long): &&(String, String)| {
        let Some(arg) = option(command, long) else {
            return false;
        };
        if !is_on(arg) || rank(arg) == Some(Rank::Typed) {
            return false;
        }
        let mut others = command.get_arguments();
        let contradicted = others.any(|other| {
            let exclude = || {
                exclude(command, matches, arg, other) || !is_applied(command, matches, other, arg)
            };
            rank(other) > rank(arg) && is_on(other) && exclude()
        });
        contradicted || !applies(command, matches, arg)
    };
    of_command.filter(yields).cloned().collect()
}

/// Whether two options that are on cannot be obeyed together.
fn exclude(command: &Command, matches: &ArgMatches, one: &Arg, other: &Arg) -> bool {
    let names = |arg: &Arg, other: &Arg| {
        let conflicts = command.get_arg_conflicts_with(arg);
        conflicts.iter().any(|arg| arg.get_id() == other.get_id())
    };
    let found = [one, other].map(|arg| {
        let value = value(matches, arg)?;
        Some((arg.get_long()?, value))
    });
    let excluded = EXCLUDED
        .iter()
        .all(|named| found.contains(&Some((named.0, named.1.to_owned()))));
    let clash = CLASHES.iter().any(|(one, other, is_alike)| {
        let of = |long| found.iter().flatten().find(|named| named.0 == long);
        let both = of(*one).zip(of(*other));
        both.is_some_and(|((_, one), (_, other))| is_alike(one, other))
    });
    names(one, other) || names(other, one) || excluded || clash
}

/// Whether an option does something with the values that others have.
fn applies(command: &Command, matches: &ArgMatches, arg: &Arg) -> bool {
    let mut others = command.get_arguments();
    others.all(|other| is_applied(command, matches, arg, other))
}

/// Whether an option does something with the value that another one has.
fn is_applied(command: &Command, matches: &ArgMatches, arg: &Arg, other: &Arg) -> bool {
    let (heading, long) = (arg.get_help_heading(), other.get_long());
    if arg.get_id() == other.get_id() {
        return true;
    }
    let mut needed = ONLY_WITH
        .iter()
        .filter(|(of, by, _)| Some(*of) == heading && Some(*by) == long)
        // Where tables are beside a summary, each has a format.
        .filter(|(_, by, _)| *by != "format" || option(command, "tables").is_none());
    needed.all(|(.., needed)| value(matches, other).is_none_or(|value| value == *needed))
}

/// The value of an option as text; its last one.
fn value(matches: &ArgMatches, arg: &Arg) -> Option<String> {
    let mut values = matches.try_get_raw(arg.get_id().as_str()).ok()??;
    Some(values.next_back()?.to_string_lossy().into_owned())
}
