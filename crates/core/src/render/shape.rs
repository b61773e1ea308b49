//! The grammar of shapes: JSON, in which marks stand for values, and elements may be repeated.

use crate::Expected;
use crate::lineage::{AS_TABLE, CHILD, OWN, TIMES};
use crate::text::lex::{Lexer, unescape};

/// A part of a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    AsTable,
    Own,
    Child,
    Null,
    /// The text between the braces.
    Object(&'a [u8]),
    /// The text between the brackets.
    List(&'a [u8]),
}

/// A member of an object: its key as written, its name, its value.
pub(super) struct Member<'a> {
    pub(super) key: &'a [u8],
    pub(super) name: String,
    pub(super) value: Part<'a>,
}

/// Reads a whole shape; none where it is none.
pub(super) fn read(shape: &[u8]) -> Option<Part<'_>> {
    let mut lex = Lexer::new(shape, 0);
    let part = part(&mut lex)?;
    (lex.at == shape.len()).then_some(part)
}

/// The members of an object.
pub(super) fn members(text: &[u8]) -> Option<Vec<Member<'_>>> {
    let mut lex = Lexer::new(text, 0);
    let mut members = Vec::new();
    while lex.at < text.len() {
        if !members.is_empty() {
            take(&mut lex, b',')?;
        }
        let start = lex.at;
        (lex.peek() == Some(b'"')).then_some(())?;
        let token = lex.string().ok()?;
        let mut name = Vec::new();
        unescape(&text[token.start..token.end], &mut name);
        let key = &text[start..lex.at];
        take(&mut lex, b':')?;
        let value = part(&mut lex)?;
        members.push(Member {
            key,
            name: String::from_utf8(name).ok()?,
            value,
        });
    }
    Some(members)
}

/// The elements of a list, each with the number of times that it stands there.
pub(super) fn elements(text: &[u8]) -> Option<Vec<(Part<'_>, u32)>> {
    let mut lex = Lexer::new(text, 0);
    let mut elements = Vec::new();
    while lex.at < text.len() {
        if !elements.is_empty() {
            take(&mut lex, b',')?;
        }
        let element = part(&mut lex)?;
        let mut times = 1;
        if take(&mut lex, TIMES).is_some() {
            let digits = lex.number().ok()?;
            times = std::str::from_utf8(digits).ok()?.parse().ok()?;
        }
        elements.push((element, times));
    }
    Some(elements)
}

fn take(lex: &mut Lexer<'_>, byte: u8) -> Option<()> {
    (lex.peek() == Some(byte)).then(|| lex.at += 1)
}

fn part<'a>(lex: &mut Lexer<'a>) -> Option<Part<'a>> {
    let start = lex.at;
    let mark = match lex.peek()? {
        AS_TABLE => Part::AsTable,
        OWN => Part::Own,
        CHILD => Part::Child,
        b'n' => return lex.literal(b"null").ok().map(|()| Part::Null),
        b'{' | b'[' => {
            let end = close(lex)?;
            let inner = &lex.text[start + 1..end];
            return Some(match lex.text[start] {
                b'{' => Part::Object(inner),
                _ => Part::List(inner),
            });
        }
        _ => return None,
    };
    lex.at += 1;
    Some(mark)
}

/// Goes behind a container; gives where its last bracket is.
fn close(lex: &mut Lexer<'_>) -> Option<usize> {
    let mut depth = 0_usize;
    loop {
        match lex.peek()? {
            b'"' => drop(lex.string().ok()?),
            byte => {
                match byte {
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth -= 1,
                    _ => {}
                }
                lex.at += 1;
                if depth == 0 {
                    return Some(lex.at - 1);
                }
            }
        }
    }
}

/// The elements of a JSON list, as they are written; none where it is no valid list.
pub(super) fn json_elements(text: &[u8]) -> Option<Vec<&[u8]>> {
    let mut lex = Lexer::new(text, 0);
    let mut brackets = Vec::new();
    let mut elements = Vec::new();
    std::str::from_utf8(text).ok()?;
    take(&mut lex, b'[')?;
    if lex.token()? == b']' {
        lex.at += 1;
    } else {
        loop {
            lex.token();
            let start = lex.at;
            crate::parse::check::value(&mut lex, &mut brackets, Expected::Value, u32::MAX).ok()?;
            elements.push(&text[start..lex.at]);
            if !lex.comma_or(b']', Expected::CommaOrBracket).ok()? {
                break;
            }
        }
    }
    (lex.at == text.len()).then_some(elements)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_templates_are_made_of() {
        let Some(Part::Object(inner)) = read(br#"{"a\"}":=,"b":[@*3,null],"c":{"d":?}}"#) else {
            panic!("an object")
        };
        let members = members(inner).unwrap();
        let names: Vec<&str> = members.iter().map(|member| &*member.name).collect();
        assert_eq!(names, ["a\"}", "b", "c"]);
        assert_eq!(members[0].key, br#""a\"}""#);
        assert_eq!(members[0].value, Part::AsTable);
        let Part::List(list) = members[1].value else {
            panic!("a list")
        };
        assert_eq!(elements(list).unwrap(), [(Part::Child, 3), (Part::Null, 1)]);
        assert_eq!(members[2].value, Part::Object(br#""d":?"#));
        assert!(super::members(b"").unwrap().is_empty());
    }

    #[test]
    fn refuses_anything_else() {
        for text in ["", "{", "x", "==", "{}}", "[\"]", "nul", "{} "] {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
        for text in [
            "a",
            "\"a\"",
            "\"a\":",
            "\"a\":=,",
            ",\"a\":=",
            "\"a\":=\"b\":=",
        ] {
            assert!(members(text.as_bytes()).is_none(), "{text}");
        }
        for text in [",", "=,", "=*", "=*-1", "=*5000000000", "= ,="] {
            assert!(elements(text.as_bytes()).is_none(), "{text}");
        }
        for text in ["", "[", "[1", "[1,]", "[1]x", "[\"\\x\"]", "[01]"] {
            assert!(json_elements(text.as_bytes()).is_none(), "{text}");
        }
        assert_eq!(
            json_elements(b"[[1,2],{}]").unwrap(),
            [&b"[1,2]"[..], b"{}"]
        );
    }
}
