//! Tables that follow from other tables: ancestors, access, EVSEs; and cycles.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::rows::{Cell, KeyCell, Rows, key_text};

/// Sites by the sites next to them, in one direction.
type Neighbours = BTreeMap<KeyCell, BTreeSet<KeyCell>>;

/// Adds the rows of `site_ancestors` and `operator_access`.
pub(super) fn add_closures(rows: &mut Rows) {
    let (mut above, mut below) = (Neighbours::new(), Neighbours::new());
    for edge in rows.table("site_subsites").keys() {
        above
            .entry(edge[1].clone())
            .or_default()
            .insert(edge[0].clone());
        below
            .entry(edge[0].clone())
            .or_default()
            .insert(edge[1].clone());
    }
    let sites: Vec<KeyCell> = rows
        .table("sites")
        .keys()
        .map(|key| key[0].clone())
        .collect();
    for site in sites {
        for (ancestor, depth) in distances(&site, &above) {
            rows.add(
                "site_ancestors",
                vec![site.clone(), ancestor],
                vec![Some(Cell::Int(depth))],
            );
        }
    }
    let granted: Vec<_> = rows.table("operator_sites").keys().cloned().collect();
    for key in granted {
        let [operator, via] = &key[..] else {
            unreachable!("the key is an operator and a site")
        };
        for (site, depth) in distances(via, &below) {
            let key = vec![operator.clone(), site, via.clone()];
            rows.add("operator_access", key, vec![Some(Cell::Int(depth))]);
        }
    }
}

/// How far each site is that can be reached, breadth first.
fn distances(start: &KeyCell, neighbours: &Neighbours) -> BTreeMap<KeyCell, i64> {
    let mut distances = BTreeMap::from([(start.clone(), 0)]);
    let mut queue = VecDeque::from([start.clone()]);
    while let Some(site) = queue.pop_front() {
        let distance = distances[&site] + 1;
        for next in neighbours.get(&site).into_iter().flatten() {
            if !distances.contains_key(next) {
                distances.insert(next.clone(), distance);
                queue.push_back(next.clone());
            }
        }
    }
    distances
}

/// The sets of sites that contain each other. Needs the rows of `site_ancestors`.
pub(super) fn cycles(rows: &Rows) -> Vec<BTreeSet<KeyCell>> {
    let ancestors = rows.table("site_ancestors");
    let mut sets: BTreeMap<&KeyCell, BTreeSet<KeyCell>> = BTreeMap::new();
    for key in ancestors.keys() {
        if ancestors.contains_key(&[key[1].clone(), key[0].clone()][..]) {
            sets.entry(&key[0]).or_default().insert(key[1].clone());
        }
    }
    let edges = rows.table("site_subsites").keys();
    let contain_themselves: BTreeSet<&KeyCell> = edges
        .filter(|edge| edge[0] == edge[1])
        .map(|edge| &edge[0])
        .collect();
    sets.into_iter()
        .filter(|(site, set)| set.first() == Some(*site))
        .filter(|(site, set)| set.len() > 1 || contain_themselves.contains(site))
        .map(|(_, set)| set)
        .collect()
}

/// The rows of `evses`: one a charger, or one a socket where the charger says so.
pub(super) fn evses(rows: &Rows) -> Vec<Vec<Option<Cell>>> {
    let mut evses = Vec::new();
    for charger in rows.table("chargers").keys() {
        let split = rows.get("chargers", charger, "split_evse_by_socket");
        let evse_id = rows.get("chargers", charger, "evse_id");
        let mut add = |socket: Option<&Cell>| {
            let uid = key_text(charger) + &socket.map(Cell::text).unwrap_or_default();
            let charger = charger[0].cell();
            evses.push(vec![
                Some(Cell::Text(uid)),
                Some(charger),
                socket.cloned(),
                evse_id.cloned(),
            ]);
        };
        if split != Some(&Cell::Bool(true)) {
            add(None);
            continue;
        }
        let from_here = rows.table("sockets").range(charger.clone()..);
        for (socket, _) in from_here.take_while(|(socket, _)| socket[0] == charger[0]) {
            add(rows.get("sockets", socket, "id"));
        }
    }
    evses
}
