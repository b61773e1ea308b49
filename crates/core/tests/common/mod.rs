//! What the integration tests share, and in part the fuzz targets.
#![allow(dead_code, unreachable_pub, unused_imports)] // Each test uses a part.

mod agree;
pub mod arbitrary;
mod canonical;
mod cell;
mod generated;

pub use agree::{FOLLOW_TEXT, agree, agree_in, agree_on_documents, agree_reading, describe, rows};
pub use canonical::canonical;
pub use cell::cell;
pub use generated::{generated, small};
