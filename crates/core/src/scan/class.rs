//! The schema positions that a record can stand at.

use std::sync::LazyLock;

use crate::schema::{Kind, Shape, View};

/// A record's kind, and for sites the tree they stand in. Only records of one class can be repeats
/// of each other, since what a record means depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub(crate) enum Class {
    /// The payload: a tree, or a record around which nothing else stands, or a list of such records.
    Root,
    /// What stands there, while its fields have not all been seen.
    Any,
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
    const ALL: [Class; 8] = [
        Class::Root,
        Class::Any,
        Class::HomeSite,
        Class::AccessSite,
        Class::ChargingSite,
        Class::Operator,
        Class::User,
        Class::Charger,
    ];

    pub(crate) fn kind(self) -> Kind {
        match self {
            Class::Root | Class::Any => Kind::Root,
            Class::HomeSite | Class::AccessSite | Class::ChargingSite => Kind::Site,
            Class::Operator => Kind::Operator,
            Class::User => Kind::User,
            Class::Charger => Kind::Charger,
        }
    }

    /// The list of the root's that has no name: of the records that stand there themselves.
    pub(crate) const ROOTS: u8 = u8::MAX;

    /// The tree that a site of this class stands in, below the root of an operator tree.
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
        if member == Class::ROOTS {
            return Class::Any;
        }
        let list = lists(self).iter().find(|list| list.member == member);
        list.expect("the member is a list of records").child
    }
}

impl Class {
    /// Numbers of the members of each class that [`Class::Any`] may turn out to be.
    const STRIDE: u8 = 32;

    /// The number that a member of [`Class::Any`] has when it is known what that is.
    pub(super) fn member_of_any(member: u8) -> u8 {
        member % Class::STRIDE
    }
}

fn lists(class: Class) -> &'static [ListOf] {
    static LISTS: LazyLock<Vec<Vec<ListOf>>> = LazyLock::new(|| Class::ALL.map(declared).into());
    &LISTS[class as usize]
}

fn declared(class: Class) -> Vec<ListOf> {
    if class == Class::Any {
        let classes = (0..).zip([Class::Root, Class::HomeSite, Class::Operator]);
        let lists = classes.flat_map(|(number, class)| {
            let lists = declared(class).into_iter();
            lists.map(move |list| {
                assert!(list.member < Class::STRIDE, "more members than expected");
                let member = number * Class::STRIDE + list.member;
                ListOf { member, ..list }
            })
        });
        return lists.collect();
    }
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
