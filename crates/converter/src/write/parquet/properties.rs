//! What a Parquet file declares about itself.

use parquet::{
    basic::{Compression, ZstdLevel},
    errors::ParquetError,
    file::{
        metadata::{KeyValue, SortingColumn},
        properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder},
    },
    schema::types::ColumnPath,
};
use sha2::{Digest, Sha256};
use voltree_core::{
    Table,
    schema::{Column, SCHEMA_VERSION, TableDef, Type},
};

use super::{ParquetOptions, dictionary};

/// Rows of a table that is too small to gain by compression.
const FEW: usize = 128;

/// Properties of the file of a table.
pub(super) fn of(rows: &Table, options: &ParquetOptions) -> Result<WriterProperties, ParquetError> {
    let table = rows.def;
    let level = ZstdLevel::try_new(options.compression_level)?;
    let compression = if rows.rows() < FEW {
        Compression::UNCOMPRESSED
    } else {
        Compression::ZSTD(level)
    };
    let builder = WriterProperties::builder()
        .set_compression(compression)
        .set_created_by(concat!("voltree version ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_sorting_columns(sorting_columns(table))
        .set_key_value_metadata(Some(vec![
            pair("voltree.schema_version", SCHEMA_VERSION),
            pair("voltree.table", table.name),
            pair("description", table.doc),
        ]));
    let builder = bloom_filters(builder, table, rows.rows(), options);
    Ok(dictionaries(builder, rows).build())
}

/// The field id of a column: the first 31 bits of the SHA-256 of its name.
///
/// It stays what it is when columns are added, removed or moved, and equal columns of two tables
/// have equal ids.
pub(super) fn field_id(column: &str) -> i32 {
    let digest = Sha256::digest(column);
    i32::from_be_bytes([digest[0] & 0x7f, digest[1], digest[2], digest[3]])
}

fn sorting_columns(table: &TableDef) -> Option<Vec<SortingColumn>> {
    let columns: Vec<SortingColumn> = (0..)
        .zip(table.key_columns())
        .map(|(column_idx, _)| SortingColumn {
            column_idx,
            descending: false,
            nulls_first: false,
        })
        .collect();
    (!columns.is_empty()).then_some(columns)
}

fn dictionaries(builder: WriterPropertiesBuilder, rows: &Table) -> WriterPropertiesBuilder {
    let columns = rows.def.columns.iter().enumerate();
    columns.fold(builder, |builder, (index, column)| {
        let path = ColumnPath::from(column.name);
        builder.set_column_dictionary_enabled(path, dictionary::pays(rows, index))
    })
}

/// Bloom filters pay where they let a reader skip a row group that statistics do not: on ids that
/// the rows are not sorted by, in files of several row groups.
fn bloom_filters(
    builder: WriterPropertiesBuilder,
    table: &TableDef,
    rows: usize,
    options: &ParquetOptions,
) -> WriterPropertiesBuilder {
    let group = options.row_group_rows.get();
    if rows <= group {
        return builder;
    }
    let ids = table
        .columns
        .iter()
        .skip(usize::from(table.key > 0))
        .filter(|column| is_id(column));
    ids.fold(builder, |builder, column| {
        let path = ColumnPath::from(column.name);
        builder.set_column_bloom_filter_max_ndv(path, group as u64)
    })
}

fn is_id(column: &Column) -> bool {
    let named =
        column.name == "id" || column.name.ends_with("_id") || column.name.ends_with("_uid");
    (named || column.name == "id_tag") && matches!(column.ty, Type::Int64 | Type::Text)
}

fn pair(key: &str, value: &str) -> KeyValue {
    KeyValue::new(key.to_owned(), value.to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use voltree_core::schema::tables;

    #[test]
    fn field_ids_are_positive_and_differ_within_a_table() {
        // Iceberg keeps the ids above this one to itself.
        const GREATEST: i32 = i32::MAX - 201;
        for table in tables() {
            let ids: HashSet<i32> = table.columns.iter().map(|c| field_id(c.name)).collect();
            assert_eq!(ids.len(), table.columns.len(), "{}", table.name);
            assert!(
                ids.iter().all(|id| (1..=GREATEST).contains(id)),
                "{}",
                table.name
            );
        }
    }

    #[test]
    fn a_field_id_never_changes() {
        assert_eq!(field_id("charger_id"), 1_085_473_474);
    }
}
