//! Putting what was staged into the dataset: at once all that has become ready in the meantime.

use std::{
    collections::BTreeSet,
    fs, iter, mem,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError, mpsc::Receiver},
    time::Instant,
};

use super::{Existing, InputReport, Outcome, run::Run, stage::Staged};
use crate::Error;

/// Inputs that are put together at most, and as many may wait meanwhile: a run that is killed has
/// converted these for nothing.
pub(super) const GROUP: usize = 32;

/// An input whose snapshots are to be put.
pub(super) struct Ready {
    pub(super) number: usize,
    pub(super) started: Instant,
    pub(super) dir: PathBuf,
    pub(super) staged: Staged,
}

impl Run<'_> {
    /// Puts what comes, until nothing can come any more.
    pub(super) fn commit(&self, ready: Arc<Mutex<Receiver<Ready>>>) {
        while let Some(group) = next_group(&ready) {
            self.put(group);
        }
    }

    fn put(&self, mut group: Vec<Ready>) {
        let existing = match self.job.existing {
            Existing::Replace => Existing::Replace,
            _ => Existing::Append,
        };
        let snapshots = |ready: &mut Ready| mem::take(&mut ready.staged.snapshots);
        let snapshots: Vec<_> = group.iter_mut().map(snapshots).collect();
        let put = || {
            self.begin_dataset()?;
            self.dataset.put(&snapshots, existing)
        };
        match put() {
            Ok(mut refused) => {
                for (place, ready) in group.into_iter().enumerate() {
                    // What was put is gone from there already; there may be many, so that this does not
                    // wait for the end.
                    let _ = fs::remove_dir_all(&ready.dir);
                    match refused.remove(&place) {
                        Some(error) => self.is_refused(ready.number, error),
                        None => self.is_put(ready),
                    }
                }
            }
            // Another run is at work on one of them, and it shows which when each is put by itself.
            Err(Error::Usage(_)) if group.len() > 1 => {
                for (mut ready, snapshots) in group.into_iter().zip(snapshots) {
                    ready.staged.snapshots = snapshots;
                    self.put(vec![ready]);
                }
            }
            Err(error @ Error::Usage(_)) => self.is_refused(group[0].number, error),
            // One failure is enough to tell.
            Err(error) => self.is_done(group[0].number, Err(error)),
        }
    }

    /// Before its first file there is a dataset that the file belongs to.
    fn begin_dataset(&self) -> Result<(), Error> {
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        if !*begun {
            self.pool
                .install(|| self.dataset.list_snapshots(&BTreeSet::new()))?;
            *begun = true;
        }
        Ok(())
    }

    fn is_put(&self, ready: Ready) {
        let planned = &self.inputs[ready.number];
        let report = InputReport {
            input: planned.input.label(),
            snapshot: planned.snapshot.clone(),
            outcome: Outcome::Converted {
                facts: ready.staged.input,
                snapshots: ready.staged.reports,
                seconds: ready.started.elapsed().as_secs_f64(),
            },
        };
        self.job.console.event("done", &report);
        self.is_done(ready.number, Ok(report.outcome));
    }
}

/// Waits for an input that is ready; gives it with all others that are.
fn next_group(ready: &Mutex<Receiver<Ready>>) -> Option<Vec<Ready>> {
    let ready = ready.lock().unwrap_or_else(PoisonError::into_inner);
    let first = ready.recv().ok()?;
    let others = ready.try_iter().take(GROUP - 1);
    Some(iter::once(first).chain(others).collect())
}
