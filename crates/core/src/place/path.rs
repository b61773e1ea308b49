//! JSON paths, found by reading a text up to a place.

use std::fmt::Write;

use crate::Expected;
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
    paths_at(text, holes, &[at]).pop().unwrap_or_default()
}

/// The paths of several places, which ascend.
pub(super) fn paths_at(text: &[u8], holes: usize, ats: &[usize]) -> Vec<String> {
    let mut found = Vec::with_capacity(ats.len());
    walk(text, holes, &mut |end, open| {
        while ats.get(found.len()).is_some_and(|&at| at < end) {
            found.push(render(open));
        }
        found.len() == ats.len()
    });
    found.resize_with(ats.len(), String::new);
    found
}

/// Place and path of every hole.
pub(super) fn hole_paths(text: &[u8], holes: usize) -> Vec<(usize, String)> {
    let mut paths = Vec::with_capacity(holes);
    walk(text, holes, &mut |end, open| {
        if end <= text.len() && text[end - 1] == HOLE {
            paths.push((end - 1, render(open)));
        }
        false
    });
    paths
}

/// Behind every place: where a token ends that is broken or missing.
const BEYOND: usize = usize::MAX;

/// Shows `stop` each token's end, with the containers open before it, until it says so.
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
        let structural = matches!(byte, Some(b'{' | b'[' | b'}' | b']' | b','));
        let mut name = None;
        let whole = match (byte, before) {
            (Some(_), _) if structural => true,
            (Some(b'"'), Before::Key) => {
                name = lex.string().ok();
                name.is_some()
            }
            (Some(_), Before::Value) => lex.scalar(Expected::Value).is_ok(),
            _ => false,
        };
        if structural {
            lex.at += 1;
        }
        if stop(if whole { lex.at } else { BEYOND }, &open) || !whole {
            return;
        }
        match (byte, before) {
            (Some(bracket @ (b'{' | b'[')), _) => {
                let object = bracket == b'{';
                before = if object { Before::Key } else { Before::Value };
                open.push(if object {
                    Open::Object(None)
                } else {
                    Open::List {
                        next: 0,
                        reading: false,
                    }
                });
            }
            (Some(b'}' | b']'), _) => {
                before = Before::Comma;
                open.pop();
                complete(&mut open);
            }
            (Some(b','), _) => {
                let object = matches!(open.last(), Some(Open::Object(_)));
                before = if object { Before::Key } else { Before::Value };
            }
            _ => match name {
                Some(name) => {
                    before = Before::Value;
                    let colon = lex.expect(b':', Expected::Colon).is_ok();
                    if stop(if colon { lex.at } else { BEYOND }, &open) || !colon {
                        return;
                    }
                    member(&mut open, &text[name.start..name.end]);
                }
                None => {
                    before = Before::Comma;
                    complete(&mut open);
                }
            },
        }
    }
}

/// The value of this member is next.
fn member(open: &mut [Open], name: &[u8]) {
    let mut plain = Vec::new();
    unescape(name, &mut plain);
    if let Some(Open::Object(member)) = open.last_mut() {
        *member = Some(String::from_utf8_lossy(&plain).into_owned());
    }
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
            Open::List {
                next,
                reading: true,
            } => {
                let _ = write!(path, "[{next}]");
            }
            _ => {}
        }
    }
    path
}

/// Appends a member's name: dotted where it is an identifier, else as RFC 9535 writes it.
fn push_name(path: &mut String, name: &str) {
    let identifier = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if name.bytes().all(identifier)
        && !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
    {
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
    use super::{hole_paths, path_at, paths_at};

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
    fn of_several_places_at_once() {
        let text = br#"{"a":[1,{"b c":"x"}],"d":tru"#;
        let ats = [0, 6, 6, 16, 18, 28, 90];
        assert_eq!(paths_at(text, 0, &ats), ats.map(|at| path_at(text, 0, at)));
        assert!(paths_at(text, 0, &[]).is_empty());
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
