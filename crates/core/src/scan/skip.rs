//! Finds the end of a value without looking closely at it.
//!
//! Of a valid value it finds the end. Of anything else it finds some end that is not before the
//! first fault, so that a strict reading of the skipped text meets that fault.

use std::io::{self, Read};

use super::window::Window;
use crate::text::block::{Marks, Nul};
use crate::text::lex::plain_end;

/// What [`Skip::advance`] has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Skipped {
    /// The value ends before this byte.
    End(usize),
    /// The value goes on behind the text given.
    More,
    /// At this byte stands a NUL byte, or a bracket that nests too deep.
    Stop(usize),
    /// At this byte opens a list that is a member of the record being skipped.
    List(usize),
}

/// Length and height of the value that starts `start` bytes into the window, which may open up to
/// `limit` brackets in each other; or the number of bytes up to and including the one where that
/// cannot be told.
pub(super) fn skip<R: Read>(
    window: &mut Window<R>,
    start: usize,
    limit: u32,
) -> io::Result<Result<(usize, u32), usize>> {
    let mut skip = Skip::new(limit);
    loop {
        let mut skipped = skip.advance(&window.bytes()[start..]);
        if skipped == Skipped::More && !window.fill()? {
            skipped = skip.at_end();
            if skipped == Skipped::More {
                return Ok(Err(window.bytes().len() - start));
            }
        }
        match skipped {
            Skipped::End(length) => return Ok(Ok((length, skip.height))),
            Skipped::More => {}
            Skipped::Stop(at) => return Ok(Err(at + 1)),
            Skipped::List(_) => unreachable!("no record is being skipped"),
        }
    }
}

/// A value being skipped, or what is left of a record; can be continued when more of it is in memory.
#[derive(Debug)]
pub(crate) struct Skip {
    at: usize,
    level: u32,
    limit: u32,
    /// Greatest number of open brackets so far.
    pub(crate) height: u32,
    in_string: bool,
    /// Whether to stop where lists open that are members of a record.
    lists: bool,
    /// Up to here byte by byte: there is a NUL byte.
    slow_until: usize,
}

impl Skip {
    /// Starts at the first byte of a value that may open up to `limit` brackets in each other.
    pub(crate) fn new(limit: u32) -> Self {
        Skip {
            at: 0,
            level: 0,
            limit,
            height: 0,
            in_string: false,
            lists: false,
            slow_until: 0,
        }
    }

    /// Starts within a record that is an object, between tokens. It may open up to `limit` brackets in each
    /// other, its own one included.
    pub(super) fn within(limit: u32) -> Self {
        Skip {
            level: 1,
            height: 1,
            lists: true,
            ..Skip::new(limit)
        }
    }

    /// How much of the text is behind; where the last byte escapes the next one, it may be one more.
    pub(super) fn passed(&self) -> usize {
        self.at
    }

    /// Goes on in a text that starts so many bytes later.
    pub(super) fn rebase(&mut self, by: usize) {
        self.at -= by;
        self.slow_until = self.slow_until.saturating_sub(by);
    }

    /// Takes the bracket of the list that stands here.
    pub(super) fn enter(&mut self) {
        self.level += 1;
        self.height = self.height.max(self.level);
        self.at += 1;
    }

    /// Goes on over `text`, which starts where the value starts and is at least as long as before.
    pub(crate) fn advance(&mut self, text: &[u8]) -> Skipped {
        loop {
            while self.level > 0 && self.at >= self.slow_until {
                let Some(block) = text.get(self.at..).and_then(|rest| rest.first_chunk()) else {
                    break;
                };
                match self.block(block) {
                    Ok(None) => {}
                    Ok(Some(found)) => return found,
                    Err(Nul) => self.slow_until = self.at + block.len(),
                }
            }
            if self.in_string {
                if !self.string(text) {
                    return self.unfinished(text);
                }
                if self.level == 0 {
                    return Skipped::End(self.at);
                }
            }
            let Some(&byte) = text.get(self.at) else {
                return Skipped::More;
            };
            match byte {
                b'"' if self.level == 0 && self.at > 0 => return Skipped::End(self.at),
                b'"' => self.in_string = true,
                b'{' | b'[' => {
                    if self.level == 0 && self.at > 0 {
                        return Skipped::End(self.at);
                    }
                    if self.level == self.limit {
                        return Skipped::Stop(self.at);
                    }
                    if self.is_list(byte) {
                        return Skipped::List(self.at);
                    }
                    self.enter();
                    continue;
                }
                b'}' | b']' => {
                    if self.level <= 1 {
                        return Skipped::End(self.at + self.level as usize);
                    }
                    self.level -= 1;
                }
                b' ' | b'\n' | b'\r' | b'\t' | b',' if self.level == 0 => {
                    return Skipped::End(self.at);
                }
                0 => return Skipped::Stop(self.at),
                _ => {}
            }
            self.at += 1;
        }
    }

