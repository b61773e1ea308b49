//! From bytes to distinct records: walks the tree, skips repeats, hands the rest out for parsing.
//!
//! The scanner reads a payload once, forward only, and builds a [`Forest`]: every distinct record
//! that stands on its own (site, operator, user, charger) once, as its *own text*, with a hole where
//! each child record stood, and the list of the children. It looks no closer at a record than it
//! needs to find its children; whether the text is valid JSON, and what it says, is for
//! [`parse`](crate::parse) to find out, in parallel.

mod class;
mod forest;
mod frame;
mod input;
mod memo;
mod records;
mod root;
mod scanner;
mod skip;
mod terms;
mod window;

pub(crate) use class::Class;
pub(crate) use forest::{Child, Forest, NodeIx};
pub(crate) use frame::Frame;
pub(crate) use input::Input;
pub(crate) use scanner::scan;
pub(crate) use terms::{Batch, Halt, Options, Scanned};
