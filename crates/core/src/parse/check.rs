//! Whether a text is valid JSON, whatever it says.

use std::borrow::Cow;

use crate::Expected;
use crate::text::lex::{Fault, FaultKind, Lexer, StringToken, unescape};

/// Takes a value of any kind, of which brackets may nest `levels` deep. Nests in `brackets`, which
/// is empty before and after. Gives how deep they do nest.
pub(crate) fn value(
    lex: &mut Lexer<'_>,
    brackets: &mut Vec<u8>,
    expected: Expected,
    levels: u32,
) -> Result<u32, Fault> {
    let result = walk(lex, brackets, expected, levels);
    brackets.clear();
    result
}

fn walk(
    lex: &mut Lexer<'_>,
    brackets: &mut Vec<u8>,
    mut expected: Expected,
    levels: u32,
) -> Result<u32, Fault> {
    let mut height = 0;
    loop {
        match lex.token() {
            Some(open @ (b'{' | b'[')) => {
                if brackets.len() == levels as usize {
                    return Err(Fault {
                        at: lex.at,
                        kind: FaultKind::TooDeep,
                    });
                }
                lex.at += 1;
                brackets.push(open);
                height = height.max(brackets.len() as u32);
                if open == b'{' && lex.token() != Some(b'}') {
                    key(lex, Expected::KeyOrEnd)?;
                    expected = Expected::Value;
                    continue;
                }
                if open == b'[' && lex.token() != Some(b']') {
                    expected = Expected::ValueOrEnd;
                    continue;
                }
            }
            _ => lex.scalar(expected)?,
        }
        // A value is complete, or a container empty.
        expected = Expected::Value;
        loop {
            let more = match brackets.last() {
                None => return Ok(height),
                Some(b'{') => lex.comma_or(b'}', Expected::CommaOrBrace)?,
                Some(_) => lex.comma_or(b']', Expected::CommaOrBracket)?,
            };
            if !more {
                brackets.pop();
                continue;
            }
            if brackets.last() == Some(&b'{') {
                key(lex, Expected::Key)?;
            }
            break;
        }
    }
}

/// Takes a key and the colon behind it.
fn key(lex: &mut Lexer<'_>, expected: Expected) -> Result<StringToken, Fault> {
    if lex.token() != Some(b'"') {
        return Err(lex.unexpected(expected));
    }
    let key = lex.string()?;
    lex.expect(b':', Expected::Colon)?;
    Ok(key)
}

/// Takes an object, of which the brace stands here; gives to `each` where each key's content starts, and
/// the key.
pub(crate) fn keys<'a>(
    lex: &mut Lexer<'a>,
    mut each: impl FnMut(usize, Cow<'a, [u8]>),
) -> Result<(), Fault> {
    let mut brackets = Vec::new();
    lex.at += 1;
    if lex.token() == Some(b'}') {
        lex.at += 1;
        return Ok(());
    }
    let mut expected = Expected::KeyOrEnd;
    loop {
        let key = key(lex, expected)?;
        each(key.start, name(lex.text, key));
        expected = Expected::Key;
        value(lex, &mut brackets, Expected::Value, u32::MAX)?;
        if !lex.comma_or(b'}', Expected::CommaOrBrace)? {
            return Ok(());
        }
    }
}

/// The content of a string without its escapes.
pub(crate) fn name(text: &[u8], token: StringToken) -> Cow<'_, [u8]> {
    let content = &text[token.start..token.end];
    if !token.escaped {
        return content.into();
    }
    let mut name = Vec::new();
    unescape(content, &mut name);
    name.into()
}

/// What comes first in the text: a fault found otherwise, or invalid UTF-8. Where the text ends
/// within a character, that is for the other to judge.
pub(crate) fn utf8_first(text: &[u8], otherwise: Result<(), Fault>) -> Result<(), Fault> {
    let Err(error) = std::str::from_utf8(text) else {
        return otherwise;
    };
    let at = error.valid_up_to();
    let in_string = |kind| {
        matches!(
            kind,
            FaultKind::Byte(Expected::Escape | Expected::HexDigit, _)
        )
    };
    match otherwise {
        // What a string goes on with is a character that is cut off.
        Err(fault) if fault.at == at && error.error_len().is_none() && in_string(fault.kind) => {
            Err(Fault {
                at: text.len(),
                kind: FaultKind::End,
            })
        }
        Err(fault) if fault.at < at || error.error_len().is_none() => Err(fault),
        _ => Err(Fault {
            at,
            kind: FaultKind::InvalidUtf8,
        }),
    }
}
