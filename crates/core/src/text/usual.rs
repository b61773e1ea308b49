//! What mostly stands in a payload, taken the short way. Each of these takes nothing where something else
//! stands, valid or not: then the [`Lexer`]'s other methods take it, or say what is wrong.

use std::ops::Range;

use super::block::{BLOCK, string_stops};
use super::lex::{Lexer, plain_end};

impl<'a> Lexer<'a> {
    /// Takes a string without escapes and gives where its content stands.
    #[inline]
    pub(crate) fn plain_string(&mut self) -> Option<Range<usize>> {
        if self.peek() != Some(b'"') {
            return None;
        }
        let start = self.at + 1;
        let end = plain_end(self.text, start);
        if self.text.get(end) != Some(&b'"') {
            return None;
        }
        self.at = end + 1;
        Some(start..end)
    }

    /// The same for a string of less than 32 bytes, which has to have a block's length behind it.
    #[inline]
    pub(crate) fn short_string(&mut self) -> Option<Range<usize>> {
        let (b'"', rest) = self.text.get(self.at..)?.split_first()? else {
            return None;
        };
        let block: &[u8; BLOCK] = rest.first_chunk()?;
        let length = string_stops(block).trailing_zeros() as usize;
        if block.get(length) != Some(&b'"') {
            return None;
        }
        let start = self.at + 1;
        self.at += length + 2;
        Some(start..start + length)
    }

    /// Takes an integer of up to 18 digits and nothing else.
    #[inline]
    pub(crate) fn small_integer(&mut self) -> Option<i64> {
        let rest = self.text.get(self.at..)?;
        let negative = rest.first() == Some(&b'-');
        let start = usize::from(negative);
        let mut value = 0;
        let mut at = start;
        while let Some(digit @ b'0'..=b'9') = rest.get(at).copied() {
            if at - start == 18 {
                return None;
            }
            value = value * 10 + i64::from(digit - b'0');
            at += 1;
        }
        let zero_first = at - start > 1 && rest[start] == b'0';
        if at == start || zero_first || matches!(rest.get(at), Some(b'.' | b'e' | b'E')) {
            return None;
        }
        self.at += at;
        Some(if negative { -value } else { value })
    }

    /// Takes `true` or `false`.
    #[inline]
    pub(crate) fn boolean(&mut self) -> Option<bool> {
        let rest = self.text.get(self.at..)?;
        let value = rest.starts_with(b"true");
        if !value && !rest.starts_with(b"false") {
            return None;
        }
        self.at += if value { 4 } else { 5 };
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::Lexer;

    /// What a method takes of a text, with what is left of it.
    fn taken<'a, T>(
        text: &'a str,
        take: impl Fn(&mut Lexer<'a>) -> Option<T>,
    ) -> (Option<T>, &'a str) {
        let mut lex = Lexer::new(text.as_bytes(), 0);
        let found = take(&mut lex);
        (found, &text[lex.at..])
    }

    #[test]
    fn strings() {
        let long = format!("\"{}\",", "x".repeat(40));
        for (text, content) in [
            ("\"\",", Some("")),
            ("\"a b\"}", Some("a b")),
            (&long, Some(&long[1..41])),
            (r#""a\"b","#, None),
            ("\"a\nb\"", None),
            ("\"a", None),
            ("1", None),
            ("", None),
        ] {
            let left = content.map_or(text, |content| &text[content.len() + 2..]);
            let plain = |lex: &mut Lexer<'_>| lex.plain_string().map(|part| &text[part]);
            assert_eq!(taken(text, plain), (content, left), "{text}");
            // With enough behind it.
            let padded = format!("{text}{}", " ".repeat(40));
            let short = |lex: &mut Lexer<'_>| lex.short_string().map(|part| &padded[part]);
            let content = content.filter(|content| content.len() < 32);
            assert_eq!(taken(&padded, short).0, content, "{text}");
            assert_eq!(
                taken(text, short).0.is_some(),
                content.is_some() && text.len() > 32
            );
        }
    }

    #[test]
    fn integers() {
        for (text, value, left) in [
            ("12,", Some(12), ","),
            ("-7}", Some(-7), "}"),
            ("0]", Some(0), "]"),
            ("-0 ", Some(0), " "),
            ("123456789012345678", Some(123_456_789_012_345_678), ""),
            ("1234567890123456789", None, "1234567890123456789"),
            ("1.0", None, "1.0"),
            ("1e2", None, "1e2"),
            ("01", None, "01"),
            ("-", None, "-"),
            ("x", None, "x"),
        ] {
            assert_eq!(taken(text, Lexer::small_integer), (value, left), "{text}");
        }
    }

    #[test]
    fn booleans() {
        assert_eq!(taken("true,", Lexer::boolean), (Some(true), ","));
        assert_eq!(taken("false", Lexer::boolean), (Some(false), ""));
        assert_eq!(taken("tru", Lexer::boolean), (None, "tru"));
        assert_eq!(taken("null", Lexer::boolean), (None, "null"));
    }
}
