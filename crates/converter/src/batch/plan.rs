//! What is to be done: which inputs become which snapshots.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
};

use rayon::prelude::*;
use serde::Serialize;

use super::{
    Batch, OnError,
    dataset::{Existing, HiveDataset, is_complete},
};
use crate::{
    Error, Input,
    console::one_line,
    input::Stored,
    manifest::{Known, Options},
    output::refuse_overlap,
    plain::counted,
    report::line,
    store::Store,
};

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
    /// It is left out: another snapshot is there under its name, and may not be touched.
    Refuse,
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
    /// The names of the first snapshots of all inputs, those of other shares too.
    #[serde(skip)]
    pub(super) names: BTreeSet<String>,
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
                Action::Refuse => "refuse",
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
                format_args!(
                    "{} in other shards",
                    counted(self.elsewhere as u64, "input")
                ),
            );
        }
        out
    }
}

fn label<S: serde::Serializer>(input: &Input, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&input.label())
}

/// The dataset, and what is to become of it. What is there is read again on the current rayon thread pool.
pub(super) fn plan<'a>(
    job: &Batch,
    options: &Options,
    store: &'a dyn Store,
) -> Result<(HiveDataset<'a>, Plan), Error> {
    let inputs = job.inputs.expand(Some(&job.out))?;
    if let Some(stats) = &job.stats {
        refuse_overlap(stats, inputs.iter().filter_map(Input::path))?;
    }
    let named = named(job, inputs)?;
    // Resuming goes on with whatever is there.
    let existing = match job.existing {
        Existing::Refuse if job.resume => Existing::Append,
        existing => existing,
    };
    let dataset = HiveDataset::open(store, &job.format, existing)?;
    let there = dataset.snapshots()?;
    let names: BTreeSet<String> = named.iter().map(|(snapshot, _)| snapshot.clone()).collect();
    let all = named.len();
    let mut mine = named;
    mine.retain(|(snapshot, _)| job.shard.is_none_or(|shard| shard.takes(snapshot)));
    let plan = |(snapshot, input): (String, Input)| {
        let bytes = input.bytes();
        if job.on_error == OnError::Stop && bytes.is_none() {
            // Better now than in the midst of the others.
            input.find()?;
        }
        let action = match there.contains(&snapshot) {
            true => action(job, options, &dataset, existing, &there, &snapshot, &input)?,
            false => Action::Convert,
        };
        Ok(PlannedInput {
            input,
            snapshot,
            bytes,
            action,
        })
    };
    let inputs: Vec<Result<PlannedInput, Error>> = mine.into_par_iter().map(plan).collect();
    // The first one that failed, whichever thread failed first.
    let inputs: Vec<PlannedInput> = inputs.into_iter().collect::<Result<_, _>>()?;
    let plan = Plan {
        elsewhere: all - inputs.len(),
        inputs,
        names,
    };
    Ok((dataset, plan))
}

/// What becomes of an input whose snapshot is there.
fn action(
    job: &Batch,
    options: &Options,
    dataset: &HiveDataset<'_>,
    existing: Existing,
    there: &BTreeSet<String>,
    snapshot: &str,
    input: &Input,
) -> Result<Action, Error> {
    let known = dataset.known(snapshot)?;
    let is_left = |known: &Known| !is_complete(snapshot, known.payload(), there);
    if known.as_ref().is_some_and(is_left) {
        return Ok(Action::Convert);
    }
    if job.resume && !input.is_lasting() {
        // Whether it is the same shows when it has been converted.
        return Ok(Action::Convert);
    }
    if job.resume
        && let Some(known) = known
        && is_made_of(job, options, &known, input)?
    {
        return Ok(match dataset.is_whole(snapshot, &known)? {
            true => Action::Skip,
            false => Action::Convert,
        });
    }
    match (existing, job.on_error) {
        (Existing::Replace, _) => Ok(Action::Replace),
        (_, OnError::Skip) => Ok(Action::Refuse),
        (_, OnError::Stop) if job.resume => Err(dataset.collision(snapshot)),
        (_, OnError::Stop) => Err(dataset.present(snapshot)),
    }
}

/// Whether a snapshot was made of these very bytes in this way.
fn is_made_of(job: &Batch, options: &Options, known: &Known, input: &Input) -> Result<bool, Error> {
    match (hash(input), job.on_error) {
        (Ok(hash), _) => Ok(HiveDataset::is_made_of(known, &hash, options)),
        // It is left out when it is read again.
        (Err(_), OnError::Skip) => Ok(false),
        (Err(error), OnError::Stop) => Err(error),
    }
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

fn hash(input: &Input) -> Result<String, Error> {
    let mut reader = Stored::new(input.open()?);
    let read = io::copy(&mut reader, &mut io::sink());
    read.map_err(|error| Error::Io {
        doing: format!("cannot read {}", input.label()),
        error,
    })?;
    Ok(reader.hash())
}
