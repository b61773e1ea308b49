//! What is run: a conversion from file to files, or a bare parser over bytes in memory.

use std::{
    env,
    ffi::OsString,
    io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use clap::ValueEnum;

use crate::{Payload, Shape, bare::Bare, measure, payload::scratch};

/// The binary that is measured.
pub(super) struct Voltree {
    binary: PathBuf,
}

impl Voltree {
    pub(super) fn at(binary: &Path) -> io::Result<Self> {
        let binary = binary.canonicalize()?;
        Ok(Voltree { binary })
    }

    /// Builds it, so that what is measured is what stands in the work tree.
    pub(super) fn build() -> io::Result<Self> {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build
            .args(["build", "--release", "--package", "voltree"])
            .args(["--message-format", "json-render-diagnostics"])
            .current_dir(env!("CARGO_MANIFEST_DIR"));
        let messages = measure::output(&mut build)?;
        serde_json::Deserializer::from_slice(&messages)
            .into_iter::<serde_json::Value>()
            .filter_map(Result::ok)
            .find_map(|message| message["executable"].as_str().map(PathBuf::from))
            .map(|binary| Voltree { binary })
            .ok_or_else(|| io::Error::other("cargo does not say where it built voltree"))
    }
}

/// A process to be run.
#[derive(Clone, Copy)]
pub(super) enum Run {
    /// `voltree convert` of a payload, with these options.
    Convert(&'static Shape, &'static [&'static str]),
    /// `voltree convert` of a payload that is compressed with zstd.
    ConvertZstd(&'static Shape),
    /// The bare decompressor, and then `voltree convert` of the plain payload.
    Unzstd(&'static Shape),
    /// A bare parser, of which only the parsing counts.
    Bare(&'static Shape, Bare),
    /// `voltree --version`: what a process costs that does nothing.
    Nothing,
}

/// One run's cost.
#[derive(Clone, Copy)]
pub(super) struct Sample {
    pub(super) seconds: f64,
    pub(super) peak_bytes: u64,
}

/// A [`Run`] whose payload is there.
pub(super) struct Prepared<'a> {
    run: Run,
    voltree: &'a Voltree,
    payload: Option<Payload>,
}

impl Run {
    /// Makes the payload, and reads it once, so that it is in the page cache.
    pub(super) fn prepare(self, voltree: &Voltree) -> io::Result<Prepared<'_>> {
        let payload = match self {
            Run::Convert(shape, _) | Run::Bare(shape, _) => Some(shape.payload()?),
            Run::ConvertZstd(shape) | Run::Unzstd(shape) => Some(shape.compressed()?),
            Run::Nothing => None,
        };
        if let Some(payload) = &payload {
            Bare::Read.time(&payload.path)?;
        }
        Ok(Prepared {
            run: self,
            voltree,
            payload,
        })
    }
}

impl Prepared<'_> {
    pub(super) fn payload(&self) -> Option<&Payload> {
        self.payload.as_ref()
    }

    pub(super) fn sample(&self) -> io::Result<Sample> {
        let payload = || OsString::from(&self.payload.as_ref().expect("it was prepared").path);
        match self.run {
            Run::Nothing => {
                let binary = OsString::from(&self.voltree.binary);
                measured([binary, "--version".into()])
            }
            Run::Convert(_, options) => self.convert(payload(), options),
            Run::ConvertZstd(_) => self.convert(payload(), &[]),
            Run::Unzstd(shape) => {
                let decompressor = parse(Bare::Unzstd, &payload())?;
                let mut sample = self.convert(shape.payload()?.path.into(), &[])?;
                sample.seconds += decompressor.seconds;
                Ok(sample)
            }
            Run::Bare(_, bare) => parse(bare, &payload()),
        }
    }

    fn convert(&self, payload: OsString, options: &[&str]) -> io::Result<Sample> {
        let dir = tempfile::tempdir_in(scratch("out")?)?;
        let out = dir.path().join("tables").into_os_string();
        let binary = OsString::from(&self.voltree.binary);
        let command = [binary, "convert".into(), payload, "--out".into(), out];
        let options = ["--quiet"].iter().chain(options).map(OsString::from);
        measured(command.into_iter().chain(options))
    }
}

fn measured(command: impl IntoIterator<Item = OsString>) -> io::Result<Sample> {
    let measured = measure::measured(command)?;
    Ok(Sample {
        seconds: measured.seconds,
        peak_bytes: measured.peak_bytes,
    })
}

/// A bare parser in a process of its own.
fn parse(bare: Bare, payload: &OsString) -> io::Result<Sample> {
    let name = bare.to_possible_value().expect("no value is skipped");
    let mut process = Command::new(env::current_exe()?);
    process.args(["bare", name.get_name()]).arg(payload);
    let text =
        String::from_utf8_lossy(&measure::output(process.stdin(Stdio::null()))?).into_owned();
    Ok(Sample {
        seconds: text.trim().parse().map_err(io::Error::other)?,
        peak_bytes: 0,
    })
}
