//! The tables `conflicts` and `anomalies`, and what is found after the walk only.

use std::collections::BTreeSet;

use super::{
    canonical::canonical,
    derived,
    document::{NodeId, Step},
    findings::{Anomaly, Conflict, Visit},
    rows::{Cell, KeyCell, key_text},
    walk::Walk,
};
use crate::schema::Kind;

/// Adds the rows of `conflicts` and `anomalies`. Needs the rows of `site_ancestors`.
pub(super) fn add(walk: &mut Walk<'_>) {
    find_duplicate_keys(walk);
    find_cycles(walk);

    for (conflict, (kept, node)) in std::mem::take(&mut walk.findings.conflicts) {
        let Conflict {
            entity,
            key,
            field,
            other,
        } = conflict;
        let key = [entity, &key, &field, &other].map(KeyCell::from);
        let path = walk.document.path(node);
        let cells = [kept, path].map(|text| Some(Cell::Text(text)));
        walk.rows.add("conflicts", key.into(), cells.into());
    }

    let mut anomalies: Vec<_> = std::mem::take(&mut walk.findings.anomalies)
        .into_iter()
        .collect();
    anomalies.sort_by_key(|(_, (node, _))| *node);
    let places = walk
        .document
        .places(anomalies.iter().map(|(_, (node, _))| *node));
    for ((anomaly, (_, message)), place) in anomalies.into_iter().zip(places) {
        let Anomaly {
            kind,
            entity,
            key,
            field,
            raw,
        } = anomaly;
        let key = [kind, entity, &key, &field, &raw].map(KeyCell::from);
        let cells = [
            Cell::Text(place.path),
            Cell::Int(place.offset as i64),
            Cell::Int(place.line as i64),
            Cell::Int(place.column as i64),
            Cell::Text(message),
        ];
        walk.rows
            .add("anomalies", key.into(), cells.map(Some).into());
    }
}

/// Finds the values that lost to a later equal key, wherever they stand.
fn find_duplicate_keys(walk: &mut Walk<'_>) {
    for &lost in walk.document.lost() {
        let (visit, field) = owner(walk, lost);
        let anomaly = Anomaly {
            kind: "duplicate_key",
            entity: visit.entity(),
            key: visit.key_text(),
            field,
            raw: canonical(walk.document, lost),
        };
        let message = "the key stands again in the same object; the last value counts";
        walk.findings.anomaly(anomaly, lost, message.to_owned());
    }
}

/// The nearest record around a value, and the way from there. What lost was not visited, and is no
/// record.
fn owner<'w>(walk: &'w Walk<'_>, node: NodeId) -> (&'w Visit, String) {
    let mut steps = Vec::new();
    let mut at = node;
    let visit = loop {
        let (parent, step) = walk.document.parent(at).expect("the root is a record");
        steps.push(match step {
            Step::Key(key) => format!(".{key}"),
            Step::Index(index) => format!("[{index}]"),
        });
        at = *parent;
        if let Some(visit) = walk.visits.get(&at) {
            break visit;
        }
    };
    steps.reverse();
    (visit, steps.concat().split_off(1))
}

/// Finds the sets of sites that contain each other.
fn find_cycles(walk: &mut Walk<'_>) {
    for set in derived::cycles(&walk.rows) {
        let within =
            |(above, below): &(KeyCell, KeyCell)| set.contains(above) && set.contains(below);
        let places = walk.subsites.iter().filter(|(edge, _)| within(edge));
        let first = places
            .map(|(_, node)| *node)
            .min()
            .expect("a cycle has edges");
        let message = match set.len() {
            1 => "the site contains itself".to_owned(),
            count => format!("{count} sites contain each other"),
        };
        walk.findings.anomaly(cycle(&set), first, message);
    }
}

fn cycle(set: &BTreeSet<KeyCell>) -> Anomaly {
    let ids: Vec<String> = set
        .iter()
        .map(|id| key_text(std::slice::from_ref(id)))
        .collect();
    Anomaly {
        kind: "cycle",
        entity: Kind::Site.record().table,
        key: ids[0].clone(),
        field: "subgroups".to_owned(),
        raw: format!("[{}]", ids.join(",")),
    }
}
