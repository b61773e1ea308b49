//! Fields that the schema does not know.

use std::collections::BTreeMap;

use super::finding::shown;
use super::quality::Anomaly;
use super::rows::texts;
use super::{Finding, FindingKind, Findings};
use crate::Dataset;

/// Distinct values that are shown of a field.
const SAMPLES: usize = 3;

/// What is known of a field.
#[derive(Default)]
struct Field<'a> {
    records: u64,
    samples: Vec<&'a str>,
}

/// One finding for each field, with the records that have it counted and some of its values.
pub(super) fn fields(dataset: &Dataset) -> Findings<'_> {
    let fields = counted(dataset);
    let anomalies = Anomaly::all(dataset).filter(|anomaly| anomaly.kind == "unknown_field");
    Box::new(anomalies.map(move |anomaly| {
        let found = fields.get(&(anomaly.entity, anomaly.field));
        let records = found.map_or(0, |found| found.records);
        let samples: Vec<String> = found
            .iter()
            .flat_map(|found| found.samples.iter().map(|sample| shown(sample)))
            .collect();
        let plural = if records == 1 { "" } else { "s" };
        let message = format!(
            "the schema does not know this field; it stands in {records} record{plural}, such as {}",
            samples.join(", ")
        );
        Finding {
            records: Some(records),
            samples,
            ..anomaly.finding(FindingKind::UnknownField, message)
        }
    }))
}

/// The unknown fields by the record's table and their name.
fn counted(dataset: &Dataset) -> BTreeMap<(&str, &str), Field<'_>> {
    let column = |name| texts(dataset, "extras", name).map(Option::unwrap_or_default);
    let mut fields: BTreeMap<_, Field<'_>> = BTreeMap::new();
    for ((entity, field), value) in column("entity").zip(column("field")).zip(column("value")) {
        let found = fields.entry((entity, field)).or_default();
        found.records += 1;
        if found.samples.len() < SAMPLES && !found.samples.contains(&value) {
            found.samples.push(value);
        }
    }
    fields
}
