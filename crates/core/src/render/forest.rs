//! Where sites, operators and users stand in the canonical tree.
//!
//! The tables know of each edge in which of the three trees it stood, but not what stood at the top:
//! that follows from what stands nowhere below.

use super::edges::{Edges, relations};
use super::error::RenderError;
use super::{RowNo, Rows};
use crate::Table;
use crate::column::Value;
use crate::schema::{Kind, View};

/// The relations, and what follows from them.
pub(super) struct Forest {
    /// By kind and index of the member.
    edges: Vec<Vec<Edges>>,
    /// Sites that stand in `operatorGroups`, and in which tree they show what is below them.
    pub(super) tops: Vec<(RowNo, View)>,
    /// Operators that stand in `spareOperators`.
    pub(super) spare: Vec<RowNo>,
    /// For each site and tree, whether it stands there.
    stands: Vec<[bool; 3]>,
    /// For each operator, whether it stands outside of the sites of operators.
    pub(super) operator_at_home: Vec<bool>,
    /// For each user, whether it stands outside of the sites of users.
    pub(super) user_at_site: Vec<bool>,
}

impl Forest {
    pub(super) fn new(tables: &[Table], rows: &Rows<'_>) -> Result<Self, RenderError> {
        let mut edges: Vec<Vec<Edges>> = Vec::new();
        for kind in Kind::EACH {
            let of_kind = relations(kind.record()).map(|(index, name, child)| {
                Ok::<_, RenderError>((index, Edges::read(tables, rows, name, kind, child)?))
            });
            let mut by_member: Vec<Edges> = Vec::new();
            by_member.resize_with(kind.record().members.len(), Edges::default);
            for found in of_kind {
                let (index, found) = found?;
                by_member[index] = found;
            }
            edges.push(by_member);
        }
        let count = |kind| rows.table(kind).len();
        let mut forest = Forest {
            edges,
            tops: Vec::new(),
            spare: Vec::new(),
            stands: vec![[false; 3]; count(Kind::Site)],
            operator_at_home: vec![false; count(Kind::Operator)],
            user_at_site: vec![false; count(Kind::User)],
        };
        forest.place_sites(rows);
        forest.place_operators(rows);
        forest.place_rest(count);
        forest.find_users();
        Ok(forest)
    }

    /// The edges of a list.
    pub(super) fn edges(&self, kind: Kind, member: usize) -> &Edges {
        &self.edges[kind as usize][member]
    }

    /// What a record, in its tree, shows in one of its lists: with the trees that these stand in.
    pub(super) fn below(
        &self,
        (kind, row, view): (Kind, RowNo, Option<View>),
        member: usize,
        child: Kind,
    ) -> impl Iterator<Item = (RowNo, Option<View>)> {
        let of_site = (kind, child) == (Kind::Site, Kind::User);
        let shows = !of_site || view == Some(self.view_of_users(row));
        let within = view.filter(|_| child != Kind::User);
        let edges = match shows {
            true => self.edges(kind, member).of(row, within),
            false => &[],
        };
        let opens = match child {
            Kind::Site => kind.record().members[member].opens.or(view),
            _ => None,
        };
        edges.iter().map(move |edge| (edge.child, opens))
    }

    /// The tree in which a site shows its users, which the tables do not tell: the one that the API
    /// shows them in, where the site stands there.
    pub(super) fn view_of_users(&self, site: RowNo) -> View {
        let stands = self.stands[site as usize];
        let views = [View::Access, View::Home, View::Charging];
        let found = views.into_iter().find(|view| stands[*view as usize]);
        found.unwrap_or(View::Home)
    }

    fn list(&self, kind: Kind, wire: &str) -> &Edges {
        let members = kind.record().members.iter();
        let index = members.take_while(|member| member.wire != wire).count();
        self.edges(kind, index)
    }

    fn place_sites(&mut self, rows: &Rows<'_>) {
        let children = |edges: &Edges| edges.0.iter().map(|edge| edge.child).collect::<Vec<_>>();
        let access = children(self.list(Kind::Operator, "groups"));
        let charging = children(self.list(Kind::User, "chargerGroups"));
        self.spread(access, View::Access);
        self.spread(charging, View::Charging);

        let table = rows.table(Kind::Site);
        let is_spare = table.def.column("is_spare").unwrap_or_default();
        // What shows that a site stands in the home tree.
        let mut home: Vec<bool> = table
            .numbers()
            .map(|site| {
                let elsewhere = self.stands[site as usize].contains(&true);
                !elsewhere || table.cell(site, is_spare) != Value::Null
            })
            .collect();
        // In another tree, and yet nowhere below one: such a site stood at the root itself.
        for wire in ["subgroups", "operators", "chargers"] {
            for edge in &self.list(Kind::Site, wire).0 {
                let below = (wire == "subgroups").then_some(edge.child);
                for site in [Some(edge.owner), below].into_iter().flatten() {
                    if !self.stands[site as usize].contains(&true) {
                        home[site as usize] &= edge.view == Some(View::Home);
                    }
                }
            }
        }
        let mut below = vec![false; home.len()];
        for wire in ["subgroups", "operators", "chargers"] {
            for edge in &self.list(Kind::Site, wire).0 {
                home[edge.owner as usize] |= edge.view == Some(View::Home);
                if wire == "subgroups" && edge.view == Some(View::Home) && edge.owner != edge.child
                {
                    below[edge.child as usize] = true;
                    home[edge.child as usize] = true;
                }
            }
        }
        for site in table.numbers() {
            if home[site as usize] && !below[site as usize] {
                self.tops.push((site, View::Home));
            }
        }
        let tops = self.tops.iter().map(|&(site, _)| site).collect();
        self.spread(tops, View::Home);
        // What is left stands in a circle: its first site is on top.
        for site in table.numbers() {
            if home[site as usize] && !self.stands[site as usize][View::Home as usize] {
                self.tops.push((site, View::Home));
                self.spread(vec![site], View::Home);
            }
        }
        self.tops.sort_unstable();
    }

    /// Marks sites, and all below them in a tree, as standing in it.
    pub(super) fn spread(&mut self, mut sites: Vec<RowNo>, view: View) {
        while let Some(site) = sites.pop() {
            let stands = &mut self.stands[site as usize][view as usize];
            if std::mem::replace(stands, true) {
                continue;
            }
            let below = self.list(Kind::Site, "subgroups").of(site, Some(view));
            sites.extend(below.iter().map(|edge| edge.child));
        }
    }

    fn place_operators(&mut self, rows: &Rows<'_>) {
        let table = rows.table(Kind::Operator);
        let is_spare = table.def.column("is_spare").unwrap_or_default();
        for operator in table.numbers() {
            if table.cell(operator, is_spare) == Value::Bool(true) {
                self.spare.push(operator);
                self.operator_at_home[operator as usize] = true;
            }
        }
        for at in 0..self.list(Kind::Site, "operators").0.len() {
            let edge = self.list(Kind::Site, "operators").0[at];
            if edge.view == Some(View::Home) {
                self.operator_at_home[edge.child as usize] = true;
            }
        }
    }

    /// When it is known where the sites stand.
    fn find_users(&mut self) {
        for at in 0..self.list(Kind::Site, "users").0.len() {
            let edge = self.list(Kind::Site, "users").0[at];
            if self.view_of_users(edge.owner) != View::Charging {
                self.user_at_site[edge.child as usize] = true;
            }
        }
    }
}
