//! What follows from the relations.

use super::anomalies::Cycle;
use super::subject::Subjects;
use crate::graph::{OperatorIx, SiteIx};
use crate::intern::{Merged, Relations, Walk};
use crate::parse::Cell;
use crate::place::{LazyPlaces, Spot};
use crate::schema::Kind;
use crate::text::lex::HOLE;

/// A row of `evses`.
pub(super) struct Evse {
    /// Number of the charger.
    pub(super) charger: u32,
    /// Number of the socket's row, where EVSEs are split by socket.
    pub(super) socket: Option<u32>,
    pub(super) uid: String,
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
pub(super) fn evses(subjects: Subjects<'_>, merged: &[Merged]) -> Vec<Evse> {
    let source = subjects.source;
    let names = subjects.identities[Kind::Charger as usize].names();
    let sockets = &subjects.identities[Kind::Socket as usize];
    let split = cell(Kind::Charger, "split_evse_by_socket");
    let id = cell(Kind::Socket, "id");
    let crate::intern::Keys::Positions(positions) = &sockets.keys else {
        unreachable!("sockets have positions")
    };
    let mut evses = Vec::new();
    let mut socket = 0;
    for (charger, name) in names.iter().enumerate() {
        let charger = charger as u32;
        let first = socket;
        while positions
            .get(socket)
            .is_some_and(|&(owner, _)| owner == charger)
        {
            socket += 1;
        }
        let cells = merged[Kind::Charger as usize].cells(source, Kind::Charger, charger as usize);
        if !matches!(cells[split], Cell::Bool(true)) {
            evses.push(Evse {
                charger,
                socket: None,
                uid: (*name).to_owned(),
            });
            continue;
        }
        for socket in first..socket {
            let cells = merged[Kind::Socket as usize].cells(source, Kind::Socket, socket);
            let uid = format!("{name}{}", subjects.text(cells[id]));
            evses.push(Evse {
                charger,
                socket: Some(socket as u32),
                uid,
            });
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
    let mut first: Vec<Option<(u64, Spot)>> = vec![None; sets.len()];
    for step in &walk.steps {
        if source.kind(step.owner) != Kind::Site || source.kind(step.child) != Kind::Site {
            continue;
        }
        let Some(set) = set(step.owner).filter(|_| set(step.owner) == set(step.child)) else {
            continue;
        };
        let mut holes = memchr::memchr_iter(HOLE, source.own(step.owner));
        let at = holes
            .nth(step.edge.hole as usize)
            .expect("every child has its hole");
        let spot = Spot {
            node: step.owner,
            at: at as u32,
        };
        let found = (places.offset(spot), spot);
        if first[set].is_none_or(|(offset, _)| found.0 < offset) {
            first[set] = Some(found);
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
