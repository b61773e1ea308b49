//! The identities of each kind, and which one each row has (rule 1 of the schema).

use rayon::prelude::*;

use super::group::Entry;
use super::{Groups, RowRef, Source, Walk};
use crate::column::Value;
use crate::scan::NodeIx;
use crate::schema::Kind;

/// Records with an identity of their own.
const RECORDS: [Kind; 5] = [
    Kind::Site,
    Kind::Operator,
    Kind::User,
    Kind::Tag,
    Kind::Charger,
];

/// The sorted identities of one kind.
#[derive(Debug, Default)]
pub(crate) struct Identities<'a> {
    /// The rows of each identity.
    pub(crate) groups: Groups,
    pub(crate) keys: Keys<'a>,
    /// For each batch and row, the number of its identity.
    of_row: Vec<Vec<u32>>,
}

/// The keys of one kind, ascending.
#[derive(Debug, Default)]
pub(crate) enum Keys<'a> {
    #[default]
    None,
    Ids(Vec<i64>),
    Names(Vec<&'a str>),
    /// Number of the owner's identity, and position.
    Positions(Vec<(u32, u32)>),
    /// Number of the owner's identity, and name.
    Entries(Vec<(u32, &'a str)>),
}

/// What is in the row of no identity: it only stands in values that were lost.
const NONE: u32 = u32::MAX;

impl<'a> Identities<'a> {
    /// The identities of all kinds, by [`Kind`].
    pub(crate) fn all(source: &'a Source, walk: &Walk) -> [Identities<'a>; Kind::EACH.len()] {
        let mut all = Kind::EACH.map(|_| Identities::default());
        let records: Vec<_> = RECORDS
            .into_par_iter()
            .map(|kind| (kind, record(source, walk, kind)))
            .collect();
        records
            .into_iter()
            .for_each(|(kind, identities)| all[kind as usize] = identities);
        let parts: Vec<_> = Kind::PARTS
            .into_par_iter()
            .map(|kind| (kind, part(source, walk, kind, &all)))
            .collect();
        parts
            .into_iter()
            .for_each(|(kind, identities)| all[kind as usize] = identities);
        all
    }

    /// The number of a row's identity.
    pub(crate) fn of(&self, row: RowRef) -> u32 {
        self.of_row[row.batch as usize][row.row.0 as usize]
    }

    pub(crate) fn len(&self) -> usize {
        self.groups.len()
    }

    /// The identities of records, as numbers.
    pub(crate) fn ids(&self) -> &[i64] {
        match &self.keys {
            Keys::Ids(ids) => ids,
            _ => &[],
        }
    }

    /// The identities of records, as names.
    pub(crate) fn names(&self) -> &[&'a str] {
        match &self.keys {
            Keys::Names(names) => names,
            _ => &[],
        }
    }

    fn new<K: Ord + Copy + Send>(
        source: &Source,
        entries: impl Iterator<Item = Entry<K>> + Clone,
        keys: impl FnOnce(Vec<K>) -> Keys<'a>,
        kind: Kind,
    ) -> Self {
        let rows = source.batches.iter();
        let rows = rows.map(|batch| batch.rows[kind as usize].len());
        let (sorted, groups) = Groups::new(entries, rows.clone().sum());
        let mut of_row: Vec<Vec<u32>> = rows.map(|rows| vec![NONE; rows]).collect();
        for (identity, rows) in groups.iter().enumerate() {
            for row in rows {
                of_row[row.batch as usize][row.row.0 as usize] = identity as u32;
            }
        }
        Identities {
            groups,
            keys: keys(sorted),
            of_row,
        }
    }
}

/// When a row is met: its record's rank, then its place there.
fn order(rank: u32, row: RowRef) -> u64 {
    u64::from(rank) << 32 | u64::from(row.row.0)
}

fn record<'a>(source: &'a Source, walk: &Walk, kind: Kind) -> Identities<'a> {
    let met = source.rows(kind).filter_map(move |(row, node, _)| {
        let rank = walk.rank(kind, node)?;
        Some((row, order(rank, row)))
    });
    let identity = &source.identities(kind);
    if kind == Kind::Charger {
        let entry = move |(row, order)| {
            let name = identity(row).str();
            (name.expect("every charger has an identity"), order, row)
        };
        Identities::new(source, met.map(entry), Keys::Names, kind)
    } else {
        let entry = move |(row, order)| match identity(row) {
            Value::Int(id) => (id, order, row),
            _ => unreachable!("every record has an identity"),
        };
        Identities::new(source, met.map(entry), Keys::Ids, kind)
    }
}

fn part<'a>(
    source: &'a Source,
    walk: &Walk,
    kind: Kind,
    records: &[Identities<'a>],
) -> Identities<'a> {
    let owners = &records[kind.owner() as usize];
    // The parts of one record stand together.
    let mut last: Option<(NodeIx, Option<u32>, u32)> = None;
    let met = source.rows(kind).filter_map(move |(row, node, position)| {
        let (_, rank, owner) = match last {
            Some(last) if last.0 == node => last,
            _ => {
                let owner = owners.of(source.row_of(node));
                *last.insert((node, walk.rank(kind, node), owner))
            }
        };
        Some((row, order(rank?, row), owner, position))
    });
    if kind == Kind::CustomProperty {
        let name = &source.cells(kind, 0);
        let entry = move |(row, order, owner, _)| {
            let name = name(row).str().expect("every property has a name");
            ((owner, name), order, row)
        };
        Identities::new(source, met.map(entry), Keys::Entries, kind)
    } else {
        let entry = |(row, order, owner, position)| ((owner, position), order, row);
        Identities::new(source, met.map(entry), Keys::Positions, kind)
    }
}
