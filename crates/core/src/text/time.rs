//! Times as the payload and the tables write them.
//!
//! Read: RFC 3339 `date-time`, the zone optional (then UTC), 0 to 9 fraction digits, years 0001 to
//! 9999 both as written and in UTC. Written: RFC 3339 in UTC with as many fraction digits as needed.
//! The calendar is the proleptic Gregorian one; days are counted after Howard Hinnant,
//! "chrono-Compatible Low-Level Date Algorithms".

/// Microseconds in a second, in a day.
const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;
/// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59.999999Z.
const FIRST: i64 = -719_162 * DAY;
const LAST: i64 = 2_932_897 * DAY - 1;

/// Microseconds since the Unix epoch; digits beyond microseconds are cut off.
pub(crate) fn parse(text: &[u8]) -> Option<i64> {
    let (date_time, rest) = text.split_first_chunk::<19>()?;
    let part = |at: usize| date_time[at..].first_chunk::<8>().expect("eight bytes");
    let year_month = Digits::new(part(0), b"0000-00-")?;
    let month_day = Digits::new(part(2), b"00-00-00")?;
    let time = Digits::new(part(11), b"00:00:00")?;
    let year = year_month.pair(0) * 100 + year_month.pair(2);
    let (month, day) = (month_day.pair(3), month_day.pair(6));
    let (hour, minute, second) = (time.pair(0), time.pair(3), time.pair(6));
    let valid = date_time[10] | 0x20 == b't'
        && year >= 1
        && (1..=12).contains(&month)
        && (1..=days_in_month(year, month)).contains(&day)
        && hour <= 23
        && minute <= 59
        && second <= 60;
    if !valid {
        return None;
    }
    let (micros, zone) = fraction(rest)?;
    let minutes = hour * 60 + minute - offset_minutes(zone)?;
    let seconds = days_from_civil(year, month, day) * 86_400 + minutes * 60 + second;
    // A leap second stands at the end of a UTC day only.
    if second == 60 && seconds.rem_euclid(86_400) != 0 {
        return None;
    }
    let time = seconds * SECOND + micros;
    (FIRST..=LAST).contains(&time).then_some(time)
}

/// Eight characters at once, a byte of a word each, the first one lowest: what each pair of digits is
/// in decimal.
struct Digits(u64);

impl Digits {
    /// None where there is no digit for each 0 of the pattern, or another character than it has
    /// elsewhere.
    #[inline]
    fn new(text: &[u8; 8], pattern: &[u8; 8]) -> Option<Self> {
        // What a byte may be above its pattern at most, up to 15, and what is missing.
        let missing = pattern.map(|byte| if byte == b'0' { 15 - 9 } else { 15 });
        let values = u64::from_le_bytes(*text) ^ u64::from_le_bytes(*pattern);
        let sums = values.wrapping_add(u64::from_le_bytes(missing));
        // No carry goes from one byte to the next unless the byte has one of these bits by itself.
        if (values | sums) & 0xF0F0_F0F0_F0F0_F0F0 != 0 {
            return None;
        }
        Some(Digits(values * 10 + (values >> 8)))
    }

    /// The digits at this place and behind it.
    #[inline]
    fn pair(&self, at: usize) -> i64 {
        i64::from(self.0.to_le_bytes()[at])
    }
}

/// Microseconds of the fraction, and what stands behind it.
#[inline]
fn fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let [b'.', digits @ ..] = text else {
        return Some((0, text));
    };
    let mut value: i64 = 0;
    let mut count = 0;
    while let Some(digit @ b'0'..=b'9') = digits.get(count)
        && count < 9
    {
        value = value * 10 + i64::from(digit - b'0');
        count += 1;
    }
    let micros = match count {
        0 => return None,
        1 => value * 100_000,
        2 => value * 10_000,
        3 => value * 1_000,
        4 => value * 100,
        5 => value * 10,
        6 => value,
        7 => value / 10,
        8 => value / 100,
        _ => value / 1_000,
    };
    Some((micros, &digits[count..]))
}

