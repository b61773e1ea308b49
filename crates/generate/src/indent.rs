//! Indents compact JSON on its way out, so that only one form has to be generated.

use std::io::{self, Write};

/// What a compact text's next byte means.
#[derive(Clone, Copy, PartialEq)]
enum State {
    /// Between tokens.
    Outside,
    /// Right after an opening bracket, which may be closed at once.
    Opened,
    /// Inside a string.
    String,
    /// After a backslash inside a string.
    Escape,
}

/// A writer that takes compact JSON and passes it on with an indentation of two spaces.
pub(crate) struct Indent<W> {
    out: W,
    state: State,
    depth: usize,
    line: Vec<u8>,
}

impl<W: Write> Indent<W> {
    pub(crate) fn new(out: W) -> Self {
        Self {
            out,
            state: State::Outside,
            depth: 0,
            line: Vec::new(),
        }
    }

    fn push(&mut self, byte: u8) {
        match (self.state, byte) {
            (State::String, b'"') => self.state = State::Outside,
            (State::String, b'\\') => self.state = State::Escape,
            (State::String, _) => {}
            (State::Escape, _) => self.state = State::String,
            (state, b'}' | b']') => {
                self.depth -= 1;
                if state != State::Opened {
                    self.new_line();
                }
                self.state = State::Outside;
            }
            (state, _) => {
                if state == State::Opened {
                    self.new_line();
                }
                return self.push_token(byte);
            }
        }
        self.line.push(byte);
    }

    fn push_token(&mut self, byte: u8) {
        self.line.push(byte);
        self.state = State::Outside;
        match byte {
            b'"' => self.state = State::String,
            b'{' | b'[' => {
                self.depth += 1;
                self.state = State::Opened;
            }
            b',' => self.new_line(),
            b':' => self.line.push(b' '),
            _ => {}
        }
    }

    fn new_line(&mut self) {
        self.line.push(b'\n');
        self.line.resize(self.line.len() + 2 * self.depth, b' ');
    }
}

impl<W: Write> Write for Indent<W> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        for &byte in text {
            self.push(byte);
        }
        self.out.write_all(&self.line)?;
        self.line.clear();
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
        let text = r#"{"a":[],"b":{},"c":[1,-2.5e3,null,{"d\"[,":"\\","e":[[""]]}],"f":true}"#;
        let value: serde_json::Value = serde_json::from_str(text).expect("JSON");
        let pretty = serde_json::to_string_pretty(&value).expect("text");
        let pretty = pretty.replace("-2500.0", "-2.5e3");
        for size in 1..=text.len() {
            let mut indent = Indent::new(Vec::new());
            for piece in text.as_bytes().chunks(size) {
                indent.write_all(piece).expect("a vector takes it");
            }
            assert_eq!(String::from_utf8_lossy(&indent.out), pretty);
        }
    }
}
