//! JSON text in canonical form: compact, object keys sorted, numbers as written, strings with the
//! fewest escapes. Two texts are equal as JSON values when their canonical forms are equal bytes.

use std::ops::Range;

use super::lex::{Lexer, unescape};
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

/// A value of the text. A container names the values in it by their numbers.
enum Value {
    /// This part of the scalars' text.
    Scalar(Range<usize>),
    List(Vec<usize>),
    /// Sorted by key.
    Object(Vec<(Vec<u8>, usize)>),
}

/// A container that is open.
struct Open {
    object: bool,
    /// The complete members; for a list, its elements without keys.
    members: Vec<Member>,
    /// The key of the member that is being read.
    key: Vec<u8>,
    /// Where the container itself starts in the text.
    at: usize,
}

struct Member {
    key: Vec<u8>,
    value: usize,
    at: usize,
}

/// What was read so far.
#[derive(Default)]
struct Values {
    values: Vec<Value>,
    /// Scalars in canonical form, one behind the other.
    scalars: Vec<u8>,
    /// What does not count: path, value, and where it starts in the text.
    lost: Vec<(String, usize, usize)>,
}

/// Appends the canonical form of a valid value to `out`. Nests on the heap, and takes time in
/// proportion to the text, however deep it nests.
///
/// `lost` is told of every value that does not count, in the order of the text's closing brackets.
pub(crate) fn canonical(text: &[u8], out: &mut Vec<u8>, lost: &mut impl FnMut(Lost)) {
    if let Some(b'-' | b'0'..=b'9' | b't' | b'f' | b'n') = text.first() {
        // By far the most frequent.
        out.extend_from_slice(text.trim_ascii_end());
        return;
    }
    let mut values = Values::default();
    let root = values.read(text);
    values.write(root, out);
    for &(ref path, value, at) in &values.lost {
        let mut raw = Vec::new();
        values.write(value, &mut raw);
        lost(Lost {
            path: path.clone(),
            raw,
            at,
        });
    }
}

impl Values {
    /// Reads a text; gives the number of its value.
    fn read(&mut self, text: &[u8]) -> usize {
        // Holes are none of its business; they are copied.
        let mut lex = Lexer::new(text, usize::MAX);
        let mut open: Vec<Open> = Vec::new();
        loop {
            let byte = lex.token();
            let at = lex.at;
            let mut complete = match byte {
                Some(bracket @ (b'{' | b'[')) => {
                    lex.at += 1;
                    let object = bracket == b'{';
                    open.push(Open {
                        object,
                        members: vec![],
                        key: vec![],
                        at,
                    });
                    if lex.token() != Some(if object { b'}' } else { b']' }) {
                        if object {
                            key(&mut lex, &mut open);
                        }
                        continue;
                    }
                    None
                }
                _ => Some((self.scalar(&mut lex), at)),
            };
            // A value is complete, or a container empty; so may be the containers around it.
            loop {
                let Some(top) = open.last_mut() else {
                    return complete.expect("a value was read").0;
                };
                if let Some((value, at)) = complete.take() {
                    let key = std::mem::take(&mut top.key);
                    top.members.push(Member { key, value, at });
                }
                let more = lex.token() == Some(b',');
                lex.at += 1;
                if more {
                    if top.object {
                        key(&mut lex, &mut open);
                    }
                    break;
                }
                complete = Some(self.close(&mut open));
            }
        }
    }

    fn scalar(&mut self, lex: &mut Lexer<'_>) -> usize {
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
    fn close(&mut self, open: &mut Vec<Open>) -> (usize, usize) {
        let mut top = open.pop().expect("a container is open");
        if !top.object {
            let elements = top.members.iter().map(|member| member.value).collect();
            return (self.push(Value::List(elements)), top.at);
        }
        // Stable, so that of equal keys the last one in the text comes last.
        top.members.sort_by(|one, other| one.key.cmp(&other.key));
        let mut kept = Vec::with_capacity(top.members.len());
        let mut members = top.members.into_iter().peekable();
        while let Some(Member { key, value, at }) = members.next() {
            if members.peek().is_some_and(|next| next.key == key) {
                self.lost.push((path(open, &key), value, at));
            } else {
                kept.push((key, value));
            }
        }
        (self.push(Value::Object(kept)), top.at)
    }

    fn write(&self, value: usize, out: &mut Vec<u8>) {
        // Each open container with the number of its next member.
        let mut open = vec![(value, 0)];
        while let Some((value, next)) = open.pop() {
            let (close, member) = match &self.values[value] {
                Value::Scalar(range) => {
                    out.extend_from_slice(&self.scalars[range.clone()]);
                    continue;
                }
                Value::List(elements) => (b']', elements.get(next).map(|&value| (None, value))),
                Value::Object(members) => (
                    b'}',
                    members.get(next).map(|(key, value)| (Some(key), *value)),
                ),
            };
            match (next, member.is_some()) {
                (0, _) => out.push(if close == b']' { b'[' } else { b'{' }),
                (_, true) => out.push(b','),
                (_, false) => {}
            }
            let Some((key, inner)) = member else {
                out.push(close);
                continue;
            };
            if let Some(key) = key {
                write_string(key, out);
                out.push(b':');
            }
            open.push((value, next + 1));
            open.push((inner, 0));
        }
    }
}

/// Takes a key and its colon.
fn key(lex: &mut Lexer<'_>, open: &mut [Open]) {
    let top = open.last_mut().expect("an object is open");
    lex.token();
    let token = lex.string().expect("valid JSON");
    top.key.clear();
    unescape(&lex.text[token.start..token.end], &mut top.key);
    lex.expect(b':', Expected::Colon).expect("valid JSON");
}

/// Where the member `key` of a container stands, below those that are open around it.
fn path(around: &[Open], key: &[u8]) -> String {
    let mut path = String::new();
    for container in around {
        if container.object {
            path.push('.');
            path.push_str(&String::from_utf8_lossy(&container.key));
        } else {
            path.push_str(&format!("[{}]", container.members.len()));
        }
    }
    path.push('.');
    path.push_str(&String::from_utf8_lossy(key));
    path
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
    for &byte in text {
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            8 => out.extend_from_slice(b"\\b"),
            12 => out.extend_from_slice(b"\\f"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0..=0x1F => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::canonical;

    fn form(text: &str) -> (String, Vec<String>) {
        let (mut out, mut lost) = (Vec::new(), Vec::new());
        canonical(text.as_bytes(), &mut out, &mut |one| {
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
