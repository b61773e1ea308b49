//! Findings for people.

use std::io::{self, Write};

use voltree_core::{
    Place,
    check::{Finding, FindingKind, Severity},
};

use super::{Checked, Counts};
use crate::plain::{Plain, counted};

/// Characters of a key that are shown.
const SHOWN: usize = 80;

/// Writes the number of findings of each kind, and the first few of them.
pub(crate) fn write(checked: &Checked, limit: usize, out: &mut dyn Write) -> io::Result<Counts> {
    let mut counts = Counts::default();
    for &kind in FindingKind::ALL {
        let mut shown = Vec::new();
        let mut of_kind = 0;
        for finding in checked.of_kind(kind) {
            counts.add(&finding);
            of_kind += 1;
            if shown.len() < limit {
                shown.push(finding);
            }
        }
        if of_kind > 0 {
            write_kind(kind, of_kind, &shown, out)?;
        }
    }
    write_summary(checked, &counts, out)?;
    Ok(counts)
}

fn write_kind(
    kind: FindingKind,
    count: usize,
    shown: &[Finding],
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "{} {kind}: {count}", kind.severity().as_str())?;
    writeln!(out, "  {}", kind.doc())?;
    for finding in shown {
        let message = Plain(&finding.message);
        writeln!(out, "    {}: {message}", place(finding))?;
    }
    if count > shown.len() {
        writeln!(out, "    … {} more", count - shown.len())?;
    }
    writeln!(out)
}

/// The record and its field, and where it was seen, in one line.
pub(super) fn place(finding: &Finding) -> String {
    let seen = &finding.seen;
    let mut text = finding.entity.to_owned();
    for part in [&finding.key, &finding.field] {
        if !part.is_empty() {
            text.push(' ');
            text.extend(part.chars().take(SHOWN));
            if part.chars().nth(SHOWN).is_some() {
                text.push('…');
            }
        }
    }
    if let (Some(line), Some(column)) = (seen.line, seen.column) {
        text.push_str(&format!(", {line}:{column}"));
    }
    match (&seen.path, seen.row) {
        (Some(path), _) => {
            let place = Place {
                path: path.clone(),
                ..Place::default()
            };
            text.push_str(&format!(", {}", place.short_path()));
        }
        (None, Some(row)) => text.push_str(&format!(", row {row} of {}", seen.table)),
        (None, None) => {}
    }
    Plain(&text).to_string()
}

fn write_summary(checked: &Checked, counts: &Counts, out: &mut dyn Write) -> io::Result<()> {
    if let Some(judged) = checked.judged_at() {
        let why = match judged.given {
            true => "--now",
            false => "the latest lastSeen or lastUpdated",
        };
        writeln!(out, "expired tags are told by {}, {why}", judged.moment)?;
    }
    if checked.dataset.is_none() {
        writeln!(
            out,
            "rows were not checked, since not every table could be read"
        )?;
    }
    let of = |severity: Severity, name: &str| {
        let kinds = counts.kinds.iter();
        let kinds = kinds.filter(|(kind, _)| kind.severity() == severity);
        let count: u64 = kinds.map(|(_, count)| count).sum();
        counted(count, name)
    };
    writeln!(
        out,
        "{}: {}: {}, {}, {}",
        Plain(&checked.label),
        counted(counts.total(), "finding"),
        of(Severity::Error, "error"),
        of(Severity::Warning, "warning"),
        of(Severity::Note, "note"),
    )
}
