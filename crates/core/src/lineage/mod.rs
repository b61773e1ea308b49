//! What rebuilding a payload takes besides its tables: every distinct record, with what it looks like,
//! the values that differ from its identity's row, and its children.
//!
//! Records that are equal as JSON values are one record here, wherever they stand. A
//! [`Template`] is what one record has of its own; [`Lineage`] gathers them and makes the tables.

mod gather;
mod template;

pub(crate) use gather::Lineage;
pub(crate) use template::{
    AS_TABLE, CHILD, OWN, TIMES, Template, Templates, is_identity, is_text, member_of, tag_row,
};
