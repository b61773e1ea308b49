//! Values that are records, lists or maps.

use super::batch::{BatchParser, Subject};
use super::layout::{Layout, Slot};
use super::rows::{Edge, Raw, RowIx};
use crate::Expected;
use crate::column::Value;
use crate::schema::{Kind, Shape};
use crate::text::lex::{Fault, HOLE, StringToken};

impl BatchParser<'_> {
    /// Takes a member that is no scalar; its value starts here.
    pub(super) fn nested(
        &mut self,
        slot: &'static Slot,
        index: usize,
        of: &Subject<'_>,
    ) -> Result<(), Fault> {
        let byte = self.lex.peek();
        match slot.member.shape {
            _ if byte == Some(b'n') => self.lex.literal(b"null"),
            Shape::List(kind) if byte == Some(b'[') => self.list(kind, index as u8, of),
            Shape::Object(kind) if byte == Some(b'{') => {
                self.object(Layout::of(kind), of.kind, of.row)
            }
            Shape::Map(kind) if byte == Some(b'{') => {
                self.object(Layout::of(kind), of.kind, of.row)
            }
            shape => {
                let expected = if let Shape::List(_) = shape {
                    "a list"
                } else {
                    "an object"
                };
                let start = self.lex.at;
                self.opaque(Expected::Value)?;
                let unfit = self.wrong_type(expected, start);
                self.unfit(of, unfit);
                Ok(())
            }
        }
    }

    /// Takes a list, of which the bracket stands here.
    pub(super) fn list(&mut self, kind: Kind, member: u8, of: &Subject<'_>) -> Result<(), Fault> {
        self.lex.at += 1;
        self.enter();
        if self.lex.token() == Some(b']') {
            self.lex.at += 1;
            self.leave();
            return Ok(());
        }
        let mut position = 0;
        let mut expected = Expected::ValueOrEnd;
        loop {
            self.lex.token();
            self.element(kind, member, position, of, expected)?;
            position += 1;
            expected = Expected::Value;
            if !self.lex.comma_or(b']', Expected::CommaOrBracket)? {
                self.leave();
                return Ok(());
            }
        }
    }

    pub(super) fn element(
        &mut self,
        kind: Kind,
        member: u8,
        position: u32,
        of: &Subject<'_>,
        expected: Expected,
    ) -> Result<(), Fault> {
        let text = matches!(kind, Kind::Capability | Kind::Relay);
        match self.lex.peek() {
            Some(b'n') => self.lex.literal(b"null"),
            Some(HOLE) => {
                self.lex.scalar(expected)?;
                let hole = self.last_hole();
                self.out.edges.push(Edge {
                    list: member,
                    position,
                    hole,
                });
                Ok(())
            }
            Some(b'"') if text => {
                let token = self.lex.string()?;
                let row = self.push_row(kind, position);
                self.set_text((kind, row, 0), token);
                Ok(())
            }
            Some(b'{') if !text && !kind.is_node() => {
                let row = self.push_row(kind, position);
                self.object(Layout::of(kind), kind, row)
            }
            _ => {
                let start = self.lex.at;
                self.opaque(expected)?;
                let unfit = self.wrong_type(if text { "a text" } else { "an object" }, start);
                // The element counts under its list's field; what is lost within stands deeper.
                let spelled = format!("{}[{position}]", of.spelled);
                let raw = self.raw(
                    &Subject {
                        spelled: &spelled,
                        ..*of
                    },
                    unfit.value,
                );
                self.finding(unfit.anomaly, of, raw, start);
                Ok(())
            }
        }
    }

    /// Takes an entry of a map of any names, which is a part of the row.
    pub(super) fn entry(
        &mut self,
        layout: &'static Layout,
        (kind, row): (Kind, RowIx),
        name: StringToken,
    ) -> Result<(), Fault> {
        let position = self.rows.0[layout.kind as usize].len() as u32;
        let entry = self.push_row(layout.kind, position);
        let cell = |cell| (layout.kind, entry, cell);
        self.set_text(cell(0), name);
        let first = self.lex.peek();
        let value_type = match first {
            Some(b'"') => {
                let value = self.lex.string()?;
                self.set_text(cell(1), value);
                "string"
            }
            Some(open @ (b'{' | b'[')) => {
                let value = self.opaque(Expected::Value)?;
                let name = self.content(name);
                let of = Subject::named(layout, kind, row, &name);
                let Raw::Text(text) = self.raw(&of, value) else {
                    unreachable!("no child records stand in a map")
                };
                let text = text.start as usize..(text.start + text.len) as usize;
                let column = self.rows.0[layout.kind as usize].column(1);
                let text = str::from_utf8(&self.out.made[text]).unwrap_or_default();
                column.set(entry.0 as usize, Value::Text(text));
                if open == b'{' { "object" } else { "array" }
            }
            _ => {
                let value = self.opaque(Expected::Value)?;
                if first == Some(b'n') {
                    // Like every null, it yields to the first other value.
                    return Ok(());
                }
                let column = self.rows.0[layout.kind as usize].column(1);
                column.set_text(entry.0 as usize, self.source, value);
                match first {
                    Some(b't' | b'f') => "boolean",
                    _ => "number",
                }
            }
        };
        let column = self.rows.0[layout.kind as usize].column(2);
        column.set(entry.0 as usize, Value::Text(value_type));
        Ok(())
    }
}
