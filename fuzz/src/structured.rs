//! Payloads of the schema: the fast engine against the plain one.

use arbitrary::Unstructured;

use crate::{engines, payload::payload};

/// Panics where the engines do not agree on the payload that `input` stands for.
pub fn check(input: &[u8]) {
    engines::check(payload(&mut Unstructured::new(input)).text.as_bytes());
}
