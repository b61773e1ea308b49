//! Scalars.

use super::Check;
use crate::{Error, ErrorKind, Expected};

impl Check<'_> {
    pub(super) fn scalar(&mut self, expected: Expected) -> Result<(), Error> {
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.literal(b"true"),
            Some(b'f') => self.literal(b"false"),
            Some(b'n') => self.literal(b"null"),
            _ => Err(self.unexpected(expected)),
        }
    }

    fn literal(&mut self, literal: &[u8]) -> Result<(), Error> {
        literal
            .iter()
            .try_for_each(|&byte| self.byte(byte, Expected::Literal))
    }

    fn number(&mut self) -> Result<(), Error> {
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
        Ok(())
    }

    /// One digit or more.
    fn digits(&mut self) -> Result<(), Error> {
        let is_digit = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_digit());
        if !is_digit(self.peek()) {
            return Err(self.unexpected(Expected::Digit));
        }
        while is_digit(self.peek()) {
            self.at += 1;
        }
        Ok(())
    }

    pub(super) fn string(&mut self) -> Result<(), Error> {
        self.at += 1;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => self.escape()?,
                Some(0x20..) if !self.breaks_utf8() => self.at += 1,
                _ => return Err(self.unexpected_in_string(Expected::EscapedControl)),
            }
        }
        self.at += 1;
        Ok(())
    }

    fn escape(&mut self) -> Result<(), Error> {
        let backslash = self.at;
        self.at += 1;
        match self.peek() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at += 1;
                return Ok(());
            }
            Some(b'u') => self.at += 1,
            _ => return Err(self.unexpected_in_string(Expected::Escape)),
        }
        match self.code_unit()? {
            0xD800..=0xDBFF => self.low_surrogate(backslash),
            0xDC00..=0xDFFF => Err(self.error(backslash, ErrorKind::LoneSurrogate)),
            _ => Ok(()),
        }
    }

    /// The second half of a surrogate pair, whose first half starts at a backslash.
    fn low_surrogate(&mut self, backslash: usize) -> Result<(), Error> {
        for byte in *b"\\u" {
            match self.peek() {
                None => return Err(self.truncated()),
                Some(found) if found == byte => self.at += 1,
                Some(_) => return Err(self.error(backslash, ErrorKind::LoneSurrogate)),
            }
        }
        match self.code_unit()? {
            0xDC00..=0xDFFF => Ok(()),
            _ => Err(self.error(backslash, ErrorKind::LoneSurrogate)),
        }
    }

    /// Four hexadecimal digits.
    fn code_unit(&mut self) -> Result<u32, Error> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else {
                return Err(self.unexpected_in_string(Expected::HexDigit));
            };
            unit = unit * 16 + digit;
            self.at += 1;
        }
        Ok(unit)
    }
}
