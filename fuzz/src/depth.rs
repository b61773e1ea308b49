//! Depth limits where they bite.

use voltree_core::{DEFAULT_MAX_DEPTH, Parser};

use crate::agree::agree_in;

/// Panics where the engines do not agree on a payload, under the depth limit that it just keeps and
/// under the one that it just exceeds.
pub(crate) fn agree_at_limits(ways: &[Parser], payload: &[u8]) {
    let depth = depth(payload).clamp(1, DEFAULT_MAX_DEPTH);
    agree_in(ways, payload, depth);
    if depth > 1 {
        agree_in(ways, payload, depth - 1);
    }
}

/// Brackets in each other outside of strings, at most; where the text is not valid, some number.
fn depth(payload: &[u8]) -> u32 {
    let (mut level, mut depth, mut in_string, mut escaped) = (0_u32, 0, false, false);
    for byte in payload {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => {
                level += 1;
                depth = depth.max(level);
            }
            b'}' | b']' => level = level.saturating_sub(1),
            _ => {}
        }
    }
    depth
}

#[cfg(test)]
mod tests {
    use super::depth;

    #[test]
    fn brackets_in_strings_do_not_count() {
        assert_eq!(depth(br#"{"a[[\"[":[{},{"b":"]\\"}]}"#), 3);
        assert_eq!(depth(b"]]]["), 1);
    }
}
