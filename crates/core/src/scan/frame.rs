//! A record that is being scanned.

use std::borrow::Cow;

use super::forest::{Child, Closed, Forest, NodeIx};
use crate::parse::check;
use crate::scan::Class;
use crate::text::lex::{HOLE, Lexer};

/// A record that is not closed yet. The open ones are the scanner's stack.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) class: Class,
    /// Own text so far.
    pub(crate) own: Vec<u8>,
    pub(crate) children: Vec<Child>,
    /// Offset in the payload.
    pub(crate) start: u64,
    /// Level of its opening brace; the payload's is 1.
    pub(crate) level: u32,
    /// Levels below and including that, at most.
    pub(super) height: u32,
    /// The list of child records that is open.
    pub(super) list: Option<u8>,
    pub(super) hash: u32,
}

impl Frame {
    pub(super) fn new(class: Class, start: u64, level: u32, hash: u32) -> Self {
        Frame {
            class,
            own: Vec::new(),
            children: Vec::new(),
            start,
            level,
            height: 1,
            list: None,
            hash,
        }
    }

    /// Level of the innermost open bracket.
    pub(super) fn inner_level(&self) -> u32 {
        self.level + u32::from(self.list.is_some())
    }

    /// Takes note of `levels` more than those that are open.
    pub(super) fn reach(&mut self, levels: u32) {
        self.height = self
            .height
            .max(self.inner_level() - self.level + 1 + levels);
    }

    /// Adds a child to the open list.
    pub(super) fn add(&mut self, forest: &mut Forest, node: NodeIx) {
        let list = self.list.expect("children stand in lists");
        if let Some(previous) = self.previous() {
            forest.nodes[previous.get()].next = Some(node);
        }
        self.reach(forest.node(node).height);
        self.own.push(HOLE);
        self.children.push(Child { node, list });
    }

    /// The child before, in the open list.
    pub(super) fn previous(&self) -> Option<NodeIx> {
        self.children
            .last()
            .filter(|child| Some(child.list) == self.list)
            .map(|child| child.node)
    }

    /// The member whose value opens behind the own text, if that lists records.
    pub(super) fn list_ahead(&self) -> Option<u8> {
        let name = last_key(&self.own)?;
        self.class.list(&name).map(|(list, _)| list)
    }

    pub(super) fn closed(&self) -> Closed<'_> {
        Closed {
            class: self.class,
            own: &self.own,
            children: &self.children,
            height: self.height,
            start: self.start,
            hash: self.hash,
        }
    }
}

/// The key at the end of a text that ends within an object, behind a key and its colon. It may not be
/// valid: then it is no member's.
fn last_key(text: &[u8]) -> Option<Cow<'_, [u8]>> {
    let text = text.trim_ascii_end().strip_suffix(b":")?.trim_ascii_end();
    let end = text.strip_suffix(b"\"")?.len();
    let mut start = end;
    loop {
        start = memchr::memrchr(b'"', &text[..start])?;
        let before = text[..start].iter().rev();
        // A quote behind an odd number of backslashes is a part of the key.
        if before.take_while(|&&byte| byte == b'\\').count() % 2 == 0 {
            break;
        }
    }
    let content = &text[start + 1..end];
    if !content.contains(&b'\\') {
        return Some(content.into());
    }
    let mut lex = Lexer::new(&text[start..], 0);
    let token = lex.string().ok()?;
    Some(check::name(lex.text, token))
}

#[cfg(test)]
mod tests {
    use super::last_key;

    #[test]
    fn the_last_key_is_the_one_before_the_value() {
        for (text, key) in [
            (r#"{"a":"#, Some("a")),
            (r#"{"a" : 1, "bc" : "#, Some("bc")),
            (r#"{"":"#, Some("")),
            (r#"{"a\\":"#, Some("a\\")),
            (r#"{"x":"y","\\\"\"a\u0062\"":"#, Some(r#"\""ab""#)),
            // No object goes on like this.
            (r#"{"a":"b""#, None),
            (r#"{a":"#, None),
            ("{:", None),
            ("", None),
            (r#"\x":"#, None),
        ] {
            let found = last_key(text.as_bytes());
            assert_eq!(found.as_deref(), key.map(str::as_bytes), "{text}");
        }
    }
}
