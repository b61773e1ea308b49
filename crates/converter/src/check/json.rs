//! All findings as one JSON object.

use std::{
    cell::RefCell,
    io::{self, Write},
};

use serde::Serialize;
use voltree_core::check::{Finding, Severity};

use super::{Checked, Counts, stream::Stream};
use crate::InputFacts;

#[derive(Serialize)]
struct Report<'a, S: Serialize> {
    checked: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    input: Option<&'a InputFacts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    now: Option<Now>,
    /// Whether every table could be read, and rows were checked.
    complete: bool,
    findings: &'a S,
    /// Fields are written in this order: these are counted by then.
    counts: &'a RefCell<Counts>,
}

#[derive(Serialize)]
struct Now {
    time: String,
    given: bool,
}

#[derive(Serialize)]
struct Entry {
    severity: Severity,
    #[serde(flatten)]
    finding: Finding,
}

/// Writes the findings as they are made.
pub(crate) fn write(checked: &Checked, out: &mut dyn Write) -> io::Result<Counts> {
    let stream = Stream::new(checked, |finding: Finding| Entry {
        severity: finding.kind.severity(),
        finding,
    });
    let report = Report {
        checked: &checked.label,
        input: checked.input.as_ref(),
        now: checked.judged_at().map(|judged| Now {
            time: judged.moment.to_string(),
            given: judged.given,
        }),
        complete: checked.dataset.is_some(),
        findings: &stream,
        counts: stream.counts(),
    };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    writeln!(out)?;
    Ok(stream.into_counts())
}
