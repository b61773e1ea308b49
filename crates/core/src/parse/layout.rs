//! The schema's records as the parser wants them.

use std::sync::LazyLock;

use crate::schema::{Kind, Member, Shape};

/// A kind of record.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) kind: Kind,
    pub(super) members: Vec<Slot>,
    /// The member that carries the identity.
    pub(super) identity: Option<usize>,
}

/// A member and where its value goes.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) member: &'static Member,
    /// The wire name between quotes.
    pub(super) quoted: Box<[u8]>,
    /// For a scalar, its cell in the row.
    pub(super) cell: usize,
}

impl Layout {
    /// The layout of a kind.
    pub(super) fn of(kind: Kind) -> &'static Layout {
        static LAYOUTS: LazyLock<Vec<Layout>> = LazyLock::new(|| {
            let mut kinds = Kind::ALL;
            kinds.sort_by_key(|&kind| kind as usize);
            kinds.map(Layout::new).into()
        });
        &LAYOUTS[kind as usize]
    }

    /// Number of cells in a row of this kind.
    pub(super) fn stride(&self) -> usize {
        match self.kind {
            // The name of a property comes first: it is a part of its key.
            Kind::CustomProperty => 1 + self.kind.record().scalars().count(),
            kind => kind.record().scalars().count(),
        }
    }

    /// The member with this name; true where that is its alias.
    pub(super) fn find(&self, name: &[u8]) -> Option<(usize, bool)> {
        let named = |wire: Option<&str>| wire.is_some_and(|wire| wire.as_bytes() == name);
        self.members.iter().enumerate().find_map(|(index, slot)| {
            let alias = named(slot.member.alias);
            (alias || named(Some(slot.member.wire))).then_some((index, alias))
        })
    }

    fn new(kind: Kind) -> Layout {
        let record = kind.record();
        let mut cell = first_cell(kind);
        // The names in a map are the customer's.
        let known = if kind == Kind::CustomProperty {
            &[]
        } else {
            record.members
        };
        let members = known.iter().map(|member| {
            let slot = Slot {
                member,
                quoted: format!("\"{}\"", member.wire).into_bytes().into(),
                cell,
            };
            cell += cells(member);
            slot
        });
        Layout {
            kind,
            members: members.collect(),
            identity: record
                .members
                .iter()
                .position(|member| Some(member.column) == record.identity),
        }
    }
}

/// Cells that a member takes in its record's row.
fn cells(member: &Member) -> usize {
    match member.shape {
        Shape::Scalar(_) => 1,
        Shape::Object(kind) => kind.record().scalars().count(),
        _ => 0,
    }
}

/// The cells of an object are a part of its owner's row.
fn first_cell(kind: Kind) -> usize {
    let owners = Kind::ALL.iter().map(|owner| owner.record().members);
    owners
        .filter_map(|members| {
            let object = members
                .iter()
                .position(|member| member.shape == Shape::Object(kind))?;
            Some(members[..object].iter().map(cells).sum())
        })
        .next()
        .unwrap_or(0)
}
