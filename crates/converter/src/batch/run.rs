//! Converting the planned inputs, several at a time.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::{
        Arc, Condvar, LazyLock, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc::{self, SyncSender},
    },
    thread,
    time::Instant,
};

use rayon::ThreadPool;
use serde::Serialize;

use super::{
    Action, Batch, InputReport, OnError, Outcome, Plan, PlannedInput, Summary,
    commit::{GROUP, Ready},
    dataset::HiveDataset,
    stage::{Failure, stage},
    summary::Rejected,
};
use crate::{
    Error, input::lengths, manifest::Options, memory, progress::Overall, reading::Reading,
};

pub(super) fn run(
    job: &Batch,
    options: &Options,
    dataset: &HiveDataset<'_>,
    plan: &Plan,
    pool: &ThreadPool,
) -> Result<Summary, Error> {
    let started = Instant::now();
    let staging = dataset.store().staging()?;
    let lengths = LazyLock::new(|| lengths(plan.inputs.iter().map(|planned| &planned.input)));
    let total = || {
        let todo = plan.inputs.iter().zip(&**lengths);
        let is_read = |action| matches!(action, Action::Convert | Action::Replace);
        let todo = todo.filter(|(planned, _)| is_read(planned.action));
        todo.map(|(_, length)| *length).sum()
    };
    let run = Run {
        job,
        options,
        dataset,
        staging: staging.path(),
        pool,
        progress: Overall::new(job.progress, total, job.console),
        inputs: &plan.inputs,
        taken: &plan.names,
        length: &|number| lengths[number],
        next: AtomicUsize::new(0),
        stopped: AtomicBool::new(false),
        running: Mutex::new(0),
        ended: Condvar::new(),
        begun: Mutex::default(),
        done: Mutex::default(),
    };
    // One more than there are threads: it opens an input, for which it may have to wait, while the others work.
    let runners = (pool.current_num_threads() + 1).min(plan.inputs.len());
    let (sender, ready) = mpsc::sync_channel(GROUP);
    let ready = Arc::new(Mutex::new(ready));
    thread::scope(|scope| {
        for _ in 0..runners {
            let sender = sender.clone();
            scope.spawn(|| run.take_inputs(sender));
        }
        drop(sender);
        for _ in 0..dataset.store().groups_at_a_time() {
            let ready = Arc::clone(&ready);
            scope.spawn(|| run.commit(ready));
        }
        // Where none of those that put is left, by a panic, nobody waits for them.
        drop(ready);
    });
    let (reports, mut failed) = run.outcomes();
    let is_news = |report: &InputReport| !matches!(report.outcome, Outcome::Skipped);
    if let Some(error) = failed.take_if(|_| !reports.iter().any(is_news)) {
        // Nothing has been written, and nothing shall be.
        return Err(error);
    }
    let mut summary = Summary::default();
    let mut changed = BTreeSet::new();
    let mut tried = BTreeMap::new();
    for report in reports {
        tried.insert(report.snapshot.clone(), reject(&report));
        if let Outcome::Converted { snapshots, .. } = &report.outcome {
            changed.extend(snapshots.iter().map(|snapshot| snapshot.name.clone()));
        }
        summary.add(report);
    }
    // Without a dataset nothing may be beside it.
    let listed = pool
        .install(|| dataset.list_snapshots(&changed))
        .and_then(|_| dataset.list_rejects(&tried));
    summary.seconds = started.elapsed().as_secs_f64();
    // What failed first tells more than what follows from it.
    failed.map_or_else(|| listed.map(|()| summary), Err)
}

/// A line of `rejects.jsonl`.
fn reject(report: &InputReport) -> Option<String> {
    #[derive(Serialize)]
    struct Reject<'a> {
        input: &'a str,
        snapshot: &'a str,
        #[serde(flatten)]
        why: &'a Rejected,
    }
    let Outcome::Rejected(why) = &report.outcome else {
        return None;
    };
    let reject = Reject {
        input: &report.input,
        snapshot: &report.snapshot,
        why,
    };
    serde_json::to_string(&reject).ok()
}

/// What the threads that take inputs share with the one that puts snapshots.
pub(super) struct Run<'a> {
    pub(super) job: &'a Batch,
    options: &'a Options,
    pub(super) dataset: &'a HiveDataset<'a>,
    staging: &'a Path,
    pub(super) pool: &'a ThreadPool,
    progress: Overall,
    pub(super) inputs: &'a [PlannedInput],
    /// The names of the first snapshots of all inputs.
    taken: &'a BTreeSet<String>,
    /// The length of an input, where it can be known.
    length: &'a (dyn Fn(usize) -> Option<u64> + Sync),
    next: AtomicUsize,
    stopped: AtomicBool,
    /// Inputs that are being converted.
    running: Mutex<usize>,
    /// One of them has ended.
    ended: Condvar,
    /// Whether there is a dataset.
    pub(super) begun: Mutex<bool>,
    /// What became of inputs, by their numbers.
    done: Mutex<BTreeMap<usize, Result<Outcome, Error>>>,
}

