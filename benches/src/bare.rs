//! Parsers that give nothing but the knowledge that the payload is JSON: what to compare with.

use std::{
    fs::{self, File},
    hint::black_box,
    io::{self, Read},
    path::Path,
    time::{Duration, Instant},
};

use serde::de::IgnoredAny;
use simd_json::{Buffers, INPUT_PADDING, Tape};

/// Bytes asked of a file at a time.
pub const READ_BUFFER: usize = 1 << 20;

/// A way to pass over a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Bare {
    /// simd-json's tape of bytes in memory, as its users call it
    ToTape,
    /// simd-json's tape at its best: buffers that were in use before, input with padding
    ToTapeReused,
    /// serde_json, which checks the grammar of bytes in memory and keeps nothing
    SerdeIgnored,
    /// sonic-rs' document of bytes in memory
    SonicValue,
    /// The file through a buffer of 1 MiB, not looked at
    Read,
}

impl Bare {
    /// Passes over the payload once; gives the time that took, without bringing it into memory.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or is not JSON.
    pub fn time(self, payload: &Path) -> io::Result<Duration> {
        if self == Bare::Read {
            return timed(|| read(payload, &mut vec![0; READ_BUFFER]));
        }
        let mut bytes = fs::read(payload)?;
        match self {
            Bare::ToTape => timed(|| to_tape(&mut bytes)),
            Bare::ToTapeReused => {
                let mut reused = Reused::new(&bytes);
                reused.to_tape()?;
                reused.refill(&bytes);
                timed(|| reused.to_tape())
            }
            Bare::SerdeIgnored => timed(|| serde_ignored(&bytes)),
            Bare::SonicValue => timed(|| sonic_value(&bytes)),
            Bare::Read => unreachable!("it reads the file itself"),
        }
    }
}

fn timed(work: impl FnOnce() -> io::Result<()>) -> io::Result<Duration> {
    let started = Instant::now();
    work()?;
    Ok(started.elapsed())
}

/// simd-json's tape in fresh memory. Spoils the bytes.
///
/// # Errors
///
/// When the bytes are not JSON.
pub fn to_tape(bytes: &mut [u8]) -> io::Result<()> {
    let tape = simd_json::to_tape(bytes).map_err(io::Error::other)?;
    black_box(&tape);
    Ok(())
}

/// What simd-json can use again.
pub struct Reused {
    padded: Vec<u8>,
    buffers: Buffers,
    tape: Tape<'static>,
}

impl Reused {
    /// Buffers for these bytes, with the bytes in them.
    pub fn new(bytes: &[u8]) -> Self {
        let mut reused = Reused {
            padded: vec![0; bytes.len() + INPUT_PADDING],
            buffers: Buffers::new(bytes.len()),
            tape: Tape(Vec::new()),
        };
        reused.refill(bytes);
        reused
    }

    /// Puts the bytes back that parsing has spoilt.
    pub fn refill(&mut self, bytes: &[u8]) {
        self.padded[..bytes.len()].copy_from_slice(bytes);
    }

    /// simd-json's tape in memory that was in use before.
    ///
    /// # Errors
    ///
    /// When the bytes are not JSON.
    pub fn to_tape(&mut self) -> io::Result<()> {
        let length = self.padded.len() - INPUT_PADDING;
        let mut tape = std::mem::replace(&mut self.tape, Tape(Vec::new())).reset();
        simd_json::fill_tape_padded(&mut self.padded, length, &mut self.buffers, &mut tape)
            .map_err(io::Error::other)?;
        black_box(&tape);
        self.tape = tape.reset();
        Ok(())
    }
}

/// serde_json's check of the grammar.
///
/// # Errors
///
/// When the bytes are not JSON.
pub fn serde_ignored(bytes: &[u8]) -> io::Result<()> {
    black_box(serde_json::from_slice::<IgnoredAny>(bytes)?);
    Ok(())
}

/// sonic-rs' document. It chooses its instructions when it is built: `-C target-cpu=native` shows it
/// at its best.
///
/// # Errors
///
/// When the bytes are not JSON.
pub fn sonic_value(bytes: &[u8]) -> io::Result<()> {
    let value: sonic_rs::Value = sonic_rs::from_slice(bytes).map_err(io::Error::other)?;
    black_box(&value);
    Ok(())
}

/// Reads a file through `buffer`.
///
/// # Errors
///
/// When it cannot be read.
pub fn read(payload: &Path, buffer: &mut [u8]) -> io::Result<()> {
    let mut file = File::open(payload)?;
    while file.read(buffer)? > 0 {
        black_box(&buffer);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn each_passes_over_a_payload_and_refuses_what_is_none() {
        let dir = tempfile::tempdir().unwrap();
        let payload = dir.path().join("payload.json");
        fs::write(
            &payload,
            r#"{"operatorGroups":[{"id":1,"groupName":"a\nb"}]}"#,
        )
        .unwrap();
        let truncated = dir.path().join("truncated.json");
        fs::write(&truncated, r#"{"operatorGroups":["#).unwrap();
        for &bare in Bare::value_variants() {
            bare.time(&payload).unwrap();
            assert_eq!(
                bare.time(&truncated).is_ok(),
                bare == Bare::Read,
                "{bare:?}"
            );
        }
    }
}
