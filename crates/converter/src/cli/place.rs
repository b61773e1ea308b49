//! Where something may be: on this machine, in an object store, on a web server.

use std::path::{Path, PathBuf};

use clap::{
    Error,
    builder::{PathBufValueParser, TypedValueParser},
    error::ContextValue,
};

use crate::address::{Address, shown};

/// What an option may name beside paths.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Beside {
    Nothing,
    Addresses,
}

/// A path on this machine.
pub(super) fn local() -> impl TypedValueParser<Value = PathBuf> {
    place(Beside::Nothing)
}

/// A path, or an address.
pub(super) fn anywhere() -> impl TypedValueParser<Value = PathBuf> {
    place(Beside::Addresses)
}

fn place(beside: Beside) -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(move |given| match refusal(&given, beside) {
        None => Ok(given),
        Some(why) => Err(why),
    })
}

/// Why it is not allowed there.
pub(super) fn refusal(given: &Path, beside: Beside) -> Option<&'static str> {
    let text = given.to_string_lossy();
    let address = Address::of(&text)?;
    match beside {
        Beside::Nothing => Some("it has to be a path on this machine, not an address"),
        _ if cfg!(not(feature = "object-store")) => {
            Some("this voltree was built without object stores; it takes paths only")
        }
        _ if !address.is_known() => Some(
            "an address has to start with s3://, gs://, az://, abfs://, http:// or https://; \
             in front of a path like that stands ./",
        ),
        _ if given.to_str().is_none() => Some("an address has to be UTF-8"),
        _ => None,
    }
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
