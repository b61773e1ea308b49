//! The fast engine: scan, parse, intern, build.

mod root;

use std::io::{self, Read};
use std::sync::Mutex;

use crate::column::Overflow;
use crate::intern::{Source, Walk};
use crate::limit::Limited;
use crate::parse::{self, Parsed, Pool};
use crate::place::{Advance, Faults};
use crate::scan::{self, Forest, Halt, Input, NodeIx, Scanned};
use crate::text::lex::HOLE;
use crate::{Dataset, Error, ErrorKind, Place, RecordCount, Stats, build, schema::Kind};

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
    let scanned = rayon::in_place_scope(|scope| {
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
    let Scanned {
        forest,
        input,
        trail,
        repeated,
        end,
    } = scanned;
    let offset = input.offset();
    let limits = Limits {
        max_depth: options.max_depth,
        exceeded: input.exceeded(),
    };
    let passed = refuse(&forest, end, offset, trail, &batches, limits)?;
    let rest = passed.map(|passed| input.behind(passed));
    let source = Source::new(forest, batches);
    let bytes = offset - start;
    let (stats, walk) = rayon::join(|| stats(&source, bytes, repeated), || Walk::new(&source));
    match build::dataset(source, walk, stats, lineage) {
        Ok(dataset) => Ok((dataset, rest)),
        Err(Overflow) => {
            let place = Place {
                path: "$".to_owned(),
                ..Place::default()
            };
            Err(Error::new(ErrorKind::TooLarge("a text of 2 GiB"), place))
        }
    }
}

/// How far reading may go.
struct Limits {
    max_depth: u32,
    /// The limit in bytes behind which the input goes on, if it does.
    exceeded: Option<u64>,
}

/// The error that comes first in the text. Without one, how far all before the next payload leads,
/// where another one follows.
fn refuse(
    forest: &Forest,
    end: Result<bool, Halt>,
    offset: u64,
    trail: Advance,
    batches: &[(NodeIx, Parsed)],
    limits: Limits,
) -> Result<Option<Advance>, Error> {
    let frames = match &end {
        Err(Halt::Fault(frames)) => &frames[..],
        _ => &[],
    };
    let invalid = batches
        .iter()
        .filter_map(|(_, parsed)| parsed.fault)
        .collect();
    let faults = Faults {
        forest,
        frames,
        invalid,
        max_depth: limits.max_depth,
        exceeded: limits.exceeded,
    };
    if let Some(error) = faults.first() {
        return Err(error);
    }
    if let (Some(limit), Ok(false) | Err(Halt::Empty)) = (limits.exceeded, &end) {
        let place = faults.behind(offset, trail);
        return Err(Error::new(ErrorKind::TooLong { limit }, place));
    }
    let halt = match &end {
        Ok(more) => {
            return match root::refusal(forest) {
                Some((kind, at)) => Err(Error::new(kind, faults.in_root(at))),
                None => Ok(more.then(|| faults.passed(trail))),
            };
        }
        Err(halt) => halt,
    };
    let kind = match halt {
        Halt::Fault(_) => unreachable!("what stops the scanner is a fault"),
        Halt::Trailing(Some(found)) => ErrorKind::trailing(*found),
        Halt::Trailing(None) => ErrorKind::InvalidUtf8,
        Halt::Empty => ErrorKind::Empty,
        Halt::TooLarge(what) => ErrorKind::TooLarge(what),
        Halt::Io(error) => ErrorKind::Io(io::Error::new(error.kind(), error.to_string())),
    };
    Err(Error::new(kind, faults.behind(offset, trail)))
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
