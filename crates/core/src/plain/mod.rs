//! The plain engine: the reference that the fast one is tested against.
//!
//! It is written to be obviously right and shares no code with the fast engine but the schema:
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

use crate::{Dataset, Error, ErrorKind, Stats, tree::OperatorTree};

/// Reads a payload that is in memory and that was not taken for a [`Lookalike`](crate::Lookalike).
pub(crate) fn read(payload: &[u8], max_depth: u32, with_lineage: bool) -> Result<Dataset, Error> {
    let document = check::check(payload, max_depth)?;
    root::check(&document)?;
    let tree: OperatorTree = serde_json::from_str(document.json()).expect("checked");

    let classes = canonical::Classes::new(&document);
    let mut walk = walk::walk(&document, &classes, &tree);
    derived::add_closures(&mut walk.rows);
    quality::add(&mut walk);
    let evses = derived::evses(&walk.rows);
    let tables = batch::tables_of(&walk.rows, evses);
    let lineage = if with_lineage {
        lineage::tables(&walk, &tables)
    } else {
        Vec::new()
    };
    Ok(Dataset {
        tables,
        lineage,
        stats: Stats {
            bytes: payload.len() as u64,
            repeated_bytes: 0,
            depth: document.depth(),
            records: walk.counts.records(),
        },
    })
}

/// What is wrong with a payload that goes on behind `beginning`, where the limit is.
pub(crate) fn too_long(beginning: &[u8], max_depth: u32, limit: u64) -> Error {
    let place = match check::check(beginning, max_depth) {
        Ok(document) => document.place(beginning.len(), document::ROOT),
        Err(error) => match error.kind() {
            // That it ends is the limit's doing.
            ErrorKind::Truncated | ErrorKind::Empty => error.place().clone(),
            _ => return error,
        },
    };
    Error::new(ErrorKind::TooLong { limit }, place)
}

#[cfg(test)]
mod tests;
