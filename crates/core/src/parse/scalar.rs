//! Values of a row.

use super::batch::{BatchParser, Subject};
use super::draft::Cell;
use super::rows::AnomalyKind;
use crate::Expected;
use crate::schema::Type;
use crate::text::Span;
use crate::text::lex::{Fault, StringToken};
use crate::text::number::{Integer, float, integer};
use crate::text::time;

/// A value that its column cannot take.
pub(super) struct Unfit {
    pub(super) anomaly: AnomalyKind,
    pub(super) value: std::ops::Range<usize>,
}

impl BatchParser<'_> {
    /// Takes the value of a scalar field.
    #[inline]
    pub(super) fn scalar(&mut self, ty: Type) -> Result<Result<Cell, Unfit>, Fault> {
        let start = self.lex.at;
        let cell = match (self.lex.peek(), ty) {
            (Some(b'"'), Type::Text) => Some(Cell::Text(self.text()?)),
            (Some(b'"'), Type::Time) => {
                let token = self.lex.string()?;
                let content = &self.lex.text[token.start..token.end];
                if token.escaped {
                    let mut plain = Vec::new();
                    crate::text::lex::unescape(content, &mut plain);
                    time::parse(&plain)
                } else {
                    time::parse(content)
                }
                .map(Cell::Time)
            }
            (Some(b'-' | b'0'..=b'9'), Type::Int64 | Type::Int32 | Type::Enum(_)) => {
                match integer(self.lex.number()?) {
                    Integer::Value(value) if in_range(value, ty) => Some(Cell::Int(value)),
                    Integer::Fraction => None,
                    _ => return Ok(Err(self.out_of_range(ty, start))),
                }
            }
            (Some(b'-' | b'0'..=b'9'), Type::Float64) => match float(self.lex.number()?) {
                Some(value) => Some(Cell::Float(value)),
                None => return Ok(Err(self.out_of_range(ty, start))),
            },
            (Some(b't'), Type::Bool) => {
                self.lex.literal(b"true")?;
                Some(Cell::Bool(true))
            }
            (Some(b'f'), Type::Bool) => {
                self.lex.literal(b"false")?;
                Some(Cell::Bool(false))
            }
            (Some(b'n'), _) => {
                self.lex.literal(b"null")?;
                Some(Cell::Null)
            }
            _ => {
                self.opaque(Expected::Value)?;
                None
            }
        };
        Ok(cell.ok_or_else(|| self.wrong_type(expected(ty), start)))
    }

    /// Takes a string and keeps its content.
    #[inline]
    pub(super) fn text(&mut self) -> Result<Span, Fault> {
        let token = self.lex.string()?;
        Ok(self.content(token))
    }

    /// The content of a string.
    #[inline]
    pub(super) fn content(&mut self, token: StringToken) -> Span {
        if token.escaped {
            self.unescaped(token)
        } else {
            self.span(token.start, token.end)
        }
    }

    fn out_of_range(&self, ty: Type, start: usize) -> Unfit {
        Unfit {
            anomaly: AnomalyKind::OutOfRange(ty),
            value: start..self.lex.at,
        }
    }

    /// The value taken since `start` is of another type than expected.
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
