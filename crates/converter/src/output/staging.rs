//! A directory for what is under way.

use std::{fs::DirBuilder, os::unix::fs::DirBuilderExt, path::Path};

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
    /// Makes one in a directory, for those whom the umask lets or for nobody else to see.
    pub(crate) fn begin(parent: &Path, is_private: bool, cleanup: &Cleanup) -> Result<Self, Error> {
        sweep(parent);
        let mode = if is_private { 0o700 } else { 0o777 };
        let make = |path: &Path| DirBuilder::new().mode(mode).create(path);
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
        Staging::begin(&std::env::temp_dir(), true, cleanup)
    }

    pub(crate) fn path(&self) -> &Path {
        self.temp.as_ref()
    }
}
