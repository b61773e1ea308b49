use std::{
    fs::{self, File},
    sync::Arc,
};

use ::parquet::{
    arrow::ArrowWriter,
    basic::{BrotliLevel, Compression, GzipLevel},
    file::properties::WriterProperties,
};
use arrow_array::{
    ArrayRef, Float64Array, Int32Array, Int64Array, RecordBatch, TimestampMicrosecondArray,
    cast::AsArray,
    types::{Float64Type, Int32Type, Int64Type},
};
use arrow_select::concat::concat_batches;
use proptest::prelude::*;
use tempfile::TempDir;
use voltree_core::{
    Stats,
    schema::{self, Type},
};

use super::*;
use crate::{
    CsvOptions, Format, InputFacts, ParquetOptions, manifest,
    write::testing::{self, table_of_texts},
    write_tables,
};

mod refusals;

fn write(dataset: &Dataset, format: &Format) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let written = write_tables(dataset, dir.path(), format).unwrap();
    let input = InputFacts {
        name: "a.json".to_owned(),
        bytes: 0,
        hash: String::new(),
        codec: None,
        payload_bytes: 9,
        repeated_bytes: 0,
        depth: 0,
    };
    manifest::write(dir.path(), &input, &written, format).unwrap();
    dir
}

fn csv(delimiter: u8, null: &str) -> Format {
    Format::Csv(CsvOptions {
        delimiter,
        null: null.to_owned(),
        ..CsvOptions::default()
    })
}

fn formats() -> Vec<Format> {
    let mut formats = vec![
        Format::default(),
        Format::Parquet(ParquetOptions {
            row_group_rows: std::num::NonZeroUsize::new(7).unwrap(),
            ..ParquetOptions::default()
        }),
    ];
    for delimiter in *b",;\t| '/" {
        formats.extend(["", "NULL", "\\N"].map(|null| csv(delimiter, null)));
    }
    formats
}

/// All rows in one batch; zeros have no sign, as CSV has them.
fn whole(table: &Table) -> RecordBatch {
    let schema = table.def.arrow_schema();
    let batch = concat_batches(&schema, &table.batches).unwrap();
    let columns =
        batch
            .columns()
            .iter()
            .map(|column| match column.as_primitive_opt::<Float64Type>() {
                Some(numbers) => Arc::new(numbers.unary::<_, Float64Type>(|number| number + 0.0)),
                None => column.clone(),
            });
    RecordBatch::try_new(schema, columns.collect()).unwrap()
}

fn assert_reads_back(dataset: &Dataset, format: &Format) {
    let dir = write(dataset, format);
    let read = super::dataset(dir.path()).unwrap();
    assert_eq!(read.all_tables().count(), dataset.all_tables().count());
    for (read, written) in read.all_tables().zip(dataset.all_tables()) {
        assert!(!read.batches.is_empty());
        assert_eq!(whole(read), whole(written), "{format:?}");
    }
}

/// The dataset without rows but for this table.
fn only(table: Table) -> Dataset {
    let mut dataset = testing::dataset(0);
    let place = dataset
        .tables
        .iter()
        .position(|other| other.def.name == table.def.name);
    dataset.tables[place.unwrap()] = table;
    dataset
}

/// The least and the greatest of each type, and what is easily mistaken, in every column that has it.
fn extremes(def: &'static TableDef) -> Table {
    let columns = def.columns.iter().map(|column| -> ArrayRef {
        match column.ty {
            Type::Int64 => Arc::new(Int64Array::from(vec![i64::MIN, -1, 0, i64::MAX])),
            Type::Int32 | Type::Enum(_) => {
                Arc::new(Int32Array::from(vec![i32::MIN, -1, 0, i32::MAX]))
            }
            Type::Float64 => Arc::new(Float64Array::from(vec![
                f64::MIN,
                5e-324,
                0.1 + 0.2,
                f64::MAX,
            ])),
            Type::Bool => Arc::new(arrow_array::BooleanArray::from(vec![
                true, false, false, true,
            ])),
            Type::Time => {
                let times = vec![-62_135_596_800_000_000, -1, 0, 253_402_300_799_999_999];
                Arc::new(TimestampMicrosecondArray::from(times).with_timezone("UTC"))
            }
            Type::Text => Arc::new(arrow_array::StringArray::from(vec![
                "",
                "\u{0}",
                "a\r\n\"b\",;",
                "\u{10ffff}",
            ])),
        }
    });
    let batch = RecordBatch::try_new(def.arrow_schema(), columns.collect()).unwrap();
    Table {
        def,
        batches: vec![batch],
    }
}

