//! The schema positions that a record can stand at.

use std::sync::LazyLock;

use crate::schema::{Kind, Shape, View};

/// A record's kind, and for sites the tree they stand in. Only records of one class can be repeats
/// of each other, since what a record means depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub(crate) enum Class {
    Root,
    HomeSite,
    AccessSite,
    ChargingSite,
    Operator,
    User,
    Charger,
}

/// A list of child records.
#[derive(Clone, Copy, Debug)]
struct ListOf {
    name: &'static [u8],
    member: u8,
    child: Class,
}

impl Class {
    const ALL: [Class; 7] = [
        Class::Root,
        Class::HomeSite,
        Class::AccessSite,
        Class::ChargingSite,
        Class::Operator,
        Class::User,
        Class::Charger,
    ];

    pub(crate) fn kind(self) -> Kind {
        match self {
            Class::Root => Kind::Root,
            Class::HomeSite | Class::AccessSite | Class::ChargingSite => Kind::Site,
            Class::Operator => Kind::Operator,
            Class::User => Kind::User,
            Class::Charger => Kind::Charger,
        }
    }

    /// The tree that a site of this class stands in.
    pub(crate) fn view(self) -> Option<View> {
        match self {
            Class::HomeSite => Some(View::Home),
            Class::AccessSite => Some(View::Access),
            Class::ChargingSite => Some(View::Charging),
            _ => None,
        }
    }

    fn of(kind: Kind, view: Option<View>) -> Class {
        match (kind, view) {
            (Kind::Site, Some(View::Access)) => Class::AccessSite,
            (Kind::Site, Some(View::Charging)) => Class::ChargingSite,
            (Kind::Site, _) => Class::HomeSite,
            (Kind::Operator, _) => Class::Operator,
            (Kind::User, _) => Class::User,
            (Kind::Charger, _) => Class::Charger,
            _ => Class::Root,
        }
    }

    /// Whether records of this class have lists of child records.
    pub(crate) fn has_children(self) -> bool {
        self != Class::Charger
    }

    /// The member with this name that lists child records, and their class.
    pub(crate) fn list(self, name: &[u8]) -> Option<(u8, Class)> {
        let list = lists(self).iter().find(|list| list.name == name)?;
        Some((list.member, list.child))
    }

    /// The class of the records in the list that is this member.
    pub(crate) fn child(self, member: u8) -> Class {
        let list = lists(self).iter().find(|list| list.member == member);
        list.expect("the member is a list of records").child
    }
}

fn lists(class: Class) -> &'static [ListOf] {
    static LISTS: LazyLock<Vec<Vec<ListOf>>> = LazyLock::new(|| Class::ALL.map(declared).into());
    &LISTS[class as usize]
}

fn declared(class: Class) -> Vec<ListOf> {
    let members = class.kind().record().members.iter().enumerate();
    members
        .filter_map(|(index, member)| match member.shape {
            Shape::List(kind) if kind.is_node() => Some((index as u8, member, kind)),
            _ => None,
        })
        .flat_map(|(index, member, kind)| {
            let child = Class::of(kind, member.opens.or(class.view()));
            [Some(member.wire), member.alias]
                .into_iter()
                .flatten()
                .map(move |name| ListOf {
                    name: name.as_bytes(),
                    member: index,
                    child,
                })
        })
        .collect()
}
