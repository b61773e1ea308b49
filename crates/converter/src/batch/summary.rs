//! What a conversion of many inputs did.

use std::{collections::BTreeMap, path::Path};

use indicatif::HumanBytes;
use serde::{Serialize, Serializer};
use voltree_core::Place;

use super::dataset::REJECTS;
use crate::{
    Error, Exit, InputFacts, OutputFacts,
    console::At,
    plain::counted,
    report::{found, line},
    store,
};

/// What became of the inputs, and totals.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
    /// Inputs that were converted.
    pub converted: usize,
    /// Inputs that were skipped, since their complete output was there.
    pub skipped: usize,
    /// Inputs that were left out, since they could not be converted.
    pub rejected: usize,
    /// Snapshots that were written.
    pub snapshots: usize,
    /// Bytes of the inputs that were converted.
    pub bytes_in: u64,
    /// Bytes of the tables that were written.
    pub bytes_out: u64,
    /// Rows of the tables that were written.
    pub rows: u64,
    /// Values that differ from the one kept for the same identity.
    pub conflicts: u64,
    /// Anomalies by kind; kinds without any are left out.
    pub anomalies: BTreeMap<String, u64>,
    /// Wall time from the first input to the end, in seconds.
    pub seconds: f64,
    /// The inputs, in their order.
    pub inputs: Vec<InputReport>,
}

/// What became of an input.
#[derive(Clone, Debug, Serialize)]
pub struct InputReport {
    /// The input as it was named.
    pub input: String,
    /// The name of its snapshot; of its first one, if it holds several payloads.
    pub snapshot: String,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What became of an input.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "lowercase", tag = "outcome")]
pub enum Outcome {
    /// It was converted.
    Converted {
        /// What was read.
        facts: InputFacts,
        /// What was written.
        snapshots: Vec<SnapshotReport>,
        /// Wall time, in seconds.
        seconds: f64,
    },
    /// Its complete output was there.
    Skipped,
    /// It could not be converted.
    Rejected(Rejected),
}

/// Why an input was left out.
///
/// ```
/// use voltree::{Batch, Exit, Inputs, OnError, Outcome, convert_batch};
///
/// let dir = tempfile::tempdir()?;
/// for (name, payload) in [("a", r#"{"operatorGroups":[]}"#), ("b", r#"{"operatorGroups":[}"#)] {
///     std::fs::write(dir.path().join(name), payload)?;
/// }
/// let inputs = Inputs { named: vec![dir.path().join("[ab]")], ..Inputs::default() };
/// let mut job = Batch::new(inputs, dir.path().join("dataset"));
/// job.on_error = OnError::Skip;
/// let summary = convert_batch(&job)?;
/// let Outcome::Rejected(why) = &summary.inputs[1].outcome else { panic!() };
/// assert_eq!(why.exit(), Exit::BadInput);
/// assert_eq!(why.place().unwrap().offset, 19);
/// assert!(why.message().contains("b:1:20: "));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rejected {
    message: String,
    #[serde(serialize_with = "number")]
    exit: Exit,
    #[serde(flatten, serialize_with = "fields")]
    place: Option<Place>,
}

impl Rejected {
    pub(super) fn new(error: &Error) -> Self {
        Rejected {
            message: error.to_string(),
            exit: error.exit(),
            place: error.place().cloned(),
        }
    }

    /// What is wrong, in one line, with the input and the place.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Of which kind that is: how the command would end, were it the only input.
    pub fn exit(&self) -> Exit {
        self.exit
    }

    /// Where in the input it is, if it is about a place.
    pub fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }
}

fn number<S: Serializer>(exit: &Exit, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i32(*exit as i32)
}

fn fields<S: Serializer>(place: &Option<Place>, serializer: S) -> Result<S::Ok, S::Error> {
    place.as_ref().map(At::from).serialize(serializer)
}

/// What was written of a payload.
#[derive(Clone, Debug, Serialize)]
pub struct SnapshotReport {
    /// Name of the snapshot.
    pub name: String,
    /// Values that differ from the one kept for the same identity.
    pub conflicts: u64,
    /// Anomalies by kind; kinds without any are left out.
    pub anomalies: BTreeMap<String, u64>,
    /// Bytes recognised as a repeat of a record that stood before.
    pub repeated_bytes: u64,
    /// Greatest nesting of arrays and objects.
    pub depth: u32,
    /// What was written.
    pub output: OutputFacts,
}

impl Summary {
    pub(super) fn add(&mut self, report: InputReport) {
        match &report.outcome {
            Outcome::Skipped => self.skipped += 1,
            Outcome::Rejected(_) => self.rejected += 1,
            Outcome::Converted {
                facts, snapshots, ..
            } => {
                self.converted += 1;
                self.bytes_in += facts.bytes;
                self.snapshots += snapshots.len();
                for snapshot in snapshots {
                    self.bytes_out += snapshot.output.bytes;
                    let tables = snapshot.output.tables.iter();
                    self.rows += tables.map(|table| table.rows).sum::<u64>();
                    self.conflicts += snapshot.conflicts;
                    for (kind, count) in &snapshot.anomalies {
                        *self.anomalies.entry(kind.clone()).or_default() += count;
                    }
                }
            }
        }
        self.inputs.push(report);
    }

    /// Fails where inputs were left out.
    pub(crate) fn refuse_rejected(&self, out: &Path) -> Result<(), Error> {
        match self.rejected {
            0 => Ok(()),
            rejected => Err(Error::Rejected(format!(
                "{rejected} of {} left out: see {}",
                counted(self.inputs.len() as u64, "input"),
                store::label(&out.join(REJECTS))
            ))),
        }
    }

    /// The summary for people.
    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        let Summary {
            skipped, rejected, ..
        } = self;
        let snapshots = counted(self.snapshots as u64, "snapshot");
        let converted = counted(self.converted as u64, "input");
        line(
            &mut out,
            format_args!("{snapshots} of {converted}; {skipped} skipped, {rejected} rejected"),
        );
        line(
            &mut out,
            format_args!(
                "{} in, {}, {} out",
                HumanBytes(self.bytes_in),
                counted(self.rows, "row"),
                HumanBytes(self.bytes_out)
            ),
        );
        found(&mut out, self.conflicts, &self.anomalies);
        line(&mut out, format_args!("{:.3} s", self.seconds));
        out
    }
}
