//! Many bytes at once, with the vectors of [`wide`]: on x86-64 those of SSE2, which every such
//! machine has, so that there is no feature to detect.

use wide::u8x16;

/// Bytes that are looked at in a string at a time.
pub(crate) const BLOCK: usize = 32;

/// Which of these bytes are what a string cannot go on over: a quote, a backslash or a control
/// character. The first byte is the lowest bit.
#[inline]
pub(super) fn string_stops(block: &[u8; BLOCK]) -> u32 {
    let (parts, _) = block.as_chunks();
    let [first, second] = [0, 1].map(|part| {
        let vector = u8x16::new(parts[part]);
        let control = vector.min(u8x16::splat(0x1F)).simd_eq(vector);
        (control | equal(vector, b'"') | equal(vector, b'\\')).to_bitmask()
    });
    first | second << 16
}

/// There is a NUL byte.
#[derive(Debug)]
pub(crate) struct Nul;

/// Where in 64 bytes something stands, the first byte being the lowest bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Marks {
    pub(crate) quotes: u64,
    /// Braces and brackets, wherever they stand; and `Y`, `_`, `y` and DEL, which stand outside of strings
    /// in no valid JSON.
    pub(crate) brackets: u64,
    /// Backslashes and NUL bytes.
    pub(crate) special: u64,
}

impl Marks {
    #[inline]
    pub(crate) fn of(block: &[u8; 64]) -> Marks {
        let mut marks = Marks {
            quotes: 0,
            brackets: 0,
            special: 0,
        };
        let (parts, _) = block.as_chunks();
        for (index, part) in parts.iter().enumerate() {
            let vector = u8x16::new(*part);
            // All four of them have these bits besides, and few others: one comparison finds them.
            let folded = vector | u8x16::splat(0x26);
            let at = |mask: u8x16| u64::from(mask.to_bitmask()) << (16 * index);
            marks.quotes |= at(equal(vector, b'"'));
            marks.brackets |= at(equal(folded, 0x7F));
            marks.special |= at(equal(vector, b'\\') | equal(vector, 0));
        }
        marks
    }

    /// The characters that are escaped, and what escapes them; true where the last byte escapes one behind
    /// the block. The first byte is not escaped.
    #[cold]
    pub(crate) fn escaped(&self, block: &[u8; 64]) -> Result<(u64, bool), Nul> {
        let mut backslashes = mask(block, b'\\');
        if backslashes != self.special {
            return Err(Nul);
        }
        let mut escaped = 0;
        let mut over = false;
        while backslashes != 0 {
            let pair = 0b11 << backslashes.trailing_zeros();
            over = backslashes == 1 << 63;
            escaped |= pair;
            backslashes &= !pair;
        }
        Ok((escaped, over))
    }

    /// The bytes within strings, if `in_string` tells whether the block starts in one and no quote
    /// is escaped: from each opening quote to before the closing one.
    #[inline]
    pub(crate) fn in_strings(&self, in_string: bool) -> u64 {
        let mut odd = self.quotes;
        for shift in [1, 2, 4, 8, 16, 32] {
            odd ^= odd << shift;
        }
        if in_string { !odd } else { odd }
    }
}

/// Where a byte stands.
fn mask(block: &[u8; 64], byte: u8) -> u64 {
    let (parts, _) = block.as_chunks();
    let parts = parts.iter().rev();
    parts.fold(0, |mask, part| {
        mask << 16 | u64::from(equal(u8x16::new(*part), byte).to_bitmask())
    })
}

#[inline]
fn equal(vector: u8x16, byte: u8) -> u8x16 {
    vector.simd_eq(u8x16::splat(byte))
}

/// The same, byte by byte.
#[cfg(test)]
mod plain {
    use super::Marks;

    fn mask(bytes: &[u8], wanted: impl Fn(u8) -> bool) -> u64 {
        bytes
            .iter()
            .rev()
            .fold(0, |mask, &byte| mask << 1 | u64::from(wanted(byte)))
    }

    pub(super) fn string_stops(bytes: &[u8; 32]) -> u32 {
        mask(bytes, |byte| matches!(byte, b'"' | b'\\' | 0..=0x1F)) as u32
    }

    pub(super) fn marks(block: &[u8; 64]) -> Marks {
        Marks {
            quotes: mask(block, |byte| byte == b'"'),
            brackets: mask(block, |byte| b"{[}]Y_y\x7F".contains(&byte)),
            special: mask(block, |byte| matches!(byte, b'\\' | 0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Marks, plain, string_stops};

    proptest! {
        #[test]
        fn any_bytes(block in prop::array::uniform32(any::<[u8; 2]>())) {
            let block: [u8; 64] = block.concat().try_into().unwrap();
            let (part, _) = block.split_first_chunk().unwrap();
            prop_assert_eq!(string_stops(part), plain::string_stops(part));
            prop_assert_eq!(Marks::of(&block), plain::marks(&block));
        }
    }

    #[test]
    fn every_byte() {
        for byte in 0..=u8::MAX {
            assert_eq!(string_stops(&[byte; 32]), plain::string_stops(&[byte; 32]));
            assert_eq!(Marks::of(&[byte; 64]), plain::marks(&[byte; 64]));
        }
    }

    #[test]
    fn strings() {
        let mut block = [b' '; 64];
        for at in [1, 4, 10] {
            block[at] = b'"';
        }
        let within = Marks::of(&block).in_strings(false);
        assert_eq!(within, 0b1110 | u64::MAX << 10);
        assert_eq!(Marks::of(&block).in_strings(true), !within);
    }
}
