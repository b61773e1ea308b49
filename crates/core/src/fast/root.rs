//! Valid JSON that is no payload: what it is instead.

use memchr::memmem;

use crate::parse::check;
use crate::scan::{Class, Forest, NodeIx};
use crate::schema::{Kind, Told};
use crate::sniff::{API_TEXTS, ERROR_KEYS};
use crate::text::lex::{HOLE, Lexer};
use crate::{ErrorKind, Expected};

/// What is wrong with the root, and where in its own text.
pub(super) fn refusal(forest: &Forest) -> Option<(ErrorKind, usize)> {
    let root = NodeIx::new(forest.nodes.len() - 1);
    let (found, at) = match own(forest, root) {
        // One site or operator.
        [HOLE] => return None,
        [b'{', ..] => (object(forest, root)?, 0),
        [b'[', ..] => list(forest, root)?,
        text => (other(text), 0),
    };
    Some((found.error(), at))
}

/// What there is instead of a payload, in words.
struct Found {
    words: String,
    api_error: bool,
}

impl Found {
    fn error(self) -> ErrorKind {
        ErrorKind::NotAnOperatorTree {
            found: self.words,
            api_error: self.api_error,
        }
    }
}

impl From<&str> for Found {
    fn from(words: &str) -> Self {
        Found {
            words: words.to_owned(),
            api_error: false,
        }
    }
}

fn own(forest: &Forest, node: NodeIx) -> &[u8] {
    forest.arena.get(forest.node(node).own)
}

/// A value other than an object.
fn other(text: &[u8]) -> Found {
    match text.first() {
        Some(b'"') => {
            let content = Lexer::new(text, 0).string();
            let content = content.map(|token| check::name(text, token));
            let mut texts = API_TEXTS.iter().map(|text| text.as_bytes());
            let says = |error| {
                content
                    .as_ref()
                    .is_ok_and(|text| memmem::find(text, error).is_some())
            };
            Found {
                api_error: texts.any(says),
                ..Found::from("a text")
            }
        }
        Some(b'[') => "a list".into(),
        Some(b't' | b'f') => "a boolean".into(),
        Some(b'n') => "null".into(),
        _ => "a number".into(),
    }
}

/// What the list at the root holds that is no site or operator, and where.
fn list(forest: &Forest, root: NodeIx) -> Option<(Found, usize)> {
    let (text, children) = (own(forest, root), forest.children(root));
    let mut records = children.iter();
    let mut lex = Lexer::new(text, children.len());
    lex.at += 1;
    if lex.token() == Some(b']') {
        return Some(("an empty list".into(), 0));
    }
    loop {
        let at = match lex.token() {
            Some(_) => lex.at,
            None => return None,
        };
        match text[at] {
            HOLE => {
                let record = records.next()?.node;
                if forest.node(record).class == Class::Root {
                    let tree = || "an operator tree in a list".into();
                    return Some((object(forest, record).unwrap_or_else(tree), at));
                }
            }
            b'n' => {}
            _ => return Some((other(&text[at..]), at)),
        }
        check::value(&mut lex, &mut Vec::new(), Expected::Value, u32::MAX).ok()?;
        if !lex.comma_or(b']', Expected::CommaOrBracket).ok()? {
            break;
        }
    }
    children
        .is_empty()
        .then(|| ("a list of nothing but null".into(), 0))
}

/// What an object is that is no operator tree.
fn object(forest: &Forest, node: NodeIx) -> Option<Found> {
    let mut lex = Lexer::new(own(forest, node), forest.children(node).len());
    let mut told = Told::default();
    let mut names: Vec<String> = Vec::new();
    check::keys(&mut lex, |_, name| {
        told.add(&name);
        let name = String::from_utf8_lossy(&name).into_owned();
        let is_shown = names.len() <= SHOWN || ERROR_KEYS.contains(&name.as_str());
        if is_shown && !names.contains(&name) {
            names.push(name);
        }
    })
    .ok()?;
    if told.kind() == Some(Kind::Root) {
        return None;
    }
    if names.is_empty() {
        return Some("an empty object".into());
    }
    let api_error = names.iter().any(|name| ERROR_KEYS.contains(&name.as_str()));
    let shown: Vec<String> = names
        .iter()
        .take(SHOWN)
        .map(|name| format!("`{name}`"))
        .collect();
    let more = if names.len() > SHOWN { " and more" } else { "" };
    let words = format!("an object with {}{more}", shown.join(", "));
    Some(Found { words, api_error })
}

/// Members named in the error for an object that is no payload.
const SHOWN: usize = 3;
