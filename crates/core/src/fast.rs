//! The fast engine: scan, parse, intern, build.

mod root;

use std::io::Read;
use std::sync::Mutex;

use crate::column::Overflow;
use crate::intern::{Source, Walk};
use crate::limit::Limited;
use crate::parse::{self, Parsed, Pool};
use crate::place::{Advance, Faults};
use crate::scan::{self, Halt, Input, NodeIx, Scanned};
use crate::text::lex::HOLE;
use crate::{Dataset, Error, ErrorKind, RecordCount, Stats, build, schema::Kind};

/// What is left of an input.
pub(crate) type Rest<R> = Input<Limited<R>>;

/// Reads the next payload of an input; gives what is left of the input where another one follows.
pub(crate) fn read<R: Read>(
    input: Rest<R>,
    options: scan::Options,
    lineage: bool,
) -> Result<(Dataset, Option<Rest<R>>), Error> {
    let start = input.offset();
    let done: Mutex<Vec<(NodeIx, Parsed)>> = Mutex::default();
    let pool = Pool::default();
    let mut scanned = rayon::in_place_scope(|scope| {
        scan::scan(input, options, |batch| {
            scope.spawn(|_| {
                let batch = batch;
                let parsed = parse::parse(&batch, &pool);
                done.lock()
                    .expect("no parser panics")
                    .push((batch.first, parsed));
            });
        })
    });
    let mut batches = done.into_inner().expect("no parser panics");
    batches.sort_unstable_by_key(|&(first, _)| first);
    let offset = scanned.input.offset();
    let passed = refuse(&mut scanned, &batches, options.max_depth)?;
    let Scanned {
        forest,
        input,
        repeated,
        ..
    } = scanned;
    let rest = passed.map(|passed| input.behind(passed));
    let source = Source::new(forest, batches);
    let root = source
        .forest
        .lead
        .place(source.forest.node(source.root()).start, "$".to_owned());
    let bytes = offset - start;
    let (stats, walk) = rayon::join(|| stats(&source, bytes, repeated), || Walk::new(&source));
    match build::dataset(source, walk, stats, lineage) {
        Ok(dataset) => Ok((dataset, rest)),
        Err(Overflow) => Err(Error::new(ErrorKind::TooLarge("a text of 2 GiB"), root)),
    }
}

/// The error that comes first in the text. Without one, how far all before the next payload leads,
/// where another one follows.
fn refuse<R: Read>(
    scanned: &mut Scanned<Limited<R>>,
    batches: &[(NodeIx, Parsed)],
    max_depth: u32,
) -> Result<Option<Advance>, Error> {
    let (trail, offset) = (scanned.trail, scanned.input.offset());
    // Where another payload follows, the end is not what stopped the scanner.
    let end = std::mem::replace(&mut scanned.end, Ok(true));
    let cut = match end {
        Ok(true) => None,
        _ => scanned.input.cut(),
    };
    let faults = Faults {
        forest: &scanned.forest,
        frames: &scanned.frames,
        ended: matches!(end, Err(Halt::Fault)),
        invalid: batches
            .iter()
            .filter_map(|(_, parsed)| parsed.fault)
            .collect(),
        max_depth,
    };
    let behind = || faults.behind(offset, trail);
    if let Some(error) = faults.first() {
        return Err(match cut {
            Some(cut) => cut.or(error),
            None => error,
        });
    }
    let (kind, place) = match (end, cut) {
        (Ok(false) | Err(Halt::Empty), Some(cut)) => return Err(cut.at(behind())),
        (Ok(more), _) => {
            return match root::refusal(faults.forest) {
                Some((kind, at)) => Err(Error::new(kind, faults.in_root(at))),
                None => Ok(more.then(|| faults.passed(trail))),
            };
        }
        (Err(Halt::Fault), _) => unreachable!("what stops the scanner is a fault"),
        (Err(Halt::Trailing(Some(found))), _) => (ErrorKind::trailing(found), behind()),
        (Err(Halt::Trailing(None)), _) => (ErrorKind::InvalidUtf8, behind()),
        (Err(Halt::Empty), None) => (ErrorKind::Empty, behind()),
        (Err(Halt::TooLarge(what)), _) => {
            let place = faults.innermost().unwrap_or_else(behind);
            (ErrorKind::TooLarge(what), place)
        }
        (Err(Halt::Io(error)), _) => {
            let place = match faults.frames {
                [] => behind(),
                _ => faults.place(offset, None),
            };
            (ErrorKind::Io(error), place)
        }
    };
    Err(Error::new(kind, place))
}

/// Counts what was read.
fn stats(source: &Source, bytes: u64, repeated_bytes: u64) -> Stats {
    let mut heights: Vec<u32> = Vec::with_capacity(source.forest.nodes.len());
    let mut occurrences = vec![0_u64; source.forest.nodes.len()];
    for node in source.forest.indices() {
        // Around a child stand its list and its owner's object; at the root perhaps less.
        let around = if node != source.root() {
            2
        } else {
            match source.own(node).first() {
                Some(&HOLE) => 0,
                Some(b'[') => 1,
                _ => 2,
            }
        };
        let below = source
            .forest
            .children(node)
            .iter()
            .map(|child| around + heights[child.node.get()]);
        heights.push(below.fold(source.record(node).height, u32::max));
    }
    occurrences[source.root().get()] = 1;
    // Owners have greater numbers than their children.
    for node in source.forest.indices().rev() {
        for edge in source.edges(node) {
            let count = occurrences[node.get()];
            let child = &mut occurrences[source.child(node, edge).get()];
            *child = child.saturating_add(count);
        }
    }
    let count = |kind| {
        let nodes = source
            .forest
            .indices()
            .filter(|&node| source.kind(node) == kind);
        let counts = nodes
            .map(|node| occurrences[node.get()])
            .filter(|&count| count > 0);
        let (occurrences, distinct) = counts.fold((0_u64, 0), |(all, distinct), count| {
            (all.saturating_add(count), distinct + 1)
        });
        RecordCount {
            kind,
            occurrences,
            distinct,
        }
    };
    let records = [Kind::Site, Kind::Operator, Kind::User, Kind::Charger]
        .map(count)
        .into();
    let depth = heights.last().copied().unwrap_or_default();
    Stats {
        bytes,
        repeated_bytes,
        depth,
        records,
    }
}
