//! Time and memory of a whole process.

use std::{
    env,
    ffi::OsStr,
    io,
    os::unix::process::CommandExt,
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use nix::{
    sys::{
        resource::{UsageWho, getrusage},
        signal::{Signal, killpg},
        time::TimeValLike,
    },
    unistd::Pid,
};
use serde::{Deserialize, Serialize};

/// What a process took.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Measured {
    /// From its start to its end.
    pub seconds: f64,
    /// Time on all cores, of the process and those that it waited for.
    pub cpu_seconds: f64,
    /// Memory resident at most, in bytes; of several processes, that of the biggest one.
    pub peak_bytes: u64,
    /// Its exit code; none where it was killed.
    pub exit: Option<i32>,
}

/// Runs a command, which has to be the only child process that this process ever has. Its standard
/// output is dropped. Past the limit it is killed, with the processes that it started.
///
/// # Errors
///
/// When it cannot be started.
pub fn measure(command: &mut Command, limit: Option<Duration>) -> io::Result<Measured> {
    command.stdin(Stdio::null()).stdout(Stdio::null());
    if limit.is_some() {
        command.process_group(0);
    }
    let started = Instant::now();
    let mut child = command.spawn()?;
    let group = Pid::from_raw(child.id() as i32);
    let (ended, end) = mpsc::channel::<()>();
    let watch = limit.map(|limit| {
        thread::spawn(move || {
            if end.recv_timeout(limit) == Err(mpsc::RecvTimeoutError::Timeout) {
                // It may have ended just now.
                let _ = killpg(group, Signal::SIGKILL);
            }
        })
    });
    let status = child.wait()?;
    let seconds = started.elapsed().as_secs_f64();
    drop(ended);
    if let Some(watch) = watch {
        watch.join().expect("watching does not panic");
    }
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let cpu = usage.user_time() + usage.system_time();
    Ok(Measured {
        seconds,
        cpu_seconds: cpu.num_microseconds() as f64 / 1e6,
        peak_bytes: usage.max_rss() as u64 * RSS_UNIT,
        exit: status.code(),
    })
}

/// Bytes in the unit of [`max_rss`](nix::sys::resource::Usage::max_rss).
const RSS_UNIT: u64 = if cfg!(target_vendor = "apple") {
    1
} else {
    1024
};

/// [`measure`]s a command in a process of its own, so that it can be done more than once.
///
/// That process is small: a child's peak includes what its parent had resident when it forked.
///
/// # Errors
///
/// When the command cannot be started, or fails.
pub fn measured<S: AsRef<OsStr>>(command: impl IntoIterator<Item = S>) -> io::Result<Measured> {
    let mut measuring = Command::new(env::current_exe()?);
    measuring.args(["measure", "--"]).args(command);
    let measured: Measured = serde_json::from_slice(&output(&mut measuring)?)?;
    if measured.exit != Some(0) {
        return Err(failed(&measuring));
    }
    Ok(measured)
}

/// What a command prints.
///
/// # Errors
///
/// When it cannot be started, or fails.
pub fn output(command: &mut Command) -> io::Result<Vec<u8>> {
    let output = command.stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(failed(command));
    }
    Ok(output.stdout)
}

fn failed(command: &Command) -> io::Error {
    io::Error::other(format!("{command:?} failed"))
}
