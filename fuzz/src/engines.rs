//! Any bytes, as one payload and as several: the fast engine against the plain one.

use voltree_core::{DEFAULT_MAX_DEPTH, Parser};

use crate::agree::agree_on_documents;
use crate::depth::agree_at_limits;

/// Panics where the engines do not agree on `input` as a payload, or on the payloads in it.
pub fn check(input: &[u8]) {
    let ways = [
        Parser::new(),
        Parser::new().memo(false),
        Parser::new().read_chunk(1),
        Parser::new().read_chunk(3),
    ];
    agree_at_limits(&ways, input);
    agree_on_documents(&ways, input, DEFAULT_MAX_DEPTH);
}
