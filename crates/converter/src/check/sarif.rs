//! All findings as SARIF 2.1.0, the Static Analysis Results Interchange Format of OASIS.

use std::io::{self, Write};

use serde::Serialize;
use voltree_core::check::{Finding, FindingKind, Severity};

use super::{Checked, Counts, stream::Stream};
use crate::address::Address;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

#[derive(Serialize)]
struct Log<'a, S: Serialize> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a, S>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a, S: Serialize> {
    tool: Tool,
    column_kind: &'static str,
    results: &'a S,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
struct Driver {
    name: &'static str,
    version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Message<&'static str>,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Message<T> {
    text: T,
}

#[derive(Serialize)]
struct Configuration {
    level: Severity,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    rule_id: FindingKind,
    rule_index: usize,
    level: Severity,
    message: Message<String>,
    locations: [Location; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    physical_location: Option<Physical>,
    logical_locations: [Logical; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u64,
    start_column: u64,
}

/// The record in its table, and its field.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logical {
    fully_qualified_name: String,
    kind: &'static str,
}

/// Writes the findings as they are made.
pub(crate) fn write(checked: &Checked, out: &mut dyn Write) -> io::Result<Counts> {
    let stream = Stream::new(checked, |finding| outcome(checked, finding));
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "voltree",
                    version: env!("CARGO_PKG_VERSION"),
                    rules: FindingKind::ALL.iter().map(|&kind| rule(kind)).collect(),
                },
            },
            column_kind: "unicodeCodePoints",
            results: &stream,
        }],
    };
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)?;
    Ok(stream.into_counts())
}

fn rule(kind: FindingKind) -> Rule {
    Rule {
        id: kind.name(),
        short_description: Message { text: kind.doc() },
        default_configuration: Configuration {
            level: kind.severity(),
        },
    }
}

fn outcome(checked: &Checked, finding: Finding) -> Outcome {
    let seen = &finding.seen;
    // It is one in the payload, and in none of the tables' files.
    let place = seen.line.zip(seen.column);
    let place = place.filter(|_| checked.package.is_none());
    let region = place.map(|(start_line, start_column)| Region {
        start_line,
        start_column,
    });
    let mut kinds = FindingKind::ALL.iter();
    let rule_index = kinds.position(|&kind| kind == finding.kind);
    Outcome {
        rule_id: finding.kind,
        rule_index: rule_index.unwrap_or_default(),
        level: finding.kind.severity(),
        locations: [Location {
            physical_location: uri(checked, &finding).map(|uri| Physical {
                artifact_location: Artifact { uri },
                region,
            }),
            logical_locations: [logical(&finding)],
        }],
        message: Message {
            text: finding.message,
        },
    }
}

/// The payload, or the table's file; standard input is none.
fn uri(checked: &Checked, finding: &Finding) -> Option<String> {
    let Some(package) = &checked.package else {
        let named = checked
            .input
            .as_ref()
            .is_some_and(|input| input.name != "-");
        return named.then(|| reference(&checked.label));
    };
    let mut resources = package.resources().iter();
    let resource = resources.find(|resource| resource.name == finding.seen.table);
    let file = resource.map_or_else(
        || package.shown_manifest(),
        |resource| package.shown(resource),
    );
    Some(reference(&file.to_string_lossy()))
}

/// A path as a relative URI reference of RFC 3986; an address is a URI already.
fn reference(named: &str) -> String {
    let is_address = Address::of(named).is_some();
    let mut uri = String::new();
    for byte in named.bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' => uri.push(char::from(byte)),
            b'%' | b':' | b'@' | b'?' | b'=' | b'*' if is_address => uri.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => uri.push(char::from(byte)),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

/// The JSON path where the payload's text is known, else the table, the row's key and the field.
fn logical(finding: &Finding) -> Logical {
    let path = finding.seen.path.clone();
    let kind = if finding.field.is_empty() {
        "object"
    } else {
        "property"
    };
    let parts = [finding.entity, &finding.key, &finding.field];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    Logical {
        fully_qualified_name: path.unwrap_or_else(|| parts.join("/")),
        kind,
    }
}

#[cfg(test)]
mod tests {
    use super::reference;

    #[test]
    fn a_path_is_a_uri_reference() {
        assert_eq!(reference("a/b_1.json"), "a/b_1.json");
        assert_eq!(reference("/tmp/a b:ä%.json"), "/tmp/a%20b%3A%C3%A4%25.json");
    }
}
