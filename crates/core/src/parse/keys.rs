//! The keys of an object: what they mean.

use std::ops::Range;

use super::batch::BatchParser;
use super::check;
use super::layout::Layout;
use crate::Expected;
use crate::text::lex::{Fault, Lexer, StringToken};

/// Members in a row that may be left out without looking for a key among all of them.
const LEFT_OUT: usize = 4;
/// Unknown names in one object that are compared with each other one by one; beyond that, they are
/// sorted.
const FEW: usize = 8;

/// What is known of an object's keys before its values are taken. Only needed where keys repeat.
#[derive(Default)]
pub(super) struct Plan {
    /// Where the keys' contents start of values that lose to a later one, ascending.
    lost: Vec<usize>,
    /// The members that stand under their wire name, as bits; their aliases do not count.
    wired: u64,
}

/// The object cannot be taken without a [`Plan`].
pub(super) struct NeedsPlan;

/// What a key means.
pub(super) enum Role {
    /// True where it is spelled by its alias.
    Member(usize, bool),
    Unknown(StringToken),
    Lost(StringToken),
}

/// The keys so far.
#[derive(Default)]
pub(super) struct Seen {
    /// Members, as bits.
    members: u64,
    /// Names that are no member's, and how many.
    unknown: [Range<usize>; FEW],
    count: usize,
}

impl Seen {
    /// Whether a member is met for the first time.
    #[inline]
    pub(super) fn is_new(&mut self, member: usize) -> bool {
        let bit = 1 << member;
        let new = self.members & bit == 0;
        self.members |= bit;
        new
    }
}

impl BatchParser<'_> {
    /// Takes the key that followed last time, or one that followed that, with its colon, if it stands
    /// here again.
    #[inline(always)]
    pub(super) fn predicted(
        &self,
        lex: &mut Lexer<'_>,
        layout: &'static Layout,
        previous: usize,
    ) -> Option<usize> {
        let next = &self.next[layout.kind as usize];
        let text = &lex.text[lex.at..];
        let mut predicted = next[previous] as usize;
        for _ in 0..LEFT_OUT {
            let slot = layout.members.get(predicted)?;
            if starts_with(text, &slot.key) {
                lex.at += slot.key.len();
                return Some(predicted);
            }
            predicted = next[predicted + 1] as usize;
        }
        None
    }

    /// Takes a key and its colon; gives what it means.
    #[inline(never)]
    pub(super) fn key(
        &mut self,
        layout: &'static Layout,
        previous: usize,
        expected: Expected,
        plan: Option<&Plan>,
        seen: &mut Seen,
    ) -> Result<Result<Role, NeedsPlan>, Fault> {
        if self.lex.token() != Some(b'"') {
            return Err(self.lex.unexpected(expected));
        }
        let token = self.lex.string()?;
        let known = layout.find(&check::name(self.lex.text, token));
        if let Some((member, false)) = known {
            self.next[layout.kind as usize][previous] = member as u8;
        }
        self.lex.expect(b':', Expected::Colon)?;
        Ok(self.role(token, known, plan, seen))
    }

    fn role(
        &self,
        token: StringToken,
        known: Option<(usize, bool)>,
        plan: Option<&Plan>,
        seen: &mut Seen,
    ) -> Result<Role, NeedsPlan> {
        if let Some(plan) = plan {
            return Ok(match known {
                _ if plan.lost.binary_search(&token.start).is_ok() => Role::Lost(token),
                Some((member, alias)) if !alias || plan.wired & (1 << member) == 0 => {
                    Role::Member(member, alias)
                }
                _ => Role::Unknown(token),
            });
        }
        match known {
            Some((member, alias)) => {
                // Else twice the same key, or a name besides its alias.
                if !seen.is_new(member) {
                    return Err(NeedsPlan);
                }
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
                Ok(Role::Unknown(token))
            }
        }
    }
}

impl Plan {
    /// Reads over an object for its keys.
    pub(super) fn new(mut lex: Lexer<'_>, layout: &Layout) -> Result<Plan, Fault> {
        let mut plan = Plan::default();
        let mut keys = Vec::new();
        check::keys(&mut lex, |start, name| {
            if let Some((member, false)) = layout.find(&name) {
                plan.wired |= 1 << member;
            }
            keys.push((name, start));
        })?;
        keys.sort();
        let repeated = keys.windows(2).filter(|pair| pair[0].0 == pair[1].0);
        plan.lost = repeated.map(|pair| pair[0].1).collect();
        plan.lost.sort_unstable();
        Ok(plan)
    }
}

/// The same as the slice's method, without a call for the few bytes that a key has: as two blocks, which
/// overlap.
#[inline]
fn starts_with(text: &[u8], key: &[u8]) -> bool {
    let Some(text) = text.get(..key.len()) else {
        return false;
    };
    match key.len() {
        17..=32 => has_ends::<16>(text, key),
        9..=16 => has_ends::<8>(text, key),
        4..=8 => has_ends::<4>(text, key),
        _ => text == key,
    }
}

#[inline]
fn has_ends<const N: usize>(text: &[u8], key: &[u8]) -> bool {
    text.first_chunk::<N>() == key.first_chunk() && text.last_chunk::<N>() == key.last_chunk()
}
