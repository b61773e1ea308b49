//! Times.

use std::{fmt, str::FromStr};

use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta};
use serde::{Serialize, Serializer};

/// An instant, with its spelling: an RFC 3339 time whose zone may be missing (then it is UTC), with
/// up to nine fraction digits, from year 1 to year 9999.
///
/// ```
/// use voltree_core::tree::Time;
///
/// let time: Time = "2024-10-10T09:49:37.3630000+03:00".parse()?;
/// assert_eq!(time.micros(), 1_728_542_977_363_000);
/// assert_eq!(time.text(), "2024-10-10T09:49:37.3630000+03:00");
/// # Ok::<(), voltree_core::tree::InvalidTime>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Time {
    text: Box<str>,
    micros: i64,
}

impl Time {
    /// The time as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Microseconds since the start of 1970 in UTC; further digits are cut off.
    pub fn micros(&self) -> i64 {
        self.micros
    }
}

/// The text is no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no RFC 3339 time between the years 1 and 9999")]
pub struct InvalidTime;

impl FromStr for Time {
    type Err = InvalidTime;

    fn from_str(text: &str) -> Result<Self, InvalidTime> {
        let micros = micros(text).ok_or(InvalidTime)?;
        Ok(Time {
            text: text.into(),
            micros,
        })
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

fn micros(text: &str) -> Option<i64> {
    let (date_time, rest) = text.split_at_checked("0000-00-00T00:00:00".len())?;
    if !has_shape(date_time, "0000-00-00T00:00:00") {
        return None;
    }
    let field = |from: usize, to: usize| date_time[from..to].parse::<u32>().ok();
    let year = i32::try_from(field(0, 4)?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, field(5, 7)?, field(8, 10)?)?;
    let second = field(17, 19)?;
    let leap = second == 60;
    // A leap second is the next one; whether one can stand there is seen when it is in UTC.
    let time = date.and_hms_opt(
        field(11, 13)?,
        field(14, 16)?,
        if leap { 59 } else { second },
    )?;

    let (fraction, zone) = parse_fraction(rest)?;
    let utc = time - parse_offset(zone)?;
    if leap && Some(utc.time()) != NaiveTime::from_hms_opt(23, 59, 59) {
        return None;
    }
    let utc = utc + TimeDelta::seconds(leap.into());
    let years = 1..=9999;
    if !years.contains(&year) || !years.contains(&utc.year()) {
        return None;
    }
    Some(utc.and_utc().timestamp_micros() + fraction)
}

/// Microseconds of the fraction that the text starts with, if it does, and what stands behind it.
fn parse_fraction(text: &str) -> Option<(i64, &str)> {
    let Some(text) = text.strip_prefix('.') else {
        return Some((0, text));
    };
    let zone = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = &text[..text.len() - zone.len()];
    if !(1..=9).contains(&digits.len()) {
        return None;
    }
    let nanos: i64 = format!("{digits:0<9}").parse().ok()?;
    Some((nanos / 1000, zone))
}

/// What a zone is ahead of UTC.
fn parse_offset(zone: &str) -> Option<TimeDelta> {
    if matches!(zone, "" | "Z" | "z") {
        return Some(TimeDelta::zero());
    }
    if !has_shape(zone, "+00:00") {
        return None;
    }
    let hours: i64 = zone[1..3].parse().ok()?;
    let minutes: i64 = zone[4..6].parse().ok()?;
    if hours > 23 || minutes > 59 {
        return None;
    }
    let ahead = TimeDelta::minutes(60 * hours + minutes);
    Some(if zone.starts_with('-') { -ahead } else { ahead })
}

/// Whether a text has a digit where the shape has `0`, a sign where it has `+`, and else the same
/// characters; letters in either case.
fn has_shape(text: &str, shape: &str) -> bool {
    text.len() == shape.len()
        && text
            .bytes()
            .zip(shape.bytes())
            .all(|(byte, wanted)| match wanted {
                b'0' => byte.is_ascii_digit(),
                b'+' => matches!(byte, b'+' | b'-'),
                _ => byte.eq_ignore_ascii_case(&wanted),
            })
}

#[cfg(test)]
mod tests;
