//! What follows from the edges between sites: who is above whom, who reaches what, who is in a circle.
//!
//! Plain functions on row numbers, since the derived tables are made before there is a graph. Work is
//! in proportion to the rows that come out: a walk touches only what it reaches, as the mark for "seen"
//! is the walk's own source and is never cleared. Walks run in parallel and are joined in the order of
//! their sources, so that threads never change the result.

use std::ops::Range;

use petgraph::{algo::kosaraju_scc, graph::DiGraph};
use rayon::prelude::*;

use super::ids::{OperatorIx, SiteIx};

#[cfg(test)]
mod tests;

/// A site that a walk reached, and over how many edges.
type Reached = (SiteIx, u32);

/// Every site with each site above it and the shortest distance, sorted; each is above itself at 0.
///
/// `edges` are (parent, child) in any order; repeats, self loops and cycles are fine.
pub(crate) fn ancestors(sites: usize, edges: &[(SiteIx, SiteIx)]) -> Vec<(SiteIx, SiteIx, u32)> {
    let parents = Lists::new(sites, edges.iter().map(|&(parent, child)| (child, parent)));
    let all: Vec<SiteIx> = (0..sites).map(SiteIx::new).collect();
    walks(&parents, &all, |site, (ancestor, depth)| {
        (site, ancestor, depth)
    })
}

/// Every site that an operator reaches, through which of its own sites (via), and how far below that;
/// sorted by operator, site and via.
///
/// `grants` are (operator, via) in any order.
pub(crate) fn access(
    sites: usize,
    edges: &[(SiteIx, SiteIx)],
    grants: &[(OperatorIx, SiteIx)],
) -> Vec<(OperatorIx, SiteIx, SiteIx, u32)> {
    let grants = sorted(grants.iter().copied());
    // Operators share sites: each site is descended from once, however many it is granted to.
    let vias = sorted(grants.iter().map(|&(_, via)| via));
    let children = Lists::new(sites, edges.iter().copied());
    let below = walks(&children, &vias, |via, reached| (via, reached));
    let below = Lists::from_sorted(sites, below);

    grants
        .par_chunk_by(|a, b| a.0 == b.0)
        .flat_map_iter(|granted| {
            let mut rows: Vec<_> = granted
                .iter()
                .flat_map(|&(operator, via)| {
                    let reached = below.of(via).iter();
                    reached.map(move |&(_, (site, depth))| (operator, site, via, depth))
                })
                .collect();
            // Each via's sites are in order: the stable sort finds those runs and merges them.
            rows.sort_by_key(|&(_, site, via, _)| (site, via));
            rows
        })
        .collect()
}

/// The sets of sites that contain each other, and each site that contains itself directly.
///
/// Members ascend within a set, the sets by their first members.
pub(crate) fn cycles(sites: usize, edges: &[(SiteIx, SiteIx)]) -> Vec<Vec<SiteIx>> {
    let mut graph = DiGraph::<(), ()>::with_capacity(sites, edges.len());
    for _ in 0..sites {
        graph.add_node(());
    }
    graph.extend_with_edges(edges.iter().map(|&(parent, child)| (parent.0, child.0)));

    // Not Tarjan's algorithm: petgraph's recurses, and how deep sites nest is the data's choice.
    let mut sets: Vec<Vec<SiteIx>> = kosaraju_scc(&graph)
        .into_iter()
        .filter(|set| set.len() > 1 || graph.contains_edge(set[0], set[0]))
        .map(|set| sorted(set.iter().map(|node| SiteIx::new(node.index()))))
        .collect();
    sets.sort_unstable();
    sets
}

/// Walks from each of the sources, which ascend, and gives a row for each site that it reaches,
/// sorted by source and site.
fn walks<T: Send>(
    next: &Lists<SiteIx>,
    sources: &[SiteIx],
    row: impl Fn(SiteIx, Reached) -> T + Sync,
) -> Vec<T> {
    // A chunk costs marks for all sites once: few chunks, and yet some for each thread to even out.
    let chunk = sources.len().div_ceil(4 * rayon::current_num_threads());
    let chunks: Vec<Vec<T>> = sources
        .par_chunks(chunk.max(64))
        .map(|sources| {
            let mut walk = Walk::new(next.len());
            let mut rows = Vec::with_capacity(sources.len());
            for &source in sources {
                rows.extend(walk.reach(source, next).iter().map(|&to| row(source, to)));
            }
            rows
        })
        .collect();
    let mut rows = Vec::with_capacity(chunks.iter().map(Vec::len).sum());
    chunks.into_iter().for_each(|chunk| rows.extend(chunk));
    rows
}

/// Breadth-first walks that share their memory; each source is walked from once.
struct Walk {
    /// By which source each site was seen last.
    seen: Vec<SiteIx>,
    reached: Vec<Reached>,
}

impl Walk {
    fn new(sites: usize) -> Self {
        // No site has this number: 2^32 sites would be needed.
        let nobody = SiteIx(u32::MAX);
        Walk {
            seen: vec![nobody; sites],
            reached: Vec::new(),
        }
    }

    /// What `source` reaches, itself included, sorted.
    fn reach(&mut self, source: SiteIx, next: &Lists<SiteIx>) -> &[Reached] {
        self.seen[source.index()] = source;
        self.reached.clear();
        self.reached.push((source, 0));
        let mut done = 0;
        while let Some(&(site, depth)) = self.reached.get(done) {
            done += 1;
            for &(_, to) in next.of(site) {
                if self.seen[to.index()] != source {
                    self.seen[to.index()] = source;
                    self.reached.push((to, depth + 1));
                }
            }
        }
        self.reached.sort_unstable();
        &self.reached
    }
}

/// A list for each site, all in one vector.
struct Lists<T> {
    ranges: Vec<Range<usize>>,
    items: Vec<(SiteIx, T)>,
}

impl<T: Ord + Send> Lists<T> {
    fn new(sites: usize, items: impl Iterator<Item = (SiteIx, T)>) -> Self {
        Self::from_sorted(sites, sorted(items))
    }

    fn from_sorted(sites: usize, items: Vec<(SiteIx, T)>) -> Self {
        let mut ranges = vec![0..0; sites];
        let mut start = 0;
        for list in items.chunk_by(|a, b| a.0 == b.0) {
            ranges[list[0].0.index()] = start..start + list.len();
            start += list.len();
        }
        Lists { ranges, items }
    }

    fn len(&self) -> usize {
        self.ranges.len()
    }

    fn of(&self, site: SiteIx) -> &[(SiteIx, T)] {
        &self.items[self.ranges[site.index()].clone()]
    }
}

/// All distinct items in order.
fn sorted<T: Ord + Send>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut items: Vec<T> = items.collect();
    items.par_sort_unstable();
    items.dedup();
    items
}
