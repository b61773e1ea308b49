//! Any bytes: the fast engine against the plain one.

use voltree_core::Parser;

use crate::depth::agree_at_limits;

/// Panics where the engines do not agree on `input` as a payload.
pub fn check(input: &[u8]) {
    let ways = [
        Parser::new(),
        Parser::new().memo(false),
        Parser::new().read_chunk(1),
        Parser::new().read_chunk(3),
    ];
    agree_at_limits(&ways, input);
}
