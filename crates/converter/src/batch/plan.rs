//! What is to be done: which inputs become which snapshots.

use std::{collections::BTreeMap, io};

use serde::Serialize;

use super::{
    Batch,
    dataset::{Existing, HiveDataset},
};
use crate::{Error, Input, console::one_line, input::Stored, report::line, store::Store};

/// What becomes of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It is converted.
    Convert,
    /// It is converted, in place of a snapshot of this name.
    Replace,
    /// Its complete output is there.
    Skip,
}

/// An input and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlannedInput {
    /// The input.
    #[serde(serialize_with = "label")]
    pub input: Input,
    /// The name of its snapshot; of its first one, if it holds several payloads.
    pub snapshot: String,
    /// Its length, where that is known.
    pub bytes: Option<u64>,
    /// What becomes of it.
    pub action: Action,
}

/// What a conversion would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// The inputs of this share, in their order.
    pub inputs: Vec<PlannedInput>,
    /// Inputs of other shares.
    pub elsewhere: usize,
}

impl Plan {
    /// A line for each input: what becomes of it, the input, its snapshot.
    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        for planned in &self.inputs {
            let action = match planned.action {
                Action::Convert => "convert",
                Action::Replace => "replace",
                Action::Skip => "skip",
            };
            let (input, snapshot) = (one_line(&planned.input.label()), &planned.snapshot);
            line(
                &mut out,
                format_args!("{action:7}  {input}  snapshot={snapshot}"),
            );
        }
        if self.elsewhere > 0 {
            line(
                &mut out,
                format_args!("{} inputs in other shards", self.elsewhere),
            );
        }
        out
    }
}

fn label<S: serde::Serializer>(input: &Input, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&input.label())
}

/// The dataset, and what is to become of it.
pub(super) fn plan<'a>(
    job: &Batch,
    store: &'a dyn Store,
) -> Result<(HiveDataset<'a>, Plan), Error> {
    let inputs = job.inputs.expand()?;
    let named = named(job, inputs)?;
    // Resuming goes on with whatever is there.
    let existing = match job.existing {
        Existing::Refuse if job.resume => Existing::Append,
        existing => existing,
    };
    let dataset = HiveDataset::open(store, &job.format, existing)?;
    let there = dataset.snapshots()?;
    let options = job.options();
    let all = named.len();
    let mut planned = Vec::new();
    for (snapshot, input) in named {
        if job.shard.is_some_and(|shard| !shard.takes(&snapshot)) {
            continue;
        }
        let mut action = Action::Convert;
        if there.contains(&snapshot) {
            let known = dataset.known(&snapshot)?;
            let is_same = match (&known, job.resume) {
                (Some(known), true) => {
                    let is_same = |hash: String| HiveDataset::is_made_of(known, &hash, &options);
                    hash(&input)?.is_some_and(is_same)
                }
                _ => false,
            };
            action = match existing {
                _ if is_same => Action::Skip,
                Existing::Replace => Action::Replace,
                _ => return Err(dataset.collision(&snapshot)),
            };
        }
        planned.push(PlannedInput {
            bytes: input.bytes(),
            input,
            snapshot,
            action,
        });
    }
    let plan = Plan {
        elsewhere: all - planned.len(),
        inputs: planned,
    };
    Ok((dataset, plan))
}

/// The inputs with their snapshots' names, no two of which are the same.
fn named(job: &Batch, inputs: Vec<Input>) -> Result<Vec<(String, Input)>, Error> {
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    let mut named = Vec::new();
    for input in inputs {
        let name = job.names.name(&input);
        if let Some(other) = owners.insert(name.clone(), input.label()) {
            return Err(Error::Usage(format!(
                "{other} and {} would both be snapshot {name}: tell them apart with \
                 --snapshot-name, such as '{{parent}}-{{stem}}'",
                input.label()
            )));
        }
        named.push((name, input));
    }
    Ok(named)
}

/// The hash of an input that can be read twice.
fn hash(input: &Input) -> Result<Option<String>, Error> {
    if *input == Input::Stdin {
        return Ok(None);
    }
    let mut reader = Stored::new(input.open()?);
    let read = io::copy(&mut reader, &mut io::sink());
    read.map_err(|source| Error::Io {
        doing: format!("cannot read {}", input.label()),
        source,
    })?;
    Ok(Some(reader.hash()))
}
