//! What a declaration of a table consists of.

use std::collections::HashMap;

use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};

use super::{Kind, SCHEMA_VERSION, Type};

/// A column of a table.
#[derive(Debug)]
pub struct Column {
    /// Name of the column.
    pub name: &'static str,
    /// Type of its values.
    pub ty: Type,
    /// Whether it may hold null; key columns may not.
    pub nullable: bool,
    /// One line for the data dictionary.
    pub doc: &'static str,
}

/// Columns whose values are a key of another table.
#[derive(Debug)]
pub struct ForeignKey {
    /// The columns that refer.
    pub columns: &'static [&'static str],
    /// The table referred to.
    pub table: &'static str,
    /// The columns referred to, in the same order.
    pub references: &'static [&'static str],
}

/// A table: its columns, keys and order.
#[derive(Debug)]
pub struct TableDef {
    /// Name of the table.
    pub name: &'static str,
    /// One line for the data dictionary.
    pub doc: &'static str,
    /// The columns; those of the key come first.
    pub columns: Vec<Column>,
    /// How many columns, counted from the first, make up the unique key that the rows are sorted by;
    /// zero where there is none.
    pub key: usize,
    /// References to other tables; each finds its row.
    pub foreign_keys: Vec<ForeignKey>,
    /// The kind of record whose values the rows hold, for entity tables.
    pub kind: Option<Kind>,
    schema: SchemaRef,
}

impl TableDef {
    /// Makes a declaration; the first `key` columns are its key.
    pub(super) fn new(
        name: &'static str,
        doc: &'static str,
        key: usize,
        columns: &[(&'static str, Type, &'static str)],
        kind: Option<Kind>,
    ) -> TableDef {
        let columns: Vec<Column> = columns
            .iter()
            .enumerate()
            .map(|(index, &(name, ty, doc))| Column {
                name,
                ty,
                nullable: index >= key,
                doc,
            })
            .collect();
        let mut table = TableDef {
            name,
            doc,
            foreign_keys: columns
                .iter()
                .filter_map(|column| reference(name, column.name))
                .collect(),
            columns,
            key,
            kind,
            schema: Schema::empty().into(),
        };
        table.schema = arrow_schema(&table).into();
        table
    }

    /// Path of the table's file within an output, with `/` and without its extension.
    pub fn path(&self) -> String {
        self.name.replacen("lineage_", "lineage/", 1)
    }

    /// The columns of the unique key.
    pub fn key_columns(&self) -> &[Column] {
        &self.columns[..self.key]
    }

    /// Index of the column with this name.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The Arrow schema, with the description, the key and the schema version as metadata.
    pub fn arrow_schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}

impl Type {
    /// The Arrow type of a column of this type.
    pub fn data_type(self) -> DataType {
        match self {
            Type::Int64 => DataType::Int64,
            Type::Int32 | Type::Enum(_) => DataType::Int32,
            Type::Float64 => DataType::Float64,
            Type::Bool => DataType::Boolean,
            Type::Time => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Type::Text => DataType::Utf8,
        }
    }
}

/// References follow from the columns' names; those that the API gives may point outside.
fn reference(table: &str, column: &'static str) -> Option<ForeignKey> {
    let (columns, target): (&'static [&'static str], _) = match (table, column) {
        ("sites", "parent_id") => (&["parent_id"], "sites"),
        (_, "site_id") => (&["site_id"], "sites"),
        (_, "parent_site_id") => (&["parent_site_id"], "sites"),
        (_, "via_site_id") => (&["via_site_id"], "sites"),
        (_, "ancestor_id") => (&["ancestor_id"], "sites"),
        ("operators", "operator_id") => return None,
        (_, "operator_id") => (&["operator_id"], "operators"),
        (_, "user_id") => (&["user_id"], "users"),
        ("chargers", "charger_id") => return None,
        (_, "charger_id") => (&["charger_id"], "chargers"),
        ("lineage_records", "shape") => (&["shape"], "lineage_shapes"),
        ("lineage_children", "record") => (&["record"], "lineage_records"),
        ("lineage_children", "child") => (&["child"], "lineage_records"),
        _ => return None,
    };
    let references: &'static [&'static str] = match target {
        "chargers" => &["charger_id"],
        "lineage_shapes" => &["shape"],
        "lineage_records" => &["record"],
        _ => &["id"],
    };
    Some(ForeignKey {
        columns,
        table: target,
        references,
    })
}

fn arrow_schema(table: &TableDef) -> Schema {
    let fields: Vec<Field> = table
        .columns
        .iter()
        .map(|column| {
            Field::new(column.name, column.ty.data_type(), column.nullable).with_metadata(
                HashMap::from([("description".to_owned(), column.doc.to_owned())]),
            )
        })
        .collect();
    let key: Vec<&str> = table
        .key_columns()
        .iter()
        .map(|column| column.name)
        .collect();
    Schema::new_with_metadata(
        fields,
        HashMap::from([
            ("description".to_owned(), table.doc.to_owned()),
            ("primary_key".to_owned(), key.join(",")),
            (
                "voltree.schema_version".to_owned(),
                SCHEMA_VERSION.to_owned(),
            ),
        ]),
    )
}
