//! Where something may be: on this machine, in an object store, on a web server.

use std::path::{Path, PathBuf};

use clap::{
    Error,
    builder::{PathBufValueParser, TypedValueParser},
    error::ContextValue,
};

use crate::address::{Beside, refusal, shown};

/// A path on this machine.
pub(super) fn local() -> impl TypedValueParser<Value = PathBuf> {
    place(Beside::Nothing)
}

/// A path, or an address.
pub(super) fn anywhere() -> impl TypedValueParser<Value = PathBuf> {
    place(Beside::Addresses)
}

/// A directory on this machine: standard output is none.
pub(super) fn directory() -> impl TypedValueParser<Value = PathBuf> {
    place(Beside::Nothing).try_map(not_stdout)
}

/// A directory, or an address of what stands for one.
pub(super) fn directory_anywhere() -> impl TypedValueParser<Value = PathBuf> {
    place(Beside::Addresses).try_map(not_stdout)
}

fn not_stdout(given: PathBuf) -> Result<PathBuf, &'static str> {
    match given == Path::new("-") {
        true => Err("it has to be a directory, not standard output; one of that name is ./-"),
        false => Ok(given),
    }
}

fn place(beside: Beside) -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(move |given| match refusal(&given, beside) {
        None => Ok(given),
        Some(why) => Err(why),
    })
}

/// The same error, with what addresses hide left out of what was typed: clap quotes it.
pub(super) fn without_secrets(mut error: Error) -> Error {
    let hide = |text: &String| shown(Path::new(text));
    let quoted: Vec<_> = error
        .context()
        .filter_map(|(kind, value)| {
            let value = match value {
                ContextValue::String(text) => ContextValue::String(hide(text)),
                ContextValue::Strings(texts) => {
                    ContextValue::Strings(texts.iter().map(hide).collect())
                }
                _ => return None,
            };
            Some((kind, value))
        })
        .collect();
    for (kind, value) in quoted {
        error.insert(kind, value);
    }
    error
}
