//! What a payload holds, at a glance.

mod text;
mod tree;

use std::collections::BTreeMap;

use serde::Serialize;
use voltree_core::Dataset;

use crate::{
    Error, InputFacts,
    convert::pool,
    findings::{anomalies_by_kind, count, texts},
    job::Inspect,
    progress::Progress,
    reading,
};
pub(crate) use tree::TreeLine;

/// What a payload holds: its records, its sites as a tree, and what is odd about it.
///
/// [`Display`](std::fmt::Display) shows it to people, `Serialize` to programs.
///
/// ```
/// use voltree::Inspection;
/// use voltree_core::Parser;
///
/// let payload = br#"{"operatorGroups":[{"id":7,"groupName":"North"}]}"#;
/// let dataset = Parser::new().parse_slice(payload)?;
/// assert!(Inspection::of(&dataset).to_string().contains("North (7)"));
/// # Ok::<(), voltree_core::Error>(())
/// ```
#[derive(Clone, Debug, Serialize)]
pub struct Inspection {
    #[serde(skip_serializing_if = "Option::is_none")]
    input: Option<InputFacts>,
    bytes: u64,
    repeated_bytes: u64,
    depth: u32,
    records: Vec<Records>,
    rows: Vec<Rows>,
    conflicts: BTreeMap<String, u64>,
    anomalies: BTreeMap<String, u64>,
    unknown_fields: BTreeMap<String, u64>,
    sites: Vec<TreeLine>,
}

/// How often records of a kind stand in the payload.
#[derive(Clone, Debug, Serialize)]
struct Records {
    kind: &'static str,
    occurrences: u64,
    distinct: u64,
}

/// Rows of a table.
#[derive(Clone, Debug, Serialize)]
struct Rows {
    table: &'static str,
    rows: u64,
}

impl Inspection {
    /// A look at tables in memory.
    ///
    /// # Panics
    ///
    /// Where a table is missing or has other columns than it should, which no
    /// [`Parser`](voltree_core::Parser) makes.
    pub fn of(dataset: &Dataset) -> Self {
        let stats = &dataset.stats;
        Inspection {
            input: None,
            bytes: stats.bytes,
            repeated_bytes: stats.repeated_bytes,
            depth: stats.depth,
            records: stats
                .records
                .iter()
                .map(|record| Records {
                    kind: record.kind.record().name,
                    occurrences: record.occurrences,
                    distinct: record.distinct,
                })
                .collect(),
            rows: dataset
                .tables
                .iter()
                .map(|table| Rows {
                    table: table.def.name,
                    rows: table.rows() as u64,
                })
                .collect(),
            conflicts: by_field(dataset, "conflicts"),
            anomalies: anomalies_by_kind(dataset),
            unknown_fields: by_field(dataset, "extras"),
            sites: tree::lines(dataset),
        }
    }

    pub(crate) fn of_input(job: &Inspect) -> Result<Self, Error> {
        let progress = Progress::of(&job.input);
        let parse = || reading::parse(&job.input, &job.parser, progress);
        let (dataset, input) = pool(job.threads)?.install(parse)?;
        Ok(Inspection {
            input: Some(input),
            ..Self::of(&dataset)
        })
    }
}

/// Rows by `entity.field`.
fn by_field(dataset: &Dataset, table: &str) -> BTreeMap<String, u64> {
    let table = dataset.table(table);
    let mut counts = BTreeMap::new();
    for (entity, field) in texts(table, "entity").zip(texts(table, "field")) {
        let name = [entity.unwrap_or_default(), field.unwrap_or_default()].join(".");
        count(&mut counts, &name);
    }
    counts
}
