//! How far reading has come.

use std::{
    io::{self, IsTerminal, Read},
    sync::{
        Arc, LazyLock, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use indicatif::{HumanBytes, MultiProgress, ProgressBar, ProgressStyle};

use crate::{
    Input,
    console::Console,
    input::{Content, lengths},
    job::When,
};

/// How often something is shown where there is no bar to redraw.
const INTERVAL: Duration = Duration::from_secs(1);

/// The bars on standard error, of which a process has one.
static BARS: LazyLock<MultiProgress> = LazyLock::new(MultiProgress::new);

/// Does something to standard error while no bars are there: they would be drawn over it.
pub(crate) fn without_bars<T>(say: impl FnOnce() -> T) -> T {
    match BARS.clear() {
        Ok(()) => BARS.suspend(say),
        // The terminal is gone, which `suspend` does not expect.
        Err(_) => say(),
    }
}

/// Shows the progress of reading one input or several: as bars on a terminal, else as a line now and
/// then.
#[derive(Clone)]
pub(crate) struct Overall(Arc<Shared>);

struct Shared {
    shown: Shown,
    total: Option<u64>,
    read: AtomicU64,
}

enum Shown {
    Nothing,
    /// One for all, and one below it for each input that is being read.
    Bars {
        all: ProgressBar,
    },
    Lines {
        console: Console,
        last: Mutex<Instant>,
    },
}

impl Overall {
    /// Of as many bytes as `total` gives, which is asked only where something is shown.
    pub(crate) fn new(when: When, total: impl FnOnce() -> Option<u64>, console: Console) -> Self {
        let terminal = io::stderr().is_terminal() && !console.is_json();
        let is_shown = match when {
            When::Never => false,
            When::Auto => terminal && !console.is_quiet(),
            When::Always => true,
        };
        let total = if is_shown { total() } else { None };
        let shown = if !is_shown {
            Shown::Nothing
        } else if terminal {
            let all = BARS.add(bar(total, ""));
            Shown::Bars { all }
        } else {
            Shown::Lines {
                console,
                last: Mutex::new(Instant::now()),
            }
        };
        Overall(Arc::new(Shared {
            shown,
            total,
            read: AtomicU64::new(0),
        }))
    }

    /// Of a command's only input.
    pub(crate) fn of(when: When, input: &Input, console: Console) -> Self {
        Overall::new(when, || lengths([input])[0], console)
    }

    /// The progress of one of several inputs, of as many bytes as `total` gives.
    pub(crate) fn input(&self, name: &str, total: impl FnOnce() -> Option<u64>) -> Progress {
        let of_input = match &self.0.shown {
            Shown::Bars { .. } => {
                let bar = BARS.add(bar(total(), "  {msg}"));
                bar.set_message(name.to_owned());
                Some(bar)
            }
            _ => None,
        };
        Progress {
            overall: self.clone(),
            of_input,
            read: 0,
        }
    }

    /// The progress of the only input.
    pub(crate) fn only(self) -> Progress {
        Progress {
            overall: self,
            of_input: None,
            read: 0,
        }
    }

    fn advance(&self, bytes: u64) {
        let read = self.0.read.fetch_add(bytes, Ordering::Relaxed) + bytes;
        match &self.0.shown {
            Shown::Nothing => {}
            Shown::Bars { all } => all.inc(bytes),
            Shown::Lines { console, last } => {
                let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
                if last.elapsed() >= INTERVAL {
                    *last = Instant::now();
                    console.progress(read, self.0.total);
                }
            }
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        match &self.shown {
            Shown::Nothing => {}
            Shown::Bars { all } => all.finish_and_clear(),
            Shown::Lines { console, .. } => console.progress(*self.read.get_mut(), self.total),
        }
    }
}

/// The progress of an input.
pub(crate) struct Progress {
    overall: Overall,
    of_input: Option<ProgressBar>,
    read: u64,
}

impl Progress {
    /// The progress of a command's only input, shown on a terminal.
    pub(crate) fn of(input: &Input) -> Self {
        Overall::of(When::Auto, input, Console::default()).only()
    }

    /// So many bytes of the input were read.
    fn reach(&mut self, read: u64) {
        // Of compressed data, what was taken is known piece by piece.
        let read = read.max(self.read);
        if let Some(bar) = &self.of_input {
            bar.set_position(read);
        }
        self.overall.advance(read - self.read);
        self.read = read;
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.of_input {
            bar.finish_and_clear();
        }
    }
}

fn bar(total: Option<u64>, behind: &str) -> ProgressBar {
    let (bar, template) = match total {
        Some(total) => (
            ProgressBar::new(total),
            "{bar:30} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left",
        ),
        None => (
            ProgressBar::new_spinner(),
            "{spinner} {bytes}, {bytes_per_sec}",
        ),
    };
    match ProgressStyle::with_template(&format!("{template}{behind}")) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// `12 MiB of 34 MiB`.
pub(crate) fn text(read: u64, total: Option<u64>) -> String {
    match total {
        Some(total) => format!("{} of {}", HumanBytes(read), HumanBytes(total)),
        None => HumanBytes(read).to_string(),
    }
}

/// Reports what is read through it, in bytes as they are stored.
pub(crate) struct Watched {
    pub(crate) content: Content,
    pub(crate) progress: Progress,
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.content.read(buffer)?;
        self.progress.reach(self.content.stored_bytes());
        Ok(read)
    }
}
