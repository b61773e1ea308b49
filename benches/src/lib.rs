//! What the benches of voltree share: payloads, bare parsers, and measuring of processes.

pub mod adversary;
pub mod bare;
pub mod measure;
pub mod payload;
pub mod ratios;
pub mod shape;

pub use payload::{Payload, SCALE_VARIABLE};
pub use shape::Shape;
