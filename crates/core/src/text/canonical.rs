//! JSON text in canonical form: compact, object keys sorted, numbers as written, strings with the
//! fewest escapes. Two texts are equal as JSON values when their canonical forms are equal bytes.

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

/// A container that is open.
struct Open {
    /// Where its canonical form starts in the output.
    start: usize,
    object: bool,
    /// Its complete members, or for a list its elements.
    members: Vec<Member>,
    /// Where the member that is being read starts: in the output, behind its key, and in the text.
    key: Vec<u8>,
    value_at: usize,
}

struct Member {
    key: Vec<u8>,
    value: std::ops::Range<usize>,
    at: usize,
}

/// Appends the canonical form of a valid value to `out`. Nests on the heap.
///
/// `lost` is told of every value that does not count, in the order of the text's closing brackets.
pub(crate) fn canonical(text: &[u8], out: &mut Vec<u8>, lost: &mut impl FnMut(Lost)) {
    // Holes are none of its business; they are copied.
    let mut lex = Lexer::new(text, usize::MAX);
    let mut open: Vec<Open> = Vec::new();
    loop {
        let Some(byte) = lex.token() else { return };
        let at = lex.at;
        match byte {
            b'{' | b'[' => {
                lex.at += 1;
                if let Some(owner) = open.last_mut() {
                    owner.value_at = at;
                }
                let object = byte == b'{';
                open.push(Open {
                    start: out.len(),
                    object,
                    members: vec![],
                    key: vec![],
                    value_at: at,
                });
                let close = if object { b'}' } else { b']' };
                if lex.token() != Some(close) {
                    if object {
                        key(&mut lex, &mut open);
                    }
                    continue;
                }
            }
            _ => {
                scalar(&mut lex, out, open.last_mut(), at);
                if open.is_empty() {
                    return;
                }
            }
        }
        // A value is complete; so may be the containers around it.
        while let Some(top) = open.last() {
            match lex.token() {
                Some(b',') => {
                    lex.at += 1;
                    if top.object {
                        key(&mut lex, &mut open);
                    }
                    break;
                }
                _ => {
                    lex.at += 1;
                    close(&mut open, out, lost);
                }
            }
        }
        if open.is_empty() {
            return;
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

fn scalar(lex: &mut Lexer<'_>, out: &mut Vec<u8>, owner: Option<&mut Open>, at: usize) {
    let start = out.len();
    if lex.peek() == Some(b'"') {
        let token = lex.string().expect("valid JSON");
        string(&lex.text[token.start..token.end], token.escaped, out);
    } else {
        lex.scalar(Expected::Value).expect("valid JSON");
        out.extend_from_slice(&lex.text[at..lex.at]);
    }
    if let Some(owner) = owner {
        owner.value_at = at;
        owner.complete(start..out.len());
    }
}

impl Open {
    fn complete(&mut self, value: std::ops::Range<usize>) {
        let key = std::mem::take(&mut self.key);
        self.members.push(Member {
            key,
            value,
            at: self.value_at,
        });
    }
}

/// Closes the innermost container: its members stand in `out`, one behind the other.
fn close(open: &mut Vec<Open>, out: &mut Vec<u8>, lost: &mut impl FnMut(Lost)) {
    let mut top = open.pop().expect("a container is open");
    let mut text = Vec::with_capacity(out.len() - top.start + 8 * top.members.len() + 2);
    if top.object {
        top.members.sort_by(|one, other| one.key.cmp(&other.key));
        text.push(b'{');
        for (index, member) in top.members.iter().enumerate() {
            let value = &out[member.value.clone()];
            if top
                .members
                .get(index + 1)
                .is_some_and(|next| next.key == member.key)
            {
                let path = path(open, Some(&member.key));
                lost(Lost {
                    path,
                    raw: value.to_vec(),
                    at: member.at,
                });
                continue;
            }
            write_string(&member.key, &mut text);
            text.push(b':');
            text.extend_from_slice(value);
            text.push(b',');
        }
    } else {
        text.push(b'[');
        for member in &top.members {
            text.extend_from_slice(&out[member.value.clone()]);
            text.push(b',');
        }
    }
    if !top.members.is_empty() {
        text.pop();
    }
    text.push(if top.object { b'}' } else { b']' });
    out.truncate(top.start);
    out.extend_from_slice(&text);
    if let Some(owner) = open.last_mut() {
        owner.complete(top.start..out.len());
    }
}

/// Where the innermost container's member `key` stands.
fn path(open: &[Open], key: Option<&[u8]>) -> String {
    let mut path = String::new();
    for outer in open {
        if outer.object {
            path.push('.');
            path.push_str(&String::from_utf8_lossy(&outer.key));
        } else {
            path.push_str(&format!("[{}]", outer.members.len()));
        }
    }
    if let Some(key) = key {
        path.push('.');
        path.push_str(&String::from_utf8_lossy(key));
    }
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
