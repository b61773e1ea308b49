//! Shapes, made ready for rendering many records.

use std::ops::Range;

use super::shape::{Part, elements, members, read};
use super::{RowNo, Rows, column_of};
use crate::lineage::{is_identity, is_text, member_of, tag_row};
use crate::schema::{self, Kind, Shape};
use crate::text::lex::HOLE;

/// A record has no more text than this.
const GREATEST: usize = i32::MAX as usize;

/// One step of rendering a record.
#[derive(Debug)]
enum Op {
    /// This part of the program's text.
    Text(Range<usize>),
    /// This column of the current row.
    Cell(Kind, usize),
    /// This unknown field of the current row.
    Extra(Kind, String),
    /// This custom property of the record.
    Property(String),
    /// The text that is the part at this position.
    TextAt(Kind, u32),
    /// The next of the record's own values.
    Own,
    /// That many of the record's next children.
    Children(u32),
    /// From here on the part at this position is the current row.
    Enter(Kind, u32),
    /// From here on the tag is the current row whose id is the own value so many behind the next.
    EnterTag(Option<usize>),
    /// From here on the record is the current row.
    Leave,
    /// Leaves out so many of the next own values and children.
    Skip { own: usize, children: usize },
}

/// How records of one kind and shape are rendered.
#[derive(Debug, Default)]
pub(super) struct Program {
    ops: Vec<Op>,
    text: Vec<u8>,
    own: usize,
    children: usize,
}

