//! A single output file that is complete or not there.

use std::{
    fs::{self, File, Permissions},
    io::{self, Write},
    os::unix::fs::PermissionsExt,
    path::Path,
};

use super::claim::{claim, sweep, temporary};
use crate::{Cleanup, Error};

const PREFIX: &str = ".voltree-";

/// Writes a file, or to standard output for `-`.
///
/// A regular file appears when it is complete. What is no regular file, such as a pipe or
/// `/dev/null`, is written to as it stands.
pub(crate) fn write_file<T>(
    path: &Path,
    cleanup: &Cleanup,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<T>,
) -> Result<T, Error> {
    if path == Path::new("-") {
        let mut out = io::stdout().lock();
        return fill(&mut out)
            .and_then(|value| out.flush().map(|()| value))
            .map_err(|source| Error::Io {
                doing: "cannot write to standard output".to_owned(),
                source,
            });
    }
    let found = fs::metadata(path);
    let written = if found.is_ok_and(|found| !found.is_file()) {
        File::options()
            .write(true)
            .open(path)
            .and_then(|mut file| fill(&mut file))
    } else {
        write_aside(path, cleanup, |file| fill(file))
    };
    written.map_err(|error| Error::io("cannot write", path, error))
}

/// Writes a small regular file, which is durable when this returns.
pub(crate) fn write_durable(path: &Path, cleanup: &Cleanup, bytes: &[u8]) -> Result<(), Error> {
    let fill = |file: &mut File| {
        file.write_all(bytes)?;
        // Before it has its name: a name that is there names all of it.
        file.sync_all()
    };
    write_aside(path, cleanup, fill)
        .and_then(|()| File::open(parent(path))?.sync_all())
        .map_err(|error| Error::io("cannot write", path, error))
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

fn write_aside<T>(
    path: &Path,
    cleanup: &Cleanup,
    fill: impl FnOnce(&mut File) -> io::Result<T>,
) -> io::Result<T> {
    let parent = parent(path);
    sweep(parent, PREFIX);
    let (mut temp, _registered) = cleanup.register(|| {
        claim(|| {
            temporary(PREFIX)
                .permissions(Permissions::from_mode(0o666))
                .tempfile_in(parent)
        })
    })?;
    let value = fill(temp.made.as_file_mut())?;
    temp.made.persist(path)?;
    Ok(value)
}

#[cfg(test)]
mod tests {
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
}
