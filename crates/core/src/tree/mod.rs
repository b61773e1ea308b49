//! The payload as typed structs, for those who want an [`OperatorTree`] and no tables.
//!
//! The structs are made from the lines of [`schema::records`](crate::schema::records): one field
//! each, under its column's name. They read and write JSON through serde_json, at any depth of
//! nesting and without its recursion limit. What a struct has no typed place for stays with it:
//! absent, null and empty are three things ([`Field`]), values of an unexpected type are kept as
//! JSON text ([`Field::Other`]), unknown fields are in [`Rest`]. Writing a tree that was read gives
//! a JSON value equal to the one read.
//!
//! What is kept as JSON text (unknown fields, values of an unexpected type, custom properties) is not looked
//! into: a lone surrogate (`"\ud800"`) is accepted there, while a [`Parser`](crate::Parser) refuses the payload.
//! Elsewhere it is an error, whose place is that behind the outermost record, and none where that record is
//! the whole text.
//!
//! ```
//! use voltree_core::tree::OperatorTree;
//!
//! let payload = r#"{"operatorGroups":[{"id":7,"name":"North","timezone":"EET","users":null}]}"#;
//! let tree: OperatorTree = serde_json::from_str(payload)?;
//!
//! for site in tree.operator_groups.values() {
//!     assert_eq!(site.id.number(), Some(7));
//!     assert_eq!(site.group_name.as_deref(), Some("North"));
//!     assert!(site.users.is_null() && site.chargers.is_absent());
//!     assert_eq!(site.rest.unknown("timezone").unwrap().text(), r#""EET""#);
//! }
//! # let written: serde_json::Value = serde_json::to_value(&tree)?;
//! # assert_eq!(written, serde_json::from_str::<serde_json::Value>(payload)?);
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! Records are built like any struct:
//!
//! ```
//! use voltree_core::tree::{Field, Operator, OperatorTree};
//!
//! let operator = Operator {
//!     id: Field::Value(1.into()),
//!     name: Field::Value("Ann".to_owned()),
//!     ..Operator::default()
//! };
//! let tree = OperatorTree {
//!     spare_operators: [operator].into_iter().collect(),
//!     ..OperatorTree::default()
//! };
//! assert_eq!(serde_json::to_string(&tree)?, r#"{"spareOperators":[{"id":1,"name":"Ann"}]}"#);
//! # Ok::<(), serde_json::Error>(())
//! ```

mod elements;
mod field;
mod json;
mod map;
mod number;
pub(crate) mod record;
mod rest;
mod stack;
pub(crate) mod text;
mod time;
pub(crate) mod value;

pub use crate::schema::records::structs::*;
pub use elements::{Elements, List};
pub use field::Field;
pub use json::Json;
pub use map::Map;
pub use number::Number;
pub use rest::Rest;
pub use time::{InvalidTime, Time};

pub(crate) use number::Integer;
pub(crate) use record::{Record, typed_record};
pub(crate) use stack::grow;
pub(crate) use value::Scalar;

#[cfg(test)]
mod tests;
