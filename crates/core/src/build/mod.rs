//! From identities and relations to the tables, as Arrow record batches.

mod anomalies;
mod columns;
mod conflicts;
mod derived;
mod expand;
mod extras;
mod lineage;
mod subject;
mod tables;

pub(crate) use tables::dataset;
