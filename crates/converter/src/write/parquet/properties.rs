//! How a Parquet file is written, which follows from its rows.

use parquet::{
    basic::{Compression, ZstdLevel},
    errors::ParquetError,
    file::{
        metadata::SortingColumn,
        properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder},
    },
    schema::types::ColumnPath,
};
use voltree_core::{
    Table,
    schema::{Column, TableDef, Type},
};

use super::{ParquetOptions, declared::Declared, dictionary};

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
        .set_key_value_metadata(Some(Declared::of(table).metadata.clone()));
    let builder = bloom_filters(builder, table, rows.rows(), options);
    Ok(dictionaries(builder, rows).build())
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
