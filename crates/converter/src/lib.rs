//! Converts the operator trees of an EV-charging platform into Parquet or CSV tables.
//!
//! The library behind the command `voltree`. [`write_tables`] puts the tables of a
//! [`Dataset`](voltree_core::Dataset) into a directory; [`convert`] does all that the command does,
//! from opening the input to an atomic, durable output directory.
//!
//! ```
//! use voltree::{Convert, Input, Report, convert};
//!
//! let dir = tempfile::tempdir()?;
//! let payload = dir.path().join("operators.json");
//! std::fs::write(&payload, r#"{"operatorGroups":[{"id":7,"groupName":"North"}]}"#)?;
//!
//! let job = Convert::new(Input::File(payload), dir.path().join("tables"));
//! let report: Report = convert(&job)?;
//! assert_eq!(report.output.table("sites").unwrap().rows, 1);
//! assert!(dir.path().join("tables/sites.parquet").exists());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | to | use |
//! |---|---|
//! | convert a payload into a directory | [`convert`] |
//! | read the tables of such a directory back | [`read::tables`] |
//! | write tables from memory, and nothing beside them | [`write_tables`] |
//! | join the datasets of several machines | [`merge`] |
//! | convert many into a dataset of snapshots | [`convert_batch`] |
//! | make the payload of a directory again | [`render`] |
//! | see what a payload holds | [`Inspection`] |
//! | run the command | [`run`] |

mod address;
mod advice;
mod batch;
mod check;
mod cli;
mod command;
mod console;
mod convert;
mod diff;
mod error;
mod findings;
mod input;
mod inspect;
mod interrupt;
mod job;
mod manifest;
mod manual;
mod memory;
mod output;
mod panics;
mod plain;
mod progress;
pub mod read;
mod reading;
#[cfg(feature = "object-store")]
mod remote;
mod render;
mod report;
mod store;
mod write;

pub use batch::{
    Action, Batch, Existing, InputReport, Inputs, Merged, NameTemplate, NoShard, NoTemplate,
    OnError, Outcome, Plan, PlannedInput, Rejected, Shard, SnapshotReport, Summary, convert_batch,
    merge, plan_batch,
};
pub use command::run;
pub use convert::convert;
pub use error::{Error, Exit, Rejection};
pub use input::{Codec, CodecFault, Input, Undecodable};
pub use inspect::Inspection;
pub use interrupt::Cleanup;
pub use job::{Convert, When};
#[cfg(feature = "object-store")]
pub use remote::ObjectUrl;
pub use render::render;
pub use report::{InputFacts, OutputFacts, Report, Seconds};
pub use write::csv::{CsvOptions, CsvSafety, DEFAULT_DELIMITER};
pub use write::parquet::{DEFAULT_COMPRESSION_LEVEL, DEFAULT_ROW_GROUP_ROWS, ParquetOptions};
pub use write::{Format, WrittenTable, write_tables};
