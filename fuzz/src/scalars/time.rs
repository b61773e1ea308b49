//! What a time is.

use std::sync::LazyLock;

use jiff::{SignedDuration, civil::DateTime, civil::date};
use regex_lite::Regex;

static TIME: LazyLock<Regex> = LazyLock::new(|| {
    let date = r"([0-9]{4})-([0-9]{2})-([0-9]{2})";
    let time = r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?";
    let zone = r"(?:[Zz]|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))?";
    Regex::new(&format!("^{date}[Tt]{time}{zone}$")).expect("valid")
});

/// The time in UTC, cut to microseconds.
pub(crate) fn read(text: &str) -> Option<DateTime> {
    let parts = TIME.captures(text)?;
    let part = |index| parts.get(index).map_or("", |part| part.as_str());
    let number = |index| part(index).parse::<i8>().ok();
    let year = part(1).parse().ok().filter(|&year| year >= 1)?;
    let second = number(6)?;
    let leap = second == 60;
    let micros: i64 = format!("{:0<6.6}", part(7)).parse().ok()?;
    let local = DateTime::new(
        year,
        number(2)?,
        number(3)?,
        number(4)?,
        number(5)?,
        if leap { 59 } else { second },
        0,
    )
    .ok()?;
    let minutes = if part(9).is_empty() {
        0
    } else {
        60 * i64::from(number(9)?) + i64::from(number(10)?)
    };
    let ahead = SignedDuration::from_mins(if part(8) == "-" { -minutes } else { minutes });
    let utc = local.checked_sub(ahead).ok()?;
    if leap && (utc.hour(), utc.minute()) != (23, 59) {
        return None;
    }
    let after = SignedDuration::from_micros(i64::from(leap) * 1_000_000 + micros);
    let utc = utc.checked_add(after).ok()?;
    (utc.year() >= 1).then_some(utc)
}

/// Microseconds since the start of 1970.
pub(crate) fn micros(time: DateTime) -> i64 {
    let since = time.duration_since(date(1970, 1, 1).at(0, 0, 0, 0));
    i64::try_from(since.as_micros()).expect("ten thousand years")
}

pub(crate) fn text(time: DateTime) -> String {
    format!("{time}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes() {
        let written = |time| read(time).map(text);
        for (time, expected) in [
            (
                "2024-02-29t23:30:00.1234567-01:00",
                "2024-03-01T00:30:00.123456Z",
            ),
            ("0001-01-01T00:00:00", "0001-01-01T00:00:00Z"),
            ("2017-01-01T01:59:60+02:00", "2017-01-01T00:00:00Z"),
            ("9999-12-31T23:59:59.9999999", "9999-12-31T23:59:59.999999Z"),
            ("1969-12-31T23:59:59.50", "1969-12-31T23:59:59.5Z"),
        ] {
            assert_eq!(written(time).as_deref(), Some(expected), "{time}");
        }
        for time in [
            "2023-02-29T00:00:00Z",
            "0001-01-01T00:00:00+00:01",
            "9999-12-31T23:59:60Z",
            "2024-01-01T00:00:60Z",
            "2024-01-01T00:00:00+24:00",
        ] {
            assert_eq!(read(time), None, "{time}");
        }
        assert_eq!(
            read("1970-01-02T00:00:00.000001").map(micros),
            Some(86_400_000_001)
        );
    }
}
