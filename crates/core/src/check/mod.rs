//! What is worth knowing before a payload is trusted.
//!
//! A [`Checker`] looks at tables and gives [`Finding`]s, lazily and in the order of the tables. It reads
//! nothing but tables and panics on none: those of a [`Parser`](crate::Parser) as well as tables that
//! were read back from files and may have been changed. Where a table is missing, or has other columns than
//! it should, there are findings of that kind alone.
//!
//! ```
//! use voltree_core::{Parser, check::{Checker, FindingKind}};
//!
//! let payload = br#"{"operatorGroups":[{"id":7,"chargers":[{"chargerId":"FI-1","groupId":9}]}]}"#;
//! let dataset = Parser::new().parse_slice(payload)?;
//!
//! let findings: Vec<_> = Checker::new(&dataset).all().collect();
//! assert_eq!(findings.len(), 1);
//! assert_eq!(findings[0].kind, FindingKind::DanglingGroupId);
//! assert_eq!((findings[0].entity, findings[0].key.as_str()), ("chargers", "FI-1"));
//! # Ok::<(), voltree_core::Error>(())
//! ```

mod evses;
mod finding;
mod integrity;
mod kind;
mod moment;
mod quality;
mod references;
mod rows;
mod tags;
mod topology;
mod unknown;
mod values;
mod whole;

pub use finding::{Finding, Findings, Seen};
pub use kind::{FindingKind, Severity, UnknownKind};
pub use moment::{Moment, NoMoment};

use crate::Dataset;

/// Looks at tables. Each kind of finding costs a walk over the few tables that it is about, when it is
/// asked for.
#[derive(Clone, Copy, Debug)]
pub struct Checker<'a> {
    dataset: &'a Dataset,
    is_whole: bool,
    now: Option<Moment>,
}

impl<'a> Checker<'a> {
    /// Looks at these tables; what has expired is told by the [`latest`](Moment::latest) moment in them.
    pub fn new(dataset: &'a Dataset) -> Self {
        Checker {
            dataset,
            is_whole: whole::is_whole(dataset),
            now: None,
        }
    }

    /// Tells by this moment what has expired.
    pub fn now(mut self, now: Moment) -> Self {
        self.now = Some(now);
        self
    }

    /// By which moment it is told what has expired; none where the tables have no time and none was
    /// given, and nothing has expired then.
    pub fn judged_at(&self) -> Option<Moment> {
        self.now.or_else(|| Moment::latest(self.dataset))
    }

    /// The findings of all kinds, one kind after the other.
    pub fn all(self) -> Findings<'a> {
        let kinds = FindingKind::ALL.iter();
        Box::new(kinds.flat_map(move |&kind| self.of(kind)))
    }

    /// The findings of a kind; none of the kinds that only files have.
    pub fn of(self, kind: FindingKind) -> Findings<'a> {
        let dataset = self.dataset;
        match kind {
            FindingKind::UnreadableTable => whole::unreadable(dataset),
            _ if !self.is_whole => Box::new(std::iter::empty()),
            FindingKind::Conflict => quality::conflicts(dataset),
            FindingKind::WrongType
            | FindingKind::OutOfRange
            | FindingKind::MissingIdentity
            | FindingKind::DuplicateKey
            | FindingKind::Cycle => quality::anomalies(dataset, kind),
            FindingKind::EnumOutOfRange => values::enums(dataset),
            FindingKind::CoordinateOutOfRange => values::coordinates(dataset),
            FindingKind::UnknownField => unknown::fields(dataset),
            FindingKind::DanglingGroupId => references::groups(dataset),
            FindingKind::DanglingHomeGroupId => references::home_groups(dataset),
            FindingKind::SiteInTwoPlaces => topology::sites_in_two_places(dataset),
            FindingKind::ChargerWithoutSite => topology::chargers_without_site(dataset),
            FindingKind::OperatorWithoutReach => topology::operators_without_reach(dataset),
            FindingKind::ExpiredTag => tags::expired(dataset, self.judged_at()),
            FindingKind::DuplicateTag => tags::duplicates(dataset),
            FindingKind::EvseIdSyntax => evses::syntax(dataset),
            FindingKind::EqualEvseUid => evses::equal_uids(dataset),
            FindingKind::SocketWithoutEvse => evses::sockets(dataset),
            FindingKind::RepeatedKey | FindingKind::UnsortedRows => integrity::keys(dataset, kind),
            FindingKind::DanglingReference => integrity::references(dataset),
            FindingKind::ChangedFile | FindingKind::RowCount => Box::new(std::iter::empty()),
        }
    }
}

#[cfg(test)]
mod tests;
