//! The one declaration of the payload and of its tables.
//!
//! [`records`] names every wire field once. The parsers, the typed structs, the Arrow schemas, the
//! data dictionary and the drift detection all read it, so that a new wire field is one new line.
//!
//! ```
//! use voltree_core::schema::{self, Kind};
//!
//! let user = Kind::User.record();
//! assert_eq!(user.table, "users");
//! assert_eq!(user.member("homeGroupId").unwrap().column, "home_group_id");
//! assert_eq!(schema::table("users").unwrap().key_columns()[0].name, "id");
//! ```

mod changes;
mod declare;
mod dictionary;
mod lineage;
mod record;
pub mod records;
mod root;
mod table;
mod tables;

pub(crate) use changes::Pairing;
pub use changes::{change_table, summary_table};
pub use dictionary::{json, markdown, sql};
pub use lineage::{all_tables, lineage_tables};
pub use record::{Kind, Member, NoView, RecordDef, Shape, Type, View};
pub(crate) use root::Told;
pub use table::{Column, ForeignKey, TableDef};
pub use tables::{table, tables};

/// Version of the tables' layout; it changes when a table or a column does.
pub const SCHEMA_VERSION: &str = "1";
