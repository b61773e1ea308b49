//! Tells what an input is that is no payload.

use crate::Lookalike;

/// Bytes that are looked at to tell what an input is, before it is read as JSON.
pub(crate) const HEAD: usize = 512;

/// What the API answers instead of a payload.
pub(crate) const API_TEXTS: [&str; 2] = [
    "Errors in the route parameters",
    "Customer not found or not authorised",
];

/// Keys that the API's error answers have, and those of the servers before it.
pub(crate) const ERROR_KEYS: [&str; 6] = [
    "message",
    "error",
    "errors",
    "title",
    "detail",
    "statusCode",
];

/// What an input that starts like this seems to be, if it is no JSON.
pub(crate) fn lookalike(head: &[u8]) -> Option<Lookalike> {
    const MAGIC: [(&[u8], Lookalike); 8] = [
        (b"\xFF\xFE", Lookalike::Utf16),
        (b"\xFE\xFF", Lookalike::Utf16),
        (b"\x1F\x8B", Lookalike::Gzip),
        (b"\x28\xB5\x2F\xFD", Lookalike::Zstd),
        (b"BZh", Lookalike::Bzip2),
        (b"\xFD7zXZ\0", Lookalike::Xz),
        (b"PK\x03\x04", Lookalike::Zip),
        (b"PAR1", Lookalike::Parquet),
    ];
    if let Some((_, lookalike)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(*lookalike);
    }
    let text = head
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(head)
        .trim_ascii_start();
    match text {
        [b'<', ..] => Some(Lookalike::Html),
        [0, b'{' | b'[', ..] | [b'{' | b'[', 0, ..] => Some(Lookalike::Utf16),
        _ => {
            let api_error = API_TEXTS
                .iter()
                .any(|error| text.starts_with(error.as_bytes()));
            api_error.then_some(Lookalike::ApiError)
        }
    }
}
