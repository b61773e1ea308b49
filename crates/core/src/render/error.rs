//! Why tables cannot be rendered.

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
    /// The canonical tree of the tables takes more than 64 TiB, or one record of it 4 GiB; or a list has
    /// more than 2²⁶ elements before one of its positions of which the tables say nothing.
    #[error("the tables make a tree that is too large to be written")]
    TooLarge,
}

/// The error of a table that is not as it should be.
#[cold]
pub(crate) fn damaged(table: &'static str, what: impl Into<String>) -> RenderError {
    RenderError::Damaged {
        table,
        what: what.into(),
    }
}
