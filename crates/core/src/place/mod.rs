//! Where things stand in the payload: offset, line, column and JSON path.
//!
//! Nothing of this is kept while reading: it is worked out from the records' texts, for the few
//! places that are reported.

mod fault;
mod locate;
mod path;
mod places;
mod position;
mod sweep;

pub(crate) use fault::Faults;
pub(crate) use locate::{Finder, Step};
pub(crate) use places::{LazyPlaces, Places, Spot};
pub(crate) use position::Advance;
