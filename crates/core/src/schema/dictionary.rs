//! The data dictionary, as Markdown, JSON and SQL.

use std::fmt::Write as _;

use serde::Serialize;

use super::{Column, ForeignKey, SCHEMA_VERSION, TableDef, Type, all_tables};

const INTRODUCTION: &str = "\
One row for each distinct identity, relation or finding. Each table is sorted by its key, text by
its bytes. Times are in UTC, to the microsecond. Columns that are not part of a key are null where
the payload has no value for them; the defaults of the API are not filled in.

An identity that the payload lacks is replaced by a negative number, or for a charger by `?1`,
`?2`, …; `anomalies` tells which.

The tables `lineage_…` are there only where they were asked for: see [lineage.md](lineage.md).
";

/// The tables for a reader, in Markdown.
///
/// ```
/// assert!(voltree_core::schema::markdown().starts_with("# Tables\n"));
/// ```
pub fn markdown() -> String {
    let mut out = format!("# Tables\n\nSchema version {SCHEMA_VERSION}.\n\n{INTRODUCTION}");
    for table in all_tables() {
        put(
            &mut out,
            format_args!("\n## {}\n\n{}\n\n", table.name, table.doc),
        );
        if table.key > 0 {
            let key: Vec<&str> = table.key_columns().iter().map(|c| c.name).collect();
            put(&mut out, format_args!("Key: `{}`\n\n", key.join("`, `")));
        }
        if !table.foreign_keys.is_empty() {
            let references: Vec<String> = table.foreign_keys.iter().map(arrow).collect();
            put(
                &mut out,
                format_args!("References: {}\n\n", references.join(", ")),
            );
        }
        out.push_str("| column | type | null | |\n|---|---|---|---|\n");
        for column in &table.columns {
            let null = if column.nullable { "yes" } else { "no" };
            let Column { name, ty, doc, .. } = column;
            put(
                &mut out,
                format_args!("| `{name}` | {} | {null} | {doc} |\n", type_text(*ty)),
            );
        }
    }
    out
}

/// The tables for programs, in JSON.
///
/// ```
/// let json = voltree_core::schema::json();
/// assert!(json.contains(r#""name": "sites""#));
/// ```
pub fn json() -> String {
    let dictionary = Dictionary {
        schema_version: SCHEMA_VERSION,
        tables: all_tables().map(TableEntry::new).collect(),
    };
    let mut out = serde_json::to_string_pretty(&dictionary).unwrap_or_default();
    out.push('\n');
    out
}

/// The tables as SQL statements, in an order that their foreign keys allow.
///
/// The types are those that DuckDB and PostgreSQL share. References of a table to itself stand as comments:
/// DuckDB checks them row by row, and would refuse a table whose rows are not in their order.
///
/// ```
/// let sql = voltree_core::schema::sql();
/// assert!(sql.contains(r#"CREATE TABLE "sites" ("#));
/// ```
pub fn sql() -> String {
    let mut out = format!(
        "-- The tables of voltree, schema version {SCHEMA_VERSION}.\n\
         -- References of a table to itself are comments: DuckDB checks each row when it is inserted.\n"
    );
    for table in all_tables() {
        let mut lines: Vec<String> = table.columns.iter().map(sql_column).collect();
        if table.key > 0 {
            let key: Vec<&str> = table.key_columns().iter().map(|c| c.name).collect();
            lines.push(format!("PRIMARY KEY ({})", identifiers(&key)));
        }
        let name = table.name;
        let keys = table.foreign_keys.iter();
        let (own, others): (Vec<_>, Vec<_>) = keys.partition(|key| key.table == name);
        lines.extend(others.into_iter().map(sql_reference));
        let own: String = own
            .into_iter()
            .map(|key| format!("\n    -- {}", sql_reference(key)))
            .collect();
        put(
            &mut out,
            format_args!(
                "\nCREATE TABLE \"{name}\" (\n    {}{own}\n);\n",
                lines.join(",\n    ")
            ),
        );
        put(
            &mut out,
            format_args!("COMMENT ON TABLE \"{name}\" IS {};\n", literal(table.doc)),
        );
        for column in &table.columns {
            let (field, doc) = (column.name, literal(column.doc));
            put(
                &mut out,
                format_args!("COMMENT ON COLUMN \"{name}\".\"{field}\" IS {doc};\n"),
            );
        }
    }
    out
}

