//! Tags that are of no use.

use std::collections::HashMap;

use super::finding::shown;
use super::rows::{longs, texts, times};
use super::{Finding, FindingKind, Findings, Moment};
use crate::Dataset;

const TABLE: &str = "tags";

/// Tags that have expired at a moment.
pub(super) fn expired(dataset: &Dataset, now: Option<Moment>) -> Findings<'_> {
    let ids = longs(dataset, TABLE, "id").map(Option::unwrap_or_default);
    let rows = ids.zip(times(dataset, TABLE, "expiring_date")).enumerate();
    Box::new(rows.filter_map(move |(row, (id, expires))| {
        let (expires, now) = (Moment::from_micros(expires?), now?);
        if expires > now {
            return None;
        }
        let message = format!("the tag has expired: {expires} is not later than {now}");
        let kind = FindingKind::ExpiredTag;
        Some(Finding::of_row(
            kind,
            TABLE,
            row,
            id,
            "expiringDate",
            message,
        ))
    }))
}

/// The same for texts that differ in case only, letter by letter: as a word, `ΑΣ` would end in another sigma.
fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// Tags that are read as another one. OCPP compares them without regard to case.
pub(super) fn duplicates(dataset: &Dataset) -> Findings<'_> {
    let ids = longs(dataset, TABLE, "id").map(Option::unwrap_or_default);
    let rows = ids.zip(texts(dataset, TABLE, "id_tag")).enumerate();
    let mut first: HashMap<String, i64> = HashMap::new();
    Box::new(rows.filter_map(move |(row, (id, read))| {
        let read = read.filter(|read| !read.is_empty())?;
        let other = *first.entry(folded(read)).or_insert(id);
        if other == id {
            return None;
        }
        let message = format!("idTag `{}` is that of tag {other} too", shown(read));
        let kind = FindingKind::DuplicateTag;
        Some(Finding::of_row(kind, TABLE, row, id, "idTag", message))
    }))
}
