//! From what stands in a scalar's place to what its column takes.

use super::rows::Cell;
use crate::{
    schema::Type,
    tree::{Integer, Json, Scalar},
};

/// Why a column cannot take a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Misfit {
    WrongType,
    OutOfRange,
}

/// The cell of a column.
pub(super) fn cell(scalar: Scalar<'_>, ty: Type) -> Result<Option<Cell>, Misfit> {
    let cell = match (scalar, ty) {
        (Scalar::Missing, _) => return Ok(None),
        (Scalar::Other(json), _) => return Err(misfit(json, ty)),
        (Scalar::Int(value), Type::Enum(greatest)) if !(0..=greatest.into()).contains(&value) => {
            return Err(Misfit::OutOfRange);
        }
        (Scalar::Int(value), _) => Cell::Int(value),
        (Scalar::Float(value), _) => Cell::Float(value),
        (Scalar::Bool(value), _) => Cell::Bool(value),
        (Scalar::Text(text), _) => Cell::Text(text.to_owned()),
        (Scalar::Time(time), _) => Cell::Time(time.micros()),
    };
    Ok(Some(cell))
}

/// What is wrong with a value that its typed struct could not take.
fn misfit(json: &Json, ty: Type) -> Misfit {
    let fits = json_type(json.text()) == "a number"
        && match ty {
            Type::Int64 | Type::Int32 | Type::Enum(_) => {
                Integer::parse(json.text()) != Integer::Fraction
            }
            Type::Float64 => true,
            Type::Bool | Type::Time | Type::Text => false,
        };
    if fits {
        Misfit::OutOfRange
    } else {
        Misfit::WrongType
    }
}

/// What an anomaly's message says that was expected.
pub(super) fn expected(ty: Type) -> &'static str {
    match ty {
        Type::Int64 | Type::Int32 | Type::Enum(_) => "an integer",
        Type::Float64 => "a number",
        Type::Bool => "a boolean",
        Type::Time => "a time",
        Type::Text => "a text",
    }
}

/// What an anomaly's message says that a value is outside of.
pub(super) fn range(ty: Type) -> String {
    match ty {
        Type::Int64 => format!("{}..{}", i64::MIN, i64::MAX),
        Type::Int32 => format!("{}..{}", i32::MIN, i32::MAX),
        Type::Enum(greatest) => format!("0..{greatest}"),
        _ => "the range of a double".to_owned(),
    }
}

/// The type of a JSON value in words.
pub(super) fn json_type(text: &str) -> &'static str {
    match text.as_bytes()[0] {
        b'n' => "null",
        b't' | b'f' => "a boolean",
        b'"' => "a text",
        b'[' => "a list",
        b'{' => "an object",
        _ => "a number",
    }
}
