//! JSON text in canonical form: compact, object keys sorted, numbers as written, strings with the
//! fewest escapes. Two texts are equal as JSON values when their canonical forms are equal bytes.

use std::ops::Range;

use super::lex::{HOLE, Lexer, plain_end, unescape};
use crate::Expected;

/// A value that lost to a later one under the same key of the same object.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Lost {
    /// Where its key stands within the text, such as `.a` or `[0].a`.
    pub(crate) path: String,
    /// Its canonical form.
    pub(crate) raw: Vec<u8>,
    /// Where it starts in the text.
    pub(crate) at: usize,
}

/// A value of the text. A container names what is in it by ranges of [`Item`]s.
#[derive(Debug)]
pub(crate) enum Value {
    /// This part of the scalars' text.
    Scalar(Range<usize>),
    /// Which of the text's holes it is, from 0.
    Hole(usize),
    List(Range<usize>),
    /// Sorted by key.
    Object(Range<usize>),
}

/// A member of an object, or an element of a list, which has no key.
#[derive(Clone, Debug, Default)]
pub(crate) struct Item {
    key: Range<usize>,
    /// The number of its value.
    pub(crate) value: usize,
    /// Where the value starts in the text.
    at: usize,
}

/// A container that is open.
#[derive(Debug)]
struct Open {
    object: bool,
    /// How many items were complete when it was opened; those behind are its own.
    first: usize,
    /// The key of the member that is being read.
    key: Range<usize>,
    /// Where the container itself starts in the text.
    at: usize,
}

/// A text as a tree of values. It can be used over and over, with the same memory.
#[derive(Debug, Default)]
pub(crate) struct Values {
    values: Vec<Value>,
    /// What is in the containers that are complete.
    items: Vec<Item>,
    /// The complete items of containers that are open.
    complete: Vec<Item>,
    open: Vec<Open>,
    /// Scalars in canonical form, one behind the other.
    scalars: Vec<u8>,
    /// Keys without escapes, one behind the other.
    keys: Vec<u8>,
    holes: usize,
    /// What does not count: path, value, and where it starts in the text.
    lost: Vec<(String, usize, usize)>,
}

impl Values {
    /// Appends the canonical form of a valid value to `out`. Nests on the heap, and takes time in
    /// proportion to the text, however deep it nests.
    ///
    /// `lost` is told of every value that does not count, in the order of the text's closing brackets.
    pub(crate) fn canonical(
        &mut self,
        text: &[u8],
        out: &mut Vec<u8>,
        lost: &mut impl FnMut(Lost),
    ) {
        if let Some(b'-' | b'0'..=b'9' | b't' | b'f' | b'n') = text.first() {
            // By far the most frequent.
            out.extend_from_slice(text.trim_ascii_end());
            return;
        }
        let root = self.read(text);
        self.write(root, out, &mut |_, out| out.push(HOLE));
        for &(ref path, value, at) in &self.lost {
            let mut raw = Vec::new();
            self.write(value, &mut raw, &mut |_, out| out.push(HOLE));
            lost(Lost {
                path: path.clone(),
                raw,
                at,
            });
        }
    }

    pub(crate) fn get(&self, value: usize) -> &Value {
        &self.values[value]
    }

    /// The canonical form of a scalar.
    pub(crate) fn scalar(&self, range: &Range<usize>) -> &[u8] {
        &self.scalars[range.clone()]
    }

    /// What is in a container.
    pub(crate) fn items(&self, range: &Range<usize>) -> &[Item] {
        &self.items[range.clone()]
    }

    /// The key of a member.
    pub(crate) fn key(&self, item: &Item) -> &[u8] {
        &self.keys[item.key.clone()]
    }

