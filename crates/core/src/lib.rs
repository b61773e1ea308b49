//! Operator-tree payloads of an EV-charging platform as a petgraph graph and flat Arrow tables.

mod dataset;
mod error;
pub mod graph;
mod parser;
mod plain;
pub mod schema;
mod build;
mod fast;
mod intern;
mod parse;
mod place;
mod scan;
mod text;
pub mod tree;

pub use dataset::{Dataset, RecordCount, Stats, Table};
pub use error::{Error, ErrorKind, Expected, Lookalike, Place};
pub use parser::{DEFAULT_MAX_DEPTH, DEFAULT_READ_CHUNK, Engine, Parser};
