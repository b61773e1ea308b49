//! Ways into single stages for the benches, behind the feature `bench`. Not part of the interface.

use std::io::Read;

use rayon::prelude::*;

use crate::intern::{Source, Walk};
use crate::parse::Pool;
use crate::scan::{self, Batch, Forest, Input, Options, Scanned};
use crate::{DEFAULT_MAX_DEPTH, DEFAULT_READ_CHUNK, Dataset, Stats, build, parse};

/// A valid payload, scanned and not parsed.
pub struct Scan {
    forest: Forest,
    batches: Vec<Batch>,
}

/// The rows of a [`Scan`].
pub struct Parsed(Vec<parse::Parsed>);

impl Scan {
    /// Scans a payload, in this thread.
    pub fn new(payload: impl Read, memo: bool) -> Self {
        let options = Options {
            max_depth: DEFAULT_MAX_DEPTH,
            memo,
            read_chunk: DEFAULT_READ_CHUNK,
            several: false,
        };
        let input = Input::new(payload, options.read_chunk);
        let mut batches = Vec::new();
        let Scanned { forest, end, .. } = scan::scan(input, options, |batch| batches.push(batch));
        assert!(end.is_ok(), "the payload is not valid");
        Scan { forest, batches }
    }

    /// Parses all records, on the current rayon thread pool.
    pub fn parse(&self) -> Parsed {
        let pool = Pool::default();
        let batches = self.batches.par_iter();
        Parsed(batches.map(|batch| parse::parse(batch, &pool)).collect())
    }

    /// Interns the rows and builds the tables; says nothing about the payload in their statistics.
    pub fn tables(self, parsed: Parsed) -> Dataset {
        let firsts = self.batches.iter().map(|batch| batch.first);
        let source = Source::new(self.forest, firsts.zip(parsed.0).collect());
        let walk = Walk::new(&source);
        build::dataset(source, walk, Stats::default(), false)
            .unwrap_or_else(|_| panic!("a text is too long"))
    }
}
