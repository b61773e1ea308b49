use std::collections::BTreeMap;

use proptest::{collection::vec, prelude::*};

use super::*;

const SITES: usize = 7;

/// Shortest distance from each site to each that it reaches over the edges (from, to): tries all ways
/// through one more site, then two more (Floyd and Warshall).
fn distances(edges: &[(SiteIx, SiteIx)]) -> BTreeMap<(SiteIx, SiteIx), u32> {
    let sites = || (0..SITES).map(SiteIx::new);
    let mut found: BTreeMap<_, _> = edges.iter().map(|&edge| (edge, 1)).collect();
    found.extend(sites().map(|site| ((site, site), 0)));
    for through in sites() {
        for (from, to) in sites().flat_map(|from| sites().map(move |to| (from, to))) {
            let ways = [
                found.get(&(from, through)).copied(),
                found.get(&(through, to)).copied(),
            ];
            if let [Some(first), Some(second)] = ways {
                let shortest = found.entry((from, to)).or_insert(u32::MAX);
                *shortest = first.saturating_add(second).min(*shortest);
            }
        }
    }
    found
}

fn site() -> impl Strategy<Value = SiteIx> {
    (0..SITES).prop_map(SiteIx::new)
}

fn some_edges() -> impl Strategy<Value = Vec<(SiteIx, SiteIx)>> {
    vec((site(), site()), 0..14)
}

fn some_grants() -> impl Strategy<Value = Vec<(OperatorIx, SiteIx)>> {
    vec(((0..3usize).prop_map(OperatorIx::new), site()), 0..8)
}

proptest! {
    #[test]
    fn ancestors_are_the_shortest_ways_up(edges in some_edges()) {
        let upward: Vec<_> = edges.iter().map(|&(parent, child)| (child, parent)).collect();
        let expected: Vec<_> = distances(&upward)
            .into_iter()
            .map(|((site, ancestor), depth)| (site, ancestor, depth))
            .collect();
        prop_assert_eq!(ancestors(SITES, &edges), expected);
    }

    #[test]
    fn access_is_what_stands_below_each_grant(edges in some_edges(), grants in some_grants()) {
        let below = distances(&edges);
        let mut expected: Vec<_> = grants
            .iter()
            .flat_map(|&(operator, via)| {
                below
                    .iter()
                    .filter(move |((from, _), _)| *from == via)
                    .map(move |(&(_, site), &depth)| (operator, site, via, depth))
            })
            .collect();
        expected.sort_unstable();
        expected.dedup();
        prop_assert_eq!(access(SITES, &edges, &grants), expected);
    }

    #[test]
    fn cycles_are_the_sites_that_reach_each_other(edges in some_edges()) {
        let reach = distances(&edges);
        let mut expected: Vec<Vec<SiteIx>> = (0..SITES)
            .map(SiteIx::new)
            .map(|a| {
                (0..SITES)
                    .map(SiteIx::new)
                    .filter(|&b| reach.contains_key(&(a, b)) && reach.contains_key(&(b, a)))
                    .collect()
            })
            .filter(|set: &Vec<SiteIx>| set.len() > 1 || edges.contains(&(set[0], set[0])))
            .collect();
        expected.dedup();
        expected.sort();
        expected.dedup();
        prop_assert_eq!(cycles(SITES, &edges), expected);
    }
}

/// 0 above 1 above 2 …
fn chain(sites: usize) -> Vec<(SiteIx, SiteIx)> {
    (1..sites)
        .map(|site| (SiteIx::new(site - 1), SiteIx::new(site)))
        .collect()
}

#[test]
fn a_long_chain_costs_no_stack() {
    let sites = 100_000;
    let mut edges = chain(sites);
    let work = move || {
        assert_eq!(cycles(sites, &edges), Vec::<Vec<SiteIx>>::new());
        edges.push((SiteIx::new(sites - 1), SiteIx::new(0)));
        let sets = cycles(sites, &edges);
        assert_eq!(sets.len(), 1);
        assert!(sets[0].iter().copied().eq((0..sites).map(SiteIx::new)));

        let grant = (OperatorIx::new(0), SiteIx::new(sites / 2));
        let reached = access(sites, &edges, &[grant]);
        assert_eq!(reached.len(), sites);
        assert_eq!(reached[sites / 2 - 1].3, sites as u32 - 1);
    };
    let small = std::thread::Builder::new().stack_size(128 << 10);
    small.spawn(work).unwrap().join().unwrap();
}

#[test]
fn threads_never_change_the_result() {
    // Wide and uneven enough for many chunks: each site below the one with half its number.
    let sites = 5_000;
    let edges: Vec<_> = (1..sites)
        .map(|site| (SiteIx::new(site / 2), SiteIx::new(site)))
        .collect();
    let grants: Vec<_> = (0..500)
        .map(|n| (OperatorIx::new(n % 37), SiteIx::new(n * 7 % sites)))
        .collect();
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let work = || (ancestors(sites, &edges), access(sites, &edges, &grants));
        pool.build().unwrap().install(work)
    };
    let one = on(1);
    assert!(one.0.is_sorted() && one.1.is_sorted());
    assert!(one == on(3));
}

#[test]
fn nothing_gives_nothing() {
    assert!(ancestors(0, &[]).is_empty());
    assert!(access(0, &[], &[]).is_empty());
    assert!(cycles(0, &[]).is_empty());
    let alone = SiteIx::new(0);
    assert_eq!(ancestors(1, &[]), [(alone, alone, 0)]);
    assert_eq!(cycles(1, &[(alone, alone)]), [[alone]]);
}
