//! Sites, as each of the three trees shows them, and the payload's root.

use super::{Slot, content, key_order, spelling};
use crate::json::{Nothing, Object, Text};
use crate::plan::{Plan, SiteIx};
use crate::rng::{Domain, Rng};
use crate::tables::Tally;

/// Which form of a site a key order is for; the domains of [`Domain`] stand below.
#[derive(Clone, Copy)]
enum Form {
    Root = 200,
    Home,
    Group,
    ChargingSite,
    ChargingRegion,
}

/// The payload.
pub(crate) fn root(plan: &Plan<'_>, tally: &mut Tally) -> Text<Slot> {
    Text::object(key_order(plan.config, Form::Root as u64, 0), |o| {
        o.list_hole("operatorGroups", Slot::HomeTree);
        o.list_hole("spareOperators", Slot::SpareOperators);
        if plan.config.drift {
            o.plain("apiVersion", format_args!("2024.10"));
            tally.extra("root", "apiVersion");
        }
    })
}

/// An OperatorGroup. Every site has exactly one, so sites are counted here.
pub(crate) fn home_group(plan: &Plan<'_>, site: SiteIx, tally: &mut Tally) -> Text<Slot> {
    tally.add("sites", 1);
    if plan.config.drift {
        tally.extra("sites", "timezone");
    }
    render(plan, site, Form::Home, |o, rng| {
        o.raw("isSpare", site == SiteIx::SPARE);
        let subsites = plan.subsites(site).len();
        list(o, "subgroups", rng, subsites, Slot::HomeSubgroups(site));
        let operators = if site == SiteIx::SPARE {
            plan.listed(site).len()
        } else {
            plan.at_home(site).len()
        };
        list(o, "operators", rng, operators, Slot::HomeOperators(site));
    })
}

/// A Group.
pub(crate) fn group(plan: &Plan<'_>, site: SiteIx) -> Text<Slot> {
    render(plan, site, Form::Group, |o, rng| {
        let subsites = plan.subsites(site).len();
        list(o, "subgroups", rng, subsites, Slot::Subgroups(site));
        list(
            o,
            "operators",
            rng,
            plan.listed(site).len(),
            Slot::Operators(site),
        );
        list(
            o,
            "users",
            rng,
            plan.users(site) as usize,
            Slot::Users(site),
        );
        list(
            o,
            "chargers",
            rng,
            plan.chargers(site).len(),
            Slot::Chargers(site),
        );
    })
}

/// A ChargerGroup with all the site's chargers.
pub(crate) fn charging_site(plan: &Plan<'_>, site: SiteIx) -> Text<Slot> {
    charging(plan, site, Form::ChargingSite, |o, rng| {
        o.nothing("subgroups", rng.pick(&Nothing::USUAL));
        list(
            o,
            "chargers",
            rng,
            plan.chargers(site).len(),
            Slot::Chargers(site),
        );
    })
}

/// The ChargerGroup of the region above a site, with this site alone in it.
pub(crate) fn charging_region(plan: &Plan<'_>, region: SiteIx, site: SiteIx) -> Text<Slot> {
    charging(plan, region, Form::ChargingRegion, |o, rng| {
        o.list_hole("subgroups", Slot::ChargingSite(site));
        o.nothing("chargers", rng.pick(&Nothing::USUAL));
    })
}

fn charging(
    plan: &Plan<'_>,
    site: SiteIx,
    form: Form,
    lists: impl FnOnce(&mut Object<'_, Slot>, &mut Rng),
) -> Text<Slot> {
    render(plan, site, form, |o, rng| {
        for key in ["onlineSocket", "offlineSocket", "errorSocket"] {
            let sockets = rng.below(20);
            o.nullable_number(key, rng, sockets);
        }
        lists(o, rng);
        let payer = 1 + rng.below(400);
        o.nullable_number("payerId", rng, payer);
        o.nullable("costId", rng, format_args!("cost-{}", site.0 % 7));
        o.nullable(
            "costName",
            rng,
            format_args!("Workplace tariff {}", site.0 % 7),
        );
        o.nullable_number("paymentRecipientId", rng, payer + 1);
    })
}

/// A site's fields of one tree, and then those that all trees share.
fn render(
    plan: &Plan<'_>,
    site: SiteIx,
    form: Form,
    fields: impl FnOnce(&mut Object<'_, Slot>, &mut Rng),
) -> Text<Slot> {
    // A form's own numbers, but the same for every occurrence of the form; what the forms share
    // must not differ, so it comes from the site's numbers.
    let index = u64::from(site.0);
    let own = &mut content(plan.config, Domain::Site, index * 8 + form as u64 % 8 + 1);
    let shared = &mut content(plan.config, Domain::Site, index * 8);
    let spelling = spelling(own);
    Text::object(key_order(plan.config, form as u64, index), |o| {
        fields(o, own);
        o.raw("id", site.id());
        o.string("groupName", &plan.name(site), spelling);
        o.raw("groupType", shared.below(5));
        o.nullable("externalId", shared, format_args!("site-{}", site.id()));
        if plan.config.drift {
            o.plain("timezone", format_args!("Europe/Helsinki"));
        }
    })
}

fn list(o: &mut Object<'_, Slot>, key: &str, rng: &mut Rng, length: usize, slot: Slot) {
    if length == 0 {
        o.nothing(key, rng.pick(&Nothing::USUAL));
    } else {
        o.list_hole(key, slot);
    }
}
