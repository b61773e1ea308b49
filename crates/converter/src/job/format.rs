//! What tables are written as.

use crate::{
    CsvOptions, Error, Format, ParquetOptions,
    cli::{ConvertArgs, FormatName, Writing},
};

/// What a conversion writes.
pub(super) fn output_format(args: &ConvertArgs) -> Result<Format, Error> {
    let format = format("--format", args.format, &args.writing)?;
    format.validate(args.lineage)?;
    Ok(format)
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
            Ok(Format::Csv(CsvOptions {
                delimiter: writing.delimiter.unwrap_or(defaults.delimiter),
                null: writing.null.clone().unwrap_or(defaults.null),
                safety: writing.csv_safe.unwrap_or(defaults.safety),
            }))
        }
    }
}
