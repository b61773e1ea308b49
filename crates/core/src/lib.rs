//! Operator-tree payloads of an EV-charging platform as a petgraph graph and flat Arrow tables.
//!
//! A payload is one JSON object (or a list), of up to several GB, in which the same subtrees stand over and over.
//! [`Parser`] reads it from memory or from any [`Read`](std::io::Read), once and forward only, and
//! gives a [`Dataset`]: one sorted table for each kind of record and relation, as Arrow record
//! batches. [`graph`] makes a petgraph graph of it; [`schema`] says what the tables are; [`tree`]
//! has the payload as typed structs, for those who want it as it is.
//!
//! ```
//! use voltree_core::Parser;
//!
//! let payload = br#"{"operatorGroups":[{"id":7,"groupName":"North",
//!     "chargers":[{"chargerId":"FI-1","activeConnection":true}]}]}"#;
//! let dataset = Parser::new().parse_slice(payload)?;
//!
//! let chargers = dataset.table("chargers");
//! assert_eq!(chargers.rows(), 1);
//! for batch in &chargers.batches {
//!     assert_eq!(batch.schema().field(0).name(), "charger_id");
//! }
//! # Ok::<(), voltree_core::Error>(())
//! ```
//!
//! | you have | use |
//! |---|---|
//! | bytes in memory | [`Parser::parse_slice`] |
//! | a file, a pipe, a decompressor | [`Parser::parse_reader`] |
//! | several payloads one behind the other, such as NDJSON | [`Parser::documents`] |
//! | tables, and want the payload again | [`Render`] |
//! | questions about who reaches what | [`graph::OperatorGraph`] |
//! | doubts about the data | [`check::Checker`] |
//! | tables of yesterday, and of today | [`diff::Changes`] |
//! | a small payload to look at or change | [`tree::OperatorTree`] with serde_json |

#[cfg(feature = "bench")]
#[doc(hidden)]
pub mod bench;
mod build;
pub mod check;
mod column;
mod dataset;
pub mod diff;
mod documents;
mod error;
mod fast;
pub mod graph;
mod indent;
mod intern;
mod limit;
mod lineage;
mod parse;
mod parser;
mod place;
mod plain;
mod render;
mod scan;
pub mod schema;
mod sniff;
mod text;
pub mod tree;

/// The crates whose types stand in signatures here, as they have to be used with them.
pub use {arrow_array, arrow_schema, petgraph};

pub use dataset::{Dataset, RecordCount, Stats, Table};
pub use documents::Documents;
pub use error::{Error, ErrorKind, Expected, Lookalike, Place};
pub use indent::Indent;
pub use parser::{DEFAULT_MAX_DEPTH, DEFAULT_READ_CHUNK, Engine, Parser};
pub use render::{Cut, Render, RenderError, Rendering};

/// The README's examples run as tests.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
