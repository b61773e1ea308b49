//! Where an output goes.

use std::{
    fs, io,
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::{Path, PathBuf},
};

/// Links that are followed from a path, as many as the system follows.
const LINKS: usize = 40;

/// What a path leads to, links followed, so that they stay links. It may be missing, and so may the
/// directories that it lies in.
pub(super) fn resolve(path: &Path) -> io::Result<PathBuf> {
    match path.canonicalize() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        found => return found,
    }
    if let Ok(to) = fs::read_link(path) {
        return resolve(&parent(path).join(to));
    }
    match path.file_name() {
        Some(name) => Ok(resolve(parent(path))?.join(name)),
        None => std::path::absolute(path),
    }
}

/// The directory that a path lies in.
pub(crate) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

/// Whether a path is to be written to as it stands: a pipe or a device; and what is one of these to
/// whoever named it, such as `/dev/stdout`, even where it leads to a regular file just now.
pub(super) fn stands(path: &Path) -> bool {
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return true;
    }
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        let dir = parent(&path).to_owned();
        let of_system = |dir: PathBuf| dir == Path::new("/dev") || dir.starts_with("/proc");
        if dir.canonicalize().is_ok_and(of_system) {
            return true;
        }
        match fs::read_link(&path) {
            Ok(to) => path = dir.join(to),
            Err(_) => return false,
        }
    }
    false
}

/// Gives what was made the permissions of what it is to replace, whatever the umask, and its group, where
/// that may be had.
pub(super) fn take_after(made: &Path, replaced: &fs::Metadata) -> io::Result<()> {
    let mut permissions = replaced.permissions();
    let is_given = fs::metadata(made)?.gid() == replaced.gid();
    // Only members may.
    if !is_given && chown(made, None, Some(replaced.gid())).is_err() {
        // Another group may do what everybody may.
        let others = permissions.mode() & 0o007;
        permissions.set_mode(permissions.mode() & !0o2070 | others << 3);
    }
    fs::set_permissions(made, permissions)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_are_followed_to_what_is_missing_too() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        fs::write(root.join("f"), "x").unwrap();
        for (to, link) in [("f", "a"), ("a", "b"), ("none/x", "c"), ("loop", "loop")] {
            symlink(to, root.join(link)).unwrap();
        }
        for (path, leads_to) in [
            ("f", "f"),
            ("b", "f"),
            ("c", "none/x"),
            ("new/deep", "new/deep"),
        ] {
            assert_eq!(resolve(&root.join(path)).unwrap(), root.join(leads_to));
        }
        assert!(resolve(&root.join("loop")).is_err());
        assert!(resolve(&root.join("f/x")).is_err());
        let here = std::env::current_dir().unwrap().canonicalize().unwrap();
        assert_eq!(resolve(Path::new("new")).unwrap(), here.join("new"));
    }

    #[test]
    fn devices_and_streams_stand() {
        let dir = tempfile::tempdir().unwrap();
        let link = dir.path().join("stdout");
        symlink("/proc/self/fd/1", &link).unwrap();
        for path in [
            link.as_path(),
            Path::new("/dev/stdout"),
            Path::new("/dev/null"),
            dir.path(),
        ] {
            assert!(stands(path), "{}", path.display());
        }
        assert!(!stands(&dir.path().join("new")));
        fs::write(dir.path().join("f"), "x").unwrap();
        assert!(!stands(&dir.path().join("f")));
    }
}
