//! What can go wrong, where, in typed form.

use std::{borrow::Cow, fmt, io};

/// Why a payload could not be read, and where.
///
/// Small (one pointer); the place is that of the first offending byte.
///
/// ```
/// use voltree_core::{ErrorKind, Parser};
///
/// let error = Parser::new().parse_slice(br#"{"operatorGroups":[{"id":1,}]}"#).unwrap_err();
/// assert_eq!(error.offset(), 27);
/// assert_eq!(error.path(), "$.operatorGroups[0]");
/// assert_eq!(
///     error.to_string(),
///     "expected a key in quotes, found `}` at line 1, column 28 (byte 27), in $.operatorGroups[0]"
/// );
/// ```
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    place: Place,
}

/// A place in a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Bytes before it.
    pub offset: u64,
    /// Line, from 1.
    pub line: u64,
    /// Column in characters (Unicode code points), from 1.
    pub column: u64,
    /// JSON path of the innermost value that was being read, such as `$.operatorGroups[2].operators`.
    pub path: String,
}

/// What went wrong. Each variant's description gives an input that triggers it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// `` or white space only.
    #[error("the input is empty")]
    Empty,
    /// `{"operatorGroups":[`.
    #[error("the input is cut off")]
    Truncated,
    /// `{"operatorGroups":[1 2]}`.
    #[error("expected {expected}, found {}", Byte(*found))]
    Syntax {
        /// What the grammar wants here.
        expected: Expected,
        /// The first byte that does not fit.
        found: u8,
    },
    /// `{"operatorGroups":[]} x`.
    #[error("expected the end of the input after the operator tree, found {}", Byte(*found))]
    TrailingData {
        /// The first byte behind the payload that is no white space.
        found: u8,
    },
    /// `{"operatorGroups":[]}{"operatorGroups":[]}`, where one payload was asked for:
    /// [`documents`](crate::Parser::documents) reads them all.
    #[error("expected the end of the input after the operator tree, found another payload")]
    SecondPayload,
    /// A byte 0xFF inside a string.
    #[error("invalid UTF-8")]
    InvalidUtf8,
    /// `"\ud800"`.
    #[error("lone surrogate in a string escape")]
    LoneSurrogate,
    /// A gzip file, an HTML page…
    #[error("the input is {0}, not JSON")]
    NotJson(Lookalike),
    /// `[]`, `{}`, `42`, `{"id":1}`; `[{"groupName":"a"},{"id":1}]` at `$[1]`.
    #[error(
        "expected an operator tree, an OperatorGroup, an Operator, a ChargerGroup or a list of these, found {found}"
    )]
    NotAnOperatorTree {
        /// What the input holds instead, in words.
        found: String,
        /// Whether that looks like an error answer of the API.
        api_error: bool,
    },
    /// More than [`max_depth`](crate::Parser::max_depth) arrays and objects in each other.
    #[error("nested deeper than {limit} levels")]
    TooDeep {
        /// The limit that was exceeded.
        limit: u32,
    },
    /// More than [`max_bytes`](crate::Parser::max_bytes).
    #[error("longer than the limit of {limit} bytes")]
    TooLong {
        /// The limit that was exceeded.
        limit: u64,
    },
    /// A text of 2 GiB, or more than 4 billion distinct records.
    #[error("{0} exceeds what can be indexed")]
    TooLarge(&'static str),
    /// The reader failed, or there was no memory to read on. What was read before it is no error by itself.
    #[error("reading failed: {0}")]
    Io(io::Error),
}

impl ErrorKind {
    /// What it is that this byte stands behind a payload.
    pub(crate) fn trailing(found: u8) -> ErrorKind {
        match found {
            b'{' | b'[' => ErrorKind::SecondPayload,
            found => ErrorKind::TrailingData { found },
        }
    }
}

/// What the grammar of JSON (RFC 8259) wants at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expected {
    /// `[1,]`: any value.
    Value,
    /// `[x`: a value, or the end of the list, after `[`.
    ValueOrEnd,
    /// `{1`: a key, or the end of the object, after `{`.
    KeyOrEnd,
    /// `{"a":1,}`: a key after a comma.
    Key,
    /// `{"a" 1}`: a colon after a key.
    Colon,
    /// `{"a":1 "b"`: a comma, or the end of the object.
    CommaOrBrace,
    /// `[1 2]`: a comma, or the end of the list.
    CommaOrBracket,
    /// `trux`: the rest of `true`, `false` or `null`.
    Literal,
    /// `-x`, `1.`, `1e+`: a digit.
    Digit,
    /// A raw line break in a string: control characters are to be escaped.
    EscapedControl,
    /// `"\x"`: one of `"\/bfnrtu` after a backslash.
    Escape,
    /// `"\u12x4"`: a hexadecimal digit.
    HexDigit,
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Expected::Value => "a value",
            Expected::ValueOrEnd => "a value or `]`",
            Expected::KeyOrEnd => "a key in quotes or `}`",
            Expected::Key => "a key in quotes",
            Expected::Colon => "`:`",
            Expected::CommaOrBrace => "`,` or `}`",
            Expected::CommaOrBracket => "`,` or `]`",
            Expected::Literal => "`true`, `false` or `null`",
            Expected::Digit => "a digit",
            Expected::EscapedControl => "control characters in strings to be escaped",
            Expected::Escape => "one of `\"\\/bfnrtu` after a backslash",
            Expected::HexDigit => "a hexadecimal digit",
        })
    }
}