    /// Reads a valid text in the place of the one before; gives the number of its value.
    pub(crate) fn read(&mut self, text: &[u8]) -> usize {
        self.values.clear();
        self.items.clear();
        self.scalars.clear();
        self.keys.clear();
        self.lost.clear();
        self.holes = 0;
        // Holes are none of its business; they are copied.
        let mut lex = Lexer::new(text, usize::MAX);
        loop {
            let byte = lex.token();
            let at = lex.at;
            let mut complete = match byte {
                Some(bracket @ (b'{' | b'[')) => {
                    lex.at += 1;
                    let object = bracket == b'{';
                    self.open.push(Open {
                        object,
                        first: self.complete.len(),
                        key: 0..0,
                        at,
                    });
                    if lex.token() != Some(if object { b'}' } else { b']' }) {
                        if object {
                            self.take_key(&mut lex);
                        }
                        continue;
                    }
                    None
                }
                _ => Some((self.leaf(&mut lex), at)),
            };
            // A value is complete, or a container empty; so may be the containers around it.
            loop {
                let Some(top) = self.open.last_mut() else {
                    return complete.expect("a value was read").0;
                };
                if let Some((value, at)) = complete.take() {
                    let key = std::mem::take(&mut top.key);
                    self.complete.push(Item { key, value, at });
                }
                let more = lex.token() == Some(b',');
                lex.at += 1;
                if more {
                    if top.object {
                        self.take_key(&mut lex);
                    }
                    break;
                }
                complete = Some(self.close());
            }
        }
    }

    /// Takes a key and its colon.
    fn take_key(&mut self, lex: &mut Lexer<'_>) {
        lex.token();
        let token = lex.string().expect("valid JSON");
        let start = self.keys.len();
        let key = &lex.text[token.start..token.end];
        if token.escaped {
            unescape(key, &mut self.keys);
        } else {
            self.keys.extend_from_slice(key);
        }
        let top = self.open.last_mut().expect("an object is open");
        top.key = start..self.keys.len();
        lex.expect(b':', Expected::Colon).expect("valid JSON");
    }

    fn leaf(&mut self, lex: &mut Lexer<'_>) -> usize {
        if lex.peek() == Some(HOLE) {
            lex.at += 1;
            self.holes += 1;
            return self.push(Value::Hole(self.holes - 1));
        }
        let (start, at) = (self.scalars.len(), lex.at);
        if lex.peek() == Some(b'"') {
            let token = lex.string().expect("valid JSON");
            string(
                &lex.text[token.start..token.end],
                token.escaped,
                &mut self.scalars,
            );
        } else {
            lex.scalar(Expected::Value).expect("valid JSON");
            self.scalars.extend_from_slice(&lex.text[at..lex.at]);
        }
        self.push(Value::Scalar(start..self.scalars.len()))
    }

    fn push(&mut self, value: Value) -> usize {
        self.values.push(value);
        self.values.len() - 1
    }

    /// Closes the innermost container; gives its number and where it starts.
    fn close(&mut self) -> (usize, usize) {
        let top = self.open.pop().expect("a container is open");
        let start = self.items.len();
        if !top.object {
            self.items.extend(self.complete.drain(top.first..));
            return (self.push(Value::List(start..self.items.len())), top.at);
        }
        let keys = &self.keys;
        let members = &mut self.complete[top.first..];
        // Stable, so that of equal keys the last one in the text comes last.
        members.sort_by(|one, other| keys[one.key.clone()].cmp(&keys[other.key.clone()]));
        for at in top.first..self.complete.len() {
            let member = &self.complete[at];
            let next = self.complete.get(at + 1);
            if next.is_some_and(|next| self.key(next) == self.key(member)) {
                let lost = (self.path(top.first, member), member.value, member.at);
                self.lost.push(lost);
            } else {
                self.items.push(member.clone());
            }
        }
        self.complete.truncate(top.first);
        (self.push(Value::Object(start..self.items.len())), top.at)
    }

    /// Where a member of the container stands that was just closed, of which the items start at
    /// `first`.
    fn path(&self, first: usize, member: &Item) -> String {
        let mut path = String::new();
        // Where the items of each container end.
        let ends = self.open.iter().skip(1).map(|open| open.first);
        for (container, end) in self.open.iter().zip(ends.chain([first])) {
            if container.object {
                path.push('.');
                path.push_str(&String::from_utf8_lossy(&self.keys[container.key.clone()]));
            } else {
                path.push_str(&format!("[{}]", end - container.first));
            }
        }
        path.push('.');
        path.push_str(&String::from_utf8_lossy(self.key(member)));
        path
    }

