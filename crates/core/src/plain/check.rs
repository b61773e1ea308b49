//! Strict JSON, byte by byte.

mod scalar;

use super::{
    document::{Content, Document, NodeId, ROOT},
    place::BYTE_ORDER_MARK,
};
use crate::{Error, ErrorKind, Expected, scan};

/// Checks that at `start` of an input stands one JSON value, and notes where every value in it stands.
/// Gives where the white space behind it ends: the input, or before another value.
pub(super) fn check(
    input: &[u8],
    start: usize,
    options: scan::Options,
) -> Result<(Document<'_>, usize), Error> {
    let mut check = Check {
        input,
        utf8: std::str::from_utf8(input).err(),
        max_depth: options.max_depth,
        at: start,
        document: Document::new(input),
        here: ROOT,
        open: Vec::new(),
    };
    if start == 0 && input.starts_with(BYTE_ORDER_MARK) {
        check.at = BYTE_ORDER_MARK.len();
    }
    check.skip_space();
    if check.peek().is_none() {
        return Err(check.error(check.at, ErrorKind::Empty));
    }
    check.root()?;
    check.skip_space();
    let several = options.several && !matches!(check.document.content(ROOT), Content::Scalar);
    match check.peek() {
        Some(b'{' | b'[') if several => Ok((check.document, check.at)),
        Some(_) if check.is_invalid_utf8() => Err(check.error(check.at, ErrorKind::InvalidUtf8)),
        Some(found) => Err(check.error(check.at, ErrorKind::trailing(found))),
        None => Ok((check.document, check.at)),
    }
}

/// Checks that an input is one JSON value.
#[cfg(test)]
pub(super) fn whole(input: &[u8], max_depth: u32) -> Result<Document<'_>, Error> {
    let options = super::only(max_depth);
    check(input, 0, options).map(|(document, _)| document)
}

/// How a list or object goes on.
#[derive(Clone, Copy, PartialEq)]
enum Bracket {
    List,
    Object,
}

struct Check<'a> {
    input: &'a [u8],
    /// Where the input is no UTF-8. All before it is.
    utf8: Option<std::str::Utf8Error>,
    max_depth: u32,
    /// The next byte.
    at: usize,
    document: Document<'a>,
    /// The value that is being read; errors name its path.
    here: NodeId,
    /// The lists and objects around the next value.
    open: Vec<(NodeId, Bracket)>,
}

