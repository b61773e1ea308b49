//! What a declaration of a record consists of.

use std::str::FromStr;

use super::records;

/// The kinds of record that a payload is made of, in the order of [`Kind::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// The payload itself.
    Root,
    /// OperatorGroup, Group or ChargerGroup: one kind, seen in three trees.
    Site,
    /// Somebody who runs chargers.
    Operator,
    /// A driver.
    User,
    /// An identification token of a driver.
    Tag,
    /// A driver's id in another system.
    ExternalId,
    /// A charging station.
    Charger,
    /// An outlet of a charger.
    Socket,
    /// A configuration value of a charger.
    Configuration,
    /// One text of a charger's `capabilities`.
    Capability,
    /// One text of a charger's `integrationRelays`.
    Relay,
    /// One entry of a charger's `customProperties`.
    CustomProperty,
    /// Where a charger stands; flattened into it.
    Location,
}

/// In which of the payload's three trees a site stands.
///
/// Ordered as the texts are, since tables are sorted by them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum View {
    /// Below an operator's `groups` (Group).
    Access,
    /// Below a user's `chargerGroups` (ChargerGroup).
    Charging,
    /// Below `operatorGroups` (OperatorGroup).
    Home,
}

/// A text that names no [`View`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected access, charging or home")]
pub struct NoView;

impl FromStr for View {
    type Err = NoView;

    fn from_str(text: &str) -> Result<Self, NoView> {
        let mut all = View::ALL.into_iter();
        all.find(|view| view.as_str() == text).ok_or(NoView)
    }
}

impl View {
    /// All of them.
    pub const ALL: [View; 3] = [View::Access, View::Charging, View::Home];

    /// The text in the tables' `view` columns.
    pub const fn as_str(self) -> &'static str {
        match self {
            View::Access => "access",
            View::Charging => "charging",
            View::Home => "home",
        }
    }
}

/// The type of a scalar, on the wire and in its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// Signed 64-bit integer.
    Int64,
    /// Signed 32-bit integer.
    Int32,
    /// An `Int32` from 0 to this bound, both included; others are out of range.
    Enum(i32),
    /// IEEE 754 double.
    Float64,
    /// `true` or `false`.
    Bool,
    /// An instant, RFC 3339 on the wire; microseconds since the Unix epoch, UTC, in its column.
    Time,
    /// UTF-8 text.
    Text,
}

/// What stands under a wire name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// One value of the record's row.
    Scalar(Type),
    /// A list of records, or of texts for [`Kind::Capability`] and [`Kind::Relay`].
    List(Kind),
    /// An object whose fields are columns of the record's own row.
    Object(Kind),
    /// An object with any keys; one row an entry.
    Map(Kind),
}

/// One declared field of a record.
#[derive(Debug)]
pub struct Member {
    /// Name in the payload.
    pub wire: &'static str,
    /// Another spelling, read where [`wire`](Self::wire) is absent.
    pub alias: Option<&'static str>,
    /// Name of the column (snake_case); for lists, of the field in the typed structs.
    pub column: &'static str,
    /// What stands there.
    pub shape: Shape,
    /// For a list of records that a table relates to their owner: the name of that table.
    pub relation: Option<&'static str>,
    /// For a list that opens one of the three trees: which one.
    pub opens: Option<View>,
    /// For a field by which a site at the root of a payload tells which tree it is from: that one.
    pub tells: Option<View>,
    /// One line for the data dictionary.
    pub doc: &'static str,
}

/// The declaration of one kind of record.
#[derive(Debug)]
pub struct RecordDef {
    /// Which kind this is.
    pub kind: Kind,
    /// The kind's name in the typed structs.
    pub name: &'static str,
    /// The table that its values go to; `root` for the payload itself.
    pub table: &'static str,
    /// Column of the identity, where a field carries it.
    pub identity: Option<&'static str>,
    /// All fields; the order of the lists is the canonical order of reading.
    pub members: &'static [Member],
    /// One line for the data dictionary.
    pub doc: &'static str,
}

impl RecordDef {
    /// The member with this wire name; aliases do not count.
    pub fn member(&self, wire: &str) -> Option<&'static Member> {
        self.members.iter().find(|member| member.wire == wire)
    }

    /// The member that carries the identity.
    pub fn identity_member(&self) -> Option<&'static Member> {
        let column = self.identity?;
        self.members.iter().find(|member| member.column == column)
    }

    /// The scalars of a row in declared order, those of [`Shape::Object`] members in their place.
    pub fn scalars(&self) -> impl Iterator<Item = (&'static Member, Type)> {
        self.members
            .iter()
            .flat_map(|member| match member.shape {
                Shape::Object(kind) => kind.record().members,
                _ => std::slice::from_ref(member),
            })
            .filter_map(|member| match member.shape {
                Shape::Scalar(ty) => Some((member, ty)),
                _ => None,
            })
    }
}

impl Kind {
    /// Every kind, in the order of the tables.
    pub const ALL: &[Kind] = &Self::EACH;

    /// The same, as many as there are just now.
    pub(crate) const EACH: [Kind; 13] = [
        Kind::Root,
        Kind::Site,
        Kind::Operator,
        Kind::User,
        Kind::Tag,
        Kind::ExternalId,
        Kind::Charger,
        Kind::Socket,
        Kind::Configuration,
        Kind::Capability,
        Kind::Relay,
        Kind::CustomProperty,
        Kind::Location,
    ];

    /// The parts of records, whose identity is their owner's with a position or a name.
    pub(crate) const PARTS: [Kind; 6] = [
        Kind::ExternalId,
        Kind::Socket,
        Kind::Configuration,
        Kind::Capability,
        Kind::Relay,
        Kind::CustomProperty,
    ];

    /// The kind of record that a tag, or parts of this kind, stand in.
    pub(crate) fn owner(self) -> Kind {
        match self {
            Kind::Tag | Kind::ExternalId => Kind::User,
            _ => Kind::Charger,
        }
    }

    /// The kind's declaration.
    pub fn record(self) -> &'static RecordDef {
        match self {
            Kind::Root => &records::OPERATOR_TREE,
            Kind::Site => &records::SITE,
            Kind::Operator => &records::OPERATOR,
            Kind::User => &records::USER,
            Kind::Tag => &records::TAG,
            Kind::ExternalId => &records::EXTERNAL_ID,
            Kind::Charger => &records::CHARGER,
            Kind::Location => &records::LOCATION,
            Kind::Configuration => &records::CONFIGURATION,
            Kind::Socket => &records::SOCKET,
            Kind::Capability => &records::CAPABILITY,
            Kind::Relay => &records::RELAY,
            Kind::CustomProperty => &records::CUSTOM_PROPERTY,
        }
    }

    /// Whether records of this kind stand on their own, with children of their own.
    ///
    /// These are what the scanner recognises repeats of; all others are part of their owner's text.
    pub const fn is_node(self) -> bool {
        matches!(
            self,
            Kind::Root | Kind::Site | Kind::Operator | Kind::User | Kind::Charger
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn kinds_are_numbered_as_they_are_listed() {
        for (index, kind) in Kind::EACH.into_iter().enumerate() {
            assert_eq!(kind as usize, index);
        }
    }
}
