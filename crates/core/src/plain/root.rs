//! Whether a JSON value is an operator tree at all.

use super::document::{Content, Document, ROOT, Step};
use crate::sniff::{API_TEXTS, ERROR_KEYS};
use crate::{Error, ErrorKind, schema::Kind};

/// Checks that the root is an object with one of the root's fields.
pub(super) fn check(document: &Document<'_>) -> Result<(), Error> {
    let members = Kind::Root.record().members;
    let mut names = members
        .iter()
        .flat_map(|member| [Some(member.wire), member.alias])
        .flatten();
    if names.any(|name| document.member(ROOT, name).is_some()) {
        return Ok(());
    }
    let kind = ErrorKind::NotAnOperatorTree {
        found: found(document),
        api_error: is_api_error(document),
    };
    Err(Error::new(
        kind,
        document.place(document.offset(ROOT), ROOT),
    ))
}

fn found(document: &Document<'_>) -> String {
    match document.content(ROOT) {
        Content::Scalar => super::scalars::json_type(document.text(ROOT)).to_owned(),
        Content::List(_) => "a list".to_owned(),
        Content::Object(members) if members.is_empty() => "an empty object".to_owned(),
        Content::Object(members) => {
            let mut keys = Vec::new();
            for node in document.nodes() {
                if let Some((ROOT, Step::Key(key))) = document.parent(node)
                    && !keys.contains(&key)
                    && keys.len() < 3
                {
                    keys.push(key);
                }
            }
            let shown: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
            let more = if members.len() > shown.len() {
                " and more"
            } else {
                ""
            };
            format!("an object with {}{more}", shown.join(", "))
        }
    }
}

fn is_api_error(document: &Document<'_>) -> bool {
    match document.content(ROOT) {
        Content::Object(members) => ERROR_KEYS.iter().any(|key| members.contains_key(*key)),
        Content::List(_) => false,
        Content::Scalar => {
            let text: Option<String> = serde_json::from_str(document.text(ROOT)).ok();
            text.is_some_and(|text| API_TEXTS.iter().any(|error| text.contains(error)))
        }
    }
}

#[cfg(test)]
mod tests;
