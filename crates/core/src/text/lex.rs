//! The grammar of JSON (RFC 8259), byte by byte, over text that is in memory.
//!
//! Text may hold *holes*: a NUL byte where a child record stood. Valid JSON has no NUL byte, so that
//! a hole cannot be mistaken for anything else; where the caller expects none, it is an error.

use super::block::string_stops;
use crate::Expected;

/// Stands for a child record in its owner's text.
pub(crate) const HOLE: u8 = 0;

/// What does not fit, and where, counted from the start of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) at: usize,
    pub(crate) kind: FaultKind,
}

/// Kinds of [`Fault`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// The text ends too early.
    End,
    /// A byte that does not fit.
    Byte(Expected, u8),
    InvalidUtf8,
    LoneSurrogate,
    /// A bracket beyond the depth limit.
    TooDeep,
    /// Something behind the payload.
    Trailing(u8),
}

/// A place in a text that is being read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lexer<'a> {
    pub(crate) text: &'a [u8],
    pub(crate) at: usize,
    /// How many holes are still to come; any further NUL byte is a fault.
    pub(crate) holes: usize,
}

/// A string between its quotes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StringToken {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) escaped: bool,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(text: &'a [u8], holes: usize) -> Self {
        Lexer { text, at: 0, holes }
    }

    #[inline]
    pub(crate) fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// The fault of the byte at the current place.
    #[cold]
    pub(crate) fn unexpected(&self, expected: Expected) -> Fault {
        let kind = match self.peek() {
            None => FaultKind::End,
            // The brace of the child record.
            Some(HOLE) if self.holes > 0 => FaultKind::Byte(expected, b'{'),
            Some(byte) => FaultKind::Byte(expected, byte),
        };
        Fault { at: self.at, kind }
    }

    /// The same within a string, in which no child stands: a NUL is what the payload has there.
    #[cold]
    fn unexpected_in_string(&self, expected: Expected) -> Fault {
        let kind = match self.peek() {
            None => FaultKind::End,
            Some(byte) => FaultKind::Byte(expected, byte),
        };
        Fault { at: self.at, kind }
    }

    /// Skips white space and gives the byte behind it, without taking it.
    #[inline]
    pub(crate) fn token(&mut self) -> Option<u8> {
        loop {
            match self.peek() {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                byte => return byte,
            }
        }
    }

    /// Takes `byte` after white space.
    #[inline]
    pub(crate) fn expect(&mut self, byte: u8, expected: Expected) -> Result<(), Fault> {
        if self.token() == Some(byte) {
            self.at += 1;
            return Ok(());
        }
        Err(self.unexpected(expected))
    }

    /// Takes the comma before the next element, or the closing bracket; tells whether one follows.
    #[inline]
    pub(crate) fn comma_or(&mut self, close: u8, expected: Expected) -> Result<bool, Fault> {
        match self.token() {
            Some(b',') => {
                self.at += 1;
                Ok(true)
            }
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            _ => Err(self.unexpected(expected)),
        }
    }

    /// Takes a string whose opening quote stands here.
    #[inline]
    pub(crate) fn string(&mut self) -> Result<StringToken, Fault> {
        let start = self.at + 1;
        let end = plain_end(self.text, start);
        match self.text.get(end) {
            Some(b'"') => {
                self.at = end + 1;
                Ok(StringToken {
                    start,
                    end,
                    escaped: false,
                })
            }
            Some(b'\\') => self.escaped_string(start, end),
            _ => {
                self.at = end;
                Err(self.unexpected_in_string(Expected::EscapedControl))
            }
        }
    }

    /// The rest of a string from its first backslash on.
    #[cold]
    fn escaped_string(&mut self, start: usize, first: usize) -> Result<StringToken, Fault> {
        self.at = first;
        loop {
            self.at = plain_end(self.text, self.at);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(StringToken {
                        start,
                        end: self.at - 1,
                        escaped: true,
                    });
                }
                Some(b'\\') => self.escape()?,
                _ => return Err(self.unexpected_in_string(Expected::EscapedControl)),
            }
        }
    }

    fn escape(&mut self) -> Result<(), Fault> {
        let backslash = self.at;
        self.at += 1;
        match self.peek() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
            Some(b'u') => {
                let lone = Fault {
                    at: backslash,
                    kind: FaultKind::LoneSurrogate,
                };
                match self.hex()? {
                    0xDC00..=0xDFFF => return Err(lone),
                    0xD800..=0xDBFF => match (self.peek(), self.text.get(self.at + 1)) {
                        (None, _) | (Some(b'\\'), None) => {
                            self.at = self.text.len();
                            return Err(self.unexpected_in_string(Expected::Escape));
                        }
                        (Some(b'\\'), Some(b'u')) => {
                            self.at += 1;
                            if !(0xDC00..=0xDFFF).contains(&self.hex()?) {
                                return Err(lone);
                            }
                        }
                        _ => return Err(lone),
                    },
                    _ => {}
                }
            }
            _ => return Err(self.unexpected_in_string(Expected::Escape)),
        }
        Ok(())
    }

    /// Takes `uXXXX`.
    fn hex(&mut self) -> Result<u32, Fault> {
        let mut value = 0;
        for _ in 0..4 {
            self.at += 1;
            match self.peek().and_then(|byte| char::from(byte).to_digit(16)) {
                Some(digit) => value = value * 16 + digit,
                None => return Err(self.unexpected_in_string(Expected::HexDigit)),
            }
        }
        self.at += 1;
        Ok(value)
    }

    /// Takes a number and gives its text.
    #[inline]
    pub(crate) fn number(&mut self) -> Result<&'a [u8], Fault> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(&self.text[start..self.at])
    }

    #[inline]
    fn digits(&mut self) -> Result<(), Fault> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start {
            Err(self.unexpected(Expected::Digit))
        } else {
            Ok(())
        }
    }

    /// Takes `true`, `false` or `null`, of which the first letter stands here.
    pub(crate) fn literal(&mut self, word: &[u8]) -> Result<(), Fault> {
        for &letter in word {
            if self.peek() != Some(letter) {
                return Err(self.unexpected(Expected::Literal));
            }
            self.at += 1;
        }
        Ok(())
    }

    /// Takes a scalar, or a hole where the text has them. Brackets are the caller's.
    pub(crate) fn scalar(&mut self, expected: Expected) -> Result<(), Fault> {
        match self.peek() {
            Some(b'"') => self.string().map(drop),
            Some(b'-' | b'0'..=b'9') => self.number().map(drop),
            Some(b't') => self.literal(b"true"),
            Some(b'f') => self.literal(b"false"),
            Some(b'n') => self.literal(b"null"),
            Some(HOLE) if self.holes > 0 => {
                self.holes -= 1;
                self.at += 1;
                Ok(())
            }
            _ => Err(self.unexpected(expected)),
        }
    }
}

