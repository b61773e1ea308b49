//! The tables that a payload becomes, made from the records' declaration.

use std::{collections::HashMap, sync::LazyLock};

use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};

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

/// All tables, in the order of the contract.
pub fn tables() -> &'static [TableDef] {
    static TABLES: LazyLock<Vec<TableDef>> = LazyLock::new(declare);
    &TABLES
}

/// The table with this name.
pub fn table(name: &str) -> Option<&'static TableDef> {
    tables().iter().find(|table| table.name == name)
}

type Keys = &'static [(&'static str, Type, &'static str)];

const SITE: (&str, Type, &str) = ("site_id", Type::Int64, "The site.");
const OPERATOR: (&str, Type, &str) = ("operator_id", Type::Int64, "The operator.");
const USER: (&str, Type, &str) = ("user_id", Type::Int64, "The user.");
const CHARGER: (&str, Type, &str) = ("charger_id", Type::Text, "The charger.");
const PARENT: (&str, Type, &str) = ("parent_site_id", Type::Int64, "The site above.");
const POSITION: (&str, Type, &str) = (
    "position",
    Type::Int32,
    "Index in the list, from 0; null elements count.",
);
const FIRST_AT: (&str, Type, &str) = (
    "position",
    Type::Int32,
    "Index in the list where the edge was first seen, from 0.",
);
const VIEW: (&str, Type, &str) = (
    "view",
    Type::Text,
    "Tree in which the edge stood: `home`, `access` or `charging`.",
);
const DEPTH: (&str, Type, &str) = (
    "depth",
    Type::Int32,
    "Length of the shortest way, in edges.",
);
const ENTITY: (&str, Type, &str) = (
    "entity",
    Type::Text,
    "Table that the record belongs to, or `root`.",
);
const KEY: (&str, Type, &str) = (
    "key",
    Type::Text,
    "Identity of the record as text; empty for the root and where a row stands for many.",
);

