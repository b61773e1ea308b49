//! The members of an object.

use super::batch::{BatchParser, Subject};
use super::draft::Mark;
use super::keys::{NeedsPlan, Plan, Role, Seen};
use super::layout::{Layout, Slot};
use super::rows::{AnomalyKind, Raw, RowIx};
use super::scalar::Missing;
use crate::Expected;
use crate::schema::{Kind, Shape};
use crate::text::lex::{Fault, StringToken};

impl BatchParser<'_> {
    /// Takes an object, of which the brace stands here; its values go to `row` of `kind`.
    pub(super) fn object(
        &mut self,
        layout: &'static Layout,
        kind: Kind,
        row: RowIx,
    ) -> Result<(), Fault> {
        self.enter();
        let start = self.lex;
        let mark = Mark::new(&self.rows, &self.out);
        if let Err(NeedsPlan) = self.members(layout, kind, row, None)? {
            let plan = Plan::new(start, layout)?;
            self.lex = start;
            mark.reset(&mut self.rows, &mut self.out);
            self.clear(layout, kind, row);
            let done = self.members(layout, kind, row, Some(&plan))?;
            debug_assert!(done.is_ok(), "a plan is enough");
        }
        self.leave();
        Ok(())
    }

    /// Forgets the values of an object's row.
    fn clear(&mut self, layout: &Layout, kind: Kind, row: RowIx) {
        for slot in &layout.members {
            match slot.member.shape {
                Shape::Scalar(_) => {
                    let column = self.rows.0[kind as usize].column(slot.cell);
                    column.truncate(row.0 as usize);
                }
                Shape::Object(inner) => self.clear(Layout::of(inner), kind, row),
                _ => {}
            }
        }
    }

    fn members(
        &mut self,
        layout: &'static Layout,
        kind: Kind,
        row: RowIx,
        plan: Option<&Plan>,
    ) -> Result<Result<(), NeedsPlan>, Fault> {
        // A copy of its own, which the compiler keeps at hand; `self` has it while others go on.
        let mut lex = self.lex;
        let brace = lex.at;
        let mut seen = Seen::default();
        let mut unusable = None;
        let mut previous = 0;
        let mut expected = Expected::KeyOrEnd;
        lex.at += 1;
        let mut more = lex.token() != Some(b'}');
        if !more {
            lex.at += 1;
        }
        while more {
            let predicted = match plan {
                None => self.predicted(&mut lex, layout, previous),
                // What a key means depends on where it stands.
                Some(_) => None,
            };
            let role = match predicted {
                Some(index) if seen.is_new(index) => Ok(Role::Member(index, false)),
                Some(_) => Err(NeedsPlan),
                None => {
                    self.lex = lex;
                    let role = self.key(layout, previous, expected, plan, &mut seen)?;
                    lex = self.lex;
                    role
                }
            };
            let role = match role {
                Ok(role) => role,
                Err(needs_plan) => return Ok(Err(needs_plan)),
            };
            expected = Expected::Key;
            lex.token();
            if let Role::Member(index, _) = role {
                previous = index + 1;
            }
            let usual = match role {
                Role::Member(index, _) => self.usual(&mut lex, &layout.members[index], kind, row),
                _ => false,
            };
            if !usual {
                self.lex = lex;
                match role {
                    Role::Member(index, alias) => {
                        self.member(layout, kind, row, (index, alias), &mut unusable)?;
                    }
                    Role::Unknown(name) => self.unknown(layout, kind, row, name)?,
                    Role::Lost(name) => self.lost(layout, kind, row, name)?,
                }
                lex = self.lex;
            }
            more = lex.comma_or(b'}', Expected::CommaOrBrace)?;
            lex.token();
        }
        self.lex = lex;
        if let Some(identity) = layout.identity {
            self.check_identity(layout, identity, row, brace, unusable);
        }
        Ok(Ok(()))
    }

    /// Takes the value of a member, whatever it is.
    #[inline(never)]
    fn member(
        &mut self,
        layout: &'static Layout,
        kind: Kind,
        row: RowIx,
        (index, alias): (usize, bool),
        unusable: &mut Option<Raw>,
    ) -> Result<(), Fault> {
        let slot = &layout.members[index];
        let Shape::Scalar(ty) = slot.member.shape else {
            let of = subject(layout, kind, row, slot, alias);
            return self.nested(slot, index, &of);
        };
        match self.scalar(ty, (kind, row, slot.cell))? {
            None => {}
            Some(Missing::Null) if layout.identity == Some(index) => {
                *unusable = Some(Raw::Text(self.make(b"null")));
            }
            Some(Missing::Null) => {}
            Some(Missing::Unfit(unfit)) => {
                let of = subject(layout, kind, row, slot, alias);
                if layout.identity == Some(index) {
                    *unusable = Some(self.raw(&of, unfit.value));
                } else {
                    self.unfit(&of, unfit);
                }
            }
        }
        Ok(())
    }

    /// A record needs an identity; the anomaly's place is the record's.
    fn check_identity(
        &mut self,
        layout: &'static Layout,
        identity: usize,
        row: RowIx,
        brace: usize,
        unusable: Option<Raw>,
    ) {
        let slot = &layout.members[identity];
        let kind = layout.kind;
        let column = self.rows.0[kind as usize].column(slot.cell);
        if column.is_null(row.0 as usize) {
            let raw = unusable.unwrap_or(Raw::Text(crate::text::Span::EMPTY));
            let of = subject(layout, kind, row, slot, false);
            self.finding(AnomalyKind::MissingIdentity, &of, raw, brace);
        }
    }

    fn unknown(
        &mut self,
        layout: &'static Layout,
        kind: Kind,
        row: RowIx,
        token: StringToken,
    ) -> Result<(), Fault> {
        if layout.kind == Kind::CustomProperty {
            return self.entry(layout, (kind, row), token);
        }
        let name = self.content(token);
        let value = self.opaque(Expected::Value)?;
        self.extra(&Subject::named(layout, kind, row, &name), value);
        Ok(())
    }

    fn lost(
        &mut self,
        layout: &Layout,
        kind: Kind,
        row: RowIx,
        token: StringToken,
    ) -> Result<(), Fault> {
        let name = self.content(token);
        let value = self.opaque(Expected::Value)?;
        let at = value.start;
        let of = Subject::named(layout, kind, row, &name);
        let raw = self.raw(&of, value);
        self.finding(AnomalyKind::DuplicateKey, &of, raw, at);
        Ok(())
    }
}

/// What a member's value is about.
fn subject(
    layout: &Layout,
    kind: Kind,
    row: RowIx,
    slot: &'static Slot,
    alias: bool,
) -> Subject<'static> {
    let wire = slot.member.wire;
    Subject {
        kind,
        row,
        within: layout.within(),
        field: wire,
        spelled: slot.member.alias.filter(|_| alias).unwrap_or(wire),
    }
}
