//! What is said on standard error.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use voltree_core::Place;

use crate::{Error, progress};

/// How messages are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum LogFormat {
    /// For people
    #[default]
    Text,
    /// One JSON object a line
    Json,
}

/// How much is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verbosity {
    /// Nothing but progress, where that is asked for: errors are told by what is returned.
    Silent,
    /// Errors only.
    Quiet,
    /// The summary too.
    #[default]
    Normal,
    /// Each file, too.
    Verbose,
}

/// Where messages go: standard error, in colour on a terminal only.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Console {
    pub(crate) format: LogFormat,
    pub(crate) verbosity: Verbosity,
}

#[derive(Serialize)]
struct Event<'a, T: Serialize> {
    event: &'a str,
    #[serde(flatten)]
    fields: T,
}

impl Console {
    /// That of a program that uses the library, which has standard error for itself.
    pub(crate) const OF_LIBRARY: Console = Console {
        format: LogFormat::Text,
        verbosity: Verbosity::Silent,
    };

    pub(crate) fn is_quiet(self) -> bool {
        self.verbosity == Verbosity::Quiet
    }

    pub(crate) fn is_verbose(self) -> bool {
        self.verbosity == Verbosity::Verbose
    }

    pub(crate) fn is_json(self) -> bool {
        self.format == LogFormat::Json
    }

    /// Says something unless told to be quiet: the text, or the fields.
    pub(crate) fn say(self, event: &str, fields: impl Serialize, text: impl FnOnce() -> String) {
        if self.is_quiet() {
            return;
        }
        match self.format {
            LogFormat::Text => write_stderr(text().trim_end()),
            LogFormat::Json => write_stderr(&json(event, fields)),
        }
    }

    /// Reports a failure, in one line.
    pub(crate) fn error(self, error: &Error) {
        match self.format {
            LogFormat::Text => {
                let style = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
                let error = one_line(&error.to_string());
                write_stderr(&format!("voltree: {style}error:{style:#} {error}"));
            }
            LogFormat::Json => write_stderr(&json("error", Failure::new(error))),
        }
    }

    /// Tells programs what happens; people are told at the end.
    pub(crate) fn event(self, event: &str, fields: impl Serialize) {
        if self.is_json() && !self.is_quiet() {
            write_stderr(&json(event, fields));
        }
    }

    /// Reports an input that is left out, in one line.
    pub(crate) fn rejected(self, input: &str, snapshot: &str, error: &Error) {
        #[derive(Serialize)]
        struct Rejected<'a> {
            /// Where the failure has no place, which names it.
            #[serde(skip_serializing_if = "Option::is_none")]
            input: Option<&'a str>,
            snapshot: &'a str,
            #[serde(flatten)]
            why: Failure<'a>,
        }
        if self.verbosity == Verbosity::Silent {
            return;
        }
        match self.format {
            LogFormat::Text => {
                let style = Style::new().bold().fg_color(Some(AnsiColor::Yellow.into()));
                let error = one_line(&error.to_string());
                write_stderr(&format!("voltree: {style}rejected:{style:#} {error}"));
            }
            LogFormat::Json => {
                let why = Failure::new(error);
                let rejected = Rejected {
                    input: why.place.is_none().then_some(input),
                    snapshot,
                    why,
                };
                write_stderr(&json("rejected", rejected));
            }
        }
    }

    pub(crate) fn progress(self, bytes: u64, total: Option<u64>) {
        #[derive(Serialize)]
        struct Read {
            bytes: u64,
            #[serde(skip_serializing_if = "Option::is_none")]
            total: Option<u64>,
        }
        self.say("progress", Read { bytes, total }, || {
            format!("voltree: read {}", progress::text(bytes, total))
        });
    }
}

/// A failure, for programs.
#[derive(Serialize)]
struct Failure<'a> {
    message: String,
    exit: i32,
    /// Where it has a place.
    #[serde(skip_serializing_if = "Option::is_none")]
    input: Option<&'a str>,
    #[serde(flatten)]
    place: Option<At<'a>>,
}

/// A place, for programs.
#[derive(Serialize)]
pub(crate) struct At<'a> {
    line: u64,
    column: u64,
    byte: u64,
    path: &'a str,
}

impl<'a> From<&'a Place> for At<'a> {
    fn from(place: &'a Place) -> Self {
        At {
            line: place.line,
            column: place.column,
            byte: place.offset,
            path: &place.path,
        }
    }
}

impl<'a> Failure<'a> {
    fn new(error: &'a Error) -> Self {
        Failure {
            message: error.to_string(),
            exit: error.exit() as i32,
            input: match error {
                Error::Payload(rejection) => Some(&rejection.input),
                _ => None,
            },
            place: error.place().map(At::from),
        }
    }
}

fn json(event: &str, fields: impl Serialize) -> String {
    serde_json::to_string(&Event { event, fields }).unwrap_or_default()
}

/// A text whose control characters are escaped: a file's name may have any.
pub(crate) fn one_line(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for char in text.chars() {
        match char.is_control() {
            true => shown.extend(char.escape_default()),
            false => shown.push(char),
        }
    }
    shown
}

/// Messages are best effort: nobody is left to tell when standard error is closed.
fn write_stderr(line: &str) {
    let _ = progress::without_bars(|| {
        // Not locked before: bars are drawn by who holds them, and locks this then.
        let mut out = anstream::AutoStream::auto(io::stderr().lock());
        writeln!(out, "{line}")
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_without_a_place_has_no_such_fields() {
        let error = Error::Usage("no".to_owned());
        assert_eq!(
            json("error", Failure::new(&error)),
            r#"{"event":"error","message":"no","exit":2}"#
        );
    }
}
