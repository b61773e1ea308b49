//! Who stands where: the tree of sites, the operators, and what each of them and each driver sees.
//!
//! Pure arithmetic on the configuration. The writer walks it and the truth counts it, so that
//! neither needs the other.

use std::ops::Range;

use crate::config::Config;
use crate::words::{CITIES, PLACES};

/// Sites in a region.
const SITES_PER_REGION: u32 = 5;

/// A site of any level: the root, the group of spare operators, the regions, then the sites with chargers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SiteIx(pub(crate) u32);

impl SiteIx {
    pub(crate) const ROOT: Self = Self(0);
    pub(crate) const SPARE: Self = Self(1);

    pub(crate) fn id(self) -> u64 {
        u64::from(self.0) + 1
    }
}

/// A driver: the `nth` of a site.
#[derive(Clone, Copy)]
pub(crate) struct UserIx {
    pub(crate) site: SiteIx,
    pub(crate) nth: u32,
}

/// What an operator may do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Admin,
    Regional,
    Local,
    Spare,
}

/// An operator.
pub(crate) struct Operator {
    pub(crate) index: u32,
    pub(crate) role: Role,
    pub(crate) home: SiteIx,
    /// The sites it is authorised for, all different.
    pub(crate) groups: Vec<SiteIx>,
}

/// What a driver may charge at.
#[derive(Default)]
pub(crate) struct Charging {
    pub(crate) groups: Vec<ChargingGroup>,
    /// Single chargers of the driver's own site, by their place in it.
    pub(crate) chargers: Vec<u32>,
}

/// A site of a driver's charging tree.
#[derive(Clone, Copy)]
pub(crate) enum ChargingGroup {
    /// The site with all its chargers.
    Whole(SiteIx),
    /// The region above a site, with that site alone in it.
    Above(SiteIx, SiteIx),
}

/// The whole arrangement.
pub(crate) struct Plan<'a> {
    pub(crate) config: &'a Config,
    pub(crate) operators: Vec<Operator>,
    regions: u32,
    sites: u32,
    /// Operators by home site.
    at_home: Vec<Vec<usize>>,
}

impl<'a> Plan<'a> {
    pub(crate) fn new(config: &'a Config) -> Self {
        let sites = config.chargers.div_ceil(config.per_site);
        let mut plan = Self {
            config,
            operators: Vec::new(),
            regions: sites.div_ceil(SITES_PER_REGION),
            sites,
            at_home: Vec::new(),
        };
        let roles = [
            (Role::Admin, config.admins),
            (Role::Regional, config.regional),
            (Role::Local, config.local),
            (Role::Spare, config.spare),
        ];
        let all = roles
            .into_iter()
            .flat_map(|(role, count)| (0..count).map(move |nth| (role, nth)));
        plan.operators = (0..)
            .zip(all)
            .map(|(index, (role, nth))| plan.operator(index, role, nth))
            .collect();
        plan.at_home = vec![Vec::new(); plan.site_count() as usize];
        for (index, operator) in plan.operators.iter().enumerate() {
            plan.at_home[operator.home.0 as usize].push(index);
        }
        plan
    }

    fn operator(&self, index: u32, role: Role, nth: u32) -> Operator {
        let (home, mut groups) = match role {
            Role::Admin => (SiteIx::ROOT, vec![SiteIx::ROOT]),
            Role::Regional => {
                let region = self.region(nth);
                // Every fourth reaches one of its sites by two ways.
                let twice = nth.is_multiple_of(4).then(|| self.children(region).start);
                let groups = std::iter::once(region).chain(twice.map(SiteIx)).collect();
                (region, groups)
            }
            Role::Local => {
                let home = self.site(nth);
                let other = self.site(nth + self.sites / 2);
                let second = (nth.is_multiple_of(8) && other != home).then_some(other);
                (home, std::iter::once(home).chain(second).collect())
            }
            Role::Spare => (SiteIx::SPARE, vec![self.site(nth * 7)]),
        };
        if self.config.exclude_hierarchy {
            groups.clear();
        } else if self.config.no_repeats {
            groups = if index == 0 {
                vec![SiteIx::ROOT]
            } else {
                Vec::new()
            };
        }
        Operator {
            index,
            role,
            home,
            groups,
        }
    }

    fn region(&self, nth: u32) -> SiteIx {
        SiteIx(2 + nth % self.regions)
    }

    fn site(&self, nth: u32) -> SiteIx {
        SiteIx(2 + self.regions + nth % self.sites)
    }

    /// Sites of all levels.
    pub(crate) fn site_count(&self) -> u32 {
        2 + self.regions + self.sites
    }

