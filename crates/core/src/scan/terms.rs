//! What the scanner is given, and gives.

use std::{collections::TryReserveError, io, sync::Arc};

use super::forest::{Forest, NodeIx};
use super::frame::Frame;
use super::input::Input;
use crate::place::Advance;
use crate::scan::Class;

/// What to observe while scanning.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    pub(crate) max_depth: u32,
    pub(crate) memo: bool,
    pub(crate) read_chunk: usize,
    /// Whether another payload may stand behind it.
    pub(crate) several: bool,
}

/// A chunk of kept text with the records in it: work for one parsing thread.
#[derive(Debug)]
pub(crate) struct Batch {
    /// The chunk's number.
    pub(crate) chunk: u32,
    pub(crate) text: Arc<Vec<u8>>,
    /// Number of the first record; the others follow on it.
    pub(crate) first: NodeIx,
    /// Class, length and number of holes of each record; their texts stand one behind the other.
    pub(crate) records: Vec<(Class, u32, u32)>,
}

/// Why scanning ended early.
#[derive(Debug)]
pub(crate) enum Halt {
    /// The text cannot be valid from here on, or ends. The innermost open record's own text includes the
    /// byte that does not fit.
    Fault,
    /// Behind the payload stands something else: this byte, or none that starts a character.
    Trailing(Option<u8>),
    /// No more than white space.
    Empty,
    /// A text or a number of records that cannot be indexed: the innermost open record's.
    TooLarge(&'static str),
    /// There is no memory to read on.
    Io(io::Error),
}

impl From<io::Error> for Halt {
    fn from(error: io::Error) -> Self {
        Halt::Io(error)
    }
}

impl From<TryReserveError> for Halt {
    fn from(error: TryReserveError) -> Self {
        Halt::Io(error.into())
    }
}

/// What scanning gives.
pub(crate) struct Scanned<R> {
    pub(crate) forest: Forest,
    /// The records that are open where scanning ended, outermost first.
    pub(crate) frames: Vec<Frame>,
    /// What is left of the input.
    pub(crate) input: Input<R>,
    /// How far the white space behind the payload leads.
    pub(crate) trail: Advance,
    /// Bytes that were recognised as repeats.
    pub(crate) repeated: u64,
    /// Whether another payload follows.
    pub(crate) end: Result<bool, Halt>,
}
