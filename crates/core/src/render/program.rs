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
    /// The text that is the part at the element's position.
    TextAt(Kind),
    /// The next of the record's own values.
    Own,
    /// The next of the record's children.
    Child,
    /// These steps for each of so many elements, from this position in their list on. They are kept once: shapes may
    /// say of more elements than there are.
    Elements(u32, u32, Vec<Op>),
    /// From here on the part at the element's position is the current row.
    Enter(Kind),
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
                program.child();
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
        let mut run = Run {
            program: self,
            rows,
            row,
            current: Some(row),
            position: 0,
            own_values,
            own: 0,
            children,
            child: 0,
            out,
            kept,
        };
        run.steps(&self.ops)
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
            let before = std::mem::take(&mut self.ops);
            let (own, children) = (self.own, self.children);
            match element {
                Part::Child if kind.is_node() => self.child(),
                Part::Object(inner) if !kind.is_node() && !is_text(kind) => {
                    self.part(kind, inner)?;
                }
                Part::AsTable if is_text(kind) => self.ops.push(Op::TextAt(kind)),
                value => self.own_or_null(value)?,
            }
            self.own = own + (self.own - own) * times as usize;
            self.children = children + (self.children - children) * times as usize;
            let steps = std::mem::replace(&mut self.ops, before);
            self.ops.push(Op::Elements(position, times, steps));
            position = position.checked_add(times)?;
        }
        self.put(b"]");
        Some(())
    }

    fn child(&mut self) {
        self.ops.push(Op::Child);
        self.children += 1;
    }

    fn part(&mut self, kind: Kind, inner: &[u8]) -> Option<()> {
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
            self.ops.push(Op::Enter(kind));
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

/// A program at work on a record.
struct Run<'a> {
    program: &'a Program,
    rows: &'a Rows<'a>,
    row: RowNo,
    current: Option<RowNo>,
    /// Of the element that is being rendered, in its list.
    position: u32,
    own_values: &'a [&'a [u8]],
    /// How many of these are done.
    own: usize,
    children: &'a [u32],
    /// How many of these are done.
    child: usize,
    out: &'a mut Vec<u8>,
    kept: &'a mut Vec<u32>,
}

impl Run<'_> {
    /// Elements have no elements of their own, but for child records: it nests no deeper than this.
    fn steps(&mut self, ops: &[Op]) -> Result<(), Lacking> {
        let rows = self.rows;
        for op in ops {
            match op {
                Op::Text(range) => self
                    .out
                    .extend_from_slice(&self.program.text[range.clone()]),
                Op::Cell(kind, column) => {
                    let row = self.current.ok_or(Lacking("a row"))?;
                    rows.table(*kind).cell(row, *column).json(self.out);
                }
                Op::Extra(kind, field) => {
                    let row = self.current.ok_or(Lacking("a row"))?;
                    let value = rows.extra(*kind, row, field);
                    let value = value.ok_or(Lacking("an extra"))?;
                    self.out.extend_from_slice(value.as_bytes());
                }
                Op::Property(name) => {
                    let property = rows.property(self.row, name);
                    let property = property.ok_or(Lacking("a custom property"))?;
                    rows.property_json(property, self.out);
                }
                Op::TextAt(kind) => {
                    let part = rows.part(*kind, self.row, self.position);
                    let cell = rows.table(*kind).cell(part.ok_or(Lacking("a text"))?, 2);
                    cell.json(self.out);
                }
                Op::Own => {
                    self.out.extend_from_slice(self.own_values[self.own]);
                    self.own += 1;
                }
                Op::Child => {
                    self.out.push(HOLE);
                    self.kept.push(self.children[self.child]);
                    self.child += 1;
                }
                Op::Elements(first, times, steps) => {
                    for position in *first..first + times {
                        if position > 0 {
                            self.out.push(b',');
                        }
                        self.position = position;
                        self.steps(steps)?;
                        if self.out.len() > GREATEST {
                            return Err(Lacking("an end within 2 GiB"));
                        }
                    }
                }
                Op::Enter(kind) => self.current = rows.part(*kind, self.row, self.position),
                Op::EnterTag(id) => {
                    self.current = id.and_then(|id| tag_row(rows, self.own_values[self.own + id]));
                }
                Op::Leave => self.current = Some(self.row),
                Op::Skip { own, children } => {
                    self.own += own;
                    self.child += children;
                }
            }
        }
        Ok(())
    }
}

impl std::fmt::Display for Lacking {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}
