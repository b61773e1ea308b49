//! What all files of a table declare alike.

use std::{
    ptr,
    sync::{Arc, Mutex, PoisonError},
};

use arrow_schema::{Schema, SchemaRef};
use parquet::{
    arrow::{ARROW_SCHEMA_META_KEY, PARQUET_FIELD_ID_META_KEY, encode_arrow_schema},
    file::metadata::KeyValue,
};
use sha2::{Digest, Sha256};
use voltree_core::schema::{SCHEMA_VERSION, TableDef};

pub(super) struct Declared {
    /// The table's schema, with the ids of its fields.
    pub(super) schema: SchemaRef,
    /// The metadata of the file, with that schema as Arrow reads it back.
    pub(super) metadata: Vec<KeyValue>,
}

impl Declared {
    /// Worked out once for each table, be it one of the schema or of changes: for a batch of small payloads
    /// it would be 7 % of the time.
    pub(super) fn of(table: &'static TableDef) -> Arc<Self> {
        static ALL: Mutex<Vec<(&TableDef, Arc<Declared>)>> = Mutex::new(Vec::new());
        let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, declared)) = all.iter().find(|(known, _)| ptr::eq(*known, table)) {
            return Arc::clone(declared);
        }
        let declared = Arc::new(Declared::new(table));
        all.push((table, Arc::clone(&declared)));
        declared
    }

    fn new(table: &TableDef) -> Self {
        let schema = with_field_ids(&table.arrow_schema());
        let metadata = vec![
            pair("voltree.schema_version", SCHEMA_VERSION),
            pair("voltree.table", table.name),
            pair("description", table.doc),
            pair(ARROW_SCHEMA_META_KEY, &encode_arrow_schema(&schema)),
        ];
        Declared {
            schema: Arc::new(schema),
            metadata,
        }
    }
}

fn with_field_ids(schema: &Schema) -> Schema {
    let fields: Vec<_> = schema
        .fields()
        .iter()
        .map(|field| {
            let mut metadata = field.metadata().clone();
            metadata.insert(
                PARQUET_FIELD_ID_META_KEY.to_owned(),
                field_id(field.name()).to_string(),
            );
            field.as_ref().clone().with_metadata(metadata)
        })
        .collect();
    Schema::new_with_metadata(fields, schema.metadata().clone())
}

/// The field id of a column: the first 31 bits of the SHA-256 of its name.
///
/// It stays what it is when columns are added, removed or moved, and equal columns of two tables
/// have equal ids.
pub(super) fn field_id(column: &str) -> i32 {
    let digest = Sha256::digest(column);
    i32::from_be_bytes([digest[0] & 0x7f, digest[1], digest[2], digest[3]])
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
