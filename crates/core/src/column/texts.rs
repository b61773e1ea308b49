//! The texts of a column while it is filled.

use std::ops::Range;

use super::Overflow;
use crate::text::block::BLOCK;

/// Texts that stand one behind the other.
#[derive(Debug, Default)]
pub(super) struct Texts {
    /// Where each of them ends: ascending, and between characters. An end is of use where there are not
    /// too many bytes for it.
    ends: Vec<i32>,
    /// UTF-8. No `String`, since that would look at what is copied once more.
    bytes: Vec<u8>,
}

impl Texts {
    /// Adds the part of `source` that is this one, or an empty text where `source` has no such part.
    #[inline(always)]
    pub(super) fn push(&mut self, source: &str, part: Range<usize>) {
        let (rest, length) = match source.get(part.start..) {
            Some(rest) if rest.is_char_boundary(part.len()) => (rest.as_bytes(), part.len()),
            _ => (&[][..], 0),
        };
        match rest.first_chunk::<BLOCK>() {
            // A copy of fixed length takes no call.
            Some(block) if length <= BLOCK => {
                let end = self.bytes.len() + length;
                self.bytes.extend_from_slice(block);
                self.bytes.truncate(end);
            }
            _ => self.push_long(&rest[..length]),
        }
        self.ends.push(self.bytes.len() as i32);
    }

    /// Apart, since otherwise one copy of any length would serve both.
    #[inline(never)]
    fn push_long(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
    }

    /// Adds empty texts, until there are so many.
    pub(super) fn fill(&mut self, rows: usize) {
        self.ends.resize(rows, self.bytes.len() as i32);
    }

    /// Forgets all texts but so many, and keeps the memory.
    pub(super) fn truncate(&mut self, rows: usize) {
        self.ends.truncate(rows);
        let end = self.ends.last().map_or(0, |&end| end as usize);
        self.bytes.truncate(end);
    }

    /// Where each text ends, and all of them, if the ends are of use.
    pub(super) fn parts(&self) -> Result<(&[i32], &[u8]), Overflow> {
        match i32::try_from(self.bytes.len()) {
            Ok(_) => Ok((&self.ends, &self.bytes)),
            Err(_) => Err(Overflow),
        }
    }

    /// Bytes of all texts.
    pub(super) fn bytes(&self) -> usize {
        self.bytes.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_parts_of_their_source() {
        let source = "a\u{e4}\u{20ac}".repeat(20);
        let ends = || source.char_indices().map(|(at, _)| at);
        let mut texts = Texts::default();
        let mut expected = String::new();
        for start in ends() {
            for end in ends().filter(|&end| end >= start) {
                texts.push(&source, start..end);
                expected += &source[start..end];
                let (ends, bytes) = texts.parts().unwrap();
                assert_eq!(bytes, expected.as_bytes());
                assert_eq!(ends.last(), Some(&(bytes.len() as i32)));
            }
        }
    }

    #[test]
    fn what_is_no_part_of_the_source_is_empty() {
        for (source, part) in [("", 3..9), ("\u{e4}", 1..2), (&"\u{e4}".repeat(40), 2..5)] {
            let mut texts = Texts::default();
            texts.push(source, part);
            assert_eq!(texts.parts().unwrap(), (&[0][..], &b""[..]));
        }
    }
}
