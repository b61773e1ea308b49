use std::{fs, sync::Arc};

use arrow::{
    array::{ArrayRef, AsArray, Float64Array, Int32Array, Int64Array, TimestampMicrosecondArray},
    compute::{cast, concat_batches},
    datatypes::{DataType, Int64Type},
    record_batch::RecordBatch,
};
use proptest::prelude::*;
use tempfile::TempDir;
use voltree_core::schema::Type;

use super::*;
use crate::{
    CsvOptions, Format, InputFacts, ParquetOptions, manifest,
    write::testing::{self, table_of_texts},
    write_tables,
};

fn write(dataset: &Dataset, format: &Format) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let written = write_tables(dataset, dir.path(), format).unwrap();
    let input = InputFacts {
        name: "a.json".to_owned(),
        bytes: 0,
        hash: String::new(),
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

fn whole(table: &Table) -> RecordBatch {
    concat_batches(&table.def.arrow_schema(), &table.batches).unwrap()
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
            Type::Bool => Arc::new(arrow::array::BooleanArray::from(vec![
                true, false, false, true,
            ])),
            Type::Time => {
                let times = vec![-62_135_596_800_000_000, -1, 0, 253_402_300_799_999_999];
                Arc::new(TimestampMicrosecondArray::from(times).with_timezone("UTC"))
            }
            Type::Text => Arc::new(arrow::array::StringArray::from(vec![
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
    let value = |column: &str| -> i64 {
        let column = cast(batch.column_by_name(column).unwrap(), &DataType::Int64).unwrap();
        column.as_primitive::<Int64Type>().value(0)
    };
    assert_eq!(["site_id", "user_id", "position"].map(value), [1, 2, 3]);
}

/// What reading gives where a file of a good directory was replaced.
fn error(format: &Format, file: &str, edit: impl FnOnce(&std::path::Path)) -> String {
    let dir = write(&testing::dataset(3), format);
    edit(&dir.path().join(file));
    let package = Package::open(dir.path());
    let read = package.and_then(|package| {
        let mut defs = schema::tables().iter();
        defs.try_for_each(|def| package.table(def).map(drop))
    });
    let error = read.unwrap_err();
    assert!(error.path().starts_with(dir.path()));
    let text = error.to_string();
    text.replace(&dir.path().display().to_string(), "DIR")
}

fn replaced(from: &'static str, to: &'static str) -> impl FnOnce(&std::path::Path) {
    move |path| {
        let text = fs::read_to_string(path).unwrap();
        assert!(text.contains(from), "{text}");
        fs::write(path, text.replacen(from, to, 1)).unwrap();
    }
}

#[test]
fn a_directory_that_is_no_output_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let text = super::dataset(dir.path()).unwrap_err().to_string();
    assert!(
        text.ends_with(
            ": this is no output of voltree, it has no datapackage.json; \
             give a directory that `voltree convert --out` wrote"
        ),
        "{text}"
    );
    let none = super::dataset(&dir.path().join("none")).unwrap_err();
    assert!(matches!(none.kind(), ErrorKind::Io(_)), "{none}");
}

#[test]
fn a_manifest_that_is_not_ours_is_refused() {
    let format = csv(b',', "");
    let manifest = "datapackage.json";
    let cases: [(&str, &str, &str); 5] = [
        ("{", "[", "this is no manifest of voltree: "),
        (
            r#""schema_version": "1""#,
            r#""schema_version": "0""#,
            "the tables have schema version 0, this voltree reads 1;",
        ),
        (
            r#""path": "sites.csv""#,
            r#""path": "../sites.csv""#,
            "this is no manifest of voltree: `../sites.csv` lies outside of the directory;",
        ),
        (
            r#""delimiter": ",""#,
            r#""delimiter": "…""#,
            "this is no manifest of voltree: `…` is no delimiter;",
        ),
        (
            r#""name": "users""#,
            r#""name": "drivers""#,
            "table users is not listed here;",
        ),
    ];
    for (from, to, expected) in cases {
        let text = error(&format, manifest, replaced(from, to));
        let expected = format!("DIR/datapackage.json: {expected}");
        assert!(text.starts_with(&expected), "{text}");
    }
}

#[test]
fn csv_that_was_changed_is_refused_with_its_place() {
    let format = csv(b',', "");
    let cases = [
        (
            "position\r\n",
            "position,\r\n",
            "the file is damaged: row 1 has 4 fields, the header has 5;",
        ),
        (
            "home",
            "home,",
            "the file is damaged: row 1 has 5 fields, the header has 4;",
        ),
        ("position", "place", "column position is missing;"),
        (
            "\r\n1,",
            "\r\n1.5,",
            "row 2, column site_id: `1.5` is no 64-bit integer; the file was changed,",
        ),
        ("\r\n1,", "\r\n,", "the file is damaged: "),
        ("\r\n1,t", "\r\n1,\"t", "the file is damaged: row 2 has"),
    ];
    for (from, to, expected) in cases {
        let edit = |path: &std::path::Path| {
            let text =
                "site_id,charger_id,view,position\r\n0,t,home,0\r\n1,t,home,0\r\n2,t,home,0\r\n";
            fs::write(path, text).unwrap();
            replaced(from, to)(path);
        };
        let text = error(&format, "site_chargers.csv", edit);
        assert!(
            text.starts_with(&format!("DIR/site_chargers.csv: {expected}")),
            "{text}"
        );
    }
}

#[test]
fn files_that_are_missing_or_cut_off_are_refused() {
    for format in [Format::default(), csv(b',', "")] {
        let file = format!("chargers.{}", format.name());
        let text = error(&format, &file, |path| fs::remove_file(path).unwrap());
        assert!(
            text.starts_with(&format!("DIR/{file}: No such file")),
            "{text}"
        );
    }
    let text = error(&Format::default(), "chargers.parquet", |path| {
        let bytes = fs::read(path).unwrap();
        fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
    });
    assert!(
        text.starts_with("DIR/chargers.parquet: the file is damaged: "),
        "{text}"
    );
}

#[test]
fn a_table_that_is_not_the_one_written_is_refused() {
    let dir = write(&testing::dataset(3), &csv(b',', ""));
    let file = dir.path().join("tags.csv");
    let text = fs::read_to_string(&file).unwrap();
    let last = text.trim_end().rfind('\n').unwrap();
    fs::write(&file, &text[..=last]).unwrap();
    let changed = super::dataset(dir.path()).unwrap_err();
    assert!(matches!(changed.kind(), ErrorKind::Hash), "{changed}");
    assert_eq!(changed.path(), file);

    let package = Package::open(dir.path()).unwrap();
    let tags = package.resource(schema::table("tags").unwrap()).unwrap();
    let hash = package.hash(tags).unwrap();
    let manifest = dir.path().join("datapackage.json");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace(&tags.hash, &hash)).unwrap();
    let shorter = super::dataset(dir.path()).unwrap_err().to_string();
    assert!(
        shorter
            .ends_with("the table has 2 rows, datapackage.json says 3; convert the payload again"),
        "{shorter}"
    );
}

#[test]
fn parquet_of_another_table_is_refused() {
    let format = Format::default();
    let other = |path: &std::path::Path| {
        fs::copy(path.with_file_name("users.parquet"), path).unwrap();
    };
    let text = error(&format, "tags.parquet", other);
    assert!(
        text.starts_with("DIR/tags.parquet: column id_tag is missing;"),
        "{text}"
    );
    let other = |path: &std::path::Path| {
        fs::copy(path.with_file_name("site_operators.parquet"), path).unwrap();
    };
    let text = error(&format, "site_users.parquet", other);
    assert!(
        text.starts_with("DIR/site_users.parquet: column user_id is missing;"),
        "{text}"
    );
    let other = |path: &std::path::Path| {
        fs::copy(path.with_file_name("site_chargers.parquet"), path).unwrap();
    };
    let text = error(&format, "charger_capabilities.parquet", other);
    assert!(
        text.starts_with("DIR/charger_capabilities.parquet: column capability"),
        "{text}"
    );
}

#[test]
fn no_bit_that_is_flipped_makes_reading_panic() {
    let dir = write(&testing::dataset(3), &Format::default());
    let path = dir.path().join("tags.parquet");
    let package = Package::open(dir.path()).unwrap();
    let good = fs::read(&path).unwrap();
    let mut refused = 0;
    for place in 0..good.len() {
        let mut bad = good.clone();
        bad[place] ^= 1 << (place % 8);
        fs::write(&path, bad).unwrap();
        refused += usize::from(package.table(schema::table("tags").unwrap()).is_err());
    }
    assert!(refused > 100, "{refused} of {}", good.len());
}
