//! From parsed records to one row for each identity.
//!
//! The distinct records are walked once, in canonical order; every repeat says nothing new. Rows of
//! one identity are merged, column by column; edges become relations between identities.

mod group;
mod identity;
mod merge;
mod placeholder;
mod relations;
mod source;
mod walk;

pub(crate) use group::Groups;
pub(crate) use identity::{Identities, Keys};
pub(crate) use merge::{Conflict, Merged, merge_all};
pub(crate) use placeholder::fill;
pub(crate) use relations::Relations;
pub(crate) use source::{RowRef, Source};
pub(crate) use walk::Walk;