    pub(crate) fn all_sites(&self) -> impl Iterator<Item = SiteIx> + use<> {
        (0..self.site_count()).map(SiteIx)
    }

    /// The place of a site among those with chargers; none for the levels above.
    fn nth(&self, site: SiteIx) -> Option<u32> {
        site.0.checked_sub(2 + self.regions)
    }

    fn children(&self, site: SiteIx) -> Range<u32> {
        let first_site = 2 + self.regions;
        match site {
            SiteIx::ROOT => 2..first_site,
            SiteIx(index) if (2..first_site).contains(&index) => {
                let start = (index - 2) * SITES_PER_REGION;
                let end = (start + SITES_PER_REGION).min(self.sites);
                first_site + start..first_site + end
            }
            _ => 0..0,
        }
    }

    /// The sites right below.
    pub(crate) fn subsites(&self, site: SiteIx) -> impl ExactSizeIterator<Item = SiteIx> + use<> {
        self.children(site).map(SiteIx)
    }

    /// The site and all below it.
    pub(crate) fn subtree(&self, site: SiteIx) -> Vec<SiteIx> {
        let mut all = vec![site];
        let mut next = 0;
        while let Some(&site) = all.get(next) {
            all.extend(self.subsites(site));
            next += 1;
        }
        all
    }

    pub(crate) fn name(&self, site: SiteIx) -> String {
        let pick = |words: &[&'static str], n: u32| words[n as usize % words.len()];
        match (site, self.nth(site)) {
            (SiteIx::ROOT, _) => "Voltree Energia \u{26a1}".to_owned(),
            (SiteIx::SPARE, _) => "SpareGroup".to_owned(),
            (SiteIx(index), None) => {
                format!("Region {} {}", pick(&CITIES, index).trim(), index - 1)
            }
            (_, Some(nth)) => format!(
                "{} {} {}",
                pick(&CITIES, nth),
                pick(&PLACES, nth / 3),
                nth + 1
            ),
        }
    }

    /// The chargers at a site, by their number in the payload.
    pub(crate) fn chargers(&self, site: SiteIx) -> Range<u32> {
        let Some(nth) = self.nth(site) else {
            return 0..0;
        };
        // Fits: a site exists only where its first charger does.
        let start = nth * self.config.per_site;
        start
            ..start
                .saturating_add(self.config.per_site)
                .min(self.config.chargers)
    }

    /// Drivers at a site.
    pub(crate) fn users(&self, site: SiteIx) -> u32 {
        self.nth(site).map_or(0, |_| self.config.users_per_site)
    }

    /// A driver's number in the payload.
    pub(crate) fn user_number(&self, user: UserIx) -> u64 {
        let before = u64::from(self.nth(user.site).unwrap_or(0));
        before * u64::from(self.config.users_per_site) + u64::from(user.nth)
    }

    /// What a driver may charge at: mostly all of the home site; a few have another site too, a few
    /// have their site inside its region or nothing, and one in four has two single chargers instead.
    pub(crate) fn charging(&self, user: UserIx) -> Charging {
        let Some(nth) = self.nth(user.site) else {
            return Charging::default();
        };
        if self.config.no_repeats {
            return Charging::default();
        }
        if user.nth % 4 == 3 {
            let count = self.chargers(user.site).len() as u32;
            let mut chargers = vec![user.nth % count, (user.nth + 1) % count];
            chargers.dedup();
            return Charging {
                groups: Vec::new(),
                chargers,
            };
        }
        let groups = match user.nth % 16 {
            1 => vec![ChargingGroup::Above(
                self.region(nth / SITES_PER_REGION),
                user.site,
            )],
            5 => {
                let other = self.site(nth + 1);
                let second = (other != user.site).then_some(ChargingGroup::Whole(other));
                let own = ChargingGroup::Whole(user.site);
                std::iter::once(own).chain(second).collect()
            }
            9 => Vec::new(),
            _ => vec![ChargingGroup::Whole(user.site)],
        };
        Charging {
            groups,
            chargers: Vec::new(),
        }
    }

    /// Operators whose home is this site.
    pub(crate) fn at_home(&self, site: SiteIx) -> &[usize] {
        &self.at_home[site.0 as usize]
    }

    /// Operators listed at a site without their groups. Those that have no home stand so in their
    /// own group of the home tree, all others inside the groups of operators.
    pub(crate) fn listed(&self, site: SiteIx) -> &[usize] {
        if self.config.no_repeats {
            return &[];
        }
        self.at_home(site)
    }
}
