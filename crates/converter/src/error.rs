//! What can go wrong in a command, and the exit code that it means.

use std::{io, path::Path, process::ExitCode};

use bytesize::ByteSize;
use voltree_core::{ErrorKind, Place, RenderError};

use crate::{CodecFault, Undecodable, address::shown, advice, read};

/// How a command ended; the number is the exit code of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Exit {
    /// All was done.
    Done = 0,
    /// The payload was read, and `--strict`, `--fail-on`, `--fail-on-change` or `--csv-safe reject` refused
    /// what it holds; or some of several inputs were left out.
    Refused = 1,
    /// The command line asks for what cannot be done.
    Usage = 2,
    /// The input is not what it should be.
    BadInput = 3,
    /// Reading or writing failed.
    Io = 5,
    /// A limit was exceeded.
    Limit = 6,
    /// SIGINT, SIGTERM or SIGHUP arrived.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// Why a command failed. Its text is one line.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Options that cannot be obeyed.
    #[error("{0}")]
    Usage(String),
    /// The input is no operator tree, or could not be read.
    #[error(transparent)]
    Payload(#[from] Rejection),
    /// The input is a manifest that voltree wrote.
    #[error(
        "{input}: this is a manifest of voltree, and no payload; \
         give {instead} to `voltree check`, `diff` or `render`"
    )]
    Manifest {
        /// The input as it was named.
        input: String,
        /// What they take.
        instead: &'static str,
    },
    /// A compressed input could not be decompressed.
    #[error("{input}: {error}")]
    Undecodable {
        /// The input as it was named.
        input: String,
        /// What is wrong with it.
        error: Undecodable,
    },
    /// `--csv-safe reject` met a cell that a spreadsheet would take for a formula.
    #[error(
        "table {table}, row {row}, column {column}: the text starts like a formula; \
         write it with --csv-safe prefix, or with off if no spreadsheet will open the file"
    )]
    Formula {
        /// Name of the table.
        table: &'static str,
        /// Row, from 1, the header not counted.
        row: u64,
        /// Name of the column.
        column: &'static str,
    },
    /// `--strict` found anomalies.
    #[error("refused by --strict: {0}")]
    Strict(String),
    /// There are findings of kinds that `--fail-on` names.
    #[error("refused by --fail-on: {0}")]
    FailOn(String),
    /// There are differences, and `--fail-on-change`.
    #[error("refused by --fail-on-change: {0}")]
    Changed(String),
    /// The tables of a side cannot be compared.
    #[error("{input}: {error}; {advice}")]
    Diff {
        /// The side as it was named.
        input: String,
        /// What does not hold.
        error: String,
        /// What to do.
        advice: &'static str,
    },
    /// A snapshot of a batch was refused.
    #[error("{input} (snapshot {snapshot}): {error}")]
    Snapshot {
        /// The input as it was named.
        input: String,
        /// The name of the snapshot that its payload would have become.
        snapshot: String,
        /// Why.
        error: Box<Error>,
    },
    /// Inputs were left out by `--on-error skip`.
    #[error("{0}")]
    Rejected(String),
    /// The tables of a directory contradict each other.
    #[error("{dir}: {error}; {advice}")]
    Render {
        /// The directory.
        dir: String,
        /// What does not hold.
        error: RenderError,
        /// What to do.
        advice: &'static str,
    },
    /// The tables of a directory could not be read.
    #[error(transparent)]
    Tables(#[from] read::Error),
    /// More memory is in use than `--max-memory` allows.
    #[error(
        "{} of memory are in use, more than the {} of --max-memory; raise it, or give the work less \
         to hold at once: fewer --threads, no --lineage, a smaller payload",
        ByteSize(*used), ByteSize(*limit)
    )]
    Memory {
        /// Bytes in use.
        used: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// Whoever read standard output, or a pipe that was written to, has gone away. The command takes it for
    /// no failure.
    #[error("whoever read the output has gone away")]
    ReaderGone,
    /// Reading or writing failed.
    #[error("{doing}: {error}")]
    Io {
        /// What was being done, with the path.
        doing: String,
        /// Why it failed.
        error: io::Error,
    },
}

impl Error {
    /// An I/O error while something was done to a path, such as `cannot create`.
    pub(crate) fn io(doing: &str, path: &Path, error: io::Error) -> Self {
        Error::Io {
            doing: format!("{doing} {}", shown(path)),
            error,
        }
    }

