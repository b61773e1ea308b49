//! Why tables cannot be rendered.

use std::io;

/// Why no payload could be made of a [`Dataset`](crate::Dataset).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenderError {
    /// A table does not say what tables of a payload say.
    #[error("table {table}: {what}")]
    Damaged {
        /// Name of the table.
        table: &'static str,
        /// What is wrong with it.
        what: String,
    },
    /// The writer failed.
    #[error("cannot write: {0}")]
    Io(#[from] io::Error),
}

/// The error of a table that is not as it should be.
#[cold]
pub(crate) fn damaged(table: &'static str, what: impl Into<String>) -> RenderError {
    RenderError::Damaged {
        table,
        what: what.into(),
    }
}
