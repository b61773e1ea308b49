//! Text of the payload that is kept, and the values that stand in it.

mod arena;
pub(crate) mod block;
pub(crate) mod canonical;
pub(crate) mod lex;
pub(crate) mod number;
pub(crate) mod time;
mod usual;

pub(crate) use arena::{Arena, Span, Texts};
