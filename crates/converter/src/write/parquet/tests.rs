use std::{fs, fs::File};

use arrow_array::RecordBatch;
use arrow_select::concat::concat_batches;
use parquet::{
    arrow::{
        arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder},
        parquet_to_arrow_schema,
    },
    file::{metadata::PageIndexPolicy, metadata::ParquetMetaData},
};
use voltree_core::schema::tables;

use super::*;
use crate::write::testing::dataset;

fn options(rows: usize) -> ParquetOptions {
    ParquetOptions {
        row_group_rows: NonZeroUsize::new(rows).unwrap(),
        ..ParquetOptions::default()
    }
}

fn read_back(table: &Table, options: &ParquetOptions) -> (RecordBatch, ParquetMetaData) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("t.parquet");
    write(table, options, &path).unwrap();
    let with_index = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Required);
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(
        File::open(path).unwrap(),
        with_index,
    )
    .unwrap();
    let metadata = builder.metadata().as_ref().clone();
    let schema = builder.schema().clone();
    let batches: Vec<RecordBatch> = builder.build().unwrap().map(Result::unwrap).collect();
    (concat_batches(&schema, &batches).unwrap(), metadata)
}

#[test]
fn every_table_reads_back_as_it_was() {
    let dataset = dataset(101);
    for table in &dataset.tables {
        let (read, _) = read_back(table, &options(40));
        let written = concat_batches(&table.def.arrow_schema(), &table.batches).unwrap();
        assert_eq!(read.columns(), written.columns(), "{}", table.def.name);
        for (read, written) in read.schema().fields().iter().zip(written.schema().fields()) {
            assert_eq!(read.data_type(), written.data_type());
            assert_eq!(read.is_nullable(), written.is_nullable());
        }
    }
}

#[test]
fn where_batches_end_does_not_show() {
    let dir = tempfile::tempdir().unwrap();
    let whole = dataset(2 * ARRAY_ROWS + 1_000);
    for name in ["chargers", "site_chargers"] {
        let table = whole.table(name);
        let rows = concat_batches(&table.def.arrow_schema(), &table.batches).unwrap();
        let mut files = Vec::new();
        for length in [usize::MAX, 1_000, 777, 130] {
            let starts = (0..rows.num_rows()).step_by(length);
            let part = |start| rows.slice(start, length.min(rows.num_rows() - start));
            let table = Table {
                def: table.def,
                batches: starts.map(part).collect(),
            };
            let path = dir.path().join(format!("{name}-{length}"));
            write(&table, &options(50_000), &path).unwrap();
            files.push(fs::read(path).unwrap());
        }
        assert!(files.iter().all(|file| *file == files[0]), "{name}");
    }
}

#[test]
fn row_groups_are_as_long_as_asked() {
    let dataset = dataset(101);
    let (_, metadata) = read_back(dataset.table("chargers"), &options(40));
    let rows: Vec<i64> = metadata
        .row_groups()
        .iter()
        .map(|group| group.num_rows())
        .collect();
    assert_eq!(rows, [40, 40, 21]);
}

#[test]
fn an_empty_table_has_its_schema() {
    let dataset = dataset(0);
    let (read, metadata) = read_back(dataset.table("tags"), &ParquetOptions::default());
    assert_eq!(read.num_rows(), 0);
    assert_eq!(read.num_columns(), dataset.table("tags").def.columns.len());
    assert!(metadata.row_groups().is_empty());
}

#[test]
fn a_file_says_how_it_is_sorted_and_where_its_values_are() {
    let dataset = dataset(150);
    let table = dataset.table("site_chargers");
    let (_, metadata) = read_back(table, &options(60));
    for group in metadata.row_groups() {
        let sorted: Vec<i32> = group
            .sorting_columns()
            .unwrap()
            .iter()
            .map(|c| c.column_idx)
            .collect();
        assert_eq!(sorted, [0, 1, 2]);
        for column in group.columns() {
            assert!(column.statistics().unwrap().null_count_opt().is_some());
            assert!(
                column.column_index_offset().is_some() && column.offset_index_offset().is_some()
            );
            assert!(matches!(
                column.compression(),
                parquet::basic::Compression::ZSTD(_)
            ));
        }
        let with_filter: Vec<bool> = group
            .columns()
            .iter()
            .map(|column| column.bloom_filter_offset().is_some())
            .collect();
        assert_eq!(with_filter, [false, true, false, false]);
    }
    let (_, metadata) = read_back(table, &options(150));
    let columns = metadata.row_group(0).columns();
    assert!(
        columns
            .iter()
            .all(|column| column.bloom_filter_offset().is_none())
    );
}

#[test]
fn a_file_says_what_it_is() {
    let dataset = dataset(3);
    let (_, metadata) = read_back(dataset.table("tags"), &ParquetOptions::default());
    let file = metadata.file_metadata();
    assert_eq!(
        file.created_by(),
        Some(concat!("voltree version ", env!("CARGO_PKG_VERSION")))
    );
    let pairs = file.key_value_metadata().unwrap();
    let value = |key: &str| {
        pairs
            .iter()
            .find(|pair| pair.key == key)
            .unwrap()
            .value
            .as_deref()
    };
    assert_eq!(
        value("voltree.schema_version"),
        Some(voltree_core::schema::SCHEMA_VERSION)
    );
    assert_eq!(value("voltree.table"), Some("tags"));
    assert!(value("description").unwrap().starts_with("A tag"));
    let schema = parquet_to_arrow_schema(file.schema_descr(), Some(pairs)).unwrap();
    assert_eq!(
        schema.field(0).metadata()["description"],
        "Identity of the tag."
    );
    for (column, leaf) in tables()[3]
        .columns
        .iter()
        .zip(file.schema_descr().columns())
    {
        let id = leaf.self_type().get_basic_info().id();
        assert_eq!(id, declared::field_id(column.name));
    }
}

#[test]
fn bytes_do_not_depend_on_threads() {
    let dataset = dataset(5_000);
    let dir = tempfile::tempdir().unwrap();
    let with_threads = |threads: usize| {
        let path = dir.path().join(threads.to_string());
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let written =
            pool.install(|| write(dataset.table("chargers"), &options(700), &path).unwrap());
        (fs::read(&path).unwrap(), written.hash)
    };
    assert!(with_threads(1) == with_threads(3));
}

#[test]
fn slices_cross_batches() {
    let dataset = dataset(10);
    let table = dataset.table("tags");
    let lengths: Vec<usize> = slices(table, 0, 3..7).map(|array| array.len()).collect();
    assert_eq!(lengths, [2, 2]);
    assert_eq!(slices(table, 0, 5..6).count(), 1);
}
