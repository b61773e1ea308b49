//! What a right conversion of the payload yields, counted on the plan and never on the output.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::plan::{ChargingGroup, Plan, SiteIx, UserIx};
use crate::tables::Tally;
use crate::write::Occurrences;

/// What stands in a generated payload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Truth {
    /// Rows of each of the tables that the payload becomes, by name.
    pub tables: BTreeMap<&'static str, u64>,
    /// Bytes of the payload.
    pub bytes: u64,
    /// Bytes of all distinct records in compact form, each without the records below it. What
    /// `bytes` has beyond these repeats something (or is the white space of `pretty`).
    pub distinct_bytes: u64,
    /// How often records of each kind stand in the payload.
    pub occurrences: Occurrences,
}

/// Counts the rows of all relations, and of what is derived from them.
pub(crate) fn count_relations(plan: &Plan<'_>, tally: &mut Tally) {
    count_home_tree(plan, tally);
    let shown = count_access(plan, tally);
    count_charging(plan, &shown, tally);
}

/// The home tree has every edge between sites that there is, so it alone gives the closure.
fn count_home_tree(plan: &Plan<'_>, tally: &mut Tally) {
    for site in plan.all_sites() {
        let below = plan.subtree(site).len() as u64;
        tally.add("site_ancestors", below);
        tally.add("site_subsites", plan.subsites(site).len() as u64);
        let operators = if site == SiteIx::SPARE {
            plan.listed(site)
        } else {
            plan.at_home(site)
        };
        tally.add("site_operators", operators.len() as u64);
    }
}

/// The trees of the operators; returns all sites that stand in them.
fn count_access(plan: &Plan<'_>, tally: &mut Tally) -> BTreeSet<SiteIx> {
    let mut shown = BTreeSet::new();
    for operator in &plan.operators {
        tally.add("operator_sites", operator.groups.len() as u64);
        for &group in &operator.groups {
            let reached = plan.subtree(group);
            tally.add("operator_access", reached.len() as u64);
            shown.extend(reached);
        }
    }
    for &site in &shown {
        tally.add("site_subsites", plan.subsites(site).len() as u64);
        tally.add("site_operators", plan.listed(site).len() as u64);
        tally.add("site_users", plan.users(site).into());
        tally.add("site_chargers", plan.chargers(site).len() as u64);
    }
    shown
}

/// The trees of the drivers at these sites.
fn count_charging(plan: &Plan<'_>, shown: &BTreeSet<SiteIx>, tally: &mut Tally) {
    let mut whole = BTreeSet::new();
    let mut edges = BTreeSet::new();
    for &site in shown {
        for nth in 0..plan.users(site) {
            let charging = plan.charging(UserIx { site, nth });
            tally.add("user_sites", charging.groups.len() as u64);
            tally.add("user_chargers", charging.chargers.len() as u64);
            for group in charging.groups {
                match group {
                    ChargingGroup::Whole(site) => whole.insert(site),
                    ChargingGroup::Above(region, site) => {
                        whole.insert(site);
                        edges.insert((region, site))
                    }
                };
            }
        }
    }
    tally.add("site_subsites", edges.len() as u64);
    let chargers = whole
        .into_iter()
        .map(|site| plan.chargers(site).len() as u64);
    tally.add("site_chargers", chargers.sum());
}
