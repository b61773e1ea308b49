//! What tables are written as.

use chrono::DateTime;

use crate::{
    CsvOptions, CsvSafety, Error, Format, ParquetOptions,
    cli::{ConvertArgs, FormatName, Writing},
};

/// What a conversion writes.
pub(super) fn output_format(args: &ConvertArgs) -> Result<Format, Error> {
    if args.lineage && args.writing.csv_safe == Some(CsvSafety::Prefix) {
        return Err(Error::Usage(
            "--csv-safe prefix changes texts, and --lineage keeps them: choose one".to_owned(),
        ));
    }
    format("--format", args.format, &args.writing)
}

/// Options of one format are refused with the other one: they would do nothing.
///
/// `option` is the one that names the format.
pub(super) fn format(option: &str, name: FormatName, writing: &Writing) -> Result<Format, Error> {
    let refuse = |given: bool, refused: &str, format: &str| {
        if given {
            return Err(Error::Usage(format!("{refused} needs {option} {format}")));
        }
        Ok(())
    };
    match name {
        FormatName::Parquet => {
            refuse(writing.null.is_some(), "--null", "csv")?;
            refuse(writing.delimiter.is_some(), "--delimiter", "csv")?;
            refuse(writing.csv_safe.is_some(), "--csv-safe", "csv")?;
            let defaults = ParquetOptions::default();
            Ok(Format::Parquet(ParquetOptions {
                compression_level: writing
                    .compression_level
                    .unwrap_or(defaults.compression_level),
                row_group_rows: writing.row_group_rows.unwrap_or(defaults.row_group_rows),
            }))
        }
        FormatName::Csv => {
            refuse(
                writing.compression_level.is_some(),
                "--compression-level",
                "parquet",
            )?;
            refuse(
                writing.row_group_rows.is_some(),
                "--row-group-rows",
                "parquet",
            )?;
            let defaults = CsvOptions::default();
            let options = CsvOptions {
                delimiter: writing.delimiter.unwrap_or(defaults.delimiter),
                null: writing.null.clone().unwrap_or(defaults.null),
                safety: writing.csv_safe.unwrap_or(defaults.safety),
            };
            // It stands without quotes.
            if options
                .null
                .bytes()
                .any(|byte| b"\"\r\n".contains(&byte) || byte == options.delimiter)
            {
                return Err(Error::Usage(
                    "--null cannot hold the delimiter, a quote or a line break".to_owned(),
                ));
            }
            if is_value(&options.null) {
                return Err(Error::Usage(format!(
                    "--null {} is a value too: choose a marker that is none",
                    options.null
                )));
            }
            Ok(Format::Csv(options))
        }
    }
}

/// Whether a column that is no text may hold it, where it would be taken for NULL.
fn is_value(text: &str) -> bool {
    text.parse::<f64>().is_ok_and(f64::is_finite)
        || text.parse::<bool>().is_ok()
        || DateTime::parse_from_rfc3339(text).is_ok()
}
