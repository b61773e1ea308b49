//! A payload into a directory of tables.

use std::{num::NonZeroUsize, time::Instant};

use rayon::{ThreadPool, ThreadPoolBuilder};
use voltree_core::check::Checker;

use crate::{
    Convert, Error, OutputFacts, Report, Seconds,
    address::{self, Beside},
    check, findings, manifest,
    output::StagedDir,
    progress::Overall,
    reading, write_tables,
};

/// Reads a payload and writes its tables, with `datapackage.json` beside them.
///
/// The output directory appears complete and durable, or not at all; one that it replaces stays as
/// it was until then. See the [crate](crate) for an example.
///
/// # Errors
///
/// When options cannot be obeyed, the payload is no operator tree, is refused, or anything cannot be read or written.
pub fn convert(job: &Convert) -> Result<Report, Error> {
    let started = Instant::now();
    let mut seconds = Seconds::default();
    let pool = pool(job.threads)?;
    // Before the work, so that an output that cannot be had fails at once.
    job.format.validate(job.parser.keeps_lineage())?;
    address::refuse(&job.out, Beside::Nothing)?;
    let staged = StagedDir::begin(&job.out, job.overwrite, job.input.path(), &job.cleanup)?;
    let progress = Overall::of(job.progress, &job.input, job.console).only();
    let (dataset, input) = timed(&mut seconds.parse, || {
        pool.install(|| reading::parse(&job.input, &job.parser, progress))
    })?;
    if job.strict {
        findings::refuse_anomalies(&dataset)?;
    }
    check::refuse(&Checker::new(&dataset), &job.fail_on)?;
    let tables = timed(&mut seconds.write, || {
        pool.install(|| write_tables(&dataset, staged.path(), &job.format))
    })?;
    let output = OutputFacts {
        format: job.format.name(),
        bytes: tables.iter().map(|table| table.bytes).sum(),
        tables,
    };
    let conflicts = dataset.table("conflicts").rows() as u64;
    let anomalies = findings::anomalies_by_kind(&dataset);
    manifest::write(staged.path(), &input, &output.tables, &job.format)?;
    timed(&mut seconds.commit, || {
        // Giving memory back takes time, and committing waits for the disk.
        let both = || rayon::join(|| staged.commit(), || drop(dataset));
        let (committed, ()) = pool.install(both);
        committed
    })?;
    seconds.total = started.elapsed().as_secs_f64();
    Ok(Report {
        conflicts,
        anomalies,
        input,
        output,
        seconds,
    })
}

/// Threads that no machine has use for: many more, and it does nothing but to start them.
pub(crate) const MOST_THREADS: usize = 1024;

/// A pool of its own for each job: the global one belongs to whoever calls this library.
pub(crate) fn pool(threads: Option<NonZeroUsize>) -> Result<ThreadPool, Error> {
    let threads = threads.map_or(0, NonZeroUsize::get);
    if threads > MOST_THREADS {
        return Err(Error::Usage(format!(
            "--threads {threads} is not in 1..={MOST_THREADS}"
        )));
    }
    ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| Error::Io {
            doing: "cannot start threads".to_owned(),
            error: std::io::Error::other(error),
        })
}

fn timed<T>(seconds: &mut f64, work: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let value = work();
    *seconds = started.elapsed().as_secs_f64();
    value
}
