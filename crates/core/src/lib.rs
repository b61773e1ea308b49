//! Operator-tree payloads of an EV-charging platform as a petgraph graph and flat Arrow tables.

mod build;
mod dataset;
mod error;
mod fast;
pub mod graph;
mod intern;
mod parse;
mod parser;
mod place;
mod plain;
mod scan;
pub mod schema;
mod text;
pub mod tree;

pub use dataset::{Dataset, RecordCount, Stats, Table};
pub use error::{Error, ErrorKind, Expected, Lookalike, Place};
pub use parser::{DEFAULT_MAX_DEPTH, DEFAULT_READ_CHUNK, Engine, Parser};
