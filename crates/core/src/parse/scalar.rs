//! Values of a row.

use super::batch::{BatchParser, Subject};
use super::check::name;
use super::layout::Slot;
use super::rows::{AnomalyKind, RowIx};
use crate::Expected;
use crate::schema::{Kind, Type};
use crate::text::lex::{Fault, Lexer};
use crate::text::number::{Integer, float, integer};
use crate::text::time;

/// A value that its column cannot take.
pub(super) struct Unfit {
    pub(super) anomaly: AnomalyKind,
    pub(super) value: std::ops::Range<usize>,
}

/// Why a scalar gave its column no value.
pub(super) enum Missing {
    Null,
    Unfit(Unfit),
}

impl BatchParser<'_> {
    /// Takes the value of a scalar field into its cell, as long as it stands there as it mostly does.
    /// Takes nothing where it does not.
    #[inline(always)]
    pub(super) fn usual(
        &mut self,
        lex: &mut Lexer<'_>,
        slot: &Slot,
        kind: Kind,
        row: RowIx,
    ) -> bool {
        let Some(ty) = slot.scalar else { return false };
        let column = self.rows.0[kind as usize].column(slot.cell);
        let row = row.0 as usize;
        let mut ahead = *lex;
        match ty {
            Type::Text => match ahead.short_string().or_else(|| ahead.plain_string()) {
                Some(content) => column.set_text(row, self.source, content),
                None => return false,
            },
            Type::Time => {
                let content = ahead.plain_string();
                match content.and_then(|content| time::parse(&lex.text[content])) {
                    Some(time) => column.set_int(row, time),
                    None => return false,
                }
            }
            Type::Int64 | Type::Int32 | Type::Enum(_) => match ahead.small_integer() {
                Some(value) if in_range(value, ty) => column.set_int(row, value),
                _ => return false,
            },
            Type::Bool => match ahead.boolean() {
                Some(value) => column.set_bool(row, value),
                None => return false,
            },
            Type::Float64 => return false,
        }
        *lex = ahead;
        true
    }

    /// Takes the value of a scalar field into its cell, however it stands there.
    pub(super) fn scalar(
        &mut self,
        ty: Type,
        (kind, row, cell): (Kind, RowIx, usize),
    ) -> Result<Option<Missing>, Fault> {
        let start = self.lex.at;
        let column = self.rows.0[kind as usize].column(cell);
        let at = row.0 as usize;
        match (self.lex.peek(), ty) {
            (Some(b'"'), Type::Text) => {
                let token = self.lex.string()?;
                self.set_text((kind, row, cell), token);
                return Ok(None);
            }
            (Some(b'"'), Type::Time) => {
                let token = self.lex.string()?;
                if let Some(time) = time::parse(&name(self.lex.text, token)) {
                    column.set_int(at, time);
                    return Ok(None);
                }
            }
            (Some(b'-' | b'0'..=b'9'), Type::Int64 | Type::Int32 | Type::Enum(_)) => {
                match integer(self.lex.number()?) {
                    Integer::Value(value) if in_range(value, ty) => {
                        column.set_int(at, value);
                        return Ok(None);
                    }
                    Integer::Fraction => {}
                    _ => return Ok(Some(self.out_of_range(ty, start))),
                }
            }
            (Some(b'-' | b'0'..=b'9'), Type::Float64) => {
                let Some(value) = float(self.lex.number()?) else {
                    return Ok(Some(self.out_of_range(ty, start)));
                };
                column.set_float(at, value);
                return Ok(None);
            }
            (Some(b'n'), _) => {
                self.lex.literal(b"null")?;
                return Ok(Some(Missing::Null));
            }
            _ => {
                self.opaque(Expected::Value)?;
            }
        }
        Ok(Some(Missing::Unfit(self.wrong_type(expected(ty), start))))
    }

    #[cold]
    fn out_of_range(&self, ty: Type, start: usize) -> Missing {
        Missing::Unfit(Unfit {
            anomaly: AnomalyKind::OutOfRange(ty),
            value: start..self.lex.at,
        })
    }

    /// The value taken since `start` is of another type than expected.
    #[cold]
    pub(super) fn wrong_type(&self, expected: &'static str, start: usize) -> Unfit {
        let found = match self.lex.text[start] {
            b'"' => "a text",
            b'{' => "an object",
            b'[' => "a list",
            b't' | b'f' => "a boolean",
            b'n' => "null",
            _ => "a number",
        };
        Unfit {
            anomaly: AnomalyKind::WrongType { expected, found },
            value: start..self.lex.at,
        }
    }

    pub(super) fn unfit(&mut self, of: &Subject<'_>, unfit: Unfit) {
        let at = unfit.value.start;
        let raw = self.raw(of, unfit.value);
        self.finding(unfit.anomaly, of, raw, at);
    }
}

fn in_range(value: i64, ty: Type) -> bool {
    match ty {
        Type::Int32 => i32::try_from(value).is_ok(),
        Type::Enum(last) => (0..=i64::from(last)).contains(&value),
        _ => true,
    }
}

fn expected(ty: Type) -> &'static str {
    match ty {
        Type::Int64 | Type::Int32 | Type::Enum(_) => "an integer",
        Type::Float64 => "a number",
        Type::Bool => "a boolean",
        Type::Text => "a text",
        Type::Time => "a time",
    }
}
