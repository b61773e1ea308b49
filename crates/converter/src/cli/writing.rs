//! How tables are written.

use std::num::NonZeroUsize;

use clap::Args;

use super::count;
use crate::{
    CsvSafety,
    write::{
        csv::valid::{NO_DELIMITER, delimits, no_marker},
        parquet::COMPRESSION_LEVELS,
    },
};

/// The options of both formats.
#[derive(Debug, Args)]
pub(crate) struct Writing {
    /// Level of zstd; tables of less than 128 rows are not compressed [default: 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(COMPRESSION_LEVELS), help_heading = "Parquet")]
    pub(crate) compression_level: Option<i32>,

    /// Rows of each row group [default: 1048576]
    #[arg(long, value_name = "N", value_parser = count(1..), help_heading = "Parquet")]
    pub(crate) row_group_rows: Option<NonZeroUsize>,

    /// What stands for NULL; nothing by default, while an empty text is `""`
    #[arg(long, value_name = "TEXT", value_parser = marker, help_heading = "CSV")]
    pub(crate) null: Option<String>,

    /// What separates fields: a character, or `tab` [default: ,]
    #[arg(long, value_name = "C", value_parser = delimiter, help_heading = "CSV")]
    pub(crate) delimiter: Option<u8>,

    /// What to do about texts that spreadsheets take for formulas, since they begin with = + - @, a tab, a
    /// line break or NUL [default: off]
    #[arg(long, value_enum, value_name = "MODE", help_heading = "CSV")]
    pub(crate) csv_safe: Option<CsvSafety>,
}

fn marker(text: &str) -> Result<String, &'static str> {
    match no_marker(text) {
        None => Ok(text.to_owned()),
        Some(why) => Err(why),
    }
}

fn delimiter(text: &str) -> Result<u8, String> {
    let byte = match text.as_bytes() {
        _ if matches!(text, "tab" | "\\t") => b'\t',
        &[byte] => byte,
        _ => return Err("it has to be one ASCII character, or `tab`".to_owned()),
    };
    if delimits(byte) {
        Ok(byte)
    } else {
        Err(NO_DELIMITER.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delimiter_stands_in_no_value() {
        assert_eq!(delimiter(";"), Ok(b';'));
        assert_eq!(delimiter("tab"), Ok(b'\t'));
        for bad in ["", "ab", "é", "\"", "-", "7", "e", "_", "\n"] {
            assert!(delimiter(bad).is_err(), "{bad:?}");
        }
    }
}
