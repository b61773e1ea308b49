//! What the quality tables say, counted.

use std::collections::BTreeMap;

use arrow_array::{Array, StringArray};
use voltree_core::{Dataset, Table};

use crate::Error;

/// The kind of anomaly that `--strict` lets pass: new fields are to be expected.
const UNKNOWN_FIELD: &str = "unknown_field";
/// How many anomalies or findings a refusal names.
pub(crate) const NAMED: usize = 3;

/// The texts of a column, in the order of the rows.
///
/// # Panics
///
/// Where the table has no such column of texts.
pub(crate) fn texts<'a>(table: &'a Table, column: &str) -> impl Iterator<Item = Option<&'a str>> {
    arrays::<StringArray>(table, column).flatten()
}

/// The arrays of a column, which have to be of this type.
///
/// # Panics
///
/// Where the table has no such column of this type.
pub(crate) fn arrays<'a, T: Array + 'static>(
    table: &'a Table,
    column: &str,
) -> impl Iterator<Item = &'a T> {
    table.batches.iter().map(move |batch| {
        let array = batch.column_by_name(column);
        let array = array.and_then(|array| array.as_any().downcast_ref());
        array.unwrap_or_else(|| panic!("`{}` has no such column `{column}`", table.def.name))
    })
}

/// How many anomalies of each kind there are.
pub(crate) fn anomalies_by_kind(dataset: &Dataset) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for kind in texts(dataset.table("anomalies"), "kind").flatten() {
        count(&mut counts, kind);
    }
    counts
}

pub(crate) fn count(counts: &mut BTreeMap<String, u64>, name: &str) {
    match counts.get_mut(name) {
        Some(count) => *count += 1,
        None => {
            counts.insert(name.to_owned(), 1);
        }
    }
}

/// Refuses a payload with anomalies other than unknown fields, naming the first few.
pub(crate) fn refuse_anomalies(dataset: &Dataset) -> Result<(), Error> {
    let mut counts = anomalies_by_kind(dataset);
    counts.remove(UNKNOWN_FIELD);
    let total: u64 = counts.values().sum();
    if total == 0 {
        return Ok(());
    }
    let kinds: Vec<String> = counts
        .iter()
        .map(|(kind, n)| format!("{n} {kind}"))
        .collect();
    let table = dataset.table("anomalies");
    let column = |name| texts(table, name).map(Option::unwrap_or_default);
    let named: Vec<String> = column("kind")
        .zip(column("path"))
        .zip(column("message"))
        .filter(|((kind, _), _)| *kind != UNKNOWN_FIELD)
        .take(NAMED)
        .map(|((kind, path), message)| format!("{kind} at {path}: {message}"))
        .collect();
    let noun = if total == 1 { "anomaly" } else { "anomalies" };
    Err(Error::Strict(refusal(total, noun, &kinds, named)))
}

/// How many there are, of which kinds, and the few that are named.
pub(crate) fn refusal(total: u64, noun: &str, kinds: &[String], mut named: Vec<String>) -> String {
    if total > named.len() as u64 {
        named.push("…".to_owned());
    }
    format!(
        "{total} {noun} ({}): {}",
        kinds.join(", "),
        named.join("; ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::testing::dataset_with_anomalies;

    #[test]
    fn unknown_fields_are_not_refused() {
        let dataset = dataset_with_anomalies(&[("unknown_field", "$.x")]);
        refuse_anomalies(&dataset).unwrap();
    }

    #[test]
    fn a_refusal_names_the_first_few() {
        let rows = [
            ("cycle", "$.a"),
            ("unknown_field", "$.b"),
            ("wrong_type", "$.c"),
            ("wrong_type", "$.d"),
            ("wrong_type", "$.e"),
        ];
        let error = refuse_anomalies(&dataset_with_anomalies(&rows)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "refused by --strict: 4 anomalies (1 cycle, 3 wrong_type): \
             cycle at $.a: m; wrong_type at $.c: m; wrong_type at $.d: m; …"
        );
    }
}
