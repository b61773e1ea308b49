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
    /// The file, which is zstd, decompressed through a buffer of 1 MiB
    Unzstd,
}

impl Bare {
    /// Passes over the payload once; gives the time that took, without bringing it into memory.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or is not JSON.
    pub fn time(self, payload: &Path) -> io::Result<Duration> {
        let file = || File::open(payload);
        let mut buffer = vec![0; READ_BUFFER];
        match self {
            Bare::Read => return timed(|| read(file()?, &mut buffer)),
            Bare::Unzstd => return timed(|| read(zstd::Decoder::new(file()?)?, &mut buffer)),
            _ => drop(buffer),
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
            Bare::Read | Bare::Unzstd => unreachable!("it reads the file itself"),
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

/// Reads all there is through `buffer`.
///
/// # Errors
///
/// When it cannot be read.
pub fn read(mut reader: impl Read, buffer: &mut [u8]) -> io::Result<()> {
    while reader.read(buffer)? > 0 {
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
        let packed = dir.path().join("payload.json.zst");
        fs::write(
            &packed,
            zstd::encode_all(File::open(&payload).unwrap(), 3).unwrap(),
        )
        .unwrap();
        Bare::Unzstd.time(&packed).unwrap();
        let of_json = Bare::value_variants()
            .iter()
            .filter(|bare| **bare != Bare::Unzstd);
        for &bare in of_json {
            bare.time(&payload).unwrap();
            assert_eq!(
                bare.time(&truncated).is_ok(),
                bare == Bare::Read,
                "{bare:?}"
            );
        }
    }
}
