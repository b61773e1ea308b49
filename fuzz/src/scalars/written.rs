//! Times and numbers as they may be written, mostly rightly.

use std::fmt;

use arbitrary::Arbitrary;
use num_bigint::BigInt;

/// A time, of which each part may be a little out of its bounds.
#[derive(Arbitrary, Debug)]
pub(super) struct WrittenTime {
    year: u16,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
    fraction: u32,
    digits: u8,
    zone: u8,
    zone_hour: u8,
    zone_minute: u8,
}

impl fmt::Display for WrittenTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = (self.year % 10_000, self.month % 14, self.day % 33);
        let (hour, minute, second) = (self.hour % 25, self.minute % 61, self.second % 62);
        write!(f, "{year:04}-{month:02}-{day:02}")?;
        f.write_str(if self.zone & 0x80 == 0 { "T" } else { "t" })?;
        write!(f, "{hour:02}:{minute:02}:{second:02}")?;
        let digits = usize::from(self.digits % 11);
        if digits > 0 {
            write!(f, ".{:.digits$}", format!("{:010}", self.fraction))?;
        }
        let (hour, minute) = (self.zone_hour % 25, self.zone_minute % 61);
        match self.zone % 5 {
            0 => Ok(()),
            1 => f.write_str("Z"),
            2 => f.write_str("z"),
            3 => write!(f, "+{hour:02}:{minute:02}"),
            _ => write!(f, "-{hour:02}:{minute:02}"),
        }
    }
}

/// What leaves 64 bits of 64, 32, 31 and 2.
const SHIFTS: [u8; 4] = [0, 32, 33, 62];

/// A number near the bounds of integers and doubles, or anywhere.
#[derive(Arbitrary, Debug)]
pub(super) enum WrittenNumber {
    Integer {
        value: i64,
        add: i8,
        point: u8,
        exponent: i8,
    },
    Double {
        bits: u64,
    },
    /// In the middle of two doubles, or a little beside it.
    Between {
        bits: u64,
        zeros: u8,
        nudge: i8,
    },
    Digits {
        negative: bool,
        digits: Vec<u8>,
        point: u8,
        exponent: i16,
    },
}

impl fmt::Display for WrittenNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WrittenNumber::Integer {
                value,
                add,
                point,
                exponent,
            } => {
                // Around the bounds of 64 and of 32 bits, and around zero.
                let value =
                    i128::from(*value >> SHIFTS[usize::from(*point >> 6)]) + i128::from(*add);
                let digits = value.unsigned_abs().to_string();
                number(f, value < 0, &digits, *point % 32, (*exponent / 4).into())
            }
            WrittenNumber::Double { bits } => {
                let value = f64::from_bits(*bits);
                write!(f, "{:e}", if value.is_finite() { value } else { 0.5 })
            }
            WrittenNumber::Between { bits, zeros, nudge } => {
                let zeros = u32::from(zeros % 20);
                let (digits, exponent) = middle(*bits);
                let digits = digits * BigInt::from(10).pow(zeros) + nudge % 2;
                write!(f, "{digits}e{}", exponent - i64::from(zeros))
            }
            WrittenNumber::Digits {
                negative,
                digits,
                point,
                exponent,
            } => {
                let digits: String = digits.iter().map(|d| char::from(b'0' + d % 10)).collect();
                number(f, *negative, &digits, *point, *exponent)
            }
        }
    }
}

/// The middle of a positive double and the next one: digits, times ten to the power of the second.
fn middle(bits: u64) -> (BigInt, i64) {
    let exponent = (bits >> 52) % 0x7FF;
    let mantissa = (bits & ((1 << 52) - 1)) | u64::from(exponent > 0) << 52;
    // The double is the mantissa times two to the power of one more than this.
    let power = exponent.max(1) as i64 - 1_076;
    let middle = BigInt::from(2 * mantissa + 1);
    match u32::try_from(power) {
        Ok(power) => (middle << power, 0),
        Err(_) => (
            middle * BigInt::from(5).pow(power.unsigned_abs() as u32),
            power,
        ),
    }
}

/// Writes digits with a point before the last `after` of them.
fn number(
    f: &mut fmt::Formatter<'_>,
    negative: bool,
    digits: &str,
    after: u8,
    exponent: i16,
) -> fmt::Result {
    let after = usize::from(after) % (digits.len() + 1);
    let (whole, fraction) = digits.split_at(digits.len() - after);
    let whole = whole.trim_start_matches('0');
    f.write_str(if negative { "-" } else { "" })?;
    f.write_str(if whole.is_empty() { "0" } else { whole })?;
    if !fraction.is_empty() {
        write!(f, ".{fraction}")?;
    }
    match exponent {
        0 => Ok(()),
        exponent if exponent % 2 == 0 => write!(f, "e{exponent:+}"),
        exponent => write!(f, "E{exponent}"),
    }
}

#[cfg(test)]
mod tests {
    use super::middle;

    #[test]
    fn the_middle_is_between() {
        for bits in [0, 1, 0x3FF0_0000_0000_0001, 0x7FE1_2345_6789_ABCD] {
            let (digits, exponent) = middle(bits);
            let parse = |digits| format!("{digits}e{}", exponent - 1).parse::<f64>().unwrap();
            assert_eq!(
                parse(&digits * 10 - 1).to_bits(),
                bits,
                "{digits}e{exponent}"
            );
            assert_eq!(
                parse(&digits * 10 + 1).to_bits(),
                bits + 1,
                "{digits}e{exponent}"
            );
        }
    }
}
