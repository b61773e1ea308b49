//! A directory for what is under way.

use std::{
    fs::{DirBuilder, Permissions},
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::Path,
};

use super::claim::{Claimed, claim, sweep};
use crate::{Cleanup, Error, interrupt::Registered};

/// A directory under a temporary name, which vanishes when it is dropped or the process is ended; what a
/// killed process left, the next one removes.
#[derive(Debug)]
pub(crate) struct Staging {
    // Fields are dropped in order: the directory is removed before it is forgotten.
    temp: Claimed<()>,
    _registered: Registered,
}

impl Staging {
    /// Makes one in a directory.
    pub(crate) fn begin(
        parent: &Path,
        permissions: &Permissions,
        cleanup: &Cleanup,
    ) -> Result<Self, Error> {
        sweep(parent);
        let make = |path: &Path| DirBuilder::new().mode(permissions.mode()).create(path);
        let (temp, registered) = cleanup
            .register(|| claim(parent, make))
            .map_err(|error| Error::io("cannot create a directory in", parent, error))?;
        Ok(Staging {
            temp,
            _registered: registered,
        })
    }

    /// Makes one in the directory for temporary files, for nobody else to see.
    #[cfg(feature = "object-store")]
    pub(crate) fn temporary(cleanup: &Cleanup) -> Result<Self, Error> {
        Staging::begin(
            &std::env::temp_dir(),
            &Permissions::from_mode(0o700),
            cleanup,
        )
    }

    pub(crate) fn path(&self) -> &Path {
        self.temp.as_ref()
    }
}
