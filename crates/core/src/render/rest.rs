//! What a tree would not show: records that stood at the root without a tree around them.

use super::RowNo;
use super::edges::relations;
use super::forest::Forest;
use crate::schema::{Kind, View};

/// What is shown below the root.
struct Reached {
    /// By [`Kind`]; for sites, in which trees.
    rows: [Vec<[bool; 3]>; Kind::EACH.len()],
}

impl Reached {
    fn from_root(forest: &Forest, counts: impl Fn(Kind) -> usize) -> Self {
        let mut reached = Reached {
            rows: Kind::EACH.map(|_| Vec::new()),
        };
        for kind in [Kind::Site, Kind::Operator, Kind::User] {
            reached.rows[kind as usize] = vec![[false; 3]; counts(kind)];
        }
        for &(site, view) in &forest.tops {
            reached.add(forest, Kind::Site, site, Some(view));
        }
        for &operator in &forest.spare {
            reached.add(forest, Kind::Operator, operator, None);
        }
        reached
    }

    fn has(&self, kind: Kind, row: RowNo) -> bool {
        self.rows[kind as usize][row as usize].contains(&true)
    }

    fn shows(&self, site: RowNo, view: View) -> bool {
        self.rows[Kind::Site as usize][site as usize][view as usize]
    }

    /// Adds a record with all that is shown below it. Nests on the heap.
    fn add(&mut self, forest: &Forest, kind: Kind, row: RowNo, view: Option<View>) {
        let mut open = vec![(kind, row, view)];
        while let Some((kind, row, view)) = open.pop() {
            let trees = &mut self.rows[kind as usize][row as usize];
            let tree = view.map_or(0, |view| view as usize);
            if std::mem::replace(&mut trees[tree], true) {
                continue;
            }
            for (member, child) in lists(kind) {
                let below = forest.below((kind, row, view), member, child);
                open.extend(below.map(|(row, view)| (child, row, view)));
            }
        }
    }
}

/// The lists that lead to others that have lists: index of the member, and kind.
fn lists(kind: Kind) -> impl Iterator<Item = (usize, Kind)> {
    let lists = relations(kind.record());
    lists.filter_map(|(member, _, child)| (child != Kind::Charger).then_some((member, child)))
}

impl Forest {
    /// Puts to the root what nothing leads to from there: first what nothing leads to at all, and then one
    /// record after the other, operators first, since they show all of their sites.
    pub(super) fn place_rest(&mut self, counts: impl Fn(Kind) -> usize) {
        let mut below = Kind::EACH.map(|_| Vec::new());
        for kind in [Kind::Site, Kind::Operator, Kind::User] {
            below[kind as usize] = vec![false; counts(kind)];
        }
        for kind in [Kind::Site, Kind::Operator, Kind::User] {
            for (member, child) in lists(kind) {
                for edge in &self.edges(kind, member).0 {
                    let itself = (kind, edge.owner) == (child, edge.child);
                    below[child as usize][edge.child as usize] |= !itself;
                }
            }
        }
        let mut reached = Reached::from_root(self, &counts);
        for also_below in [false, true] {
            for operator in 0..counts(Kind::Operator) as RowNo {
                let wanted = match below[Kind::Operator as usize][operator as usize] {
                    true => also_below && self.leads_on(operator),
                    false => true,
                };
                if wanted && !reached.has(Kind::Operator, operator) {
                    self.spare.push(operator);
                    self.operator_at_home[operator as usize] = true;
                    reached.add(self, Kind::Operator, operator, None);
                }
            }
            for site in 0..counts(Kind::Site) as RowNo {
                if also_below || !below[Kind::Site as usize][site as usize] {
                    for view in self.unshown(site, &reached, !also_below) {
                        self.tops.push((site, view));
                        self.spread(vec![site], view);
                        reached.add(self, Kind::Site, site, Some(view));
                    }
                }
            }
        }
    }

    /// The trees in which a site has what is not shown, or in which the site itself is to be.
    fn unshown(&self, site: RowNo, reached: &Reached, itself: bool) -> Vec<View> {
        let has = |view: Option<View>| {
            let mut lists = relations(Kind::Site.record());
            lists.any(|(member, ..)| !self.edges(Kind::Site, member).of(site, view).is_empty())
        };
        let mut views = View::ALL.to_vec();
        views.retain(|&view| has(Some(view)) && !reached.shows(site, view));
        // Of users no tree is known.
        let users = has(None) && !reached.shows(site, self.view_of_users(site));
        if views.is_empty() && (users || itself && !reached.has(Kind::Site, site)) {
            views.push(View::Home);
        }
        views
    }

    fn leads_on(&self, operator: RowNo) -> bool {
        let mut lists = lists(Kind::Operator);
        lists.any(|(member, _)| {
            !self
                .edges(Kind::Operator, member)
                .of_any_view(operator)
                .is_empty()
        })
    }
}
