//! Finds values by their paths.

use std::collections::HashMap;

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

/// Finds values in a record's valid own text. What is found in a list or under a name in an object of
/// any keys is found by reading that list or object once.
pub(crate) struct Finder<'a> {
    start: Lexer<'a>,
    parts: Vec<(&'static Member, Parts<'a>)>,
}

/// What stands in a list or in an object of any keys.
enum Parts<'a> {
    List(Vec<Lexer<'a>>),
    Map(HashMap<Vec<u8>, Lexer<'a>>),
}

impl<'a> Finder<'a> {
    pub(crate) fn new(text: &'a [u8], holes: usize) -> Self {
        let mut start = Lexer::new(text, holes);
        start.token();
        Finder {
            start,
            parts: Vec::new(),
        }
    }

    /// Where the value at the end of these steps starts.
    pub(crate) fn find(&mut self, steps: &[Step<'_>]) -> Option<u32> {
        let (mut lex, below) = match *steps {
            [
                Step::Member(member),
                part @ (Step::Index(_) | Step::Name(_)),
                ref below @ ..,
            ] => (self.part(member, part)?, below),
            _ => (self.start, steps),
        };
        for step in below {
            let Step::Member(member) = step else {
                return None;
            };
            lex = member_of(lex, member)?;
        }
        Some(lex.at as u32)
    }

    fn part(&mut self, member: &'static Member, part: Step<'_>) -> Option<Lexer<'a>> {
        let known = self
            .parts
            .iter()
            .position(|(known, _)| std::ptr::eq(*known, member));
        let known = match known {
            Some(known) => known,
            None => {
                let parts = parts(member_of(self.start, member)?)?;
                self.parts.push((member, parts));
                self.parts.len() - 1
            }
        };
        match (&self.parts[known].1, part) {
            (Parts::List(elements), Step::Index(index)) => elements.get(index as usize).copied(),
            (Parts::Map(entries), Step::Name(name)) => entries.get(name.as_bytes()).copied(),
            _ => None,
        }
    }
}

/// Stands before the value of a member of the object at hand.
fn member_of<'a>(lex: Lexer<'a>, member: &Member) -> Option<Lexer<'a>> {
    value_of(lex, member.wire).or_else(|| value_of(lex, member.alias?))
}

/// All that stands in the list or object at hand.
fn parts(mut lex: Lexer<'_>) -> Option<Parts<'_>> {
    let is_list = lex.peek()? == b'[';
    let mut elements = Vec::new();
    let mut entries = HashMap::new();
    lex.at += 1;
    let mut more = !matches!(lex.token()?, b']' | b'}');
    while more {
        lex.token();
        if is_list {
            elements.push(lex);
            skip(&mut lex)?;
            more = lex.comma_or(b']', Expected::CommaOrBracket).ok()?;
        } else {
            let key = lex.string().ok()?;
            let mut name = Vec::new();
            unescape(&lex.text[key.start..key.end], &mut name);
            lex.expect(b':', Expected::Colon).ok()?;
            lex.token();
            entries.insert(name, lex);
            skip(&mut lex)?;
            more = lex.comma_or(b'}', Expected::CommaOrBrace).ok()?;
        }
    }
    Some(if is_list {
        Parts::List(elements)
    } else {
        Parts::Map(entries)
    })
}

/// Stands before the last value under this name of the object at hand.
fn value_of<'a>(mut lex: Lexer<'a>, name: &str) -> Option<Lexer<'a>> {
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
            found = Some(lex);
        }
        skip(&mut lex)?;
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
