//! Files and directories that appear under their final name only when they are complete.

mod claim;
mod dir;
mod file;
mod replaced;
mod staging;
mod sync;
mod target;

pub(crate) use claim::is_temporary;
#[cfg(feature = "object-store")]
pub(crate) use claim::temporary_name;
pub(crate) use dir::StagedDir;
pub(crate) use file::{StagedFile, refuse_overlap, to_stdout, write_durable, write_file};
pub(crate) use staging::Staging;
pub(crate) use sync::sync_paths;
pub(crate) use target::parent;
