//! Which options give CSV files that can be read back as what they are.

use chrono::DateTime;

use super::{CsvOptions, CsvSafety};
use crate::Error;

impl CsvOptions {
    /// `lineage` tells whether rebuilding depends on every text.
    pub(in crate::write) fn validate(&self, lineage: bool) -> Result<(), Error> {
        let refuse = |why: String| Err(Error::Usage(why));
        let CsvOptions {
            delimiter,
            null,
            safety,
        } = self;
        if lineage && *safety == CsvSafety::Prefix {
            return refuse(
                "--csv-safe prefix changes texts, and --lineage keeps them: choose one".to_owned(),
            );
        }
        if !delimits(*delimiter) {
            return refuse(format!("--delimiter: {NO_DELIMITER}"));
        }
        if let Some(why) = no_marker(null) {
            return refuse(format!("--null {null}: {why}"));
        }
        // It stands without quotes.
        if null.bytes().any(|byte| byte == *delimiter) {
            return refuse(format!("--null {null}: it cannot hold the delimiter"));
        }
        Ok(())
    }
}

/// Why a text cannot stand for NULL, whatever delimits.
pub(crate) fn no_marker(text: &str) -> Option<&'static str> {
    if text.bytes().any(|byte| b"\"\r\n".contains(&byte)) {
        return Some("it cannot hold a quote or a line break");
    }
    is_value(text).then_some("it is a value too: choose a marker that is none")
}

/// What is said of a byte that does not delimit.
pub(crate) const NO_DELIMITER: &str =
    "it stands in numbers, times, names or quotes: choose another one";

/// Whether a byte can delimit: not one of a character that stands in numbers, times, booleans and the names
/// of columns, which are never quoted.
pub(crate) fn delimits(byte: u8) -> bool {
    byte.is_ascii() && !byte.is_ascii_alphanumeric() && !b"\"\r\n\0+-.:_".contains(&byte)
}

/// Whether a column that is no text may hold it, where it would be taken for NULL.
fn is_value(text: &str) -> bool {
    text.parse::<f64>().is_ok_and(f64::is_finite)
        || text.parse::<bool>().is_ok()
        || DateTime::parse_from_rfc3339(text).is_ok()
}
