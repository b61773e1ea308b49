//! Many payloads into one dataset of snapshots.

mod commit;
pub(crate) mod dataset;
mod expand;
mod merge;
mod name;
mod plan;
mod run;
mod shard;
mod stage;
mod summary;

use std::{num::NonZeroUsize, path::PathBuf};

use rayon::ThreadPool;
use voltree_core::{Parser, check::FindingKind};

use crate::{
    Cleanup, Error, Format, When, console::Console, convert::pool, manifest::Options, store,
};
pub use dataset::Existing;
pub use expand::Inputs;
pub use merge::{Merged, merge};
pub use name::{NameTemplate, NoTemplate};
pub use plan::{Action, Plan, PlannedInput};
pub use shard::{NoShard, Shard};
pub use summary::{InputReport, Outcome, Rejected, SnapshotReport, Summary};

/// What becomes of the rest when an input cannot be converted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum OnError {
    /// No other input is begun; snapshots that are complete stay
    #[default]
    Stop,
    /// It is listed in `rejects.jsonl`, and the rest goes on
    Skip,
}

/// A conversion of many payloads into a dataset with a snapshot of each.
///
/// ```
/// use voltree::{Batch, Inputs, convert_batch};
///
/// let dir = tempfile::tempdir()?;
/// for (name, id) in [("monday", 1), ("tuesday", 2)] {
///     let payload = format!(r#"{{"operatorGroups":[{{"id":{id}}}]}}"#);
///     std::fs::write(dir.path().join(format!("{name}.json")), payload)?;
/// }
/// let inputs = Inputs {
///     named: vec![dir.path().join("*.json")],
///     ..Inputs::default()
/// };
/// let summary = convert_batch(&Batch::new(inputs, dir.path().join("dataset")))?;
/// assert_eq!(summary.snapshots, 2);
/// assert!(dir.path().join("dataset/sites/snapshot=monday/part-0.parquet").exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Batch {
    /// Where the payloads come from.
    pub inputs: Inputs,
    /// The directory of the dataset, or an address where the feature `object-store` is there.
    pub out: PathBuf,
    /// What the tables are written as; Parquet by default.
    pub format: Format,
    /// How payloads are read; what rebuilding them takes is written too where it
    /// [keeps that](Parser::lineage).
    pub parser: Parser,
    /// Threads that work, at most 1,024; as many as the machine has by default.
    pub threads: Option<NonZeroUsize>,
    /// Bytes of memory that are to be enough: with half of it in use, no other input is begun beside
    /// those that are being converted. No limit by default.
    pub max_memory: Option<u64>,
    /// How snapshots are named; after the stems of the inputs by default.
    pub names: NameTemplate,
    /// The share of the inputs that is converted; all by default.
    pub shard: Option<Shard>,
    /// What becomes of snapshots that are there; there must be none by default.
    pub existing: Existing,
    /// Whether inputs are skipped whose complete output is there; false by default.
    pub resume: bool,
    /// What becomes of the rest when an input cannot be converted.
    pub on_error: OnError,
    /// Whether anomalies other than unknown fields are refused; false by default.
    pub strict: bool,
    /// Kinds of finding that are refused; none by default.
    pub fail_on: Vec<FindingKind>,
    /// When progress is shown; never by default.
    pub progress: When,
    /// What is to vanish when a signal arrives.
    pub cleanup: Cleanup,
    /// Where the summary will go, which must be none of the inputs.
    pub(crate) stats: Option<PathBuf>,
    pub(crate) console: Console,
}

impl Batch {
    /// A conversion with the defaults, which says nothing on standard error: of inputs that are left out the
    /// [`Summary`] tells.
    pub fn new(inputs: Inputs, out: impl Into<PathBuf>) -> Self {
        Batch {
            inputs,
            out: out.into(),
            format: Format::default(),
            parser: Parser::new(),
            threads: None,
            max_memory: None,
            names: NameTemplate::default(),
            shard: None,
            existing: Existing::default(),
            resume: false,
            on_error: OnError::default(),
            strict: false,
            fail_on: Vec::new(),
            progress: When::Never,
            cleanup: Cleanup::default(),
            stats: None,
            console: Console::OF_LIBRARY,
        }
    }

    /// The threads that work, and what a snapshot's manifest keeps of this; nothing where options cannot be
    /// obeyed.
    fn begin(&self) -> Result<(ThreadPool, Options), Error> {
        let lineage = self.parser.keeps_lineage();
        self.format.validate(lineage)?;
        let options = Options {
            lineage,
            strict: self.strict,
            fail_on: self.fail_on.iter().map(ToString::to_string).collect(),
            ..Options::of(&self.format)
        };
        Ok((pool(self.threads)?, options))
    }
}

/// Says what [`convert_batch`] would read and write, and does neither.
///
/// # Errors
///
/// As [`convert_batch`], but for what only converting shows.
pub fn plan_batch(job: &Batch) -> Result<Plan, Error> {
    let (pool, options) = job.begin()?;
    let store = store::open(&job.out, &job.cleanup)?;
    let (_, plan) = pool.install(|| plan::plan(job, &options, &*store))?;
    Ok(plan)
}

/// Converts many payloads, several at a time, into a dataset with a snapshot of each.
///
/// A snapshot counts as soon as its manifest is there, which is written last. With
/// [`OnError::Skip`] the summary says which inputs were left out. See [`Batch`] for an example.
///
/// # Errors
///
/// When options cannot be obeyed, an input is missing, two would have the same name, the output holds what may not be touched,
/// writing fails, or, with [`OnError::Stop`], an input cannot be converted.
pub fn convert_batch(job: &Batch) -> Result<Summary, Error> {
    let (pool, options) = job.begin()?;
    let store = store::open(&job.out, &job.cleanup)?;
    let (dataset, plan) = pool.install(|| plan::plan(job, &options, &*store))?;
    run::run(job, &options, &dataset, &plan, &pool)
}
