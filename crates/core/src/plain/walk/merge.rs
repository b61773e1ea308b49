//! What one record gives to the rows, and to the findings.

use super::{NodeId, Visit, Walk};
use crate::{
    plain::{
        canonical::canonical,
        findings::Anomaly,
        rows::{Cell, Key, KeyCell},
        scalars::{self, Misfit},
    },
    schema::{self, Kind, Member, RecordDef, Shape, Type, View},
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

    /// The place of an object within a record, where one stands there.
    pub(super) fn object<T>(
        &mut self,
        owner: &Visit,
        wire: &str,
        field: &Field<T>,
    ) -> Option<NodeId> {
        let node = self.document.member(owner.node, wire)?;
        if let Field::Other(_) = field {
            self.wrong_type(owner, wire, node, "an object");
        }
        Some(node)
    }

    /// The scalars and unknown fields of a record.
    pub(super) fn own_fields<R: Record>(&mut self, visit: &Visit, record: &R) {
        self.fields(visit, record, visit.node, "");
    }

    /// The scalars and unknown fields of a record, or of an object within one, whose fields have a
    /// prefix then.
    pub(super) fn fields<R: Record>(
        &mut self,
        visit: &Visit,
        record: &R,
        node: NodeId,
        prefix: &str,
    ) {
        for member in R::DEF.members {
            if let Shape::Scalar(ty) = member.shape
                && R::DEF.identity != Some(member.column)
                && let Some(place) = self.place(node, member)
            {
                match scalars::cell(record.scalar(member.wire), ty) {
                    Ok(None) => {}
                    Ok(Some(cell)) => self.keep(visit, member.column, cell, place),
                    Err(misfit) => {
                        self.misfit(
                            visit,
                            &format!("{prefix}{}", member.wire),
                            misfit,
                            ty,
                            place,
                        );
                    }
                }
            }
        }
        for (name, _) in &record.rest().unknown {
            let place = self
                .document
                .member(node, name)
                .expect("the field has a place");
            self.extra(visit, &format!("{prefix}{name}"), place);
        }
    }

    /// Gives a value to the visited record's row, which keeps the first one.
    pub(super) fn keep(&mut self, visit: &Visit, column: &str, cell: Cell, node: NodeId) {
        let kept = self
            .rows
            .cell(visit.entity(), &visit.key, column)
            .get_or_insert_with(|| cell.clone());
        if *kept != cell {
            self.findings.conflict(visit, column, &cell, kept, node);
        }
    }

    /// A field that the schema does not know. The null of one occurrence yields to another's value.
    fn extra(&mut self, visit: &Visit, field: &str, node: NodeId) {
        let anomaly = Anomaly {
            kind: "unknown_field",
            entity: visit.entity(),
            key: String::new(),
            field: field.to_owned(),
            raw: String::new(),
        };
        let message = "the schema does not know this field; its values are in extras";
        self.findings.anomaly(anomaly, node, message.to_owned());

        let null = Cell::from("null");
        let value = Cell::Text(self.canonical(node));
        let key = [
            visit.entity().into(),
            (*visit.key_text()).into(),
            field.into(),
        ];
        let kept = self
            .rows
            .cell("extras", &key, "value")
            .get_or_insert_with(|| value.clone());
        if *kept == null {
            *kept = value;
        } else if value != null && *kept != value {
            self.findings.conflict(visit, field, &value, kept, node);
        }
    }

    fn misfit(&mut self, visit: &Visit, field: &str, misfit: Misfit, ty: Type, node: NodeId) {
        match misfit {
            Misfit::WrongType => self.wrong_type(visit, field, node, scalars::expected(ty)),
            Misfit::OutOfRange => {
                let raw = self.canonical(node);
                let message = format!("{raw} is outside {}", scalars::range(ty));
                self.anomaly("out_of_range", visit, field, raw, node, message);
            }
        }
    }

    fn wrong_type(&mut self, visit: &Visit, field: &str, node: NodeId, expected: &str) {
        let found = scalars::json_type(self.document.text(node));
        let message = format!("expected {expected}, found {found}");
        self.anomaly(
            "wrong_type",
            visit,
            field,
            self.canonical(node),
            node,
            message,
        );
    }

    fn anomaly(
        &mut self,
        kind: &'static str,
        visit: &Visit,
        field: &str,
        raw: String,
        node: NodeId,
        message: String,
    ) {
        let anomaly = Anomaly {
            kind,
            entity: visit.entity(),
            key: visit.key_text(),
            field: field.to_owned(),
            raw,
        };
        self.findings.anomaly(anomaly, node, message);
    }

    /// Where a field's value stands, under either of its names.
    fn place(&self, record: NodeId, member: &Member) -> Option<NodeId> {
        let alias = || self.document.member(record, member.alias?);
        self.document.member(record, member.wire).or_else(alias)
    }

    pub(super) fn canonical(&self, node: NodeId) -> String {
        canonical(self.document, node)
    }
}
