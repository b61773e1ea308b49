//! What a JSON value is as a payload.

use super::document::{Content, Document, NodeId, ROOT, Step};
use crate::sniff::{API_TEXTS, ERROR_KEYS};
use crate::tree::{Operator, OperatorTree, Site};
use crate::{
    Error, ErrorKind,
    schema::{Kind, Told, View},
};

/// A payload as typed structs.
pub(super) enum Root {
    Tree(OperatorTree),
    /// One record, or those of a list, without a tree around them; all sites stand in one tree.
    Records(Vec<(NodeId, Record)>, View),
}

pub(super) enum Record {
    Site(Box<Site>),
    Operator(Box<Operator>),
}

/// Takes a document as a payload, if it is one.
pub(super) fn read(document: &Document<'_>) -> Result<Root, Error> {
    if told(document, ROOT).kind() == Some(Kind::Root) {
        let tree = serde_json::from_str(document.json()).expect("checked");
        return Ok(Root::Tree(tree));
    }
    let (mut records, mut all) = (Vec::new(), Told::default());
    let elements = match document.content(ROOT) {
        Content::List(elements) => elements,
        _ => &vec![ROOT],
    };
    for &node in elements {
        let told = told(document, node);
        let text = document.text(node);
        let record = match told.kind() {
            Some(Kind::Site) => Record::Site(serde_json::from_str(text).expect("checked")),
            Some(Kind::Operator) => Record::Operator(serde_json::from_str(text).expect("checked")),
            None if text == "null" && node != ROOT => continue,
            _ => return Err(refused(document, node, found(document, node))),
        };
        if let Record::Site(_) = record {
            all.add_views(&told);
        }
        records.push((node, record));
    }
    if records.is_empty() {
        let words = match elements.is_empty() {
            true => "an empty list",
            false => "a list of nothing but null",
        };
        return Err(refused(document, ROOT, words.to_owned()));
    }
    Ok(Root::Records(records, all.view()))
}

/// What the fields of an object say that it is.
fn told(document: &Document<'_>, node: NodeId) -> Told {
    let mut told = Told::default();
    if let Content::Object(members) = document.content(node) {
        members.keys().for_each(|name| told.add(name.as_bytes()));
    }
    told
}

fn refused(document: &Document<'_>, node: NodeId, found: String) -> Error {
    let kind = ErrorKind::NotAnOperatorTree {
        found,
        api_error: is_api_error(document, node),
    };
    Error::new(kind, document.place(document.offset(node), node))
}

fn found(document: &Document<'_>, object: NodeId) -> String {
    match document.content(object) {
        Content::Scalar => super::scalars::json_type(document.text(object)).to_owned(),
        Content::List(_) => "a list".to_owned(),
        Content::Object(members) if members.is_empty() => "an empty object".to_owned(),
        Content::Object(_) if told(document, object).kind() == Some(Kind::Root) => {
            "an operator tree in a list".to_owned()
        }
        Content::Object(members) => {
            let mut keys = Vec::new();
            for node in document.nodes() {
                if let Some((owner, Step::Key(key))) = document.parent(node)
                    && *owner == object
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

fn is_api_error(document: &Document<'_>, node: NodeId) -> bool {
    match document.content(node) {
        Content::Object(_) if told(document, node).kind() == Some(Kind::Root) => false,
        Content::Object(members) => ERROR_KEYS.iter().any(|key| members.contains_key(*key)),
        Content::List(_) => false,
        Content::Scalar => {
            let text: Option<String> = serde_json::from_str(document.text(node)).ok();
            text.is_some_and(|text| API_TEXTS.iter().any(|error| text.contains(error)))
        }
    }
}

#[cfg(test)]
mod tests;
