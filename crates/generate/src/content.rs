//! The distinct records' text, each made when it is first needed.

use std::rc::Rc;

use crate::json::Text;
use crate::plan::{ChargingGroup, Plan, SiteIx, UserIx};
use crate::render::{self, Chargers, Slot};
use crate::tables::Tally;

/// Texts by site. Where nothing repeats nothing is kept, and memory stays small for any payload.
struct Cache<T> {
    slots: Vec<Option<Rc<T>>>,
}

impl<T> Cache<T> {
    fn new(plan: &Plan<'_>) -> Self {
        let kept = if plan.config.no_repeats {
            0
        } else {
            plan.site_count()
        };
        Self {
            slots: (0..kept).map(|_| None).collect(),
        }
    }

    fn get(&mut self, site: SiteIx, make: impl FnOnce() -> T) -> Rc<T> {
        match self.slots.get_mut(site.0 as usize) {
            Some(slot) => Rc::clone(slot.get_or_insert_with(|| Rc::new(make()))),
            None => Rc::new(make()),
        }
    }
}

/// All texts, and the rows of what was made so far. A record that is made is written: nothing is
/// counted that does not stand in the payload.
pub(crate) struct Content<'p> {
    plan: &'p Plan<'p>,
    pub(crate) tally: Tally,
    /// Bytes of all text made so far.
    pub(crate) bytes: u64,
    groups: Cache<Text<Slot>>,
    charging_sites: Cache<Text<Slot>>,
    charging_regions: Cache<Text<Slot>>,
    chargers: Cache<Chargers>,
    users: Cache<Vec<Text<Slot>>>,
    listed: Vec<Rc<Text<Slot>>>,
}

impl<'p> Content<'p> {
    pub(crate) fn new(plan: &'p Plan<'p>, tally: Tally) -> Self {
        let listed: Vec<_> = plan
            .operators
            .iter()
            .map(|operator| Rc::new(render::listed_operator(plan, operator)))
            .collect();
        Self {
            plan,
            tally,
            bytes: listed.iter().map(|text| text.bytes.len() as u64).sum(),
            groups: Cache::new(plan),
            charging_sites: Cache::new(plan),
            charging_regions: Cache::new(plan),
            chargers: Cache::new(plan),
            users: Cache::new(plan),
            listed,
        }
    }

    /// The payload's own fields; made anew, since it stands once.
    pub(crate) fn root(&mut self) -> Text<Slot> {
        let text = render::root(self.plan, &mut self.tally);
        counted(&mut self.bytes, text)
    }

    /// A site of the home tree; made anew, since it stands once.
    pub(crate) fn home_group(&mut self, site: SiteIx) -> Text<Slot> {
        let text = render::home_group(self.plan, site, &mut self.tally);
        counted(&mut self.bytes, text)
    }

    /// An operator with its groups; made anew, since it stands once.
    pub(crate) fn operator(&mut self, index: usize) -> Text<Slot> {
        let operator = &self.plan.operators[index];
        let text = render::operator(self.plan, operator, &mut self.tally);
        counted(&mut self.bytes, text)
    }

    /// An operator without its groups.
    pub(crate) fn listed_operator(&self, index: usize) -> Rc<Text<Slot>> {
        Rc::clone(&self.listed[index])
    }

    pub(crate) fn group(&mut self, site: SiteIx) -> Rc<Text<Slot>> {
        let (plan, bytes) = (self.plan, &mut self.bytes);
        self.groups
            .get(site, || counted(bytes, render::group(plan, site)))
    }

    pub(crate) fn charging_group(&mut self, group: ChargingGroup) -> Rc<Text<Slot>> {
        let (plan, bytes) = (self.plan, &mut self.bytes);
        match group {
            ChargingGroup::Whole(site) => self
                .charging_sites
                .get(site, || counted(bytes, render::charging_site(plan, site))),
            ChargingGroup::Above(region, site) => self.charging_regions.get(site, || {
                counted(bytes, render::charging_region(plan, region, site))
            }),
        }
    }

    pub(crate) fn chargers(&mut self, site: SiteIx) -> Rc<Chargers> {
        let (plan, tally, bytes) = (self.plan, &mut self.tally, &mut self.bytes);
        self.chargers.get(site, || {
            let chargers = render::chargers(plan, site, tally);
            *bytes += chargers.text.len() as u64;
            chargers
        })
    }

    pub(crate) fn users(&mut self, site: SiteIx) -> Rc<Vec<Text<Slot>>> {
        let (plan, tally, bytes) = (self.plan, &mut self.tally, &mut self.bytes);
        self.users.get(site, || {
            let name = plan.name(site);
            let users = (0..plan.users(site)).map(|nth| UserIx { site, nth });
            users
                .map(|user| counted(bytes, render::user(plan, user, &name, tally)))
                .collect()
        })
    }
}

fn counted(bytes: &mut u64, text: Text<Slot>) -> Text<Slot> {
    *bytes += text.bytes.len() as u64;
    text
}