impl Run<'_> {
    /// Takes one input after another, until there is none or one failed.
    fn take_inputs(&self, ready: SyncSender<Ready>) {
        while !self.stopped.load(Ordering::Relaxed) {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(planned) = self.inputs.get(number) else {
                return;
            };
            let running = self.begin();
            let staged = self.stage(number, planned);
            drop(running);
            match staged {
                // Whoever puts it says what became of it; that ends after this thread.
                Ok(Some(staged)) => {
                    if ready.send(staged).is_err() {
                        return;
                    }
                }
                Ok(None) => self.is_done(number, Ok(Outcome::Skipped)),
                Err(Failure::Input(error)) => self.is_refused(number, error),
                Err(Failure::Output(error)) => self.is_done(number, Err(error)),
            }
        }
    }

    /// Leaves an input out, or ends the run for it.
    pub(super) fn is_refused(&self, number: usize, error: Error) {
        let outcome = match self.job.on_error {
            OnError::Stop => Err(error),
            OnError::Skip => {
                let PlannedInput {
                    input, snapshot, ..
                } = &self.inputs[number];
                self.job.console.rejected(&input.label(), snapshot, &error);
                Ok(Outcome::Rejected(Rejected::new(&error)))
            }
        };
        self.is_done(number, outcome);
    }

    /// Keeps what became of an input. After a failure none is begun any more.
    pub(super) fn is_done(&self, number: usize, outcome: Result<Outcome, Error>) {
        if outcome.is_err() {
            self.stopped.store(true, Ordering::Relaxed);
        }
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.insert(number, outcome);
    }

    /// Waits while there is little memory left and others will give some back.
    fn begin(&self) -> Running<'_> {
        let is_scarce = || {
            let used = memory::in_use().unwrap_or_default();
            self.job.max_memory.is_some_and(|limit| used > limit / 2)
        };
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = |running: &mut usize| *running > 0 && is_scarce();
        let running = self.ended.wait_while(running, wait);
        *running.unwrap_or_else(PoisonError::into_inner) += 1;
        Running {
            count: &self.running,
            ended: &self.ended,
        }
    }

    /// Converts an input into files that are ready to be put; nothing where it is to be skipped.
    fn stage(&self, number: usize, planned: &PlannedInput) -> Result<Option<Ready>, Failure> {
        let PlannedInput {
            input,
            snapshot,
            action,
            ..
        } = planned;
        match action {
            Action::Skip => {
                self.job.console.event("skipped", planned);
                return Ok(None);
            }
            Action::Refuse => return Err(Failure::Input(self.dataset.collision(snapshot))),
            Action::Convert | Action::Replace => {}
        }
        self.job.console.event("start", planned);
        let started = Instant::now();
        let progress = self.progress.input(&input.name(), || (self.length)(number));
        let reading = Reading::of(input, progress)?;
        let dir = self.staging.join(number.to_string());
        fs::create_dir(&dir)
            .map_err(|error| Failure::Output(Error::io("cannot create", &dir, error)))?;
        let staged = self
            .pool
            .install(|| stage(self.job, self.options, reading, snapshot, self.taken, &dir));
        if staged.is_err() {
            // There may be many, so that this does not wait for the end.
            let _ = fs::remove_dir_all(&dir);
        }
        Ok(Some(Ready {
            number,
            started,
            dir,
            staged: staged?,
        }))
    }

    /// What became of the inputs, in their order, and the first failure.
    fn outcomes(self) -> (Vec<InputReport>, Option<Error>) {
        let done = self.done.into_inner();
        let mut reports = Vec::new();
        let mut failed = None;
        for (number, outcome) in done.unwrap_or_else(PoisonError::into_inner) {
            let planned = &self.inputs[number];
            match outcome {
                Ok(outcome) => reports.push(InputReport {
                    input: planned.input.label(),
                    snapshot: planned.snapshot.clone(),
                    outcome,
                }),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        (reports, failed)
    }
}

/// An input that is being converted, until this is dropped: by a panic, too, for which nobody shall wait.
struct Running<'a> {
    count: &'a Mutex<usize>,
    ended: &'a Condvar,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        *self.count.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.ended.notify_all();
    }
}