    /// Appends the canonical form of a value; `hole` appends what stands in a hole.
    pub(crate) fn write(
        &self,
        value: usize,
        out: &mut Vec<u8>,
        hole: &mut impl FnMut(usize, &mut Vec<u8>),
    ) {
        // Each open container with the number of its next member.
        let mut open = vec![(value, 0)];
        while let Some((value, next)) = open.pop() {
            let (close, member) = match &self.values[value] {
                Value::Scalar(range) => {
                    out.extend_from_slice(&self.scalars[range.clone()]);
                    continue;
                }
                Value::Hole(number) => {
                    hole(*number, out);
                    continue;
                }
                Value::List(items) => (b']', self.items(items).get(next)),
                Value::Object(items) => (b'}', self.items(items).get(next)),
            };
            match (next, member.is_some()) {
                (0, _) => out.push(if close == b']' { b'[' } else { b'{' }),
                (_, true) => out.push(b','),
                (_, false) => {}
            }
            let Some(member) = member else {
                out.push(close);
                continue;
            };
            if close == b'}' {
                write_string(self.key(member), out);
                out.push(b':');
            }
            open.push((value, next + 1));
            open.push((member.value, 0));
        }
    }
}

/// Appends a string literal, given the content of one as the payload has it.
fn string(content: &[u8], escaped: bool, out: &mut Vec<u8>) {
    if escaped {
        let mut plain = Vec::with_capacity(content.len());
        unescape(content, &mut plain);
        write_string(&plain, out);
    } else {
        out.push(b'"');
        out.extend_from_slice(content);
        out.push(b'"');
    }
}

/// Appends `text` as a string literal.
pub(crate) fn write_string(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    let mut rest = text;
    loop {
        let plain = plain_end(rest, 0);
        out.extend_from_slice(&rest[..plain]);
        let Some(&byte) = rest.get(plain) else { break };
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            8 => out.extend_from_slice(b"\\b"),
            12 => out.extend_from_slice(b"\\f"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            _ => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
        }
        rest = &rest[plain + 1..];
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::Values;

    fn form(text: &str) -> (String, Vec<String>) {
        let (mut out, mut lost) = (Vec::new(), Vec::new());
        Values::default().canonical(text.as_bytes(), &mut out, &mut |one| {
            lost.push(format!(
                "{} {} {}",
                one.path,
                String::from_utf8(one.raw).unwrap(),
                one.at
            ));
        });
        (String::from_utf8(out).unwrap(), lost)
    }

    #[test]
    fn sorts_and_compacts() {
        for (text, expected) in [
            (" 1.0E+2 ", "1.0E+2"),
            ("[ ]", "[]"),
            ("{ }", "{}"),
            (
                r#"{"b" : [1, {"y":2,"x":null}] , "a":"\u0041\/\u001F\u00e9"}"#,
                r#"{"a":"A/\u001fé","b":[1,{"x":null,"y":2}]}"#,
            ),
            (r#"[[],[[]],{"":{}}]"#, r#"[[],[[]],{"":{}}]"#),
            (r#""\n\"\\""#, r#""\n\"\\""#),
        ] {
            assert_eq!(form(text).0, expected);
        }
    }

    #[test]
    fn the_last_of_equal_keys_counts() {
        let (text, lost) = form(r#"{"a":1,"b":[0,{"c":1,"c":[],"\u0063":3}],"a":{"d":1,"d":2}}"#);
        assert_eq!(text, r#"{"a":{"d":2},"b":[0,{"c":3}]}"#);
        assert_eq!(
            lost,
            [".b[1].c 1 19", ".b[1].c [] 25", ".a.d 1 50", ".a 1 5"]
        );
    }
}
