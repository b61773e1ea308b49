//! What the fields of one record give to its row, and to the findings.

use super::{NodeId, Visit, Walk};
use crate::{
    plain::{
        canonical::canonical,
        findings::Anomaly,
        rows::Cell,
        scalars::{self, Misfit},
    },
    schema::{Member, Shape, Type},
    tree::{Field, Record},
};

impl Walk<'_> {
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

    pub(super) fn wrong_type(&mut self, visit: &Visit, field: &str, node: NodeId, expected: &str) {
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

    pub(super) fn anomaly(
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
    pub(super) fn place(&self, record: NodeId, member: &Member) -> Option<NodeId> {
        let alias = || self.document.member(record, member.alias?);
        self.document.member(record, member.wire).or_else(alias)
    }

    pub(super) fn canonical(&self, node: NodeId) -> String {
        canonical(self.document, node)
    }
}