fn declare() -> Vec<TableDef> {
    vec![
        entity(
            Kind::Site,
            &[],
            &[("parent_id", Type::Int64, "First site seen above this one.")],
        ),
        entity(
            Kind::Operator,
            &[],
            &[(
                "is_spare",
                Type::Bool,
                "Whether the operator stands in `spareOperators`.",
            )],
        ),
        entity(Kind::User, &[], &[]),
        entity(
            Kind::Tag,
            &[],
            &[("user_id", Type::Int64, "First user seen with the tag.")],
        ),
        entity(Kind::ExternalId, &[USER, POSITION], &[]),
        entity(Kind::Charger, &[], &[]),
        entity(Kind::Socket, &[CHARGER, POSITION], &[]),
        entity(Kind::Configuration, &[CHARGER, POSITION], &[]),
        entity(Kind::Capability, &[CHARGER, POSITION], &[]),
        entity(Kind::Relay, &[CHARGER, POSITION], &[]),
        entity(
            Kind::CustomProperty,
            &[CHARGER, ("name", Type::Text, "Name of the property.")],
            &[],
        ),
        other(
            "site_subsites",
            "Which site stands directly below which.",
            3,
            &[PARENT, SITE, VIEW, FIRST_AT],
        ),
        other(
            "site_operators",
            "Which operator stands at which site.",
            3,
            &[SITE, OPERATOR, VIEW, FIRST_AT],
        ),
        other(
            "operator_sites",
            "Which site an operator is authorised for.",
            2,
            &[OPERATOR, SITE, FIRST_AT],
        ),
        other(
            "site_users",
            "Which user stands at which site.",
            2,
            &[SITE, USER, FIRST_AT],
        ),
        other(
            "site_chargers",
            "Which charger stands at which site.",
            3,
            &[SITE, CHARGER, VIEW, FIRST_AT],
        ),
        other(
            "user_sites",
            "At which site a user may charge.",
            2,
            &[USER, SITE, FIRST_AT],
        ),
        other(
            "user_chargers",
            "Which charger a user may use.",
            2,
            &[USER, CHARGER, FIRST_AT],
        ),
        other(
            "site_ancestors",
            "Transitive closure of `site_subsites` over all views; each site is its own ancestor at depth 0.",
            2,
            &[
                SITE,
                (
                    "ancestor_id",
                    Type::Int64,
                    "A site above, or the site itself.",
                ),
                DEPTH,
            ],
        ),
        other(
            "operator_access",
            "Every site that an operator reaches: those of `operator_sites` and all below them.",
            3,
            &[
                OPERATOR,
                SITE,
                (
                    "via_site_id",
                    Type::Int64,
                    "The site of `operator_sites` that leads there.",
                ),
                DEPTH,
            ],
        ),
        evses(),
        other(
            "extras",
            "Fields that the schema does not know, with their values.",
            3,
            &[
                ENTITY,
                KEY,
                ("field", Type::Text, "Name in the payload."),
                ("value", Type::Text, "The value as JSON text."),
            ],
        ),
        other(
            "conflicts",
            "Values that differ from the one kept for the same identity.",
            4,
            &[
                ENTITY,
                KEY,
                (
                    "field",
                    Type::Text,
                    "Column, or name in the payload where the schema does not know the field.",
                ),
                (
                    "other",
                    Type::Text,
                    "The value that is not in the row, as CSV writes it.",
                ),
                (
                    "kept",
                    Type::Text,
                    "The value in the row, as CSV writes it.",
                ),
                (
                    "path",
                    Type::Text,
                    "JSON path where the other value stood first in the text.",
                ),
            ],
        ),
        other(
            "anomalies",
            "What did not fit the schema.",
            5,
            &[
                (
                    "kind",
                    Type::Text,
                    "`wrong_type`, `out_of_range`, `missing_identity`, `duplicate_key`, `cycle` or `unknown_field`.",
                ),
                ENTITY,
                KEY,
                ("field", Type::Text, "Name in the payload."),
                ("raw", Type::Text, "The value as JSON text."),
                (
                    "path",
                    Type::Text,
                    "JSON path where it stood first in the text.",
                ),
                (
                    "byte_offset",
                    Type::Int64,
                    "Offset in the payload of the value, or of the record, in bytes from 0.",
                ),
                ("line", Type::Int64, "Line of that place, from 1."),
                (
                    "column",
                    Type::Int64,
                    "Column of that place in characters, from 1.",
                ),
                ("message", Type::Text, "The finding in words."),
            ],
        ),
    ]
}

fn evses() -> TableDef {
    let columns: Keys = &[
        (
            "evse_uid",
            Type::Text,
            "The charger's id, with the socket's id behind it where EVSEs are split by socket.",
        ),
        CHARGER,
        (
            "socket_id",
            Type::Int32,
            "The socket's number, where EVSEs are split by socket.",
        ),
        ("evse_id", Type::Text, "The charger's EVSE id after eMI3."),
    ];
    other(
        "evses",
        "EVSEs in the order of charger and socket position; two may have one uid.",
        0,
        columns,
    )
}

fn entity(kind: Kind, owner: Keys, derived: Keys) -> TableDef {
    let record = kind.record();
    let scalars: Vec<(&str, Type, &str)> = record
        .scalars()
        .map(|(member, ty)| (member.column, ty, member.doc))
        .collect();
    let columns = [owner, &scalars, derived].concat();
    let key = owner.len() + usize::from(record.identity.is_some());
    build(record.table, record.doc, key, &columns, Some(kind))
}

fn other(name: &'static str, doc: &'static str, key: usize, columns: Keys) -> TableDef {
    build(name, doc, key, columns, None)
}

fn build(
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
        _ => return None,
    };
    let references: &'static [&'static str] = if target == "chargers" {
        &["charger_id"]
    } else {
        &["id"]
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
