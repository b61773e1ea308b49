//! What did not fit the schema.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::expand::{Forms, Late};
use super::extras::ExtraRow;
use super::subject::Subjects;
use crate::Place;
use crate::intern::{RowRef, Walk};
use crate::parse::{AnomalyKind, Finding};
use crate::place::{LazyPlaces, Spot};
use crate::schema::{Kind, Type};

/// A row of the table.
#[derive(Debug)]
pub(super) struct AnomalyRow {
    pub(super) kind: &'static str,
    pub(super) entity: &'static str,
    pub(super) key: String,
    pub(super) field: Arc<str>,
    pub(super) raw: String,
    pub(super) place: Place,
    pub(super) message: String,
}

/// A row whose place is not worked out yet.
struct Candidate {
    row: AnomalyRow,
    stands: Stands,
    /// What is lost within its value.
    late: Option<Late>,
}

enum Stands {
    At(Spot),
    /// In a value that was lost, with child records in it: worked out at once.
    Known,
}

/// Several sites that contain each other, and the first of them that stands in another.
pub(super) struct Cycle {
    pub(super) members: Vec<i64>,
    pub(super) spot: Spot,
}

/// The rows of the table: of each distinct anomaly, the one that stands first in the text.
pub(super) fn all(
    subjects: Subjects<'_>,
    walk: &Walk,
    places: &LazyPlaces<'_>,
    extras: &[ExtraRow<'_>],
    cycles: Vec<Cycle>,
) -> Vec<AnomalyRow> {
    let mut candidates = Vec::new();
    let mut forms = Forms::new(subjects.source);
    for (batch, parsed) in subjects.source.batches.iter().enumerate() {
        let of_batch = |finding| of_finding(subjects, walk, &mut forms, batch as u32, finding);
        candidates.extend(parsed.findings.iter().filter_map(of_batch));
    }
    let in_findings = candidates
        .iter()
        .filter_map(|Candidate { row, stands, late }| {
            let &Stands::At(spot) = stands else {
                return None;
            };
            Some((row.entity, &*row.key, &*row.field, spot, late.as_ref()?))
        });
    let in_extras = extras.iter().filter_map(|extra| {
        let late = extra.late.as_deref()?;
        Some((extra.entity, &*extra.key, extra.field, extra.spot, late))
    });
    let lost = of_lates(places, &in_findings.chain(in_extras).collect::<Vec<_>>());
    candidates.extend(lost);
    candidates.extend(of_extras(places, extras));
    candidates.extend(cycles.into_iter().map(of_cycle));
    let (unplaced, spots) = unplaced(&mut candidates);
    if !spots.is_empty() {
        let offsets = places.offsets(&spots).into_iter();
        (unplaced.into_iter().zip(offsets)).for_each(|(place, offset)| place.offset = offset);
    }
    candidates.par_sort_by(|one, other| one.sort_key().cmp(&other.sort_key()));
    candidates.dedup_by(|next, first| next.row.key() == first.row.key());
    let (unplaced, spots) = self::unplaced(&mut candidates);
    if !spots.is_empty() {
        let found = places.all(&spots).into_iter();
        (unplaced.into_iter().zip(found)).for_each(|(place, found)| *place = found);
    }
    candidates
        .into_iter()
        .map(|candidate| candidate.row)
        .collect()
}

/// The places that are not worked out yet, and what stands there.
fn unplaced(candidates: &mut [Candidate]) -> (Vec<&mut Place>, Vec<Spot>) {
    let unplaced = candidates
        .iter_mut()
        .filter_map(|candidate| match candidate.stands {
            Stands::At(spot) => Some((&mut candidate.row.place, spot)),
            Stands::Known => None,
        });
    unplaced.unzip()
}

impl AnomalyRow {
    fn key(&self) -> (&str, &str, &str, &str, &str) {
        (self.kind, self.entity, &self.key, &self.field, &self.raw)
    }
}

impl Candidate {
    fn at(spot: Spot, row: AnomalyRow) -> Candidate {
        Candidate {
            row,
            stands: Stands::At(spot),
            late: None,
        }
    }

    fn sort_key(&self) -> ((&str, &str, &str, &str, &str), u64) {
        (self.row.key(), self.row.place.offset)
    }
}

const DUPLICATE: &str = "the key stands again in the same object; the last value counts";

fn of_finding(
    subjects: Subjects<'_>,
    walk: &Walk,
    forms: &mut Forms<'_>,
    batch: u32,
    finding: &Finding,
) -> Option<Candidate> {
    let source = subjects.source;
    let &Finding {
        anomaly,
        kind,
        row,
        ref field,
        raw,
        at,
    } = finding;
    let row = RowRef { batch, row };
    let node = source.owner(kind, row);
    walk.rank(kind, node)?;
    let entity = kind.record().table;
    let key = subjects.key_of(kind, row);
    let spot = Spot { node, at };
    let form = forms.of(node, raw);
    let (name, message) = match anomaly {
        AnomalyKind::WrongType { expected, found } => {
            ("wrong_type", format!("expected {expected}, found {found}"))
        }
        AnomalyKind::OutOfRange(ty) => (
            "out_of_range",
            format!("{} is outside {}", form.text, range(ty)),
        ),
        AnomalyKind::MissingIdentity => (
            "missing_identity",
            format!("no usable identity; kept as {key}"),
        ),
        AnomalyKind::DuplicateKey => ("duplicate_key", DUPLICATE.to_owned()),
    };
    let (field, raw) = (field.clone(), form.text);
    let row = AnomalyRow {
        kind: name,
        entity,
        key,
        field,
        raw,
        place: Place::default(),
        message,
    };
    Some(Candidate {
        late: form.late,
        ..Candidate::at(spot, row)
    })
}

/// A value that has child records in it, so that no batch could look into it: what it belongs to (entity,
/// key, field), where it stands, and what is lost within it.
type LateAt<'a> = (&'static str, &'a str, &'a str, Spot, &'a Late);

/// The values lost within others.
fn of_lates(places: &LazyPlaces<'_>, lates: &[LateAt<'_>]) -> Vec<Candidate> {
    if lates.is_empty() {
        return Vec::new();
    }
    let spots: Vec<Spot> = lates.iter().map(|&(.., spot, _)| spot).collect();
    let mut candidates = Vec::new();
    for (&(entity, key, field, _, late), base) in lates.iter().zip(places.all(&spots)) {
        let ats: Vec<usize> = late.lost.iter().map(|lost| lost.at).collect();
        let found = places.within(&base, &late.whole, &ats);
        candidates.extend(late.lost.iter().zip(found).map(|(lost, place)| Candidate {
            row: AnomalyRow {
                kind: "duplicate_key",
                entity,
                key: key.to_owned(),
                field: format!("{field}{}", lost.path).into(),
                raw: String::from_utf8_lossy(&lost.raw).into_owned(),
                place,
                message: DUPLICATE.to_owned(),
            },
            stands: Stands::Known,
            late: None,
        }));
    }
    candidates
}

