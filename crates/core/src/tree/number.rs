//! Numbers, with their spelling.

use std::ops::Deref;

use serde::{Serialize, Serializer};

use super::Json;

/// A number that keeps its spelling, so that `12.0` stays apart from `12` when it is written again.
///
/// ```
/// use voltree_core::tree::Location;
///
/// let location: Location = serde_json::from_str(r#"{"latitude":60.10}"#)?;
/// assert_eq!(location.latitude.number(), Some(60.1));
/// assert_eq!(serde_json::to_string(&location)?, r#"{"latitude":60.10}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Number<T> {
    value: T,
    /// Only where it differs from what serde_json writes for the value.
    spelling: Option<Json>,
}

impl<T: Copy> Number<T> {
    /// The number's value.
    pub fn get(&self) -> T {
        self.value
    }
}

impl<T: Serialize> Number<T> {
    pub(super) fn spelled(value: T, spelling: &str) -> serde_json::Result<Self> {
        let usual = serde_json::to_string(&value)? == spelling;
        let spelling = (!usual).then(|| Json::new(spelling)).transpose()?;
        Ok(Number { value, spelling })
    }
}

impl<T> From<T> for Number<T> {
    fn from(value: T) -> Self {
        Number {
            value,
            spelling: None,
        }
    }
}

impl<T> Deref for Number<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Serialize> Serialize for Number<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.spelling {
            Some(spelling) => spelling.serialize(serializer),
            None => self.value.serialize(serializer),
        }
    }
}

/// What a JSON number is as an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Integer {
    /// An integer of 64 bits.
    Value(i64),
    /// An integer that needs more bits.
    TooLarge,
    /// Not integral.
    Fraction,
}

impl Integer {
    /// Reads a JSON number in any notation: `12`, `12.0`, `1.2e1`.
    pub(crate) fn parse(number: &str) -> Self {
        let (negative, number) = match number.strip_prefix('-') {
            Some(number) => (true, number),
            None => (false, number),
        };
        let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));

        // The number is `digits` × 10 ^ `exponent`, with no zeros around the digits.
        let digits = format!("{whole}{fraction}");
        let significant = digits.trim_end_matches('0');
        let exponent = parse_exponent(exponent) - fraction.len() as i64
            + (digits.len() - significant.len()) as i64;
        let significant = significant.trim_start_matches('0');

        if significant.is_empty() {
            return Integer::Value(0);
        }
        if exponent < 0 {
            return Integer::Fraction;
        }
        if significant.len() as i64 + exponent > 19 {
            return Integer::TooLarge;
        }
        let magnitude = format!("{significant}{}", "0".repeat(exponent as usize));
        let magnitude: i128 = magnitude.parse().expect("at most 19 digits");
        match i64::try_from(if negative { -magnitude } else { magnitude }) {
            Ok(value) => Integer::Value(value),
            Err(_) => Integer::TooLarge,
        }
    }

    /// The integer, where 64 bits hold it.
    pub(crate) fn value(self) -> Option<i64> {
        match self {
            Integer::Value(value) => Some(value),
            Integer::TooLarge | Integer::Fraction => None,
        }
    }
}

/// An exponent, bounded where no payload could have digits enough to make up for it.
fn parse_exponent(exponent: &str) -> i64 {
    const BOUND: i64 = 1 << 60;
    let (sign, digits) = match exponent.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, exponent.trim_start_matches('+')),
    };
    sign * digits.parse().unwrap_or(BOUND).min(BOUND)
}

#[cfg(test)]
mod tests;
