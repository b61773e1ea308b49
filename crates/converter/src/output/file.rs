//! A single output file that is complete or not there.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{
    claim::{Claimed, claim, sweep},
    target::{parent, resolve, stands},
};
use crate::{Cleanup, Error, interrupt::Registered};

/// A file that is to be written, or standard output for `-`.
///
/// A regular file appears when it is complete. What is no regular file, such as a pipe or
/// `/dev/null`, is written to as it stands.
pub(crate) struct StagedFile {
    /// As it was named.
    path: PathBuf,
    to: To,
}

enum To {
    Stdout,
    Standing(File),
    Beside(Beside),
}

impl StagedFile {
    /// Begins a file: before the work, so that one that cannot be had fails at once.
    pub(crate) fn begin(path: &Path, cleanup: &Cleanup) -> Result<Self, Error> {
        let failed = |error| Error::io("cannot write", path, error);
        let to = if path == Path::new("-") {
            To::Stdout
        } else if stands(path) {
            // Whoever redirects into a file, and appends to it, does not lose what stands there.
            let opened = File::options().append(true).open(path);
            To::Standing(opened.map_err(failed)?)
        } else {
            let begun = resolve(path).and_then(|target| Beside::begin(target, cleanup));
            To::Beside(begun.map_err(failed)?)
        };
        let path = path.to_owned();
        Ok(StagedFile { path, to })
    }

    /// Writes the file.
    pub(crate) fn write<T>(
        self,
        fill: impl FnOnce(&mut dyn Write) -> io::Result<T>,
    ) -> Result<T, Error> {
        match self.to {
            To::Stdout => {
                let mut out = io::stdout().lock();
                let filled = fill(&mut out).and_then(|value| out.flush().map(|()| value));
                return filled.map_err(to_stdout);
            }
            To::Standing(mut file) => fill(&mut file),
            To::Beside(beside) => beside.write(|file| fill(file)),
        }
        .map_err(|error| Error::io("cannot write", &self.path, error))
    }
}

/// That standard output failed.
pub(crate) fn to_stdout(source: io::Error) -> Error {
    Error::Io {
        doing: "cannot write to standard output".to_owned(),
        source,
    }
}

/// Writes a file in one go; see [`StagedFile`].
pub(crate) fn write_file<T>(
    path: &Path,
    cleanup: &Cleanup,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<T>,
) -> Result<T, Error> {
    StagedFile::begin(path, cleanup)?.write(fill)
}

/// Writes a small regular file, which is durable when this returns.
pub(crate) fn write_durable(path: &Path, cleanup: &Cleanup, bytes: &[u8]) -> Result<(), Error> {
    let fill = |file: &mut File| {
        file.write_all(bytes)?;
        // Before it has its name: a name that is there names all of it.
        file.sync_all()
    };
    Beside::begin(path.to_owned(), cleanup)
        .and_then(|beside| beside.write(fill))
        .and_then(|()| File::open(parent(path))?.sync_all())
        .map_err(|error| Error::io("cannot write", path, error))
}

/// Refuses a file that is, or lies within, one of the others that the same run reads or writes.
pub(crate) fn refuse_overlap<'a>(
    path: &Path,
    others: impl IntoIterator<Item = &'a Path>,
) -> Result<(), Error> {
    if path == Path::new("-") || stands(path) {
        return Ok(());
    }
    let target = resolve(path).map_err(|error| Error::io("cannot write", path, error))?;
    let holds = |other: &&Path| resolve(other).is_ok_and(|other| target.starts_with(other));
    match others.into_iter().find(holds) {
        None => Ok(()),
        Some(other) => Err(Error::Usage(format!(
            "{} would be written over or into {}, which this command reads or writes too; choose \
             another file",
            path.display(),
            other.display()
        ))),
    }
}

/// A file under a temporary name beside its target.
struct Beside {
    // Fields are dropped in order: the file is removed before it is forgotten.
    temp: Claimed<File>,
    _registered: Registered,
    target: PathBuf,
}

impl Beside {
    fn begin(target: PathBuf, cleanup: &Cleanup) -> io::Result<Self> {
        let parent = parent(&target);
        sweep(parent);
        let make = |path: &Path| File::create_new(path);
        let (temp, registered) = cleanup.register(|| claim(parent, make))?;
        Ok(Beside {
            temp,
            _registered: registered,
            target,
        })
    }

    fn write<T>(mut self, fill: impl FnOnce(&mut File) -> io::Result<T>) -> io::Result<T> {
        let value = fill(&mut self.temp.made)?;
        fs::rename(&self.temp, &self.target)?;
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_file_that_fails_leaves_the_old_one_and_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        let cleanup = Cleanup::default();
        write_file(&path, &cleanup, |out| out.write_all(b"old")).unwrap();
        let failed = write_file(&path, &cleanup, |out| {
            out.write_all(b"new")?;
            Err::<(), _>(io::Error::other("full"))
        });
        assert!(failed.unwrap_err().to_string().ends_with("f: full"));
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_device_is_written_to_and_not_replaced() {
        let null = Path::new("/dev/null");
        write_file(null, &Cleanup::default(), |out| out.write_all(b"x")).unwrap();
        assert!(!fs::metadata(null).unwrap().is_file());
    }

    #[test]
    fn a_link_stays_and_what_it_leads_to_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        for (to, link) in [("f", "link"), ("new", "dangling")] {
            symlink(to, dir.path().join(link)).unwrap();
            let path = dir.path().join(link);
            write_file(&path, &Cleanup::default(), |out| out.write_all(b"x")).unwrap();
            assert!(fs::symlink_metadata(&path).unwrap().is_symlink());
            assert_eq!(fs::read(dir.path().join(to)).unwrap(), b"x");
        }
    }

    #[test]
    fn what_cannot_be_written_is_named_once() {
        let begin = |path: &str| StagedFile::begin(Path::new(path), &Cleanup::default());
        let error = begin("/nope/x").err().unwrap().to_string();
        let expected = "cannot write /nope/x: No such file or directory (os error 2)";
        assert_eq!(error, expected);
        let error = begin("/").err().unwrap().to_string();
        assert!(
            error.starts_with("cannot write /: Is a directory"),
            "{error}"
        );
    }

    #[test]
    fn what_is_read_or_written_elsewhere_is_not_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let (input, out) = (dir.path().join("in.json"), dir.path().join("out"));
        fs::write(&input, "x").unwrap();
        symlink("in.json", dir.path().join("link")).unwrap();
        let overlap = |name: &str| refuse_overlap(&dir.path().join(name), [&*input, &*out]);
        for name in ["in.json", "./in.json", "link", "out", "out/stats.json"] {
            assert!(matches!(overlap(name), Err(Error::Usage(_))), "{name}");
        }
        overlap("in").unwrap();
        refuse_overlap(Path::new("/dev/null"), [Path::new("/dev/null")]).unwrap();
    }
}
