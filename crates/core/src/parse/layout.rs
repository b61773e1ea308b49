//! The schema's records as the parser wants them.

use std::sync::LazyLock;

use crate::schema::{Kind, Member, Shape, Type};

/// A kind of record.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(super) kind: Kind,
    /// The types of a row's cells.
    pub(crate) types: Vec<Type>,
    pub(super) members: Vec<Slot>,
    /// The member that carries the identity.
    pub(super) identity: Option<usize>,
}

/// A member and where its value goes.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) member: &'static Member,
    /// The wire name between quotes, and the colon.
    pub(super) key: Box<[u8]>,
    /// The type of a scalar.
    pub(super) scalar: Option<Type>,
    /// For a scalar, its cell in the row.
    pub(super) cell: usize,
}

impl Layout {
    /// The layout of a kind.
    pub(crate) fn of(kind: Kind) -> &'static Layout {
        static LAYOUTS: LazyLock<Vec<Layout>> =
            LazyLock::new(|| Kind::EACH.map(Layout::new).into());
        &LAYOUTS[kind as usize]
    }

    /// What the names of its members stand behind: empty, or the name of the object they are in with
    /// a dot.
    pub(super) fn within(&self) -> &'static str {
        match self.kind {
            Kind::Location => "locationInfo.",
            Kind::CustomProperty => "customProperties.",
            _ => "",
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
                scalar: match member.shape {
                    Shape::Scalar(ty) => Some(ty),
                    _ => None,
                },
                key: format!("\"{}\":", member.wire).into_bytes().into(),
                cell,
            };
            cell += cells(member);
            slot
        });
        // The name of a property comes first: it is a part of its key.
        let name = (kind == Kind::CustomProperty).then_some(Type::Text);
        let scalars = record.scalars().map(|(_, ty)| ty);
        Layout {
            kind,
            types: name.into_iter().chain(scalars).collect(),
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
