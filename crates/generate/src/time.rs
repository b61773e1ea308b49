//! Points in time, in all the spellings the API uses.

use crate::rng::Rng;

/// Fraction digits, .NET's seven most often.
const DIGITS: [usize; 14] = [7, 7, 7, 7, 0, 1, 2, 3, 4, 5, 6, 8, 9, 3];
/// Zones; no zone at all is read as UTC.
const ZONES: [&str; 9] = ["Z", "Z", "Z", "Z", "", "", "+02:00", "-05:30", "+00:00"];

/// A point in time and how it is spelt. There is no calendar arithmetic: days end at the 28th.
#[derive(Clone, Copy)]
pub(crate) struct Time {
    year: u32,
    month: u32,
    day: u32,
    hour: u32,
    minute: u32,
    second: u32,
    nanos: u32,
    digits: usize,
    zone: &'static str,
}

impl Time {
    /// `0001-01-01T00:00:00`, which stands for "never".
    pub(crate) const NEVER: Self = Self {
        year: 1,
        month: 1,
        day: 1,
        hour: 0,
        minute: 0,
        second: 0,
        nanos: 0,
        digits: 0,
        zone: "",
    };

    /// `9999-12-31T23:59:59.9999999`, which stands for "without end".
    pub(crate) const FOREVER: Self = Self {
        year: 9999,
        month: 12,
        day: 31,
        hour: 23,
        minute: 59,
        second: 59,
        nanos: 999_999_900,
        digits: 7,
        zone: "",
    };

    /// Some moment in the ten years from `year`.
    pub(crate) fn decade(rng: &mut Rng, year: u32) -> Self {
        Self {
            year: year + rng.below(10),
            month: 1 + rng.below(12),
            day: 1 + rng.below(28),
            hour: rng.below(24),
            minute: rng.below(60),
            second: rng.below(60),
            nanos: rng.below(1_000_000_000),
            digits: rng.pick(&DIGITS),
            zone: rng.pick(&ZONES),
        }
    }

    /// Another minute of the same hour, for `minutes` below 60.
    pub(crate) fn shifted(self, minutes: u32) -> Self {
        Self {
            minute: (self.minute + minutes) % 60,
            ..self
        }
    }

    /// The same microsecond with other digits behind it, and with a zone if it had none.
    pub(crate) fn respelt(self) -> Self {
        let known = 10_u32.pow(9 - self.digits.min(6) as u32);
        Self {
            nanos: self.nanos / known * known + 777,
            digits: 9,
            zone: if self.zone.is_empty() { "Z" } else { self.zone },
            ..self
        }
    }

    /// Writes the time as a JSON string.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.push(b'"');
        push_digits(out, self.year, 4);
        let parts = [
            (b'-', self.month),
            (b'-', self.day),
            (b'T', self.hour),
            (b':', self.minute),
            (b':', self.second),
        ];
        for (mark, number) in parts {
            out.push(mark);
            push_digits(out, number, 2);
        }
        if self.digits > 0 {
            out.push(b'.');
            push_digits(out, self.nanos, 9);
            out.truncate(out.len() - (9 - self.digits));
        }
        out.extend_from_slice(self.zone.as_bytes());
        out.push(b'"');
    }
}

fn push_digits(out: &mut Vec<u8>, mut number: u32, width: usize) {
    let start = out.len();
    out.resize(start + width, b'0');
    for digit in out[start..].iter_mut().rev() {
        *digit += (number % 10) as u8;
        number /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(time: Time) -> String {
        let mut out = Vec::new();
        time.write(&mut out);
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn spellings() {
        assert_eq!(text(Time::NEVER), r#""0001-01-01T00:00:00""#);
        assert_eq!(text(Time::FOREVER), r#""9999-12-31T23:59:59.9999999""#);
        assert_eq!(
            text(Time::FOREVER.respelt()),
            r#""9999-12-31T23:59:59.999999777Z""#
        );
        let time = Time {
            nanos: 987_654_321,
            digits: 2,
            zone: "+02:00",
            ..Time::NEVER
        };
        assert_eq!(text(time), r#""0001-01-01T00:00:00.98+02:00""#);
        assert_eq!(
            text(time.respelt()),
            r#""0001-01-01T00:00:00.980000777+02:00""#
        );
        assert_eq!(text(time.shifted(15)), r#""0001-01-01T00:15:00.98+02:00""#);
    }
}
