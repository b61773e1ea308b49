//! From a record to those in its lists: which they are, and how they are related.

use super::{NodeId, Visit, Walk};
use crate::{
    plain::rows::{Cell, Key, KeyCell},
    schema::{self, Kind, RecordDef, Shape, View},
    tree::{Field, List, Record, Scalar},
};

impl Walk<'_> {
    /// Finds out which record this is, and sees to it that it has a row.
    pub(super) fn identify<R: Record>(
        &mut self,
        record: &R,
        node: NodeId,
        view: Option<View>,
    ) -> Visit {
        let kind = R::DEF.kind;
        let wire = R::DEF
            .identity_member()
            .expect("the kind has identities")
            .wire;
        let class = self.classes.class(node);
        self.counts.count(kind, view, class);

        let identity = match record.scalar(wire) {
            Scalar::Int(id) => Some(KeyCell::Int(id)),
            Scalar::Text(id) => Some(KeyCell::from(id)),
            _ => None,
        };
        let key = match &identity {
            Some(identity) => {
                self.identities.meet(kind, identity.clone());
                identity.clone()
            }
            None => self.identities.placeholder(kind, class),
        };
        let visit = self.visit(R::DEF, [key].into(), node);
        if identity.is_none() {
            let raw = self
                .document
                .member(node, wire)
                .map(|value| self.canonical(value));
            let message = format!("no usable identity; kept as {}", visit.key_text());
            self.anomaly(
                "missing_identity",
                &visit,
                wire,
                raw.unwrap_or_default(),
                node,
                message,
            );
        }
        visit
    }

    fn visit(&mut self, def: &'static RecordDef, key: Key, node: NodeId) -> Visit {
        let visit = Visit { def, key, node };
        let table = schema::table(def.table).expect("the kind has a table");
        self.rows.row(table, &visit.key);
        self.visits.insert(node, visit.clone());
        visit
    }

    /// A row of a relation, where there is none yet.
    pub(super) fn relate(
        &mut self,
        owner: &Visit,
        table: &'static str,
        below: &Visit,
        view: Option<View>,
        position: i64,
    ) {
        let mut key = vec![owner.key[0].clone(), below.key[0].clone()];
        key.extend(view.map(|view| KeyCell::from(view.as_str())));
        self.rows.add(table, key, vec![Some(Cell::Int(position))]);
    }

    /// A list of records that are parts of their owner.
    pub(super) fn parts<R: Record>(&mut self, owner: &Visit, wire: &str, list: &List<R>) {
        for (position, part, node) in self.elements(owner, wire, list) {
            let visit = self.visit(R::DEF, [owner.key[0].clone(), position.into()].into(), node);
            self.own_fields(&visit, part);
        }
    }

    /// The elements of a list that have the declared type, with their positions and places.
    pub(super) fn elements<'t, T>(
        &mut self,
        owner: &Visit,
        wire: &str,
        list: &'t List<T>,
    ) -> Vec<(i64, &'t T, NodeId)> {
        let member = owner.def.member(wire).expect("the list is declared");
        let expected = match member.shape {
            Shape::List(Kind::Capability | Kind::Relay) => "a text",
            _ => "an object",
        };
        let Some(list_node) = self.place(owner.node, member) else {
            return Vec::new();
        };
        let elements = match list {
            Field::Value(elements) => elements.as_slice(),
            Field::Other(_) => {
                self.wrong_type(owner, wire, list_node, "a list");
                &[]
            }
            Field::Absent | Field::Null => &[],
        };
        let mut found = Vec::new();
        for (position, (element, node)) in elements
            .iter()
            .zip(self.document.elements(list_node))
            .enumerate()
        {
            match element {
                Field::Value(element) => found.push((position as i64, element, *node)),
                Field::Other(_) => self.wrong_type(owner, wire, *node, expected),
                Field::Absent | Field::Null => {}
            }
        }
        found
    }
}
