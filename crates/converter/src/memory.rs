//! Keeping `--max-memory`.

use std::{
    sync::mpsc::{self, RecvTimeoutError, Sender},
    thread::{self, JoinHandle},
    time::Duration,
};

use memory_stats::memory_stats;

use crate::{Cleanup, Error, Exit, console::Console};

/// How often it is looked: memory can grow by some 10 MB meanwhile. Looking takes a few microseconds.
const INTERVAL: Duration = Duration::from_millis(5);

/// Watches over the memory of the process, and ends it as a signal would when there is too much: no
/// work that is under way has to know.
pub(crate) struct Watch {
    /// Dropping it tells the thread to end.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    /// Begins to watch, until the watch is dropped. More than `limit` bytes in use already are an
    /// error.
    pub(crate) fn begin(limit: u64, cleanup: &Cleanup, console: Console) -> Result<Self, Error> {
        look(limit)?;
        let (stop, stopped) = mpsc::channel();
        let cleanup = cleanup.clone();
        let watch = move || {
            while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(INTERVAL) {
                if let Err(error) = look(limit) {
                    cleanup.end_process(Exit::Limit, || console.error(&error));
                }
            }
        };
        let thread = thread::Builder::new()
            .name("memory".to_owned())
            .spawn(watch)
            .map_err(|error| Error::Io {
                doing: "cannot watch over memory".to_owned(),
                error,
            })?;
        Ok(Watch {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop = None;
        // A thread that is ending the process does not return: then neither does this.
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Resident memory of the process in bytes, where the system tells.
pub(crate) fn in_use() -> Option<u64> {
    memory_stats().map(|stats| stats.physical_mem as u64)
}

/// Refuses more than `limit` bytes of resident memory.
fn look(limit: u64) -> Result<(), Error> {
    let Some(used) = in_use() else {
        let why = "--max-memory: this system does not tell how much memory is in use";
        return Err(Error::Usage(why.to_owned()));
    };
    if used > limit {
        return Err(Error::Memory { used, limit });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_use_already_is_refused() {
        let begin = |limit| Watch::begin(limit, &Cleanup::default(), Console::default());
        assert!(matches!(
            begin(1),
            Err(Error::Memory {
                limit: 1,
                used: 2..
            })
        ));
        drop(begin(u64::MAX).unwrap());
    }
}
