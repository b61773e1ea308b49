//! References that the API gives, and that may point outside of the payload.

use std::collections::HashSet;

use super::rows::{longs, texts};
use super::{Finding, FindingKind, Findings};
use crate::Dataset;

/// Chargers whose `groupId` is no site.
pub(super) fn groups(dataset: &Dataset) -> Findings<'_> {
    let keys = texts(dataset, "chargers", "charger_id").map(Option::unwrap_or_default);
    let groups = longs(dataset, "chargers", "group_id");
    let kind = FindingKind::DanglingGroupId;
    Box::new(dangling(
        dataset,
        kind,
        ("chargers", "groupId"),
        keys,
        groups,
    ))
}

/// Operators, then users, whose `homeGroupId` is no site.
pub(super) fn home_groups(dataset: &Dataset) -> Findings<'_> {
    let tables = ["operators", "users"].into_iter();
    Box::new(tables.flat_map(move |table| {
        let keys = longs(dataset, table, "id").map(Option::unwrap_or_default);
        let groups = longs(dataset, table, "home_group_id");
        let kind = FindingKind::DanglingHomeGroupId;
        dangling(dataset, kind, (table, "homeGroupId"), keys, groups)
    }))
}

fn dangling<'a, K: ToString>(
    dataset: &'a Dataset,
    kind: FindingKind,
    (table, field): (&'static str, &'static str),
    keys: impl Iterator<Item = K> + 'a,
    groups: impl Iterator<Item = Option<i64>> + 'a,
) -> impl Iterator<Item = Finding> + 'a {
    let sites: HashSet<i64> = longs(dataset, "sites", "id").flatten().collect();
    let rows = keys.zip(groups).enumerate();
    rows.filter_map(move |(row, (key, group))| {
        let group = group.filter(|group| !sites.contains(group))?;
        let message = format!("{field} {group} is no site of the payload");
        Some(Finding::of_row(kind, table, row, key, field, message))
    })
}
