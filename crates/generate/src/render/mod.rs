//! The text of single records: each module knows one kind, with its keys in the API page's order.

mod charger;
mod operator;
mod site;
mod socket;
mod user;

pub(crate) use charger::{Chargers, chargers};
pub(crate) use operator::{listed_operator, operator};
pub(crate) use site::{charging_region, charging_site, group, home_group, root};
pub(crate) use user::user;

use crate::config::Config;
use crate::json::{Object, Spelling};
use crate::plan::{SiteIx, UserIx};
use crate::rng::{Domain, Path, Rng};

/// What belongs into a hole of a record's text.
#[derive(Clone, Copy)]
pub(crate) enum Slot {
    /// The root's `operatorGroups`.
    HomeTree,
    /// The root's `spareOperators`.
    SpareOperators,
    /// An OperatorGroup's `subgroups`.
    HomeSubgroups(SiteIx),
    /// An OperatorGroup's `operators`.
    HomeOperators(SiteIx),
    /// An operator's `groups`.
    OperatorGroups(usize),
    /// A Group's `subgroups`.
    Subgroups(SiteIx),
    /// A Group's `operators`.
    Operators(SiteIx),
    /// A Group's `users`.
    Users(SiteIx),
    /// A Group's or ChargerGroup's `chargers`.
    Chargers(SiteIx),
    /// A user's `chargerGroups`.
    ChargerGroups(UserIx),
    /// A user's `chargers`.
    UserChargers(UserIx),
    /// One ChargerGroup.
    ChargingSite(SiteIx),
}

/// The numbers that pick a record's content.
fn content(config: &Config, domain: Domain, index: u64) -> Rng {
    Rng::keyed(config.seed, domain, index)
}

/// The numbers that order a record's keys; none for the API's own order.
fn key_order(config: &Config, kind: u64, index: u64) -> Option<Rng> {
    let path = Path::start(config.seed, Domain::Shuffle).child(kind);
    config.shuffle_keys.then(|| path.child(index).numbers())
}

/// A record's spelling of text: `\u` escapes in one of four.
fn spelling(rng: &mut Rng) -> Spelling {
    if rng.one_in(4) {
        Spelling::Escaped
    } else {
        Spelling::Raw
    }
}

/// A list of strings and the rows it makes: a part of `choices`, now and then with a `null` among them.
fn strings<S: Copy>(object: &mut Object<'_, S>, key: &str, rng: &mut Rng, choices: &[&str]) -> u64 {
    let mut rows = 0;
    object.list(key, |list| {
        for choice in choices {
            match rng.below(16) {
                0 => list.null(),
                1..7 => {
                    list.plain(choice);
                    rows += 1;
                }
                _ => {}
            }
        }
    });
    rows
}