    /// Goes over 64 bytes, of which the first one stands within the value.
    #[inline]
    fn block(&mut self, block: &[u8; 64]) -> Result<Option<Skipped>, Nul> {
        let mut marks = Marks::of(block);
        let mut length = block.len();
        if marks.special != 0 {
            let (escaped, over) = marks.escaped(block)?;
            marks.quotes &= !escaped;
            length += usize::from(over);
        }
        let outside = !marks.in_strings(self.in_string);
        let mut brackets = marks.brackets & outside;
        while brackets != 0 {
            let place = brackets.trailing_zeros() as usize;
            brackets &= brackets - 1;
            let at = self.at + place;
            match block[place] {
                bracket @ (b'{' | b'[') => {
                    if self.level == self.limit {
                        return Ok(Some(Skipped::Stop(at)));
                    }
                    if self.is_list(bracket) {
                        self.at = at;
                        self.in_string = false;
                        return Ok(Some(Skipped::List(at)));
                    }
                    self.level += 1;
                    self.height = self.height.max(self.level);
                }
                b'}' | b']' => {
                    if self.level == 1 {
                        return Ok(Some(Skipped::End(at + 1)));
                    }
                    self.level -= 1;
                }
                _ => {}
            }
        }
        self.in_string ^= marks.quotes.count_ones() % 2 == 1;
        self.at += length;
        Ok(None)
    }

    /// Whether a bracket that opens here opens a list to stop at.
    #[inline]
    fn is_list(&self, bracket: u8) -> bool {
        self.lists && self.level == 1 && bracket == b'['
    }

    /// What there is when the input ends here.
    pub(crate) fn at_end(&self) -> Skipped {
        let scalar = self.level == 0 && !self.in_string && self.at > 0;
        if scalar {
            Skipped::End(self.at)
        } else {
            Skipped::More
        }
    }

    /// Goes behind the closing quote; false where it is not reached.
    #[inline]
    fn string(&mut self, text: &[u8]) -> bool {
        loop {
            self.at = plain_end(text, self.at);
            match text.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    self.in_string = false;
                    return true;
                }
                Some(b'\\') if self.at + 1 < text.len() => self.at += 2,
                Some(b'\\' | 0) | None => return false,
                Some(_) => self.at += 1,
            }
        }
    }

    fn unfinished(&self, text: &[u8]) -> Skipped {
        match text.get(self.at) {
            Some(0) => Skipped::Stop(self.at),
            _ => Skipped::More,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Skip, Skipped};

    /// In one go, and in steps of one byte.
    fn end(text: &str) -> Skipped {
        let whole = Skip::new(3).advance(text.as_bytes());
        let mut skip = Skip::new(3);
        let stepped = (0..=text.len()).map(|end| skip.advance(&text.as_bytes()[..end]));
        let stepped = stepped
            .into_iter()
            .find(|skipped| *skipped != Skipped::More);
        assert_eq!(stepped.unwrap_or(Skipped::More), whole, "{text}");
        whole
    }

    /// Where lists open that are members of the record that the text is, and how much of it there is.
    fn lists(text: &str, step: usize) -> (Vec<usize>, Skipped) {
        let mut skip = Skip::within(4);
        skip.at = 1;
        let mut found = Vec::new();
        let mut end = 0;
        loop {
            match skip.advance(&text.as_bytes()[..end.min(text.len())]) {
                Skipped::List(at) => {
                    found.push(at);
                    skip.enter();
                }
                Skipped::More if end < text.len() => end += step,
                skipped => return (found, skipped),
            }
        }
    }

    #[test]
    fn stops_where_lists_of_a_record_open() {
        let long = format!(
            r#"{{"a":[[1],{{"b":[]}}],"\\":"[\"[","c":{{"d":[]}},"e{0}":"{0}\\","f":[],"g":3}}..."#,
            "x".repeat(150)
        );
        let places: Vec<usize> = ["[[1]", "[],\"g\""]
            .map(|list| long.find(list).unwrap())
            .into();
        let whole = Skipped::End(long.len() - 3);
        for step in [1, 3, 64, 1_000] {
            assert_eq!(lists(&long, step), (places.clone(), whole), "{step}");
        }
        assert_eq!(lists("{\"a\":[[[[", 9), (vec![5], Skipped::Stop(8)));
    }

    #[test]
    fn an_escaped_character_may_stand_in_the_next_block() {
        for quotes in 55..75 {
            for backslashes in 0..5 {
                let text = format!(
                    r#"["{}{}","]"]"#,
                    "x".repeat(quotes),
                    "\\".repeat(backslashes)
                );
                let expected = if backslashes % 2 == 0 {
                    Skipped::End(text.len())
                } else {
                    // The quote is escaped, and the bracket behind the comma is no string's.
                    Skipped::End(text.len() - 2)
                };
                assert_eq!(
                    end(&format!("{text} {}", " ".repeat(80))),
                    expected,
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn finds_the_end() {
        assert_eq!(end(r#"{"a":"}\"]","b":[{}]},"#), Skipped::End(21));
        assert_eq!(end("[]"), Skipped::End(2));
        assert_eq!(end("\"\\\\\" "), Skipped::End(4));
        assert_eq!(end("12,"), Skipped::End(2));
        assert_eq!(end("true}"), Skipped::End(4));
        assert_eq!(end("1\"a\""), Skipped::End(1));
        assert_eq!(end("[[[]]]"), Skipped::End(6));
    }

    #[test]
    fn stops() {
        assert_eq!(end("[[[[]]]]"), Skipped::Stop(3));
        assert_eq!(end("[\0"), Skipped::Stop(1));
        assert_eq!(end("\"a\0"), Skipped::Stop(2));
        assert_eq!(end("[1,"), Skipped::More);
        assert_eq!(end("\"a\\"), Skipped::More);
    }
}
