//! Places in an input, as a reader names them.

use super::document::{Document, NodeId, Step};
use crate::Place;

/// What may stand before the payload and is no part of it.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

impl Document<'_> {
    /// The JSON path of a value.
    pub(super) fn path(&self, node: NodeId) -> String {
        let mut steps = Vec::new();
        let mut at = node;
        while let Some((parent, step)) = self.parent(at) {
            steps.push(step);
            at = *parent;
        }
        let mut path = "$".to_owned();
        for step in steps.into_iter().rev() {
            match step {
                Step::Index(index) => path += &format!("[{index}]"),
                Step::Key(key) if is_name(key) => path += &format!(".{key}"),
                Step::Key(key) => path += &format!("['{}']", escape(key)),
            }
        }
        path
    }

    /// The place of a byte, reached within a value.
    pub(super) fn place(&self, offset: usize, node: NodeId) -> Place {
        Position::default().place(self, offset, node)
    }

    /// The places of values, which are given in the order of the text.
    pub(super) fn places(&self, nodes: impl IntoIterator<Item = NodeId>) -> Vec<Place> {
        let mut position = Position::default();
        nodes
            .into_iter()
            .map(|node| position.place(self, self.offset(node), node))
            .collect()
    }
}

/// Whether a path shows a key as it is.
fn is_name(key: &str) -> bool {
    !key.starts_with(|c: char| c.is_ascii_digit())
        && !key.is_empty()
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// A key as RFC 9535 writes it between single quotes.
fn escape(key: &str) -> String {
    let mut escaped = String::new();
    for c in key.chars() {
        match c {
            '\'' => escaped += r"\'",
            '\\' => escaped += r"\\",
            '\u{8}' => escaped += r"\b",
            '\u{c}' => escaped += r"\f",
            '\n' => escaped += r"\n",
            '\r' => escaped += r"\r",
            '\t' => escaped += r"\t",
            c if c < ' ' => escaped += &format!(r"\u{:04x}", u32::from(c)),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A line and column, counted from the start of the input.
struct Position {
    offset: usize,
    line: u64,
    column: u64,
}

impl Default for Position {
    fn default() -> Self {
        Position {
            offset: 0,
            line: 1,
            column: 1,
        }
    }
}

impl Position {
    /// Goes on to a byte.
    fn place(&mut self, document: &Document<'_>, offset: usize, node: NodeId) -> Place {
        if self.offset == 0 && document.input().starts_with(BYTE_ORDER_MARK) {
            self.offset = BYTE_ORDER_MARK.len();
        }
        for byte in &document.input()[self.offset..offset] {
            match byte {
                b'\n' => (self.line, self.column) = (self.line + 1, 1),
                // Further bytes of a character.
                0x80..=0xBF => {}
                _ => self.column += 1,
            }
        }
        self.offset = offset;
        Place {
            offset: offset as u64,
            line: self.line,
            column: self.column,
            path: document.path(node),
        }
    }
}
