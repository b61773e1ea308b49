//! The canonical order: a record itself, then its lists, each element with all below it before the
//! next. "First" in the tables means first in this walk.

mod charger;
mod enter;
mod merge;

use std::collections::{BTreeMap, HashMap};

use super::{
    canonical::Classes,
    counts::Counts,
    document::{Document, NodeId, ROOT},
    findings::{Findings, Visit},
    identity::Identities,
    root::{self, Root},
    rows::{Cell, KeyCell, Rows},
};
use crate::{
    schema::View,
    tree::{Operator, OperatorTree, Record, Site, User, grow},
};

/// A payload on the way to its tables.
pub(super) struct Walk<'a> {
    pub(super) document: &'a Document<'a>,
    pub(super) rows: Rows,
    pub(super) findings: Findings,
    pub(super) counts: Counts,
    /// All records that were visited.
    pub(super) visits: HashMap<NodeId, Visit>,
    /// Where a site stands first in the text directly below another, by the two sites' ids.
    pub(super) subsites: BTreeMap<(KeyCell, KeyCell), NodeId>,
    classes: &'a Classes,
    identities: Identities,
}

/// Visits every record of a payload, however often it is repeated.
pub(super) fn walk<'a>(document: &'a Document<'a>, classes: &'a Classes, root: &Root) -> Walk<'a> {
    // The first walk only finds out which identities are taken before any placeholder is given.
    let first = Walk::new(document, classes, Identities::default()).run(root);
    Walk::new(document, classes, Identities::avoiding(first.identities)).run(root)
}

impl<'a> Walk<'a> {
    fn new(document: &'a Document<'a>, classes: &'a Classes, identities: Identities) -> Self {
        Walk {
            document,
            rows: Rows::default(),
            findings: Findings::default(),
            counts: Counts::default(),
            visits: HashMap::new(),
            subsites: BTreeMap::new(),
            classes,
            identities,
        }
    }

    fn run(mut self, root: &Root) -> Self {
        let visit = Visit {
            def: OperatorTree::DEF,
            key: Vec::new(),
            node: ROOT,
        };
        self.visits.insert(ROOT, visit.clone());
        match root {
            Root::Tree(tree) => self.tree(visit, tree),
            Root::Records(records, view) => {
                for (node, record) in records {
                    self.root_record(*node, record, *view);
                }
            }
        }
        self
    }

    /// A record that stands at the root itself.
    fn root_record(&mut self, node: NodeId, record: &root::Record, view: View) {
        match record {
            root::Record::Site(site) => {
                let visit = self.identify(&**site, node, Some(view));
                self.site(&visit, site, view);
            }
            root::Record::Operator(operator) => {
                let visit = self.identify(&**operator, node, None);
                self.operator(&visit, operator);
            }
        }
    }

    fn tree(&mut self, root: Visit, tree: &OperatorTree) {
        self.own_fields(&root, tree);
        for (_, site, node) in self.elements(&root, "operatorGroups", &tree.operator_groups) {
            let visit = self.identify(site, node, Some(View::Home));
            self.site(&visit, site, View::Home);
        }
        for (_, operator, node) in self.elements(&root, "spareOperators", &tree.spare_operators) {
            let visit = self.identify(operator, node, None);
            *self.rows.cell("operators", &visit.key, "is_spare") = Some(Cell::Bool(true));
            self.operator(&visit, operator);
        }
    }

    fn site(&mut self, visit: &Visit, site: &Site, view: View) {
        grow(|| {
            self.own_fields(visit, site);
            for (position, subsite, node) in self.elements(visit, "subgroups", &site.subgroups) {
                let below = self.identify(subsite, node, Some(view));
                self.relate(visit, "site_subsites", &below, Some(view), position);
                self.subsite(visit, &below);
                self.site(&below, subsite, view);
            }
            for (position, operator, node) in self.elements(visit, "operators", &site.operators) {
                let below = self.identify(operator, node, None);
                self.relate(visit, "site_operators", &below, Some(view), position);
                self.operator(&below, operator);
            }
            for (position, user, node) in self.elements(visit, "users", &site.users) {
                let below = self.identify(user, node, None);
                self.relate(visit, "site_users", &below, None, position);
                self.user(&below, user);
            }
            for (position, charger, node) in self.elements(visit, "chargers", &site.chargers) {
                let below = self.identify(charger, node, None);
                self.relate(visit, "site_chargers", &below, Some(view), position);
                self.charger(&below, charger);
            }
        });
    }

    /// A site directly below another one.
    fn subsite(&mut self, above: &Visit, below: &Visit) {
        let (parent, site) = (&above.key[0], &below.key[0]);
        let first = self
            .subsites
            .entry((parent.clone(), site.clone()))
            .or_insert(below.node);
        *first = below.node.min(*first);
        if parent != site {
            self.rows
                .cell("sites", &below.key, "parent_id")
                .get_or_insert(parent.cell());
        }
    }

    fn operator(&mut self, visit: &Visit, operator: &Operator) {
        self.rows
            .cell("operators", &visit.key, "is_spare")
            .get_or_insert(Cell::Bool(false));
        self.own_fields(visit, operator);
        for (position, site, node) in self.elements(visit, "groups", &operator.groups) {
            let below = self.identify(site, node, Some(View::Access));
            self.relate(visit, "operator_sites", &below, None, position);
            self.site(&below, site, View::Access);
        }
    }

    fn user(&mut self, visit: &Visit, user: &User) {
        self.own_fields(visit, user);
        for (_, tag, node) in self.elements(visit, "tags", &user.tags) {
            let below = self.identify(tag, node, None);
            self.own_fields(&below, tag);
            self.keep(&below, "user_id", visit.key[0].cell(), node);
        }
        for (position, site, node) in self.elements(visit, "chargerGroups", &user.charger_groups) {
            let below = self.identify(site, node, Some(View::Charging));
            self.relate(visit, "user_sites", &below, None, position);
            self.site(&below, site, View::Charging);
        }
        for (position, charger, node) in self.elements(visit, "chargers", &user.chargers) {
            let below = self.identify(charger, node, None);
            self.relate(visit, "user_chargers", &below, None, position);
            self.charger(&below, charger);
        }
        self.parts(
            visit,
            "integratedExternalIds",
            &user.integrated_external_ids,
        );
    }
}