    /// The exit code that it means.
    pub fn exit(&self) -> Exit {
        match self {
            Error::Usage(_) => Exit::Usage,
            Error::Manifest { .. } | Error::Diff { .. } => Exit::BadInput,
            Error::Render { error, .. } => match error {
                RenderError::TooLarge => Exit::Limit,
                _ => Exit::BadInput,
            },
            Error::Undecodable { error, .. } => match error.fault {
                CodecFault::Window => Exit::Limit,
                _ => Exit::BadInput,
            },
            Error::Memory { .. } => Exit::Limit,
            Error::Snapshot { error, .. } => error.exit(),
            Error::Formula { .. }
            | Error::Strict(_)
            | Error::FailOn(_)
            | Error::Changed(_)
            | Error::Rejected(_) => Exit::Refused,
            Error::Io { .. } | Error::ReaderGone => Exit::Io,
            Error::Tables(error) => match error.kind() {
                read::ErrorKind::Io(_) => Exit::Io,
                _ => Exit::BadInput,
            },
            Error::Payload(rejection) => match rejection.error.kind() {
                ErrorKind::Io(error) if error.kind() == io::ErrorKind::OutOfMemory => Exit::Limit,
                ErrorKind::Io(_) => Exit::Io,
                ErrorKind::TooDeep { .. } | ErrorKind::TooLong { .. } | ErrorKind::TooLarge(_) => {
                    Exit::Limit
                }
                _ => Exit::BadInput,
            },
        }
    }

    /// Where in a payload it is, if it is about a place.
    pub(crate) fn place(&self) -> Option<&Place> {
        match self {
            Error::Payload(rejection) => Some(rejection.error.place()),
            _ => None,
        }
    }
}

/// An input that could not be read, and why.
#[derive(Debug)]
pub struct Rejection {
    /// The input as it was named.
    pub input: String,
    /// What is wrong with it.
    pub error: voltree_core::Error,
}

impl std::fmt::Display for Rejection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&describe(
            &self.input,
            self.error.kind(),
            self.error.place(),
        ))
    }
}

/// It has no source: its text says all of it.
impl std::error::Error for Rejection {}

/// One line: `FILE:LINE:COLUMN: what (byte N, in $.path); advice`.
fn describe(input: &str, kind: &ErrorKind, place: &Place) -> String {
    let Place {
        offset,
        line,
        column,
        ..
    } = place;
    let path = place.short_path();
    let mut text = match kind {
        ErrorKind::Empty | ErrorKind::NotJson(_) => format!("{input}: {kind}"),
        ErrorKind::Io(_) => format!("{input}: {kind} (after byte {offset})"),
        ErrorKind::Truncated => {
            format!("{input}:{line}:{column}: {kind}: it ends at byte {offset} inside {path}")
        }
        _ => format!("{input}:{line}:{column}: {kind} (byte {offset}, in {path})"),
    };
    if let Some(advice) = advice::on(kind) {
        text.push_str("; ");
        text.push_str(advice);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use voltree_core::Lookalike;

    fn place() -> Place {
        Place {
            offset: 27,
            line: 2,
            column: 5,
            path: "$.operatorGroups[0]".to_owned(),
        }
    }

    #[test]
    fn the_place_stands_first_as_editors_like_it() {
        let text = describe("a.json", &ErrorKind::LoneSurrogate, &place());
        assert_eq!(
            text,
            "a.json:2:5: lone surrogate in a string escape (byte 27, in $.operatorGroups[0])"
        );
    }

    #[test]
    fn a_cut_off_input_says_where_it_ends() {
        let text = describe("a.json", &ErrorKind::Truncated, &place());
        assert_eq!(
            text,
            "a.json:2:5: the input is cut off: it ends at byte 27 inside $.operatorGroups[0]; \
             the download was probably interrupted: fetch it again"
        );
    }

    #[test]
    fn what_has_no_place_shows_none() {
        let text = describe("a.gz", &ErrorKind::NotJson(Lookalike::Gzip), &place());
        assert_eq!(
            text,
            "a.gz: the input is gzip-compressed, not JSON; \
             it was compressed twice: decompress it once first"
        );
    }
}