/// The first byte at or after `at` that is no plain string content: a quote, a backslash, a control
/// character, or the end.
#[inline]
pub(crate) fn plain_end(text: &[u8], mut at: usize) -> usize {
    while let Some(block) = text.get(at..).and_then(|rest| rest.first_chunk()) {
        let stops = string_stops(block);
        if stops != 0 {
            return at + stops.trailing_zeros() as usize;
        }
        at += block.len();
    }
    while at < text.len() && !matches!(text[at], b'"' | b'\\' | 0..=0x1F) {
        at += 1;
    }
    at
}

/// Appends a string's content with its escapes resolved. The content was taken by [`Lexer::string`].
pub(crate) fn unescape(content: &[u8], out: &mut Vec<u8>) {
    let mut rest = content;
    while let Some(backslash) = memchr::memchr(b'\\', rest) {
        out.extend_from_slice(&rest[..backslash]);
        let (byte, used) = match rest[backslash + 1] {
            b'b' => (8, 2),
            b'f' => (12, 2),
            b'n' => (b'\n', 2),
            b'r' => (b'\r', 2),
            b't' => (b'\t', 2),
            b'u' => {
                let hex = |from: usize| {
                    rest[from..from + 4].iter().fold(0, |value, &digit| {
                        value * 16
                            + char::from(digit)
                                .to_digit(16)
                                .expect("checked hexadecimal digit")
                    })
                };
                let high = hex(backslash + 2);
                let (code, used) = if (0xD800..0xDC00).contains(&high) {
                    (
                        0x10000 + ((high - 0xD800) << 10) + (hex(backslash + 8) - 0xDC00),
                        12,
                    )
                } else {
                    (high, 6)
                };
                let char = char::from_u32(code).expect("checked surrogates");
                out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
                rest = &rest[backslash + used..];
                continue;
            }
            byte => (byte, 2),
        };
        out.push(byte);
        rest = &rest[backslash + used..];
    }
    out.extend_from_slice(rest);
}
