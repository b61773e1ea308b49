//! A cursor over JSON text that is known to be well-formed.

use memchr::memchr2;

const SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

/// A cursor over JSON text that is known to be well-formed; it stands on a value, a comma, a bracket
/// or the end, never on white space.
///
/// serde_json cannot hand out a value's text and its parts both without reading it twice at each
/// level. So it checks the text as a whole, and the records are read with this.
#[derive(Clone, Copy)]
pub(crate) struct Text<'a>(&'a str);

impl<'a> Text<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Text(text.trim_matches(SPACE))
    }

    /// First byte of what follows; zero at the end.
    pub(super) fn first(&self) -> u8 {
        self.0.bytes().next().unwrap_or(0)
    }

    /// The value that starts here; moves behind it.
    pub(super) fn take(&mut self) -> &'a str {
        let (value, _) = self.0.split_at(value_len(self.0.as_bytes()));
        self.skip(value.len());
        value
    }

    /// The text between an earlier state of this cursor and now.
    pub(super) fn since(&self, earlier: Text<'a>) -> &'a str {
        earlier.0[..earlier.0.len() - self.0.len()].trim_end_matches(SPACE)
    }

    /// Moves into the list or object that starts here, if one with this bracket does.
    pub(super) fn enter(&mut self, bracket: u8) -> bool {
        let enters = self.first() == bracket;
        if enters {
            self.skip(1);
        }
        enters
    }

    /// Whether another element or member stands here; moves behind the comma, or out of the brackets.
    pub(super) fn more(&mut self) -> bool {
        match self.first() {
            b',' => self.skip(1),
            b']' | b'}' => {
                self.skip(1);
                return false;
            }
            _ => {}
        }
        true
    }

    /// The key that stands here; moves to its value.
    pub(super) fn key(&mut self) -> serde_json::Result<String> {
        let key = serde_json::from_str(self.take())?;
        self.skip(1);
        Ok(key)
    }

    fn skip(&mut self, bytes: usize) {
        self.0 = self.0[bytes..].trim_start_matches(SPACE);
    }
}

fn value_len(text: &[u8]) -> usize {
    match text[0] {
        b'"' => string_len(text),
        b'{' | b'[' => container_len(text),
        _ => text
            .iter()
            .position(|byte| b",]} \t\r\n".contains(byte))
            .unwrap_or(text.len()),
    }
}

fn string_len(text: &[u8]) -> usize {
    let mut at = 1;
    while let Some(found) = memchr2(b'"', b'\\', &text[at..]) {
        at += found;
        if text[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    text.len()
}

fn container_len(text: &[u8]) -> usize {
    let (mut at, mut open) = (0, 0_usize);
    while at < text.len() {
        match text[at] {
            b'"' => at += string_len(&text[at..]) - 1,
            b'{' | b'[' => open += 1,
            b'}' | b']' => open -= 1,
            _ => {}
        }
        at += 1;
        if open == 0 {
            return at;
        }
    }
    text.len()
}
