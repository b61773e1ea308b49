//! By which moment it is told what has expired.

use std::{fmt, str::FromStr};

use super::{rows::times, whole::is_whole};
use crate::{Dataset, text::time};

/// An instant, to the microsecond.
///
/// ```
/// use voltree_core::check::Moment;
///
/// let moment: Moment = "2024-10-10T08:49:37.360+02:00".parse()?;
/// assert_eq!(moment.to_string(), "2024-10-10T06:49:37.36Z");
/// # Ok::<(), voltree_core::check::NoMoment>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(i64);

/// The columns that say when something happened.
const HAPPENED: [(&str, &str); 3] = [
    ("chargers", "last_seen"),
    ("sockets", "last_updated"),
    ("tags", "last_updated"),
];
/// 9999-01-01T00:00:00Z: what is later stands for never.
const NEVER: i64 = 253_370_764_800_000_000;

impl Moment {
    /// An instant in microseconds since the Unix epoch, UTC. In the years 1 to 9999 its text is one of RFC 3339;
    /// that of another year cannot be parsed again.
    pub const fn from_micros(micros: i64) -> Self {
        Moment(micros)
    }

    /// Microseconds since the Unix epoch, UTC.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The latest `lastSeen` and `lastUpdated` in these tables. The year 9999 stands for never, and
    /// does not count. There is none where a table is missing, or has other columns than it should.
    pub fn latest(dataset: &Dataset) -> Option<Self> {
        if !is_whole(dataset) {
            return None;
        }
        let times = HAPPENED
            .iter()
            .flat_map(|(table, column)| times(dataset, table, column).flatten());
        times.filter(|&time| time < NEVER).max().map(Moment)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&time::format(self.0))
    }
}

/// A text is no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it has to be a time of RFC 3339, such as 2024-10-10T06:49:37Z")]
pub struct NoMoment;

impl FromStr for Moment {
    type Err = NoMoment;

    /// Reads RFC 3339, the zone optional (then UTC).
    fn from_str(text: &str) -> Result<Self, NoMoment> {
        time::parse(text.as_bytes()).map(Moment).ok_or(NoMoment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_years_that_have_a_text_of_rfc_3339() {
        let parsed = |micros| Moment::from_micros(micros).to_string().parse::<Moment>();
        let [first, last] = ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"]
            .map(|text| text.parse::<Moment>().unwrap().micros());
        for micros in [first, last] {
            assert_eq!(parsed(micros), Ok(Moment(micros)));
        }
        for micros in [i64::MIN, first - 1, last + 1, i64::MAX] {
            assert_eq!(parsed(micros), Err(NoMoment));
        }
    }
}
