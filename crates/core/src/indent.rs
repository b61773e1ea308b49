//! Compact JSON, indented on its way out, so that only one form has to be made.

use std::io::{self, Write};

use crate::text::lex::plain_end;

/// What the next byte means.
#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    /// Between tokens.
    Outside,
    /// Right after an opening bracket, which may be closed at once.
    Opened,
    InString,
    /// After a backslash in a string.
    Escape,
}

/// A writer that takes compact JSON, in pieces of any size, and passes it on with two spaces a level, as
/// serde_json's pretty printer has it. What is no compact JSON is passed on somehow.
///
/// ```
/// use std::io::Write;
/// use voltree_core::Indent;
///
/// let mut out = Indent::new(Vec::new());
/// out.write_all(br#"{"id":[7]}"#)?;
/// assert_eq!(out.finish()?, b"{\n  \"id\": [\n    7\n  ]\n}\n");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Indent<W> {
    out: W,
    state: State,
    depth: usize,
    /// What is not passed on yet.
    buffer: Vec<u8>,
}

/// Bytes that are passed on at a time. Deep nesting makes much of little.
const BUFFER: usize = 1 << 16;

impl<W: Write> Indent<W> {
    /// Writes to `out`, in big pieces: it needs no buffer.
    pub fn new(out: W) -> Self {
        Indent {
            out,
            state: State::Outside,
            depth: 0,
            buffer: Vec::new(),
        }
    }

    /// Ends the text with a line break, flushes the writer and gives it back.
    ///
    /// # Errors
    ///
    /// When it cannot be written, or what the writer itself held back.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.write_all(b"\n")?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn push(&mut self, text: &[u8]) -> io::Result<()> {
        let mut at = 0;
        while at < text.len() {
            if self.state == State::InString {
                let end = plain_end(text, at);
                self.buffer.extend_from_slice(&text[at..end]);
                at = end;
                let Some(&byte) = text.get(at) else { break };
                self.state = match byte {
                    b'\\' => State::Escape,
                    _ => State::Outside,
                };
                self.buffer.push(byte);
            } else {
                self.token(text[at]);
            }
            at += 1;
            if self.buffer.len() >= BUFFER {
                self.pass_on()?;
            }
        }
        Ok(())
    }

    fn pass_on(&mut self) -> io::Result<()> {
        self.out.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }

    fn token(&mut self, byte: u8) {
        let opened = self.state == State::Opened;
        match byte {
            _ if self.state == State::Escape => {
                self.state = State::InString;
                return self.buffer.push(byte);
            }
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                if !opened {
                    self.new_line();
                }
            }
            _ if opened => self.new_line(),
            _ => {}
        }
        self.buffer.push(byte);
        self.state = State::Outside;
        match byte {
            b'"' => self.state = State::InString,
            b'{' | b'[' => {
                self.depth += 1;
                self.state = State::Opened;
            }
            b',' => self.new_line(),
            b':' => self.buffer.push(b' '),
            _ => {}
        }
    }

    fn new_line(&mut self) {
        self.buffer.push(b'\n');
        self.buffer.resize(self.buffer.len() + 2 * self.depth, b' ');
    }
}

impl<W: Write> Write for Indent<W> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        for piece in text.chunks(BUFFER) {
            self.push(piece)?;
        }
        self.pass_on()?;
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_serde_json_in_pieces_of_any_size() {
        let text = r#"{"a":[],"b":{},"c":[1,-2.5,null,{"d\"[,":"\\","e":[[""]]}],"f":true}"#;
        let value: serde_json::Value = serde_json::from_str(text).unwrap();
        let expected = serde_json::to_string_pretty(&value).unwrap() + "\n";
        for size in 1..=text.len() {
            let mut indent = Indent::new(Vec::new());
            for piece in text.as_bytes().chunks(size) {
                indent.write_all(piece).unwrap();
            }
            let out = indent.finish().unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }

    #[test]
    fn what_the_writer_kept_back_is_no_lost_error() {
        #[derive(Debug)]
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }

            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let mut indent = Indent::new(io::BufWriter::new(Full));
        indent.write_all(b"[]").unwrap();
        let error = indent.finish().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    }

    #[test]
    fn holds_little_however_deep_it_nests() {
        struct Largest(usize);
        impl Write for Largest {
            fn write(&mut self, text: &[u8]) -> io::Result<usize> {
                self.0 = self.0.max(text.len());
                Ok(text.len())
            }

            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let levels = 1_000;
        let text = ["[".repeat(levels), "0,".repeat(1_000), "]".repeat(levels)].concat();
        let mut largest = Largest(0);
        let mut indent = Indent::new(&mut largest);
        indent.write_all(text.as_bytes()).unwrap();
        indent.finish().unwrap();
        // A piece of a string, or a token with its line break, may come on top.
        assert!(largest.0 <= 2 * BUFFER, "{}", largest.0);
    }
}
