//! Tables written as CSV and as Parquet, read back by others: the crates csv and parquet.

mod fields;
mod made;

use std::{fs, fs::File, num::NonZeroUsize, path::Path};

use arbitrary::{Arbitrary, Unstructured};
use arrow_array::{
    Array, ArrayRef, RecordBatch,
    cast::AsArray,
    types::{Float64Type, Int32Type, Int64Type, TimestampMicrosecondType},
};
use arrow_select::concat::concat_batches;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use voltree::{CsvOptions, CsvSafety, Format, ParquetOptions, write_tables};
use voltree_core::schema::Type;
use voltree_core::{Dataset, Table};

use crate::scalars::time;
use fields::{Field, fields};

/// How tables are written.
#[derive(Arbitrary, Debug)]
struct Options {
    row_group_rows: u8,
    level: u8,
    delimiter: u8,
    null: u8,
    prefix: bool,
}

/// Panics where a table that `input` stands for is read back as another one.
pub fn check(input: &[u8]) {
    let mut bytes = Unstructured::new(input);
    let options: Options = bytes.arbitrary().expect("takes any bytes");
    let table = made::table(&mut bytes);
    let dir = tempfile::tempdir().expect("there is room for temporary files");
    let rows = concat_batches(&table.def.arrow_schema(), &table.batches).expect("one schema");
    let dataset = Dataset {
        tables: vec![table],
        lineage: Vec::new(),
        stats: Default::default(),
    };
    parquet(&dataset, &rows, &options, dir.path());
    csv(&dataset, &rows, &options, dir.path());
}

fn parquet(dataset: &Dataset, rows: &RecordBatch, options: &Options, dir: &Path) {
    let format = Format::Parquet(ParquetOptions {
        compression_level: 1 + i32::from(options.level % 4),
        row_group_rows: NonZeroUsize::MIN.saturating_add(options.row_group_rows.into()),
    });
    let written = write_tables(dataset, dir, &format).expect("no table is refused");
    assert_eq!(written[0].rows, rows.num_rows() as u64);
    let file = File::open(dir.join(&written[0].file)).expect("the file was written");
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).expect("the file is Parquet");
    let schema = reader.schema().clone();
    let batches: Result<Vec<RecordBatch>, _> = reader.build().expect("it has columns").collect();
    let read = concat_batches(&schema, &batches.expect("all can be read")).expect("one schema");
    for (index, column) in dataset.tables[0].def.columns.iter().enumerate() {
        assert_eq!(
            read.column(index),
            rows.column(index),
            "{} in Parquet",
            column.name
        );
    }
    assert_eq!(read.num_columns(), rows.num_columns());
}

/// Markers for NULL that are no value of any other type.
const NULLS: [&str; 6] = ["", "N", "\\N", " ", "=é", "'="];
const DELIMITERS: [u8; 6] = *b",;\t| '";

fn csv(dataset: &Dataset, rows: &RecordBatch, options: &Options, dir: &Path) {
    let Table { def, .. } = &dataset.tables[0];
    let delimiter = DELIMITERS[usize::from(options.delimiter) % DELIMITERS.len()];
    let null = NULLS[usize::from(options.null) % NULLS.len()];
    // Which of two meanings a blank has, the delimiter's or the marker's, is for the command to refuse.
    let null = if null.as_bytes().contains(&delimiter) {
        ""
    } else {
        null
    };
    let format = Format::Csv(CsvOptions {
        delimiter,
        null: null.to_owned(),
        safety: if options.prefix {
            CsvSafety::Prefix
        } else {
            CsvSafety::Off
        },
    });
    let written = write_tables(dataset, dir, &format).expect("no table is refused");
    let file = fs::read_to_string(dir.join(&written[0].file)).expect("the file is UTF-8");
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .from_reader(file.as_bytes());
    let records: Result<Vec<csv::StringRecord>, _> = reader.records().collect();
    let records = records.expect("all records have as many fields");

    // The csv crate does not tell which fields had quotes; where ours finds the same fields, it may.
    let lines = fields(&file, char::from(delimiter));
    let texts = |line: &Vec<Field>| line.iter().map(|field| field.text.clone()).collect();
    let split: Vec<Vec<String>> = lines.iter().map(texts).collect();
    assert_eq!(
        split,
        records
            .iter()
            .map(|r| r.iter().collect())
            .collect::<Vec<Vec<_>>>(),
        "{file:?}"
    );

    let names: Vec<&str> = def.columns.iter().map(|column| column.name).collect();
    assert_eq!(split[0], names);
    assert_eq!(lines.len() - 1, rows.num_rows(), "{file:?}");
    for (row, line) in lines[1..].iter().enumerate() {
        for ((column, array), field) in def.columns.iter().zip(rows.columns()).zip(line) {
            let is_null = !field.quoted && field.text == null;
            assert_eq!(is_null, array.is_null(row), "{} {file:?}", column.name);
            if !is_null {
                hold(column.ty, array, row, &field.text, options.prefix);
            }
        }
    }
}

/// Panics where a field does not say what stands in the row.
fn hold(ty: Type, array: &ArrayRef, row: usize, text: &str, prefix: bool) {
    match ty {
        Type::Int64 => assert_eq!(
            text.parse(),
            Ok(array.as_primitive::<Int64Type>().value(row))
        ),
        Type::Int32 | Type::Enum(_) => {
            assert_eq!(
                text.parse(),
                Ok(array.as_primitive::<Int32Type>().value(row))
            );
        }
        Type::Float64 => {
            assert_eq!(
                text.parse(),
                Ok(array.as_primitive::<Float64Type>().value(row))
            );
        }
        Type::Bool => assert_eq!(text.parse(), Ok(array.as_boolean().value(row))),
        Type::Time => {
            let micros = array.as_primitive::<TimestampMicrosecondType>().value(row);
            assert_eq!(time::read(text).map(time::micros), Some(micros), "{text}");
        }
        Type::Text => {
            let value = array.as_string::<i32>().value(row);
            let formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
            let mark = if prefix && formula { "'" } else { "" };
            assert_eq!(text, format!("{mark}{value}"));
        }
    }
}