fn range(ty: Type) -> String {
    match ty {
        Type::Int32 => format!("{}..{}", i32::MIN, i32::MAX),
        Type::Enum(last) => format!("0..{last}"),
        Type::Float64 => "the range of a double".to_owned(),
        _ => format!("{}..{}", i64::MIN, i64::MAX),
    }
}

/// The unknown fields, each where it stands first: there may be one in every record.
fn of_extras(places: &LazyPlaces<'_>, extras: &[ExtraRow<'_>]) -> Vec<Candidate> {
    if extras.is_empty() {
        return Vec::new();
    }
    let spots: Vec<Spot> = extras.iter().map(|extra| extra.spot).collect();
    let mut first: BTreeMap<(&str, &str), (u64, &ExtraRow<'_>)> = BTreeMap::new();
    for (extra, offset) in extras.iter().zip(places.offsets(&spots)) {
        let first = first
            .entry((extra.entity, extra.field))
            .or_insert((offset, extra));
        if offset < first.0 {
            *first = (offset, extra);
        }
    }
    let candidate = |(_, extra): (u64, &ExtraRow<'_>)| {
        let row = AnomalyRow {
            kind: "unknown_field",
            entity: extra.entity,
            key: String::new(),
            field: extra.field.into(),
            raw: String::new(),
            place: Place::default(),
            message: "the schema does not know this field; its values are in extras".to_owned(),
        };
        Candidate::at(extra.spot, row)
    };
    first.into_values().map(candidate).collect()
}

fn of_cycle(cycle: Cycle) -> Candidate {
    let ids: Vec<String> = cycle.members.iter().map(i64::to_string).collect();
    let message = match ids.len() {
        1 => "the site contains itself".to_owned(),
        count => format!("{count} sites contain each other"),
    };
    let row = AnomalyRow {
        kind: "cycle",
        entity: Kind::Site.record().table,
        key: ids[0].clone(),
        field: "subgroups".into(),
        raw: format!("[{}]", ids.join(",")),
        place: Place::default(),
        message,
    };
    Candidate::at(cycle.spot, row)
}
