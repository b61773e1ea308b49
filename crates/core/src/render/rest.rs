//! What a tree would not show: records that stood at the root without a tree around them.

use super::RowNo;
use super::forest::Forest;
use crate::schema::{Kind, View};

/// What is below the root, by whatever way.
struct Reached<'a> {
    forest: &'a Forest,
    /// By [`Kind`].
    rows: [Vec<bool>; Kind::ALL.len()],
}

impl<'a> Reached<'a> {
    fn from_root(forest: &'a Forest, counts: impl Fn(Kind) -> usize) -> Self {
        let rows = Kind::ALL.map(|_| Vec::new());
        let mut reached = Reached { forest, rows };
        for kind in [Kind::Site, Kind::Operator, Kind::User] {
            reached.rows[kind as usize] = vec![false; counts(kind)];
        }
        for &(site, _) in &forest.tops {
            reached.add(Kind::Site, site);
        }
        for &operator in &forest.spare {
            reached.add(Kind::Operator, operator);
        }
        reached
    }

    fn has(&self, kind: Kind, row: RowNo) -> bool {
        self.rows[kind as usize][row as usize]
    }

    /// Adds a record with all below it. Nests on the heap.
    fn add(&mut self, kind: Kind, row: RowNo) {
        let mut open = vec![(kind, row)];
        while let Some((kind, row)) = open.pop() {
            if std::mem::replace(&mut self.rows[kind as usize][row as usize], true) {
                continue;
            }
            for (member, child) in lists(kind) {
                let edges = self.forest.edges(kind, member).of_any_view(row);
                open.extend(edges.iter().map(|edge| (child, edge.child)));
            }
        }
    }
}

/// The lists that lead to others that have lists: index of the member, and kind.
fn lists(kind: Kind) -> impl Iterator<Item = (usize, Kind)> {
    let lists = super::edges::relations(kind.record());
    lists.filter_map(|(member, _, child)| (child != Kind::Charger).then_some((member, child)))
}

impl Forest {
    /// Puts to the root what nothing leads to from there: first what nothing leads to at all, and then one
    /// record after the other, operators first, since they show all of their sites.
    pub(super) fn place_rest(&mut self, counts: impl Fn(Kind) -> usize) {
        let mut below = Kind::ALL.map(|_| Vec::new());
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
        let (mut sites, mut operators) = (Vec::new(), Vec::new());
        for also_below in [false, true] {
            for kind in [Kind::Operator, Kind::Site] {
                for row in 0..counts(kind) as RowNo {
                    let wanted = match below[kind as usize][row as usize] {
                        true => also_below && self.leads_on(kind, row),
                        false => true,
                    };
                    if wanted && !reached.has(kind, row) {
                        reached.add(kind, row);
                        match kind {
                            Kind::Site => sites.push(row),
                            _ => operators.push(row),
                        }
                    }
                }
            }
        }
        for site in sites {
            let view = self.own_view(site);
            self.tops.push((site, view));
            self.spread(vec![site], view);
        }
        for operator in operators {
            self.spare.push(operator);
            self.operator_at_home[operator as usize] = true;
        }
    }

    fn leads_on(&self, kind: Kind, row: RowNo) -> bool {
        lists(kind).any(|(member, _)| !self.edges(kind, member).of_any_view(row).is_empty())
    }

    /// The tree in which a site has anything below it.
    fn own_view(&self, site: RowNo) -> View {
        let mut lists = super::edges::relations(Kind::Site.record());
        let view = lists.find_map(|(member, ..)| {
            let edges = self.edges(Kind::Site, member).of_any_view(site);
            edges.first()?.view
        });
        view.unwrap_or(View::Home)
    }
}
