//! Finds a value by its path.

use std::fmt::Write;

use super::path::push_name;
use crate::Expected;
use crate::schema::Member;
use crate::text::lex::{Lexer, StringToken, unescape};

/// One step down from a value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step<'a> {
    /// Into an object: the value of this member, under its name or its alias.
    Member(&'static Member),
    /// The value under a name that the schema does not declare.
    Name(&'a str),
    /// Into a list.
    Index(u32),
}

/// Where the value stands in a valid text, and its path below the text's root.
pub(crate) fn locate(text: &[u8], holes: usize, steps: &[Step<'_>]) -> Option<(u32, String)> {
    let mut lex = Lexer::new(text, holes);
    let mut path = String::new();
    lex.token();
    for step in steps {
        match *step {
            Step::Member(member) => {
                let name = match value_of(&mut lex.clone(), member.wire) {
                    Some(_) => member.wire,
                    None => member.alias?,
                };
                lex = value_of(&mut lex, name)?;
                push_name(&mut path, name);
            }
            Step::Name(name) => {
                lex = value_of(&mut lex, name)?;
                push_name(&mut path, name);
            }
            Step::Index(index) => {
                lex.at += 1;
                for _ in 0..index {
                    skip(&mut lex)?;
                    lex.comma_or(b']', Expected::CommaOrBracket).ok()?;
                }
                lex.token();
                let _ = write!(path, "[{index}]");
            }
        }
    }
    Some((lex.at as u32, path))
}

/// Stands before the last value under this name of the object at hand.
fn value_of<'a>(lex: &mut Lexer<'a>, name: &str) -> Option<Lexer<'a>> {
    let mut found = None;
    lex.at += 1;
    if lex.token() == Some(b'}') {
        return None;
    }
    loop {
        lex.token();
        let key = lex.string().ok()?;
        lex.expect(b':', Expected::Colon).ok()?;
        lex.token();
        if is(lex.text, key, name) {
            found = Some(*lex);
        }
        skip(lex)?;
        if !lex.comma_or(b'}', Expected::CommaOrBrace).ok()? {
            return found;
        }
    }
}

fn is(text: &[u8], key: StringToken, name: &str) -> bool {
    let content = &text[key.start..key.end];
    if !key.escaped {
        return content == name.as_bytes();
    }
    let mut plain = Vec::new();
    unescape(content, &mut plain);
    plain == name.as_bytes()
}

/// Takes a value.
fn skip(lex: &mut Lexer<'_>) -> Option<()> {
    crate::parse::check::value(lex, &mut Vec::new(), Expected::Value, u32::MAX)
        .ok()
        .map(drop)
}
