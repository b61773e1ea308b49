//! The members of an object.

use std::ops::Range;

use super::batch::{BatchParser, Subject};
use super::check;
use super::draft::{Cell, Mark};
use super::layout::Layout;
use super::rows::{AnomalyKind, Raw, RowIx};
use crate::Expected;
use crate::schema::{Kind, Shape};
use crate::text::lex::{Fault, Lexer, StringToken, unescape};

/// Unknown names in one object that are compared with each other one by one; beyond that, they are
/// sorted.
const FEW: usize = 8;

/// What is known of an object's keys before its values are taken. Only needed where keys repeat.
#[derive(Default)]
struct Plan {
    /// Where the keys of values start that lose to a later one, ascending.
    lost: Vec<usize>,
    /// The members that stand under their wire name, as bits; their aliases do not count.
    wired: u64,
}

/// The object cannot be taken without a [`Plan`].
struct NeedsPlan;

/// What a key means.
enum Role {
    /// True where it is spelled by its alias.
    Member(usize, bool),
    Unknown,
    Lost,
}

/// The keys so far.
#[derive(Default)]
struct Seen {
    /// Members, as bits.
    members: u64,
    /// Names that are no member's, and how many.
    unknown: [Range<usize>; FEW],
    count: usize,
}

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
            let plan = plan(start, layout)?;
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
                Shape::Scalar(_) => self.rows.0[kind as usize].row_mut(row)[slot.cell] = Cell::Null,
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
        let brace = self.lex.at;
        let mut seen = Seen::default();
        let mut unusable = None;
        let mut previous = 0;
        let mut expected = Expected::KeyOrEnd;
        self.lex.at += 1;
        let mut more = self.lex.token() != Some(b'}');
        if !more {
            self.lex.at += 1;
        }
        while more {
            let key_at = self.lex.at;
            let (token, known) = self.key(layout, previous, expected)?;
            expected = Expected::Key;
            self.lex.expect(b':', Expected::Colon)?;
            self.lex.token();
            match self.role(key_at, &token, known, plan, &mut seen) {
                Err(needs_plan) => return Ok(Err(needs_plan)),
                Ok(Role::Member(index, alias)) => {
                    previous = index + 1;
                    self.member(layout, kind, row, (index, alias), &mut unusable)?;
                }
                Ok(Role::Unknown) => self.unknown(layout, kind, row, token)?,
                Ok(Role::Lost) => self.lost(layout, kind, row, token)?,
            }
            more = self.lex.comma_or(b'}', Expected::CommaOrBrace)?;
            self.lex.token();
        }
        if let Some(identity) = layout.identity {
            self.check_identity(layout, identity, row, brace, unusable);
        }
        Ok(Ok(()))
    }

    /// Takes a key; gives the member that it names, and whether by its alias.
    #[inline]
    fn key(
        &mut self,
        layout: &'static Layout,
        previous: usize,
        expected: Expected,
    ) -> Result<(StringToken, Option<(usize, bool)>), Fault> {
        let next = &mut self.next[layout.kind as usize];
        let predicted = next[previous] as usize;
        if let Some(slot) = layout.members.get(predicted)
            && starts_with(&self.lex.text[self.lex.at..], &slot.quoted)
        {
            let start = self.lex.at + 1;
            self.lex.at += slot.quoted.len();
            let token = StringToken {
                start,
                end: self.lex.at - 1,
                escaped: false,
            };
            return Ok((token, Some((predicted, false))));
        }
        if self.lex.token() != Some(b'"') {
            return Err(self.lex.unexpected(expected));
        }
        let token = self.lex.string()?;
        let known = layout.find(&name(self.lex.text, token));
        if let Some((member, false)) = known {
            next[previous] = member as u8;
        }
        Ok((token, known))
    }

    fn role(
        &self,
        key_at: usize,
        token: &StringToken,
        known: Option<(usize, bool)>,
        plan: Option<&Plan>,
        seen: &mut Seen,
    ) -> Result<Role, NeedsPlan> {
        if let Some(plan) = plan {
            return Ok(match known {
                _ if plan.lost.binary_search(&key_at).is_ok() => Role::Lost,
                Some((member, alias)) if !alias || plan.wired & (1 << member) == 0 => {
                    Role::Member(member, alias)
                }
                _ => Role::Unknown,
            });
        }
        match known {
            Some((member, alias)) => {
                let bit = 1 << member;
                if seen.members & bit != 0 {
                    // Twice the same key, or a name besides its alias.
                    return Err(NeedsPlan);
                }
                seen.members |= bit;
                Ok(Role::Member(member, alias))
            }
            None => {
                let name = token.start..token.end;
                let text = self.lex.text;
                let mut others = seen.unknown[..seen.count].iter();
                let repeated = others.any(|other| text[other.clone()] == text[name.clone()]);
                if repeated || token.escaped || seen.count == FEW {
                    return Err(NeedsPlan);
                }
                seen.unknown[seen.count] = name;
                seen.count += 1;
                Ok(Role::Unknown)
            }
        }
    }

    fn member(
        &mut self,
        layout: &'static Layout,
        kind: Kind,
        row: RowIx,
        (index, alias): (usize, bool),
        unusable: &mut Option<Raw>,
    ) -> Result<(), Fault> {
        let slot = &layout.members[index];
        let wire = slot.member.wire;
        let spelled = slot.member.alias.filter(|_| alias).unwrap_or(wire);
        let Shape::Scalar(ty) = slot.member.shape else {
            return self.nested(
                slot,
                index,
                &Subject {
                    kind,
                    row,
                    within: layout.within(),
                    field: wire,
                    spelled,
                },
            );
        };
        match self.scalar(ty)? {
            Ok(cell) => {
                self.rows.0[kind as usize].row_mut(row)[slot.cell] = cell;
                if layout.identity == Some(index) && matches!(cell, Cell::Null) {
                    *unusable = Some(Raw::Text(self.make(b"null")));
                }
            }
            Err(unfit) => {
                let of = Subject {
                    kind,
                    row,
                    within: layout.within(),
                    field: wire,
                    spelled,
                };
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
        layout: &Layout,
        identity: usize,
        row: RowIx,
        brace: usize,
        unusable: Option<Raw>,
    ) {
        let slot = &layout.members[identity];
        let kind = layout.kind;
        if let Cell::Null = self.rows.0[kind as usize].row(row)[slot.cell] {
            let raw = unusable.unwrap_or(Raw::Text(crate::text::Span::EMPTY));
            let of = Subject {
                kind,
                row,
                within: layout.within(),
                field: slot.member.wire,
                spelled: slot.member.wire,
            };
            self.finding(AnomalyKind::MissingIdentity, &of, raw, brace);
        }
    }

    fn unknown(
        &mut self,
        layout: &Layout,
        kind: Kind,
        row: RowIx,
        token: StringToken,
    ) -> Result<(), Fault> {
        let name = name(self.lex.text, token);
        let field = String::from_utf8_lossy(&name);
        let of = Subject {
            kind,
            row,
            within: layout.within(),
            field: &field,
            spelled: &field,
        };
        if layout.kind == Kind::CustomProperty {
            let name = self.content(token);
            return self.entry(layout.kind, name, &of);
        }
        let value = self.opaque(Expected::Value)?;
        self.extra(&of, value);
        Ok(())
    }

    fn lost(
        &mut self,
        layout: &Layout,
        kind: Kind,
        row: RowIx,
        token: StringToken,
    ) -> Result<(), Fault> {
        let name = name(self.lex.text, token);
        let field = String::from_utf8_lossy(&name);
        let value = self.opaque(Expected::Value)?;
        let (of, at) = (
            Subject {
                kind,
                row,
                within: layout.within(),
                field: &field,
                spelled: &field,
            },
            value.start,
        );
        let raw = self.raw(&of, value);
        self.finding(AnomalyKind::DuplicateKey, &of, raw, at);
        Ok(())
    }
}

/// Reads over an object for its keys.
fn plan(mut lex: Lexer<'_>, layout: &Layout) -> Result<Plan, Fault> {
    let mut plan = Plan::default();
    let mut keys = Vec::new();
    let mut brackets = Vec::new();
    lex.at += 1;
    let mut expected = Expected::KeyOrEnd;
    loop {
        if lex.token() != Some(b'"') {
            return Err(lex.unexpected(expected));
        }
        expected = Expected::Key;
        let at = lex.at;
        let name = name(lex.text, lex.string()?);
        if let Some((member, false)) = layout.find(&name) {
            plan.wired |= 1 << member;
        }
        keys.push((name, at));
        lex.expect(b':', Expected::Colon)?;
        check::value(&mut lex, &mut brackets, Expected::Value, u32::MAX)?;
        if !lex.comma_or(b'}', Expected::CommaOrBrace)? {
            break;
        }
    }
    keys.sort();
    let repeated = keys.windows(2).filter(|pair| pair[0].0 == pair[1].0);
    plan.lost = repeated.map(|pair| pair[0].1).collect();
    plan.lost.sort_unstable();
    Ok(plan)
}

/// A key without its escapes.
fn name(text: &[u8], token: StringToken) -> std::borrow::Cow<'_, [u8]> {
    let content = &text[token.start..token.end];
    if !token.escaped {
        return content.into();
    }
    let mut name = Vec::new();
    unescape(content, &mut name);
    name.into()
}

/// The same as the slice's method, without a call for the few bytes that a key has.
#[inline]
fn starts_with(text: &[u8], key: &[u8]) -> bool {
    let Some(text) = text.get(..key.len()) else {
        return false;
    };
    let ((words, rest), (key_words, key_rest)) = (text.as_chunks::<8>(), key.as_chunks::<8>());
    let mut pairs = words.iter().zip(key_words);
    pairs.all(|(word, key)| u64::from_ne_bytes(*word) == u64::from_ne_bytes(*key))
        && rest.iter().eq(key_rest)
}
