//! What a JSON number is.

use std::sync::LazyLock;

use num_bigint::BigInt;
use regex_lite::Regex;

/// A number as an integer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Integer {
    Value(i64),
    TooLarge,
    Fraction,
}

static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$").expect("valid")
});

pub(super) fn is_number(text: &str) -> bool {
    NUMBER.is_match(text)
}

/// The number, exactly.
pub(super) fn integer(text: &str) -> Integer {
    let parts = NUMBER.captures(text).expect("a number");
    let part = |index| parts.get(index).map_or("", |part| part.as_str());
    let (sign, whole, fraction) = (part(1), part(2), part(3));
    let digits: BigInt = format!("{sign}{whole}{fraction}").parse().expect("digits");
    let exponent: BigInt = parts
        .get(4)
        .map_or("0", |part| part.as_str())
        .parse()
        .expect("digits");
    let power = exponent - fraction.len();

    let zero = BigInt::ZERO;
    let length = whole.len() + fraction.len();
    if digits == zero {
        return Integer::Value(0);
    }
    if power > BigInt::from(20) {
        return Integer::TooLarge;
    }
    // Less than one, but not zero.
    if power < -BigInt::from(length) {
        return Integer::Fraction;
    }
    let power = i32::try_from(power).expect("bounded by the text's length");
    let ten = BigInt::from(10).pow(power.unsigned_abs());
    let value = if power >= 0 {
        digits * ten
    } else if &digits % &ten == zero {
        digits / ten
    } else {
        return Integer::Fraction;
    };
    i64::try_from(value).map_or(Integer::TooLarge, Integer::Value)
}

/// The nearest double; none where that is infinite.
pub(super) fn float(text: &str) -> Option<f64> {
    let value: f64 = lexical_core::parse(text.as_bytes()).expect("a number");
    value.is_finite().then_some(value)
}

/// How many digits of a number count, whatever the notation.
pub(super) fn digits(text: &str) -> usize {
    let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    digits.trim_matches('0').len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers() {
        assert_eq!(integer("-12.50e1"), Integer::Value(-125));
        assert_eq!(integer("12.50"), Integer::Fraction);
        assert_eq!(integer("1e-99999999999999999999"), Integer::Fraction);
        assert_eq!(integer("0.0e99999999999999999999"), Integer::Value(0));
        assert_eq!(integer("1e99999999999999999999"), Integer::TooLarge);
        assert_eq!(integer("-9223372036854775808"), Integer::Value(i64::MIN));
        assert_eq!(integer("9223372036854775808"), Integer::TooLarge);
        assert_eq!(integer("1000e-3"), Integer::Value(1));
    }

    #[test]
    fn floats() {
        assert_eq!(float("1e999"), None);
        assert_eq!(float("-0.0").map(f64::to_bits), Some((-0.0_f64).to_bits()));
        assert_eq!(digits("-0.0150e+10"), 2);
    }
}
