//! Streams the payload: walks the plan and fills the holes of the records' text.
//!
//! The nesting is as deep as the plan (root, region, site, driver, region, site), so recursion is
//! safe here.

use std::io::{self, Write};

use serde::Serialize;

use crate::content::Content;
use crate::json::Text;
use crate::plan::{ChargingGroup, Plan, SiteIx, UserIx};
use crate::render::{Chargers, Slot};
use crate::rng::{Domain, Path};
use crate::volatile::Volatile;

/// How often records of each kind stand in a payload.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Occurrences {
    /// OperatorGroups, Groups and ChargerGroups.
    pub sites: u64,
    /// Operators, with and without their groups.
    pub operators: u64,
    /// Drivers.
    pub users: u64,
    /// Chargers.
    pub chargers: u64,
}

/// Writes one payload.
pub(crate) struct Writer<'p, W> {
    plan: &'p Plan<'p>,
    out: W,
    pub(crate) content: Content<'p>,
    pub(crate) volatile: Volatile,
    pub(crate) occurrences: Occurrences,
}

impl<'p, W: Write> Writer<'p, W> {
    pub(crate) fn new(plan: &'p Plan<'p>, out: W, content: Content<'p>) -> Self {
        Self {
            plan,
            out,
            content,
            volatile: Volatile::new(plan.config),
            occurrences: Occurrences::default(),
        }
    }

    pub(crate) fn payload(&mut self) -> io::Result<()> {
        let root = self.content.root();
        let path = Path::start(self.plan.config.seed, Domain::Occurrence);
        self.text(&root, path)?;
        self.out.flush()
    }

    fn text(&mut self, text: &Text<Slot>, path: Path) -> io::Result<()> {
        for (run, slot) in text.parts() {
            self.out.write_all(run)?;
            if let Some(slot) = slot {
                self.fill(slot, path)?;
            }
        }
        Ok(())
    }

    /// Writes the elements of a list. `path` says where the list's owner stands.
    fn fill(&mut self, slot: Slot, path: Path) -> io::Result<()> {
        let plan = self.plan;
        match slot {
            Slot::HomeTree => {
                self.each([SiteIx::ROOT, SiteIx::SPARE], |w, site| w.home(site, path))
            }
            Slot::HomeSubgroups(site) => {
                self.each(plan.subsites(site), |w, site| w.home(site, path))
            }
            // The spare operators stand in full elsewhere.
            Slot::HomeOperators(site @ SiteIx::SPARE) => self.fill(Slot::Operators(site), path),
            Slot::HomeOperators(site) => self.operators(plan.at_home(site), path),
            Slot::SpareOperators => self.operators(plan.at_home(SiteIx::SPARE), path),
            Slot::OperatorGroups(operator) => {
                let groups = plan.operators[operator].groups.iter();
                self.each(groups, |w, &site| w.group(site, path))
            }
            Slot::Subgroups(site) => self.each(plan.subsites(site), |w, site| w.group(site, path)),
            Slot::Operators(site) => self.each(plan.listed(site), |w, &operator| {
                w.occurrences.operators += 1;
                let text = w.content.listed_operator(operator);
                w.text(&text, path)
            }),
            Slot::Users(site) => {
                let users = self.content.users(site);
                self.each((0..).zip(users.iter()), |w, (nth, text)| {
                    w.occurrences.users += 1;
                    w.text(text, path.child(nth))
                })
            }
            Slot::Chargers(site) => self.chargers(site, path),
            Slot::ChargerGroups(user) => {
                let groups = plan.charging(user).groups;
                self.each(groups, |w, group| w.charging(group, path))
            }
            Slot::ChargingSite(site) => self.charging(ChargingGroup::Whole(site), path),
            Slot::UserChargers(user) => self.single_chargers(user, path),
        }
    }

    /// One element after another, with commas between them.
    fn each<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T) -> io::Result<()>,
    ) -> io::Result<()> {
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.out.write_all(b",")?;
            }
            write(self, item)?;
        }
        Ok(())
    }

    fn home(&mut self, site: SiteIx, path: Path) -> io::Result<()> {
        self.occurrences.sites += 1;
        let text = self.content.home_group(site);
        self.text(&text, path)
    }

    fn operators(&mut self, operators: &[usize], path: Path) -> io::Result<()> {
        self.each(operators, |w, &operator| {
            w.occurrences.operators += 1;
            let text = w.content.operator(operator);
            w.text(&text, path.child(operator as u64))
        })
    }

    fn group(&mut self, site: SiteIx, path: Path) -> io::Result<()> {
        self.occurrences.sites += 1;
        let text = self.content.group(site);
        self.text(&text, path.child(site.id()))
    }

    fn charging(&mut self, group: ChargingGroup, path: Path) -> io::Result<()> {
        self.occurrences.sites += 1;
        let text = self.content.charging_group(group);
        let (ChargingGroup::Whole(site) | ChargingGroup::Above(site, _)) = group;
        self.text(&text, path.child(site.id()))
    }

    fn chargers(&mut self, site: SiteIx, path: Path) -> io::Result<()> {
        let chargers = self.content.chargers(site);
        if self.volatile.is_off() {
            self.occurrences.chargers += chargers.each.len() as u64;
            return self.out.write_all(&chargers.text);
        }
        let all = 0..chargers.each.len();
        self.each(all, |w, nth| w.charger(&chargers, nth, site, path))
    }

    fn single_chargers(&mut self, user: UserIx, path: Path) -> io::Result<()> {
        let chargers = self.content.chargers(user.site);
        let single = self.plan.charging(user).chargers;
        self.each(single, |w, nth| {
            w.charger(&chargers, nth as usize, user.site, path)
        })
    }

    fn charger(
        &mut self,
        chargers: &Chargers,
        nth: usize,
        site: SiteIx,
        path: Path,
    ) -> io::Result<()> {
        self.occurrences.chargers += 1;
        let charger = &chargers.each[nth];
        let number = u64::from(self.plan.chargers(site).start) + nth as u64;
        let Some(time) = self.volatile.last_seen(charger.time, number, path) else {
            return self.out.write_all(&chargers.text[charger.text.clone()]);
        };
        let value = &charger.last_seen;
        self.out
            .write_all(&chargers.text[charger.text.start..value.start])?;
        self.out.write_all(&time)?;
        self.out
            .write_all(&chargers.text[value.end..charger.text.end])
    }
}