#[test]
fn every_table_reads_back_in_every_format() {
    for rows in [0, 1, 23] {
        let dataset = testing::dataset(rows);
        for format in formats() {
            assert_reads_back(&dataset, &format);
        }
    }
}

#[test]
fn extremes_read_back_in_every_format() {
    let dataset = Dataset {
        tables: schema::tables().iter().map(extremes).collect(),
        lineage: schema::lineage_tables().iter().map(extremes).collect(),
        stats: Stats::default(),
    };
    for format in formats() {
        assert_reads_back(&dataset, &format);
    }
}

#[test]
fn the_tables_of_the_committed_payloads_read_back() {
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures");
    let mut payloads = 0;
    for entry in fs::read_dir(fixtures).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            let payload = fs::read(&path).unwrap();
            let dataset = voltree_core::Parser::new().parse_slice(&payload).unwrap();
            assert_reads_back(&dataset, &Format::default());
            assert_reads_back(&dataset, &csv(b'\t', "NULL"));
            payloads += 1;
        }
    }
    assert!(payloads >= 10);
}

#[test]
fn long_tables_and_long_texts_read_back() {
    let long = "\"x\r\n".repeat(200_000);
    let mut texts = vec![Some("a"); 70_000];
    texts.extend([Some(long.as_str()), None, Some("")]);
    let dataset = only(table_of_texts(&texts));
    assert_reads_back(&dataset, &Format::default());
    assert_reads_back(&dataset, &csv(b',', ""));
}

proptest! {
    #[test]
    fn texts_read_back(
        texts in prop::collection::vec(prop::option::of("[\",;'=\r\n\t aä\u{0}N]{0,6}"), 0..20),
        delimiter in prop::sample::select(b",;\t| '".to_vec()),
        null in prop::sample::select(vec!["", "N", "NN", "ä"]),
    ) {
        let rows: Vec<Option<&str>> = texts.iter().map(Option::as_deref).collect();
        let dataset = only(table_of_texts(&rows));
        assert_reads_back(&dataset, &csv(delimiter, null));
    }
}

#[test]
fn columns_are_found_by_name() {
    let dir = write(&testing::dataset(0), &csv(b',', ""));
    let file = dir.path().join("site_users.csv");
    fs::write(&file, "x,position,user_id,site_id\r\n?,3,2,1\r\n").unwrap();
    let table = Package::open(dir.path())
        .unwrap()
        .table(schema::table("site_users").unwrap())
        .unwrap();
    let batch = &table.batches[0];
    let column = |name| batch.column_by_name(name).unwrap();
    let id = |name| column(name).as_primitive::<Int64Type>().value(0);
    assert_eq!(["site_id", "user_id"].map(id), [1, 2]);
    assert_eq!(column("position").as_primitive::<Int32Type>().value(0), 3);
}

/// DuckDB, pyarrow and Spark compress with Snappy where nobody asks for anything else.
#[test]
fn parquet_that_others_have_written_again_reads_back() {
    let dataset = testing::dataset(300);
    let dir = write(&dataset, &Format::default());
    let table = dataset.table("sites");
    let rows = whole(table);
    for compression in [
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::BROTLI(BrotliLevel::default()),
        Compression::LZ4,
        Compression::LZ4_RAW,
    ] {
        let file = File::create(dir.path().join("sites.parquet")).unwrap();
        let properties = WriterProperties::builder().set_compression(compression);
        let mut writer =
            ArrowWriter::try_new(file, rows.schema(), Some(properties.build())).unwrap();
        writer.write(&rows).unwrap();
        writer.close().unwrap();
        let read = Package::open(dir.path()).unwrap().table(table.def).unwrap();
        assert_eq!(whole(&read), rows, "{compression}");
    }
}
