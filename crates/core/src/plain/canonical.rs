//! Equality of JSON values.

use std::collections::{BTreeMap, HashMap};

use super::document::{Content, Document, NodeId};
use crate::tree::grow;

/// A value as compact JSON text: keys sorted, numbers as written, the fewest escapes.
pub(super) fn canonical(document: &Document<'_>, node: NodeId) -> String {
    let mut text = String::new();
    write_with(document, node, &mut text, &mut |_, _| false);
    text
}

/// Appends a value; `instead` may write something else in the place of it, or of a value within.
pub(super) fn write_with(
    document: &Document<'_>,
    node: NodeId,
    out: &mut String,
    instead: &mut dyn FnMut(NodeId, &mut String) -> bool,
) {
    if instead(node, out) {
        return;
    }
    grow(|| match document.content(node) {
        Content::Scalar => match document.text(node) {
            string if string.starts_with('"') => {
                write_string(
                    &serde_json::from_str::<String>(string).expect("checked"),
                    out,
                );
            }
            literal => out.push_str(literal),
        },
        Content::List(elements) => {
            out.push('[');
            for (index, element) in elements.iter().enumerate() {
                separate(index, out);
                write_with(document, *element, out, instead);
            }
            out.push(']');
        }
        Content::Object(members) => {
            out.push('{');
            for (index, (key, member)) in members.iter().enumerate() {
                separate(index, out);
                write_string(key, out);
                out.push(':');
                write_with(document, *member, out, instead);
            }
            out.push('}');
        }
    });
}

fn separate(index: usize, out: &mut String) {
    if index > 0 {
        out.push(',');
    }
}

fn write_string(string: &str, out: &mut String) {
    out.push('"');
    for c in string.chars() {
        match c {
            '"' => out.push_str(r#"\""#),
            '\\' => out.push_str(r"\\"),
            '\u{8}' => out.push_str(r"\b"),
            '\u{c}' => out.push_str(r"\f"),
            '\n' => out.push_str(r"\n"),
            '\r' => out.push_str(r"\r"),
            '\t' => out.push_str(r"\t"),
            c if c < ' ' => out.push_str(&format!(r"\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// A number for each set of equal values.
pub(super) struct Classes(BTreeMap<NodeId, usize>);

/// A value with its parts' classes in their place.
#[derive(PartialEq, Eq, Hash)]
enum Shape<'a> {
    Scalar(String),
    List(Vec<usize>),
    Object(Vec<(&'a str, usize)>),
}

impl Classes {
    pub(super) fn new(document: &Document<'_>) -> Self {
        let mut classes = BTreeMap::new();
        let mut known = HashMap::new();
        // A value starts before its parts do.
        for node in document.nodes().rev() {
            let shape = match document.content(node) {
                Content::Scalar => Shape::Scalar(canonical(document, node)),
                Content::List(elements) => {
                    Shape::List(elements.iter().map(|element| classes[element]).collect())
                }
                Content::Object(members) => Shape::Object(
                    members
                        .iter()
                        .map(|(key, member)| (key.as_str(), classes[member]))
                        .collect(),
                ),
            };
            let next = known.len();
            classes.insert(node, *known.entry(shape).or_insert(next));
        }
        Classes(classes)
    }

    /// Equal for values that are equal as JSON, with numbers compared as written.
    pub(super) fn class(&self, node: NodeId) -> usize {
        self.0[&node]
    }
}

#[cfg(test)]
mod tests;