impl Check<'_> {
    fn root(&mut self) -> Result<(), Error> {
        let mut expected = Expected::Value;
        loop {
            // A value starts here, unless it is the first one of an empty list or object.
            if self.value(expected)? {
                let (container, bracket) = *self.open.last().expect("just opened");
                self.skip_space();
                let closing = match bracket {
                    Bracket::List => b']',
                    Bracket::Object => b'}',
                };
                if self.peek() != Some(closing) {
                    expected = self.first(container, bracket)?;
                    continue;
                }
                self.at += 1;
                self.open.pop();
                self.document.end(container, self.at);
            }
            // A value has ended, and those around it that end with it.
            match self.next()? {
                Some(next) => expected = next,
                None => return Ok(()),
            }
        }
    }

    /// Goes to the first value of a list or object that has one.
    fn first(&mut self, container: NodeId, bracket: Bracket) -> Result<Expected, Error> {
        match bracket {
            Bracket::List if self.peek().is_none() => Err(self.truncated()),
            Bracket::List => {
                self.here = self.document.push_element(container);
                Ok(Expected::ValueOrEnd)
            }
            Bracket::Object => {
                self.member(container, Expected::KeyOrEnd)?;
                Ok(Expected::Value)
            }
        }
    }

    /// Goes from the end of a value to the next one; `None` at the end of the root.
    fn next(&mut self) -> Result<Option<Expected>, Error> {
        while let Some(&(container, bracket)) = self.open.last() {
            self.here = container;
            self.skip_space();
            match (bracket, self.peek()) {
                (_, None) => return Err(self.truncated()),
                (Bracket::List, Some(b',')) => {
                    self.at += 1;
                    self.here = self.document.push_element(container);
                    self.skip_space();
                    return Ok(Some(Expected::Value));
                }
                (Bracket::Object, Some(b',')) => {
                    self.at += 1;
                    self.skip_space();
                    self.member(container, Expected::Key)?;
                    return Ok(Some(Expected::Value));
                }
                (Bracket::List, Some(b']')) | (Bracket::Object, Some(b'}')) => {
                    self.at += 1;
                    self.open.pop();
                    self.document.end(container, self.at);
                }
                (Bracket::List, Some(_)) => return Err(self.unexpected(Expected::CommaOrBracket)),
                (Bracket::Object, Some(_)) => return Err(self.unexpected(Expected::CommaOrBrace)),
            }
        }
        Ok(None)
    }

    /// A key and its colon; goes to the value.
    fn member(&mut self, object: NodeId, expected: Expected) -> Result<(), Error> {
        if self.peek() != Some(b'"') {
            return Err(self.unexpected(expected));
        }
        let start = self.at;
        self.string()?;
        let key = serde_json::from_slice(&self.input[start..self.at]).expect("checked");
        self.skip_space();
        self.byte(b':', Expected::Colon)?;
        self.here = self.document.push_member(object, key);
        self.skip_space();
        Ok(())
    }

    /// A scalar, or the opening bracket of a list or object (then true).
    fn value(&mut self, expected: Expected) -> Result<bool, Error> {
        let start = self.at;
        let bracket = match self.peek() {
            Some(b'[') => Bracket::List,
            Some(b'{') => Bracket::Object,
            _ => {
                self.scalar(expected)?;
                self.document.start(self.here, start, Content::Scalar);
                self.document.end(self.here, self.at);
                return Ok(false);
            }
        };
        let depth = self.open.len() as u64 + 1;
        if depth > self.max_depth.into() {
            let limit = self.max_depth;
            return Err(self.error(start, ErrorKind::TooDeep { limit }));
        }
        self.document.reach_depth(depth as u32);
        let content = match bracket {
            Bracket::List => Content::List(Vec::new()),
            Bracket::Object => Content::Object(Default::default()),
        };
        self.document.start(self.here, start, content);
        self.open.push((self.here, bracket));
        self.at += 1;
        Ok(true)
    }

    fn byte(&mut self, byte: u8, expected: Expected) -> Result<(), Error> {
        if self.peek() != Some(byte) {
            return Err(self.unexpected(expected));
        }
        self.at += 1;
        Ok(())
    }

    fn peek(&self) -> Option<u8> {
        self.input.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// Whether the input is UTF-8 only up to the next byte.
    fn breaks_utf8(&self) -> bool {
        self.utf8
            .is_some_and(|error| error.valid_up_to() == self.at)
    }

    /// Whether the input ends within a character that starts with the next byte.
    fn is_cut_character(&self) -> bool {
        self.breaks_utf8() && self.utf8.is_some_and(|error| error.error_len().is_none())
    }

    fn is_invalid_utf8(&self) -> bool {
        self.breaks_utf8() && !self.is_cut_character()
    }

    /// The next byte is not one of those wanted.
    fn unexpected(&self, expected: Expected) -> Error {
        match self.peek() {
            None => self.truncated(),
            Some(_) if self.is_invalid_utf8() => self.error(self.at, ErrorKind::InvalidUtf8),
            Some(found) => self.error(self.at, ErrorKind::Syntax { expected, found }),
        }
    }

    /// As [`unexpected`](Self::unexpected), but within a string, where the text may go on.
    fn unexpected_in_string(&self, expected: Expected) -> Error {
        match self.is_cut_character() {
            true => self.truncated(),
            false => self.unexpected(expected),
        }
    }

    fn truncated(&self) -> Error {
        self.error(self.input.len(), ErrorKind::Truncated)
    }

    fn error(&self, at: usize, kind: ErrorKind) -> Error {
        Error::new(kind, self.document.place(at, self.here))
    }
}

#[cfg(test)]
mod tests;
