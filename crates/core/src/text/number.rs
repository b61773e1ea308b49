//! Numbers as JSON writes them.

/// What a JSON number is as an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Integer {
    Value(i64),
    /// Integral, but not within 64 bits.
    OutOfRange,
    /// Not integral.
    Fraction,
}

/// Reads a number of valid JSON grammar, in any notation: `12`, `12.0` and `1.2e1` are equal.
pub(crate) fn integer(text: &[u8]) -> Integer {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.len() > 18 || !digits.iter().all(u8::is_ascii_digit) {
        return any_notation(negative, digits);
    }
    let value = digits
        .iter()
        .fold(0, |value, digit| value * 10 + i64::from(digit - b'0'));
    Integer::Value(if negative { -value } else { value })
}

#[cold]
fn any_notation(negative: bool, text: &[u8]) -> Integer {
    let mantissa = text
        .split(|byte| matches!(byte, b'e' | b'E'))
        .next()
        .unwrap_or_default();
    let (whole, fraction) = match mantissa.iter().position(|&byte| byte == b'.') {
        Some(point) => (&mantissa[..point], &mantissa[point + 1..]),
        None => (mantissa, &[][..]),
    };
    let significant: Vec<u8> = whole
        .iter()
        .chain(fraction)
        .copied()
        .skip_while(|&digit| digit == b'0')
        .collect();
    let Some(last) = significant.iter().rposition(|&digit| digit != b'0') else {
        return Integer::Value(0);
    };
    // The value is `significant` up to `last`, times ten to the power of this.
    let zeros = (significant.len() - 1 - last) as i64;
    let power = exponent(text)
        .saturating_add(zeros)
        .saturating_sub(fraction.len() as i64);
    if power < 0 {
        return Integer::Fraction;
    }
    if power.saturating_add(last as i64) > 18 {
        return Integer::OutOfRange;
    }
    let digits = significant[..=last].iter();
    let value = digits.fold(0, |value, digit| value * 10 + i128::from(digit - b'0'));
    let value = value * 10_i128.pow(power as u32);
    let value = if negative { -value } else { value };
    i64::try_from(value).map_or(Integer::OutOfRange, Integer::Value)
}

/// The exponent as written; saturates.
fn exponent(text: &[u8]) -> i64 {
    let Some(e) = text.iter().position(|byte| matches!(byte, b'e' | b'E')) else {
        return 0;
    };
    let (negative, digits) = match &text[e + 1..] {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    let value = digits.iter().fold(0_i64, |value, digit| {
        value
            .saturating_mul(10)
            .saturating_add(i64::from(digit - b'0'))
    });
    if negative { -value } else { value }
}

/// The nearest double; none where that is infinite.
pub(crate) fn float(text: &[u8]) -> Option<f64> {
    let value: f64 = std::str::from_utf8(text).ok()?.parse().ok()?;
    value.is_finite().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::{Integer, float, integer};

    #[test]
    fn integers_in_any_notation() {
        for (text, value) in [
            ("0", 0),
            ("-0", 0),
            ("-0.0", 0),
            ("12", 12),
            ("12.0", 12),
            ("1.2e1", 12),
            ("120e-1", 12),
            ("0e999999999999999999999", 0),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
            ("-9.223372036854775808E+18", i64::MIN),
            ("000", 0),
        ] {
            assert_eq!(integer(text.as_bytes()), Integer::Value(value), "{text}");
        }
        for text in [
            "9223372036854775808",
            "-9223372036854775809",
            "1e19",
            "1e999999999999999999999",
        ] {
            assert_eq!(integer(text.as_bytes()), Integer::OutOfRange, "{text}");
        }
        for text in [
            "0.5",
            "1.25e1",
            "1e-999999999999999999999",
            "-12.0000000000000000000001",
        ] {
            assert_eq!(integer(text.as_bytes()), Integer::Fraction, "{text}");
        }
    }

    #[test]
    fn floats() {
        assert_eq!(float(b"60.192059"), Some(60.192_059));
        assert_eq!(float(b"1e999"), None);
        assert_eq!(float(b"-1e999"), None);
        assert_eq!(float(b"1e-999"), Some(0.0));
    }
}
