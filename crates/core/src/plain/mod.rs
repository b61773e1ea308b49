//! The plain engine: the reference that the fast one is tested against.
//!
//! It is written to be obviously right and reads, merges and places by itself. With the fast engine it shares the
//! schema, the names of what is no JSON or no payload, and, once the tables are there, how lineage is made of them:
//!
//! 1. [`check`] goes through the text byte by byte and notes where every value stands;
//! 2. serde_json makes [typed structs](crate::tree) of the text;
//! 3. [`walk`] visits every record of them in the canonical order, repeats included, and merges what
//!    it finds into [`rows`] in sorted maps;
//! 4. [`derived`] and [`quality`] make the remaining tables, [`batch`] makes Arrow of all.
//!
//! Work and memory follow the payload, not its distinct content.

mod batch;
mod canonical;
mod check;
mod counts;
mod derived;
mod document;
mod findings;
mod identity;
mod lineage;
mod place;
mod quality;
mod root;
mod rows;
mod scalars;
mod walk;

use self::document::Document;
use crate::limit::Cut;
use crate::{Dataset, Error, Stats, scan};

/// Reads the payload at `start` of an input that is in memory and that was not taken for a
/// [`Lookalike`](crate::Lookalike); behind a cut it is not in memory. Gives where the next payload starts,
/// if another one follows.
pub(crate) fn read(
    input: &[u8],
    start: usize,
    options: scan::Options,
    cut: &mut Option<Cut>,
    with_lineage: bool,
) -> Result<(Dataset, Option<usize>), Error> {
    let (document, end) = checked(input, start, options, cut)?;
    let root = root::read(&document)?;

    let classes = canonical::Classes::new(&document);
    let mut walk = walk::walk(&document, &classes, &root);
    derived::add_closures(&mut walk.rows);
    quality::add(&mut walk);
    let evses = derived::evses(&walk.rows);
    let tables = batch::tables_of(&walk.rows, evses);
    let lineage = if with_lineage {
        lineage::tables(&walk, &tables)
    } else {
        Vec::new()
    };
    let dataset = Dataset {
        tables,
        lineage,
        stats: Stats {
            bytes: (end - start) as u64,
            repeated_bytes: 0,
            depth: document.depth(),
            records: walk.counts.records(),
        },
    };
    Ok((dataset, (end < input.len()).then_some(end)))
}

/// Options for one payload.
#[cfg(test)]
fn only(max_depth: u32) -> scan::Options {
    scan::Options {
        max_depth,
        memo: false,
        read_chunk: 1,
        several: false,
    }
}

/// Reads an input of one payload.
#[cfg(test)]
fn read_only(input: &[u8], max_depth: u32) -> Result<Dataset, Error> {
    read(input, 0, only(max_depth), &mut None, false).map(|(dataset, _)| dataset)
}

/// The payload at `start` and where it ends, unless it does so where the input was cut.
fn checked<'a>(
    input: &'a [u8],
    start: usize,
    options: scan::Options,
    cut: &mut Option<Cut>,
) -> Result<(Document<'a>, usize), Error> {
    match check::check(input, start, options) {
        Ok((document, end)) if end == input.len() => match cut.take() {
            Some(cut) => Err(cut.at(document.place(end, document::ROOT))),
            None => Ok((document, end)),
        },
        Err(error) => Err(match cut.take() {
            Some(cut) => cut.or(error),
            None => error,
        }),
        checked => checked,
    }
}

#[cfg(test)]
mod tests;
