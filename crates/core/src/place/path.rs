//! JSON paths, found by reading a text up to a place.

use std::fmt::Write;

use crate::text::lex::{HOLE, Lexer, unescape};

/// An open container.
enum Open {
    /// With the member whose value is being read.
    Object(Option<String>),
    /// With the index of the element that is being read, if one is.
    List { next: usize, reading: bool },
}

/// Where in an object the reading stands.
#[derive(Clone, Copy, PartialEq)]
enum Before {
    Key,
    Value,
    Comma,
}

/// The path, below the text's root, of what stands at `at`: of the innermost value that is being
/// read there. All before `at` is valid, but for the token that `at` stands in.
pub(super) fn path_at(text: &[u8], holes: usize, at: usize) -> String {
    let mut found = None;
    walk(text, holes, &mut |start, open| {
        let reached = start >= at;
        if reached {
            found = Some(render(open));
        }
        reached
    });
    found.unwrap_or_default()
}

/// Place and path of every hole.
pub(super) fn hole_paths(text: &[u8], holes: usize) -> Vec<(usize, String)> {
    let mut paths = Vec::with_capacity(holes);
    walk(text, holes, &mut |at, open| {
        if text.get(at) == Some(&HOLE) {
            paths.push((at, render(open)));
        }
        false
    });
    paths
}

/// Shows `stop` each token's start with the containers open there, until it says so. The text's end,
/// and what follows on a token that is broken or cut off, count as a last token.
fn walk(text: &[u8], holes: usize, stop: &mut impl FnMut(usize, &[Open]) -> bool) {
    let mut lex = Lexer::new(text, holes);
    let mut open: Vec<Open> = Vec::new();
    let mut before = Before::Value;
    loop {
        let byte = lex.token();
        if let (Some(Open::List { reading, next }), Before::Value) = (open.last_mut(), before) {
            // Behind a comma an element is due; behind the bracket only if one follows.
            *reading = *next > 0 || !matches!(byte, None | Some(b']'));
        }
        if stop(lex.at, &open) {
            return;
        }
        let Some(byte) = byte else { return };
        let start = lex.at;
        let broken = match (byte, before) {
            (b'{' | b'[', Before::Value) => {
                lex.at += 1;
                let object = byte == b'{';
                before = if object { Before::Key } else { Before::Value };
                open.push(if object { Open::Object(None) } else { Open::List { next: 0, reading: false } });
                false
            }
            (b'}' | b']', _) => {
                lex.at += 1;
                before = Before::Comma;
                open.pop();
                complete(&mut open);
                open.is_empty()
            }
            (b',', Before::Comma) => {
                lex.at += 1;
                let object = matches!(open.last(), Some(Open::Object(_)));
                before = if object { Before::Key } else { Before::Value };
                false
            }
            (_, Before::Key) => {
                before = Before::Value;
                key(&mut lex, &mut open, stop)
            }
            (_, Before::Value) => {
                before = Before::Comma;
                let broken = lex.scalar(crate::Expected::Value).is_err();
                if !broken {
                    complete(&mut open);
                }
                broken || open.is_empty()
            }
            _ => true,
        };
        if broken {
            stop(usize::MAX.min(lex.text.len()).max(start), &open);
            return;
        }
    }
}

/// Takes a key and its colon; true where they are broken.
fn key(lex: &mut Lexer<'_>, open: &mut [Open], stop: &mut impl FnMut(usize, &[Open]) -> bool) -> bool {
    let Ok(token) = lex.string() else { return true };
    let mut name = Vec::new();
    unescape(&lex.text[token.start..token.end], &mut name);
    lex.token();
    if stop(lex.at, open) || lex.expect(b':', crate::Expected::Colon).is_err() {
        return true;
    }
    if let Some(Open::Object(member)) = open.last_mut() {
        *member = Some(String::from_utf8_lossy(&name).into_owned());
    }
    false
}

/// A value of the innermost container is complete.
fn complete(open: &mut [Open]) {
    match open.last_mut() {
        Some(Open::Object(member)) => *member = None,
        Some(Open::List { next, reading }) => {
            *next += 1;
            *reading = false;
        }
        None => {}
    }
}

fn render(open: &[Open]) -> String {
    let mut path = String::new();
    for container in open {
        match container {
            Open::Object(Some(name)) => push_name(&mut path, name),
            Open::List { next, reading: true } => {
                let _ = write!(path, "[{next}]");
            }
            _ => {}
        }
    }
    path
}

/// Appends a member's name: dotted where it is an identifier, else as RFC 9535 writes it.
pub(super) fn push_name(path: &mut String, name: &str) {
    let identifier = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if name.bytes().all(identifier) && !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()) {
        path.push('.');
        path.push_str(name);
        return;
    }
    path.push_str("['");
    for char in name.chars() {
        match char {
            '\'' => path.push_str("\\'"),
            '\\' => path.push_str("\\\\"),
            '\u{8}' => path.push_str("\\b"),
            '\u{c}' => path.push_str("\\f"),
            '\n' => path.push_str("\\n"),
            '\r' => path.push_str("\\r"),
            '\t' => path.push_str("\\t"),
            '\0'..='\u{1F}' => {
                let _ = write!(path, "\\u{:04x}", u32::from(char));
            }
            _ => path.push(char),
        }
    }
    path.push_str("']");
}

#[cfg(test)]
mod tests {
    use super::{hole_paths, path_at};

    #[test]
    fn of_the_value_that_is_being_read() {
        let text = br#"{"a":[1,{"b c":"x"}],"d":tru"#;
        for (at, path) in [
            (0, ""),
            (1, ""),
            (4, ""),
            (5, ".a"),
            (6, ".a[0]"),
            (7, ".a"),
            (8, ".a[1]"),
            (9, ".a[1]"),
            (15, ".a[1]['b c']"),
            (16, ".a[1]['b c']"),
            (18, ".a[1]"),
            (20, ""),
            (28, ".d"),
        ] {
            assert_eq!(path_at(text, 0, at), path, "{at}");
        }
    }

    #[test]
    fn at_the_end_of_a_text_that_is_cut_off() {
        for (text, path) in [
            ("{", ""),
            (r#"{"a"#, ""),
            (r#"{"a""#, ""),
            (r#"{"a": "#, ".a"),
            (r#"{"a":1"#, ""),
            (r#"{"a":"x"#, ".a"),
            ("[ ", ""),
            ("[1", ""),
            ("[1,", "[1]"),
        ] {
            assert_eq!(path_at(text.as_bytes(), 0, text.len()), path, "{text}");
        }
    }

    #[test]
    fn of_holes() {
        let paths = hole_paths(b"{\"users\":[null,\0],\"\\u0061\":\0}", 2);
        assert_eq!(paths, [(15, ".users[1]".to_owned()), (27, ".a".to_owned())]);
    }
}
