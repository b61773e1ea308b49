//! The fields that the schema does not know.

use super::expand::{Forms, Late};
use super::subject::Subjects;
use crate::intern::{RowRef, Walk};
use crate::parse::Extra;
use crate::place::Spot;

/// One field of one identity, wherever it stood.
pub(super) struct ExtraRow {
    pub(super) entity: &'static str,
    pub(super) key: String,
    pub(super) field: String,
    /// JSON text.
    pub(super) value: String,
    /// When it is met in canonical order.
    order: (u32, u32, u32, bool),
    pub(super) spot: Spot,
    pub(super) late: Option<Late>,
}

/// Every unknown field of every record, sorted by key and then by when it is met.
pub(super) fn all(subjects: Subjects<'_>, walk: &Walk) -> Vec<ExtraRow> {
    let source = subjects.source;
    let mut rows = Vec::new();
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
            let form = forms.of(node, value);
            rows.push(ExtraRow {
                entity: kind.record().table,
                key: subjects.key_of(kind, reference),
                field: source.texts.str(field).to_owned(),
                value: form.text,
                order: (rank, batch as u32, row.0, is_inner),
                spot: Spot { node, at },
                late: form.late,
            });
        }
    }
    rows.sort_by(|one, other| one.sort_key().cmp(&other.sort_key()));
    rows
}

impl ExtraRow {
    fn sort_key(&self) -> (&str, &str, &str, (u32, u32, u32, bool)) {
        (self.entity, &self.key, &self.field, self.order)
    }

    /// Whether both are the same field of the same identity.
    pub(super) fn same(&self, other: &ExtraRow) -> bool {
        (self.entity, &self.key, &self.field) == (other.entity, &other.key, &other.field)
    }
}

/// What the row of each field keeps: its first value that is not null, else null.
pub(super) fn kept(rows: &[ExtraRow]) -> Vec<&ExtraRow> {
    let fields = rows.chunk_by(ExtraRow::same);
    fields
        .map(|field| {
            field
                .iter()
                .find(|row| row.value != "null")
                .unwrap_or(&field[0])
        })
        .collect()
}
