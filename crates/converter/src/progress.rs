//! How far reading has come.

use std::{
    io::{self, IsTerminal, Read},
    time::{Duration, Instant},
};

use indicatif::{HumanBytes, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::{console::Console, input::Content, job::When};

/// How often something is shown where there is no bar to redraw.
const INTERVAL: Duration = Duration::from_secs(1);

/// Shows the progress of reading: as a bar on a terminal, else as a line now and then.
pub(crate) struct Progress {
    shown: Shown,
    total: Option<u64>,
    read: u64,
}

enum Shown {
    Nothing,
    Bar(ProgressBar),
    Lines { console: Console, last: Instant },
}

impl Progress {
    pub(crate) fn new(when: When, total: Option<u64>, console: Console) -> Self {
        let terminal = io::stderr().is_terminal() && !console.is_json();
        let shown = match when {
            When::Never => Shown::Nothing,
            When::Auto if !terminal || console.is_quiet() => Shown::Nothing,
            _ if terminal => Shown::Bar(bar(total)),
            _ => Shown::Lines {
                console,
                last: Instant::now(),
            },
        };
        Progress {
            shown,
            total,
            read: 0,
        }
    }

    /// So many bytes of the input were read.
    fn reach(&mut self, read: u64) {
        self.read = read;
        match &mut self.shown {
            Shown::Nothing => {}
            Shown::Bar(bar) => bar.set_position(self.read),
            Shown::Lines { console, last } => {
                if last.elapsed() >= INTERVAL {
                    *last = Instant::now();
                    console.progress(self.read, self.total);
                }
            }
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        match &self.shown {
            Shown::Nothing => {}
            Shown::Bar(bar) => bar.finish_and_clear(),
            Shown::Lines { console, .. } => console.progress(self.read, self.total),
        }
    }
}

fn bar(total: Option<u64>) -> ProgressBar {
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
    bar.set_draw_target(ProgressDrawTarget::stderr());
    match ProgressStyle::with_template(template) {
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
