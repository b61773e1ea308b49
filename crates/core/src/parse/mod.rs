//! From a record's own text to typed rows, in parallel.
//!
//! Each [`Batch`](crate::scan::Batch) is parsed on its own. The text is read strictly: whatever the
//! scanner let pass is found here.

mod batch;
pub(crate) mod check;
mod draft;
mod keys;
mod layout;
mod members;
mod object;
mod rows;
mod scalar;

pub(crate) use batch::parse;
pub(crate) use draft::Pool;
pub(crate) use layout::Layout;
pub(crate) use rows::{AnomalyKind, Edge, Extra, Finding, Parsed, Raw, Record, RowIx};
