//! What a conversion did: for `--stats-json`, and as the summary on standard error.

use std::{collections::BTreeMap, fmt::Write as _};

use indicatif::HumanBytes;
use serde::Serialize;

use crate::{Codec, WrittenTable, plain::counted};

/// What a conversion read, found and wrote.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The input.
    pub input: InputFacts,
    /// The output.
    pub output: OutputFacts,
    /// Values that differ from the one kept for the same identity.
    pub conflicts: u64,
    /// Anomalies by kind; kinds without any are left out.
    pub anomalies: BTreeMap<String, u64>,
    /// Where the time went.
    pub seconds: Seconds,
}

/// What was read.
#[derive(Clone, Debug, Serialize)]
pub struct InputFacts {
    /// Name of the file, without its directory; `-` for standard input.
    pub name: String,
    /// Its length, as it is stored.
    pub bytes: u64,
    /// XXH3 (128 bits) of it as it is stored, as `xxh3-128:` and hexadecimal digits.
    pub hash: String,
    /// What it is compressed with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub codec: Option<Codec>,
    /// Length of the payload, which is the decompressed input.
    pub payload_bytes: u64,
    /// Bytes recognised as a repeat of a record that stood before.
    pub repeated_bytes: u64,
    /// Greatest nesting of arrays and objects.
    pub depth: u32,
}

/// What was written.
#[derive(Clone, Debug, Serialize)]
pub struct OutputFacts {
    /// `parquet` or `csv`.
    pub format: &'static str,
    /// Length of all tables.
    pub bytes: u64,
    /// The tables, in the order of the schema.
    pub tables: Vec<WrittenTable>,
}

/// Wall time by stage.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Seconds {
    /// Reading and parsing, which run side by side.
    pub parse: f64,
    /// Encoding and writing the tables.
    pub write: f64,
    /// Making the output durable and giving it its name.
    pub commit: f64,
    /// From the opening of the input to the end.
    pub total: f64,
}

impl InputFacts {
    /// The share of repeated bytes in the payload, 0 to 1.
    pub fn repeated_share(&self) -> f64 {
        share(self.repeated_bytes, self.payload_bytes)
    }
}

/// A part of a whole, 0 to 1; 0 of nothing.
pub(crate) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    part as f64 / whole as f64
}

impl OutputFacts {
    /// The table with this name.
    pub fn table(&self, name: &str) -> Option<&WrittenTable> {
        self.tables.iter().find(|table| table.name == name)
    }
}

impl Report {
    /// The summary for people; with the length of each file where that is wanted.
    pub(crate) fn text(&self, verbose: bool) -> String {
        let mut out = String::new();
        for table in &self.output.tables {
            line(&mut out, format_args!("{:>12}  {}", table.rows, table.name));
            if verbose {
                out.pop();
                line(
                    &mut out,
                    format_args!("  ({}, {})", HumanBytes(table.bytes), table.hash),
                );
            }
        }
        let decompressed = match self.input.codec {
            Some(codec) => format!("{} of {}, ", HumanBytes(self.input.bytes), codec.name()),
            None => String::new(),
        };
        line(
            &mut out,
            format_args!(
                "{} in ({decompressed}{:.1} % repeats), {} out as {}",
                HumanBytes(self.input.payload_bytes),
                100.0 * self.input.repeated_share(),
                HumanBytes(self.output.bytes),
                self.output.format
            ),
        );
        found(&mut out, self.conflicts, &self.anomalies);
        let Seconds {
            parse,
            write,
            commit,
            total,
        } = self.seconds;
        line(
            &mut out,
            format_args!("{total:.3} s: parse {parse:.3}, write {write:.3}, commit {commit:.3}"),
        );
        out
    }
}

/// Appends how many conflicts and anomalies there are.
pub(crate) fn found(out: &mut String, conflicts: u64, anomalies: &BTreeMap<String, u64>) {
    let anomalies = counts(anomalies);
    let conflicts = counted(conflicts, "conflict");
    line(out, format_args!("{conflicts}, anomalies: {anomalies}"));
}

/// `2 cycle, 1 wrong_type`, or `none`.
pub(crate) fn counts(counts: &BTreeMap<String, u64>) -> String {
    if counts.is_empty() {
        return "none".to_owned();
    }
    let counts: Vec<String> = counts
        .iter()
        .map(|(name, n)| format!("{n} {name}"))
        .collect();
    counts.join(", ")
}

/// Appends a line.
pub(crate) fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a `String` cannot fail.
    let _ = writeln!(out, "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_has_rows_bytes_findings_and_seconds() {
        let mut report = Report {
            input: InputFacts {
                name: "a.json".to_owned(),
                bytes: 2048,
                hash: String::new(),
                codec: None,
                payload_bytes: 2048,
                repeated_bytes: 1024,
                depth: 3,
            },
            output: OutputFacts {
                format: "csv",
                bytes: 10,
                tables: vec![WrittenTable {
                    name: "sites",
                    file: "sites.csv".to_owned(),
                    rows: 7,
                    bytes: 10,
                    hash: "sha256:00".to_owned(),
                }],
            },
            conflicts: 2,
            anomalies: BTreeMap::from([("cycle".to_owned(), 1)]),
            seconds: Seconds::default(),
        };
        assert_eq!(
            report.text(false),
            "           7  sites\n\
             2.00 KiB in (50.0 % repeats), 10 B out as csv\n\
             2 conflicts, anomalies: 1 cycle\n\
             0.000 s: parse 0.000, write 0.000, commit 0.000\n"
        );
        assert!(report.text(true).contains("  sites  (10 B, sha256:00)\n"));
        report.input.codec = Some(Codec::Zstd);
        report.input.bytes = 64;
        let read = "2.00 KiB in (64 B of zstd, 50.0 % repeats), 10 B out as csv\n";
        assert!(report.text(false).contains(read));
    }
}