/// Which value a record lacks, that its shape wants.
#[derive(Debug)]
pub(super) struct Lacking(pub(super) &'static str);

impl Program {
    /// Makes a program of a shape; none where it is none of this kind.
    pub(super) fn new(kind: Kind, shape: &[u8], exclude_hierarchy: bool) -> Option<Program> {
        let mut program = Program::default();
        match (read(shape)?, kind) {
            (Part::Object(inner), _) => program.object(kind, "", inner, exclude_hierarchy)?,
            // A payload without a tree around its records.
            (Part::List(inner), Kind::Root) => program.list(Kind::Site, inner)?,
            (Part::Child, Kind::Root) => {
                program.ops.push(Op::Children(1));
                program.children = 1;
            }
            _ => return None,
        }
        Some(program)
    }

    /// Renders a record: appends its text with a hole for each child, and the children.
    pub(super) fn run(
        &self,
        rows: &Rows<'_>,
        row: RowNo,
        own_values: &[&[u8]],
        children: &[u32],
        out: &mut Vec<u8>,
        kept: &mut Vec<u32>,
    ) -> Result<(), Lacking> {
        if own_values.len() != self.own {
            return Err(Lacking("as many own values"));
        }
        if children.len() != self.children {
            return Err(Lacking("as many children"));
        }
        let mut current = Some(row);
        let (mut own, mut child) = (0, 0);
        for op in &self.ops {
            match op {
                Op::Text(range) => out.extend_from_slice(&self.text[range.clone()]),
                Op::Cell(kind, column) => {
                    let row = current.ok_or(Lacking("a row"))?;
                    rows.table(*kind).cell(row, *column).json(out);
                }
                Op::Extra(kind, field) => {
                    let row = current.ok_or(Lacking("a row"))?;
                    let value = rows.extra(*kind, row, field);
                    out.extend_from_slice(value.ok_or(Lacking("an extra"))?.as_bytes());
                }
                Op::Property(name) => {
                    let property = rows.property(row, name);
                    rows.property_json(property.ok_or(Lacking("a custom property"))?, out);
                }
                Op::TextAt(kind, position) => {
                    let part = rows.part(*kind, row, *position);
                    let cell = rows.table(*kind).cell(part.ok_or(Lacking("a text"))?, 2);
                    cell.json(out);
                }
                Op::Own => {
                    out.extend_from_slice(own_values[own]);
                    own += 1;
                }
                Op::Children(count) => {
                    let next = &children[child..child + *count as usize];
                    for index in 0..next.len() {
                        if index > 0 {
                            out.push(b',');
                        }
                        out.push(HOLE);
                    }
                    kept.extend_from_slice(next);
                    child += next.len();
                }
                Op::Enter(kind, position) => current = rows.part(*kind, row, *position),
                Op::EnterTag(id) => {
                    current = id.and_then(|id| tag_row(rows, own_values[own + id]));
                }
                Op::Leave => current = Some(row),
                Op::Skip { own: o, children } => {
                    own += o;
                    child += children;
                }
            }
        }
        Ok(())
    }

    fn object(
        &mut self,
        kind: Kind,
        prefix: &str,
        inner: &[u8],
        exclude_hierarchy: bool,
    ) -> Option<()> {
        let members = members(inner)?;
        let has = |name: &str| members.iter().any(|member| member.name == name);
        self.put(b"{");
        let mut first = true;
        for member in &members {
            let declared = member_of(kind, &member.name, has);
            let left_out = exclude_hierarchy
                && kind == Kind::Operator
                && declared.is_some_and(|declared| declared.opens.is_some());
            if left_out {
                let mut skipped = Program::default();
                skipped.member(kind, declared?, member.value)?;
                let (own, children) = (skipped.own, skipped.children);
                self.own += own;
                self.children += children;
                self.ops.push(Op::Skip { own, children });
                continue;
            }
            if !std::mem::take(&mut first) {
                self.put(b",");
            }
            self.put(member.key);
            self.put(b":");
            match declared {
                Some(declared) => self.member(kind, declared, member.value)?,
                None => match member.value {
                    Part::AsTable => {
                        let field = format!("{prefix}{}", member.name);
                        let kind = if kind == Kind::Location {
                            Kind::Charger
                        } else {
                            kind
                        };
                        self.ops.push(Op::Extra(kind, field));
                    }
                    value => self.own_or_null(value)?,
                },
            }
        }
        self.put(b"}");
        Some(())
    }

    fn member(&mut self, kind: Kind, member: &schema::Member, value: Part<'_>) -> Option<()> {
        match (member.shape, value) {
            (Shape::Scalar(_), Part::AsTable) if kind == Kind::Tag && is_identity(kind, member) => {
                return None;
            }
            (Shape::Scalar(_), Part::AsTable) => {
                self.ops.push(Op::Cell(kind, column_of(kind, member)));
            }
            (Shape::List(element), Part::List(inner)) => self.list(element, inner)?,
            (Shape::Object(kind), Part::Object(inner)) => {
                self.object(kind, "locationInfo.", inner, false)?;
            }
            (Shape::Map(_), Part::Object(inner)) => self.properties(inner)?,
            (_, value) => self.own_or_null(value)?,
        }
        Some(())
    }

    fn list(&mut self, kind: Kind, inner: &[u8]) -> Option<()> {
        self.put(b"[");
        let mut position = 0_u32;
        for (element, times) in elements(inner)? {
            if element == Part::Child && kind.is_node() {
                if position > 0 {
                    self.put(b",");
                }
                self.ops.push(Op::Children(times));
                self.children += times as usize;
                position = position.checked_add(times)?;
                continue;
            }
            for _ in 0..times {
                if self.text.len() > GREATEST {
                    return None;
                }
                if position > 0 {
                    self.put(b",");
                }
                match element {
                    Part::Object(inner) if !kind.is_node() && !is_text(kind) => {
                        self.part(kind, position, inner)?;
                    }
                    Part::AsTable if is_text(kind) => self.ops.push(Op::TextAt(kind, position)),
                    value => self.own_or_null(value)?,
                }
                position = position.checked_add(1)?;
            }
        }
        self.put(b"]");
        Some(())
    }

    fn part(&mut self, kind: Kind, position: u32, inner: &[u8]) -> Option<()> {
        if kind == Kind::Tag {
            let own = |member: &&super::shape::Member<'_>| member.value == Part::Own;
            let members = members(inner)?;
            let before = members.iter().take_while(|member| member.name != "id");
            let has_id = members
                .iter()
                .any(|member| member.name == "id" && member.value == Part::Own);
            let id = has_id.then(|| before.filter(own).count());
            self.ops.push(Op::EnterTag(id));
        } else {
            self.ops.push(Op::Enter(kind, position));
        }
        self.object(kind, "", inner, false)?;
        self.ops.push(Op::Leave);
        Some(())
    }

    fn properties(&mut self, inner: &[u8]) -> Option<()> {
        self.put(b"{");
        for (index, member) in members(inner)?.into_iter().enumerate() {
            if index > 0 {
                self.put(b",");
            }
            self.put(member.key);
            self.put(b":");
            match member.value {
                Part::AsTable => self.ops.push(Op::Property(member.name)),
                value => self.own_or_null(value)?,
            }
        }
        self.put(b"}");
        Some(())
    }

    fn own_or_null(&mut self, value: Part<'_>) -> Option<()> {
        match value {
            Part::Own => {
                self.ops.push(Op::Own);
                self.own += 1;
            }
            Part::Null => self.put(b"null"),
            _ => return None,
        }
        Some(())
    }

    fn put(&mut self, text: &[u8]) {
        let start = self.text.len();
        self.text.extend_from_slice(text);
        match self.ops.last_mut() {
            Some(Op::Text(range)) => range.end = self.text.len(),
            _ => self.ops.push(Op::Text(start..self.text.len())),
        }
    }
}

impl std::fmt::Display for Lacking {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}