fn offset_minutes(zone: &[u8]) -> Option<i64> {
    match *zone {
        [] | [b'Z' | b'z'] => Some(0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let digits = [h1, h2, m1, m2];
            if !digits.iter().all(u8::is_ascii_digit) {
                return None;
            }
            let [h1, h2, m1, m2] = digits.map(|digit| i64::from(digit - b'0'));
            let (hours, minutes) = (h1 * 10 + h2, m1 * 10 + m2);
            let total = hours * 60 + minutes;
            (hours <= 23 && minutes <= 59).then_some(if sign == b'-' { -total } else { total })
        }
        _ => None,
    }
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Of a date from year 1 on.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    // Years start with March, so that a leap day is the last one. Without a sign, division by a constant
    // is multiplication.
    let year = (year - i64::from(month <= 2)) as u64;
    let leap_days = year / 4 - year / 100 + year / 400;
    let day_of_year = (153 * ((month as u64 + 9) % 12) + 2) / 5 + day as u64 - 1;
    (year * 365 + leap_days + day_of_year) as i64 - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// The text of a time that [`parse`] has given: `2024-10-10T06:49:37.36Z`.
pub(crate) fn format(time: i64) -> String {
    let (year, month, day) = civil_from_days(time.div_euclid(DAY));
    let micros = time.rem_euclid(DAY);
    let (seconds, fraction) = (micros / SECOND, micros % SECOND);
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let mut text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    if fraction > 0 {
        text.push_str(format!(".{fraction:06}").trim_end_matches('0'));
    }
    text.push('Z');
    text
}

#[cfg(test)]
mod tests {
    use super::{format, parse};

    fn round(text: &str) -> Option<String> {
        parse(text.as_bytes()).map(format)
    }

    #[test]
    fn reads_and_writes() {
        for (text, written) in [
            ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
            ("2024-10-10T06:49:37.360Z", "2024-10-10T06:49:37.36Z"),
            ("2024-10-10t06:49:37z", "2024-10-10T06:49:37Z"),
            ("2024-10-10T06:49:37", "2024-10-10T06:49:37Z"),
            (
                "2024-02-29T23:30:00.123456789-01:00",
                "2024-03-01T00:30:00.123456Z",
            ),
            ("0001-01-01T00:00:00", "0001-01-01T00:00:00Z"),
            ("9999-12-31T23:59:59.9999999", "9999-12-31T23:59:59.999999Z"),
            // The last day of an era of 400 years.
            ("2000-02-29T00:00:00Z", "2000-02-29T00:00:00Z"),
            ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
            ("2017-01-01T01:59:60+02:00", "2017-01-01T00:00:00Z"),
            ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.5Z"),
        ] {
            assert_eq!(round(text).as_deref(), Some(written), "{text}");
        }
    }

    #[test]
    fn refuses() {
        for text in [
            "",
            "2024-10-10",
            "2024-10-10 06:49:37",
            "2024-10-10T06:49",
            "2024-10-10T06:49:37.",
            "2024-10-10T06:49:37.1234567890",
            "2023-02-29T00:00:00Z",
            "2024-13-01T00:00:00Z",
            "2024-00-01T00:00:00Z",
            "2024-10-10T24:00:00Z",
            "2024-10-10T06:49:60Z",
            "0000-01-01T00:00:00Z",
            "0001-01-01T00:00:00+00:01",
            "9999-12-31T23:59:59-00:01",
            "9999-12-31T23:59:60Z",
            "2024-10-10T06:49:37+24:00",
            "2024-10-10T06:49:37+0200",
            "2024-10-10T06:49:37Zx",
            "２024-10-10T06:49:37Z",
        ] {
            assert_eq!(round(text), None, "{text}");
        }
    }
}
