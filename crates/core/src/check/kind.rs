//! The kinds of finding: their names are a contract.

use std::{fmt, str::FromStr};

/// How much a finding weighs; the texts are those of SARIF.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Good to know.
    Note,
    /// Probably a mistake in the data.
    Warning,
    /// Something was lost, or cannot be as it is.
    Error,
}

impl Severity {
    /// `note`, `warning` or `error`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// Declares the kinds, each in one place.
macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident = $name:literal, $severity:ident;)+) => {
        /// The kinds of finding, in the order in which they are given. Names never change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum FindingKind {
            $($(#[doc = $doc])+ $kind,)+
        }

        impl FindingKind {
            /// Every kind, in order.
            pub const ALL: &'static [FindingKind] = &[$(FindingKind::$kind),+];

            /// The name, such as `dangling-group-id`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(FindingKind::$kind => $name,)+
                }
            }

            /// How much it weighs.
            pub const fn severity(self) -> Severity {
                match self {
                    $(FindingKind::$kind => Severity::$severity,)+
                }
            }

            /// Whether it is about files that were written: what a payload gives has none of these.
            pub fn is_of_files(self) -> bool {
                self <= FindingKind::DanglingReference
            }

            /// One line that describes it.
            pub const fn doc(self) -> &'static str {
                match self {
                    $(FindingKind::$kind => concat!($($doc),+).trim_ascii_start(),)+
                }
            }
        }
    };
}

kinds! {
    /// A table's file is missing, damaged, or lacks a column.
    UnreadableTable = "unreadable-table", Error;
    /// A file has another length or hash than `datapackage.json` says.
    ChangedFile = "changed-file", Error;
    /// A table has another number of rows than `datapackage.json` says.
    RowCount = "row-count", Error;
    /// Two rows of a table have one key.
    RepeatedKey = "repeated-key", Error;
    /// A row stands behind one with a greater key.
    UnsortedRows = "unsorted-rows", Error;
    /// A foreign key finds no row.
    DanglingReference = "dangling-reference", Error;
    /// A value has another type than the schema says; its column is null.
    WrongType = "wrong-type", Error;
    /// A number is beyond its type; its column is null.
    OutOfRange = "out-of-range", Error;
    /// A number is none of its enumeration.
    EnumOutOfRange = "enum-out-of-range", Error;
    /// A latitude is beyond ±90 degrees, or a longitude beyond ±180.
    CoordinateOutOfRange = "coordinate-out-of-range", Warning;
    /// A record has no usable identity and was given a placeholder.
    MissingIdentity = "missing-identity", Error;
    /// A key stands twice in one object; the last value counts.
    DuplicateKey = "duplicate-key", Warning;
    /// One identity was seen with two values; the row keeps the first.
    Conflict = "conflict", Warning;
    /// The schema does not know a field; its values are kept.
    UnknownField = "unknown-field", Note;
    /// Sites contain each other, or a site itself.
    Cycle = "cycle", Error;
    /// A site stands below several other sites.
    SiteInTwoPlaces = "site-in-two-places", Warning;
    /// A charger's `groupId` is no site of the payload.
    DanglingGroupId = "dangling-group-id", Warning;
    /// An operator's or a user's `homeGroupId` is no site of the payload.
    DanglingHomeGroupId = "dangling-home-group-id", Warning;
    /// A charger stands at no site.
    ChargerWithoutSite = "charger-without-site", Warning;
    /// An operator reaches no site.
    OperatorWithoutReach = "operator-without-reach", Note;
    /// A tag's `expiringDate` has passed.
    ExpiredTag = "expired-tag", Note;
    /// Two tags have one `idTag`, upper and lower case being equal.
    DuplicateTag = "duplicate-tag", Warning;
    /// A charger's `evseId` does not have the syntax of eMI3 and ISO 15118.
    EvseIdSyntax = "evse-id-syntax", Warning;
    /// Two EVSEs have one uid.
    EqualEvseUid = "equal-evse-uid", Warning;
    /// It cannot be told which EVSE a socket is part of.
    SocketWithoutEvse = "socket-without-evse", Note;
}

impl fmt::Display for FindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// No kind has the name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no kind of finding is named `{0}`")]
pub struct UnknownKind(String);

impl FromStr for FindingKind {
    type Err = UnknownKind;

    fn from_str(name: &str) -> Result<Self, UnknownKind> {
        let found = FindingKind::ALL.iter().find(|kind| kind.name() == name);
        found.copied().ok_or_else(|| UnknownKind(name.to_owned()))
    }
}

impl serde::Serialize for FindingKind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl serde::Serialize for Severity {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
