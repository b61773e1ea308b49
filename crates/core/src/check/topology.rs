//! Where things stand, and what leads to them.

use std::collections::HashSet;

use super::rows::{longs, texts};
use super::{Finding, FindingKind, Findings};
use crate::Dataset;

/// Parents that a message names.
const NAMED: usize = 5;

/// Sites below several others, over all views; a site that stands in itself does not count.
pub(super) fn sites_in_two_places(dataset: &Dataset) -> Findings<'_> {
    const TABLE: &str = "site_subsites";
    let parents = longs(dataset, TABLE, "parent_site_id").flatten();
    let mut edges: Vec<(i64, i64)> = longs(dataset, TABLE, "site_id")
        .flatten()
        .zip(parents)
        .filter(|(site, parent)| site != parent)
        .collect();
    edges.sort_unstable();
    edges.dedup();
    let sites = longs(dataset, "sites", "id").flatten().enumerate();
    Box::new(sites.filter_map(move |(row, site)| {
        let first = edges.partition_point(|edge| edge.0 < site);
        let end = edges.partition_point(|edge| edge.0 <= site);
        let parents = &edges[first..end];
        if parents.len() < 2 {
            return None;
        }
        let mut named: Vec<String> = parents
            .iter()
            .take(NAMED)
            .map(|(_, parent)| parent.to_string())
            .collect();
        if parents.len() > NAMED {
            named.push("…".to_owned());
        }
        let message = format!(
            "the site stands below {} sites: {}",
            parents.len(),
            named.join(", ")
        );
        let kind = FindingKind::SiteInTwoPlaces;
        Some(Finding::of_row(kind, "sites", row, site, "", message))
    }))
}

/// Chargers that stand at no site: those of users alone.
pub(super) fn chargers_without_site(dataset: &Dataset) -> Findings<'_> {
    let placed: HashSet<&str> = texts(dataset, "site_chargers", "charger_id")
        .flatten()
        .collect();
    let chargers = texts(dataset, "chargers", "charger_id").flatten();
    let lost = chargers
        .enumerate()
        .filter(move |(_, charger)| !placed.contains(charger));
    Box::new(lost.map(|(row, charger)| {
        let message = "the charger stands at no site".to_owned();
        let kind = FindingKind::ChargerWithoutSite;
        Finding::of_row(kind, "chargers", row, charger, "", message)
    }))
}

/// Operators that are authorised for no site.
pub(super) fn operators_without_reach(dataset: &Dataset) -> Findings<'_> {
    let reaching: HashSet<i64> = longs(dataset, "operator_access", "operator_id")
        .flatten()
        .collect();
    let operators = longs(dataset, "operators", "id").flatten();
    let idle = operators
        .enumerate()
        .filter(move |(_, operator)| !reaching.contains(operator));
    Box::new(idle.map(|(row, operator)| {
        let message = "the operator reaches no site".to_owned();
        let kind = FindingKind::OperatorWithoutReach;
        Finding::of_row(kind, "operators", row, operator, "", message)
    }))
}
