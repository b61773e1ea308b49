//! A directory for what is under way.

use std::{fs::Permissions, path::Path};

use tempfile::TempDir;

use super::claim::{Claimed, claim, sweep, temporary};
use crate::{Cleanup, Error, interrupt::Registered};

/// A directory under a temporary name, which vanishes when it is dropped or the process is ended; what a
/// killed process left, the next one removes.
#[derive(Debug)]
pub(crate) struct Staging {
    // Fields are dropped in order: the directory is removed before it is forgotten.
    temp: Claimed<TempDir>,
    _registered: Registered,
}

impl Staging {
    /// Makes one in a directory, with a name that starts with `prefix`.
    pub(crate) fn begin(
        parent: &Path,
        prefix: &str,
        permissions: &Permissions,
        cleanup: &Cleanup,
    ) -> Result<Self, Error> {
        sweep(parent, prefix);
        let make = || {
            temporary(prefix)
                .permissions(permissions.clone())
                .tempdir_in(parent)
        };
        let (temp, registered) = cleanup
            .register(|| claim(make))
            .map_err(|error| Error::io("cannot create a directory in", parent, error))?;
        Ok(Staging {
            temp,
            _registered: registered,
        })
    }

    /// Makes one in the directory for temporary files, for nobody else to see.
    #[cfg(feature = "object-store")]
    pub(crate) fn temporary(cleanup: &Cleanup) -> Result<Self, Error> {
        let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        Staging::begin(&std::env::temp_dir(), ".voltree-", &permissions, cleanup)
    }

    pub(crate) fn path(&self) -> &Path {
        self.temp.as_ref()
    }
}
