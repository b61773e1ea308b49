//! The fields that the schema does not know.

use std::sync::Arc;

use rayon::prelude::*;

use super::expand::{Forms, Late};
use super::subject::Subjects;
use crate::intern::{RowRef, Walk};
use crate::parse::Extra;
use crate::place::Spot;
use crate::schema::Kind;

/// One field of one identity, wherever it stood. There may be several in every record.
pub(super) struct ExtraRow<'a> {
    pub(super) entity: &'static str,
    /// Shared by the fields of a record.
    pub(super) key: Arc<str>,
    pub(super) field: &'a str,
    /// JSON text.
    pub(super) value: Box<str>,
    /// When it is met in canonical order.
    order: (u32, u32, u32, bool),
    pub(super) spot: Spot,
    pub(super) late: Option<Box<Late>>,
}

/// Every unknown field of every record, sorted by key and then by when it is met.
pub(super) fn all<'a>(subjects: Subjects<'a>, walk: &Walk) -> Vec<ExtraRow<'a>> {
    let source = subjects.source;
    let mut rows: Vec<ExtraRow<'a>> = Vec::new();
    let mut last: Option<(Kind, RowRef, Arc<str>)> = None;
    let mut forms = Forms::new(source);
    for (batch, parsed) in source.batches.iter().enumerate() {
        for &Extra {
            kind,
            row,
            is_inner,
            field,
            value,
            at,
        } in &parsed.extras
        {
            let reference = RowRef {
                batch: batch as u32,
                row,
            };
            let node = source.owner(kind, reference);
            let Some(rank) = walk.rank(kind, node) else {
                continue;
            };
            let key = match &last {
                Some((of, at, key)) if (*of, *at) == (kind, reference) => Arc::clone(key),
                _ => subjects.key_of(kind, reference).into(),
            };
            last = Some((kind, reference, Arc::clone(&key)));
            let form = forms.of(node, value);
            rows.push(ExtraRow {
                entity: kind.record().table,
                key,
                field: source.texts.str(field),
                value: form.text.into(),
                order: (rank, batch as u32, row.0, is_inner),
                spot: Spot { node, at },
                late: form.late.map(Box::new),
            });
        }
    }
    rows.par_sort_by(|one, other| one.sort_key().cmp(&other.sort_key()));
    rows
}

impl ExtraRow<'_> {
    fn sort_key(&self) -> (&str, &str, &str, (u32, u32, u32, bool)) {
        (self.entity, &self.key, self.field, self.order)
    }

    /// Whether both are the same field of the same identity.
    pub(super) fn same(&self, other: &Self) -> bool {
        (self.entity, &self.key, self.field) == (other.entity, &other.key, other.field)
    }
}

/// What the row of each field keeps: its first value that is not null, else null.
pub(super) fn kept<'r, 'a>(rows: &'r [ExtraRow<'a>]) -> Vec<&'r ExtraRow<'a>> {
    let fields = rows.chunk_by(ExtraRow::same);
    fields
        .map(|field| {
            field
                .iter()
                .find(|row| &*row.value != "null")
                .unwrap_or(&field[0])
        })
        .collect()
}
