//! A single output file that is complete or not there.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use super::{
    claim::{Claimed, claim, sweep},
    target::{parent, resolve, stands, take_after},
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
        let failed = |error| Error::io("cannot write", &self.path, error);
        match self.to {
            To::Stdout => buffered(io::stdout().lock(), fill).map_err(to_stdout),
            To::Standing(file) => buffered(file, fill).map_err(|error| match error.kind() {
                io::ErrorKind::BrokenPipe => Error::ReaderGone,
                _ => failed(error),
            }),
            To::Beside(beside) => beside.write(|file| buffered(file, fill)).map_err(failed),
        }
    }
}

fn buffered<T>(
    out: impl Write,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<T>,
) -> io::Result<T> {
    let mut out = BufWriter::new(out);
    let value = fill(&mut out)?;
    out.flush()?;
    Ok(value)
}

/// That standard output failed.
pub(crate) fn to_stdout(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Error::ReaderGone,
        _ => Error::Io {
            doing: "cannot write to standard output".to_owned(),
            error,
        },
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
    if path == Path::new("-") || stands(path) && !path.is_dir() {
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
        // Who may see it in the end is told by what is there.
        let mode = if target.exists() { 0o600 } else { 0o666 };
        let make = |path: &Path| {
            let mut new = File::options();
            new.write(true).create_new(true).mode(mode).open(path)
        };
        let (temp, registered) = cleanup.register(|| claim(parent, make))?;
        Ok(Beside {
            temp,
            _registered: registered,
            target,
        })
    }

    fn write<T>(mut self, fill: impl FnOnce(&mut File) -> io::Result<T>) -> io::Result<T> {
        let value = fill(&mut self.temp.made)?;
        if let Ok(replaced) = fs::metadata(&self.target) {
            take_after(self.temp.as_ref(), &replaced)?;
        }
        fs::rename(&self.temp, &self.target)?;
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

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
    fn what_is_replaced_lends_its_permissions() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        for permissions in [0o600, 0o666] {
            fs::write(&path, "old").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(permissions)).unwrap();
            write_file(&path, &Cleanup::default(), |out| out.write_all(b"new")).unwrap();
            assert_eq!(fs::read(&path).unwrap(), b"new");
            let found = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(found & 0o777, permissions);
        }
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
        fs::create_dir_all(out.join("there")).unwrap();
        let overlap = |name: &str| refuse_overlap(&dir.path().join(name), [&*input, &*out]);
        for name in [
            "in.json",
            "./in.json",
            "link",
            "out",
            "out/stats.json",
            "out/there",
        ] {
            assert!(matches!(overlap(name), Err(Error::Usage(_))), "{name}");
        }
        overlap("in").unwrap();
        refuse_overlap(Path::new("/dev/null"), [Path::new("/dev/null")]).unwrap();
    }
}
