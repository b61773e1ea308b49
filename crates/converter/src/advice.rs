//! What to do about a payload that cannot be read.

use std::io;

use voltree_core::{ErrorKind, Lookalike};

const SAVE_AGAIN: &str = "it looks like an error answer of the API, saved as a file: check the request, then save the response body again";

/// A word of advice, where there is one.
pub(crate) fn on(kind: &ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::Empty => "save the body of the API's response again",
        ErrorKind::Truncated => "the download was probably interrupted: fetch it again",
        ErrorKind::TrailingData { .. } => {
            "remove it: behind a payload only another one may stand, which \
             `voltree convert --layout hive` takes for a snapshot of its own"
        }
        ErrorKind::SecondPayload => "`voltree convert --layout hive` makes a snapshot of each",
        ErrorKind::InvalidUtf8 => "JSON is UTF-8: save it again without changing the encoding",
        ErrorKind::NotJson(lookalike) => return on_lookalike(*lookalike),
        ErrorKind::NotAnOperatorTree {
            api_error: true, ..
        } => SAVE_AGAIN,
        ErrorKind::NotAnOperatorTree { .. } => {
            "give the whole response of `GET operators`, or whole records of it"
        }
        ErrorKind::TooLong { .. } => "raise --max-input-bytes if the data is meant to be that long",
        ErrorKind::TooDeep { .. } => "raise --max-depth if the data is meant to be like that",
        ErrorKind::Io(error) if error.kind() == io::ErrorKind::OutOfMemory => {
            "give the process more memory"
        }
        _ => return None,
    })
}

fn on_lookalike(lookalike: Lookalike) -> Option<&'static str> {
    Some(match lookalike {
        Lookalike::Utf16 => "convert it to UTF-8 first, such as with `iconv -f UTF-16 -t UTF-8`",
        Lookalike::Gzip | Lookalike::Zstd | Lookalike::Bzip2 | Lookalike::Xz => {
            "it was compressed twice: decompress it once first"
        }
        Lookalike::Zip => "unpack it first",
        Lookalike::Parquet => "give the API's response, not its tables",
        Lookalike::Html => {
            "it was probably sent by a proxy or a login: save the API's response body again"
        }
        Lookalike::ApiError => SAVE_AGAIN,
        _ => return None,
    })
}
