//! Instants as RFC 3339 in UTC: `2024-10-10T06:49:37.36Z`.

const MICROS: i64 = 1_000_000;
const DAY: i64 = 24 * 60 * 60;

/// Appends an instant in microseconds since the Unix epoch, of the years 0001 to 9999.
///
/// The fraction has no trailing zeros, and is left out where it is zero.
pub(super) fn put(micros: i64, out: &mut Vec<u8>) {
    let (seconds, fraction) = (micros.div_euclid(MICROS), micros.rem_euclid(MICROS));
    let (days, second) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
    let (year, month, day) = civil(days);
    let mut text = *b"0000-00-00T00:00:00.000000Z";
    digits(&mut text[0..4], year);
    digits(&mut text[5..7], month);
    digits(&mut text[8..10], day);
    digits(&mut text[11..13], second / 3600);
    digits(&mut text[14..16], second / 60 % 60);
    digits(&mut text[17..19], second % 60);
    digits(&mut text[20..26], fraction);
    let mut end = 26;
    if fraction == 0 {
        end = 19;
    }
    while fraction != 0 && text[end - 1] == b'0' {
        end -= 1;
    }
    text[end] = b'Z';
    out.extend_from_slice(&text[..=end]);
}

fn digits(text: &mut [u8], mut value: i64) {
    for digit in text.iter_mut().rev() {
        *digit = b'0' + (value % 10) as u8;
        value /= 10;
    }
}

/// Year, month and day of a day counted from 1970-01-01, in the Gregorian calendar.
///
/// Years are counted from March, so that the leap day is their last, in eras of 400 years.
fn civil(days: i64) -> (i64, i64, i64) {
    const ERA: i64 = 146_097;
    const FROM_0000_03_01: i64 = 719_468;
    let days = days + FROM_0000_03_01;
    let (era, day) = (days.div_euclid(ERA), days.rem_euclid(ERA));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    (era * 400 + year + i64::from(month <= 2), month, of_month)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, SecondsFormat};
    use proptest::prelude::*;

    use super::*;

    fn text(micros: i64) -> String {
        let mut out = Vec::new();
        put(micros, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn fractions_have_no_trailing_zeros() {
        assert_eq!(text(1_728_542_977_360_000), "2024-10-10T06:49:37.36Z");
        assert_eq!(text(0), "1970-01-01T00:00:00Z");
        assert_eq!(text(-1), "1969-12-31T23:59:59.999999Z");
        assert_eq!(text(100_000), "1970-01-01T00:00:00.1Z");
    }

    #[test]
    fn the_first_and_the_last_year_are_written_in_full() {
        assert_eq!(text(-62_135_596_800_000_000), "0001-01-01T00:00:00Z");
        assert_eq!(text(253_402_300_799_999_999), "9999-12-31T23:59:59.999999Z");
    }

    proptest! {
        #[test]
        fn agrees_with_chrono(micros in -62_135_596_800_000_000..=253_402_300_799_999_999_i64) {
            let whole = micros - micros.rem_euclid(MICROS);
            for (micros, format) in [(micros / 10 * 10 + 1, SecondsFormat::Micros), (whole, SecondsFormat::Secs)] {
                let expected = DateTime::from_timestamp_micros(micros).unwrap();
                prop_assert_eq!(text(micros), expected.to_rfc3339_opts(format, true));
            }
        }
    }
}
