//! What follows from the relations.

use super::anomalies::Cycle;
use super::subject::Subjects;
use crate::column::Value;
use crate::graph::{OperatorIx, SiteIx};
use crate::intern::{Keys, Merged, Relations, Walk};
use crate::place::{LazyPlaces, Spot};
use crate::scan::NodeIx;
use crate::schema::Kind;
use crate::text::lex::HOLE;

/// The rows of `evses`.
#[derive(Default)]
pub(super) struct Evses<'a> {
    pub(super) rows: Vec<Evse<'a>>,
    uids: String,
}

/// A row of `evses`.
pub(super) struct Evse<'a> {
    /// Number of the charger.
    pub(super) charger: u32,
    /// Id of the socket, where EVSEs are split by socket.
    pub(super) socket: Value<'a>,
    /// Where its uid ends; it starts where the one before ends.
    end: usize,
}

impl<'a> Evses<'a> {
    pub(super) fn uid(&self, row: usize) -> &str {
        let start = row.checked_sub(1).map_or(0, |before| self.rows[before].end);
        &self.uids[start..self.rows[row].end]
    }

    fn push(&mut self, charger: u32, name: &str, socket: Value<'a>) {
        self.uids.push_str(name);
        self.uids.push_str(&socket.to_text());
        self.rows.push(Evse {
            charger,
            socket,
            end: self.uids.len(),
        });
    }
}

/// The edges between sites, over all views.
pub(super) fn site_edges(relations: &Relations) -> Vec<(SiteIx, SiteIx)> {
    let edges = relations.get("site_subsites").iter();
    edges
        .map(|edge| {
            (
                SiteIx::new(edge.from as usize),
                SiteIx::new(edge.to as usize),
            )
        })
        .collect()
}

/// The sites that each operator is authorised for.
pub(super) fn operator_sites(relations: &Relations) -> Vec<(OperatorIx, SiteIx)> {
    let edges = relations.get("operator_sites").iter();
    edges
        .map(|edge| {
            (
                OperatorIx::new(edge.from as usize),
                SiteIx::new(edge.to as usize),
            )
        })
        .collect()
}

/// The EVSEs in the order of chargers and socket positions.
pub(super) fn evses<'a>(subjects: Subjects<'a>, merged: &[Merged<'_>]) -> Evses<'a> {
    let merged_cell = |kind: Kind, column| {
        let cell = cell(kind, column);
        let value = subjects.source.cells(kind, cell);
        move |identity: usize| value(merged[kind as usize].row(identity, cell))
    };
    let split = merged_cell(Kind::Charger, "split_evse_by_socket");
    let id = merged_cell(Kind::Socket, "id");
    let names = subjects.identities[Kind::Charger as usize].names();
    let sockets = &subjects.identities[Kind::Socket as usize];
    let Keys::Positions(positions) = &sockets.keys else {
        unreachable!("sockets have positions")
    };
    let mut evses = Evses::default();
    let mut sockets = positions.iter().enumerate().peekable();
    for (charger, name) in names.iter().enumerate() {
        let split = split(charger) == Value::Bool(true);
        if !split {
            evses.push(charger as u32, name, Value::Null);
        }
        let owned = |&(_, &(owner, _)): &(usize, &(u32, u32))| owner == charger as u32;
        while let Some((socket, _)) = sockets.next_if(owned) {
            if split {
                evses.push(charger as u32, name, id(socket));
            }
        }
    }
    evses
}

/// Index of the cell that holds a column.
pub(super) fn cell(kind: Kind, column: &str) -> usize {
    let cell = kind
        .record()
        .scalars()
        .position(|(member, _)| member.column == column);
    cell.expect("the column is declared")
}

/// Where each set of sites that contain each other shows first in the text.
pub(super) fn located_cycles(
    subjects: Subjects<'_>,
    walk: &Walk,
    places: &LazyPlaces<'_>,
    sets: Vec<Vec<SiteIx>>,
) -> Vec<Cycle> {
    if sets.is_empty() {
        return Vec::new();
    }
    let source = subjects.source;
    let sites = &subjects.identities[Kind::Site as usize];
    let mut set_of = vec![None; sites.len()];
    for (set, members) in sets.iter().enumerate() {
        members
            .iter()
            .for_each(|site| set_of[site.index()] = Some(set));
    }
    let set = |node| set_of[sites.of(source.row_of(node)) as usize];
    let mut edges: Vec<(NodeIx, u32, usize)> = Vec::new();
    for step in &walk.steps {
        if source.kind(step.owner) != Kind::Site || source.kind(step.child) != Kind::Site {
            continue;
        }
        if let Some(set) = set(step.owner).filter(|_| set(step.owner) == set(step.child)) {
            edges.push((step.owner, step.edge.hole, set));
        }
    }
    edges.sort_unstable();
    let mut spots = Vec::with_capacity(edges.len());
    for of_site in edges.chunk_by(|one, other| one.0 == other.0) {
        let node = of_site[0].0;
        let holes: Vec<usize> = memchr::memchr_iter(HOLE, source.own(node)).collect();
        let spot = |&(_, hole, _): &(NodeIx, u32, usize)| Spot {
            node,
            at: holes[hole as usize] as u32,
        };
        spots.extend(of_site.iter().map(spot));
    }
    let mut first: Vec<Option<(u64, Spot)>> = vec![None; sets.len()];
    for ((&(_, _, set), offset), &spot) in edges.iter().zip(places.offsets(&spots)).zip(&spots) {
        if first[set].is_none_or(|(known, _)| offset < known) {
            first[set] = Some((offset, spot));
        }
    }
    let cycles = sets.iter().zip(first).map(|(members, first)| Cycle {
        members: members
            .iter()
            .map(|site| sites.ids()[site.index()])
            .collect(),
        spot: first.expect("an edge closes the cycle").1,
    });
    cycles.collect()
}