#[derive(Serialize)]
struct Dictionary {
    schema_version: &'static str,
    tables: Vec<TableEntry>,
}

#[derive(Serialize)]
struct TableEntry {
    name: &'static str,
    description: &'static str,
    primary_key: Vec<&'static str>,
    foreign_keys: Vec<Reference>,
    columns: Vec<ColumnEntry>,
}

#[derive(Serialize)]
struct Reference {
    columns: &'static [&'static str],
    table: &'static str,
    references: &'static [&'static str],
}

#[derive(Serialize)]
struct ColumnEntry {
    name: &'static str,
    r#type: &'static str,
    nullable: bool,
    description: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum: Option<i32>,
}

impl TableEntry {
    fn new(table: &'static TableDef) -> Self {
        TableEntry {
            name: table.name,
            description: table.doc,
            primary_key: table.key_columns().iter().map(|c| c.name).collect(),
            foreign_keys: table.foreign_keys.iter().map(Reference::new).collect(),
            columns: table.columns.iter().map(ColumnEntry::new).collect(),
        }
    }
}

impl Reference {
    fn new(key: &ForeignKey) -> Self {
        Reference {
            columns: key.columns,
            table: key.table,
            references: key.references,
        }
    }
}

impl ColumnEntry {
    fn new(column: &'static Column) -> Self {
        ColumnEntry {
            name: column.name,
            r#type: type_name(column.ty),
            nullable: column.nullable,
            description: column.doc,
            maximum: match column.ty {
                Type::Enum(maximum) => Some(maximum),
                _ => None,
            },
        }
    }
}

fn type_name(ty: Type) -> &'static str {
    match ty {
        Type::Int64 => "int64",
        Type::Int32 | Type::Enum(_) => "int32",
        Type::Float64 => "float64",
        Type::Bool => "bool",
        Type::Time => "timestamp",
        Type::Text => "utf8",
    }
}

fn type_text(ty: Type) -> String {
    match ty {
        Type::Enum(maximum) => format!("{}, 0 to {maximum}", type_name(ty)),
        _ => type_name(ty).to_owned(),
    }
}

fn sql_type(ty: Type) -> &'static str {
    match ty {
        Type::Int64 => "BIGINT",
        Type::Int32 | Type::Enum(_) => "INTEGER",
        Type::Float64 => "DOUBLE PRECISION",
        Type::Bool => "BOOLEAN",
        Type::Time => "TIMESTAMP WITH TIME ZONE",
        Type::Text => "TEXT",
    }
}

fn sql_column(column: &Column) -> String {
    let null = if column.nullable { "" } else { " NOT NULL" };
    format!("\"{}\" {}{null}", column.name, sql_type(column.ty))
}

fn sql_reference(key: &ForeignKey) -> String {
    format!(
        "FOREIGN KEY ({}) REFERENCES \"{}\" ({})",
        identifiers(key.columns),
        key.table,
        identifiers(key.references)
    )
}

fn arrow(key: &ForeignKey) -> String {
    let (columns, references) = (key.columns.join("`, `"), key.references.join("`, `"));
    format!("`{columns}` → `{}` (`{references}`)", key.table)
}

/// Every name is quoted: `position`, `type` or `key` are words of some dialect.
fn identifiers(names: &[&str]) -> String {
    format!("\"{}\"", names.join("\", \""))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a `String` cannot fail.
    let _ = out.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_points_to_an_earlier_table_or_to_its_own() {
        for (index, table) in all_tables().enumerate() {
            for key in &table.foreign_keys {
                let target = all_tables().position(|other| other.name == key.table);
                assert!(
                    target.is_some_and(|target| target <= index),
                    "{}",
                    table.name
                );
            }
        }
    }

    #[test]
    fn json_holds_every_column() {
        let dictionary: serde_json::Value = serde_json::from_str(&json()).unwrap();
        for (entry, table) in dictionary["tables"]
            .as_array()
            .unwrap()
            .iter()
            .zip(all_tables())
        {
            assert_eq!(entry["name"], table.name);
            assert_eq!(
                entry["columns"].as_array().unwrap().len(),
                table.columns.len()
            );
        }
    }

    #[test]
    fn sql_quotes_apostrophes() {
        assert!(sql().contains("'The charger''s number in the platform.'"));
        assert_eq!(sql().matches("CREATE TABLE").count(), all_tables().count());
    }
}
