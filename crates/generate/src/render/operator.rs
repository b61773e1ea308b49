//! Operators.

use super::{Slot, content, key_order, spelling};
use crate::json::{Object, Text};
use crate::plan::{Operator, Plan, Role};
use crate::rng::Domain;
use crate::tables::Tally;
use crate::words::{FIRST_NAMES, LAST_NAMES};

/// Keeps the key orders of the two forms apart.
const LISTED: u64 = 100;

/// An operator with its groups.
pub(crate) fn operator(plan: &Plan<'_>, operator: &Operator, tally: &mut Tally) -> Text<Slot> {
    tally.add("operators", 1);
    if plan.config.drift {
        tally.extra("operators", "twoFactor");
    }
    render(plan, operator, Domain::Operator as u64, |o| {
        if plan.config.exclude_hierarchy {
            return;
        }
        if operator.groups.is_empty() {
            o.raw("groups", "[]");
        } else {
            o.list_hole("groups", Slot::OperatorGroups(operator.index as usize));
        }
    })
}

/// An operator as a site lists it: without groups, or the payload would never end.
pub(crate) fn listed_operator(plan: &Plan<'_>, operator: &Operator) -> Text<Slot> {
    render(plan, operator, LISTED, |o| {
        if !plan.config.exclude_hierarchy {
            o.raw("groups", "[]");
        }
    })
}

fn render(
    plan: &Plan<'_>,
    operator: &Operator,
    kind: u64,
    groups: impl FnOnce(&mut Object<'_, Slot>),
) -> Text<Slot> {
    let number = operator.index + 1;
    let rng = &mut content(plan.config, Domain::Operator, number.into());
    let spelling = spelling(rng);
    Text::object(key_order(plan.config, kind, number.into()), |o| {
        o.raw("id", number);
        let name = format!("{} {}", rng.pick(&FIRST_NAMES), rng.pick(&LAST_NAMES));
        o.string("name", &name, spelling);
        o.nullable("operatorId", rng, format_args!("op-{number:05}"));
        o.plain(
            "emailAddress",
            format_args!("operator{number}@voltree.example"),
        );
        if operator.role == Role::Spare {
            o.raw("homeGroupId", 0);
            o.plain("homeGroupName", format_args!(""));
        } else {
            o.raw("homeGroupId", operator.home.id());
            o.string("homeGroupName", &plan.name(operator.home), spelling);
        }
        o.raw("isAdminOperator", operator.role == Role::Admin);
        groups(o);
        if plan.config.drift {
            o.raw("twoFactor", rng.one_in(2));
        }
    })
}