/// What an input that is no JSON seems to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lookalike {
    /// Starts with a UTF-16 byte order mark, or has NUL bytes where UTF-16 has them.
    Utf16,
    /// Starts with the magic number of gzip.
    Gzip,
    /// Starts with the magic number of zstd.
    Zstd,
    /// Starts with the magic number of bzip2.
    Bzip2,
    /// Starts with the magic number of xz.
    Xz,
    /// Starts with the magic number of zip.
    Zip,
    /// Starts with `PAR1`.
    Parquet,
    /// Starts with `<`.
    Html,
    /// One of the texts that the API answers with status 400 and 401.
    ApiError,
}

impl fmt::Display for Lookalike {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Lookalike::Utf16 => "UTF-16 text",
            Lookalike::Gzip => "gzip-compressed",
            Lookalike::Zstd => "zstd-compressed",
            Lookalike::Bzip2 => "bzip2-compressed",
            Lookalike::Xz => "xz-compressed",
            Lookalike::Zip => "a zip archive",
            Lookalike::Parquet => "a Parquet file",
            Lookalike::Html => "an HTML or XML page",
            Lookalike::ApiError => "an error text of the API",
        })
    }
}

/// A byte as a reader sees it.
struct Byte(u8);

impl fmt::Display for Byte {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            b'\n' => f.write_str("a line break"),
            b'\t' => f.write_str("a tab"),
            0 => f.write_str("a NUL byte"),
            byte @ b' '..=b'~' => write!(f, "`{}`", char::from(byte)),
            byte => write!(f, "byte 0x{byte:02X}"),
        }
    }
}

/// Bytes of a long path that messages show at its beginning, and at its end.
const SHOWN: usize = 80;

/// The start of an input.
impl Default for Place {
    fn default() -> Self {
        Place {
            offset: 0,
            line: 1,
            column: 1,
            path: "$".to_owned(),
        }
    }
}

impl Place {
    /// The path as messages show it: of a long one the beginning and the end.
    ///
    /// ```
    /// let place = voltree_core::Place {
    ///     path: format!("$.operatorGroups[0]{}", ".subgroups[0]".repeat(500)),
    ///     ..Default::default()
    /// };
    /// assert_eq!(place.short_path().chars().count(), 161);
    /// assert!(place.short_path().contains("…"));
    /// ```
    pub fn short_path(&self) -> Cow<'_, str> {
        let path = &self.path;
        if path.len() <= 2 * SHOWN {
            return path.into();
        }
        let start = path.floor_char_boundary(SHOWN);
        let end = path.ceil_char_boundary(path.len() - SHOWN);
        format!("{}…{}", &path[..start], &path[end..]).into()
    }
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, place: Place) -> Self {
        Error(Box::new(Inner { kind, place }))
    }

    /// What went wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Where it went wrong.
    pub fn place(&self) -> &Place {
        &self.0.place
    }

    /// Bytes before the first offending one.
    pub fn offset(&self) -> u64 {
        self.0.place.offset
    }

    /// Line, from 1.
    pub fn line(&self) -> u64 {
        self.0.place.line
    }

    /// Column in characters, from 1.
    pub fn column(&self) -> u64 {
        self.0.place.column
    }

    /// JSON path of the innermost value that was being read.
    pub fn path(&self) -> &str {
        &self.0.place.path
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, place } = &*self.0;
        match kind {
            ErrorKind::Empty | ErrorKind::NotJson(_) => write!(f, "{kind}"),
            ErrorKind::Io(_) => write!(f, "{kind} (after byte {})", place.offset),
            ErrorKind::Truncated => write!(
                f,
                "{kind}: it ends at byte {} inside {} (line {}, column {})",
                place.offset,
                place.short_path(),
                place.line,
                place.column
            ),
            _ => write!(
                f,
                "{kind} at line {}, column {} (byte {}), in {}",
                place.line,
                place.column,
                place.offset,
                place.short_path()
            ),
        }
    }
}

/// It has no source: what a reader failed with stands in the text already, and in
/// [`ErrorKind::Io`].
impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    #[test]
    fn a_chain_of_errors_says_nothing_twice() {
        let kind = ErrorKind::Io(io::Error::other("gone"));
        assert!(kind.source().is_none());
        let error = Error::new(kind, Place::default());
        assert_eq!(error.to_string(), "reading failed: gone (after byte 0)");
        assert!(error.source().is_none());
    }
}
