//! What stands under a field's name.

use std::ops::Deref;

use serde::{Serialize, Serializer};

use super::{Json, Number};

/// A field of a record, or an element of a list.
///
/// ```
/// use voltree_core::tree::{Field, User};
///
/// let user: User = serde_json::from_str(r#"{"id":5,"name":null,"payerId":"nobody"}"#)?;
/// assert_eq!(user.id.number(), Some(5));
/// assert_eq!(user.name, Field::Null);
/// assert_eq!(user.external_id, Field::Absent);
/// assert_eq!(user.payer_id.other().unwrap().text(), r#""nobody""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Field<T> {
    /// The name does not stand in the record.
    #[default]
    Absent,
    /// `null`.
    Null,
    /// A value of the declared type.
    Value(T),
    /// A value of another type, or a number outside the range of the declared type.
    Other(Json),
}

impl<T> Field<T> {
    /// Whether the name does not stand in the record.
    pub fn is_absent(&self) -> bool {
        matches!(self, Field::Absent)
    }

    /// Whether `null` is written there.
    pub fn is_null(&self) -> bool {
        matches!(self, Field::Null)
    }

    /// The value, where one of the declared type stands there.
    pub fn value(&self) -> Option<&T> {
        match self {
            Field::Value(value) => Some(value),
            _ => None,
        }
    }

    /// The value as what it dereferences to, such as the `str` of a text.
    pub fn as_deref(&self) -> Option<&T::Target>
    where
        T: Deref,
    {
        self.value().map(Deref::deref)
    }

    /// The value, where one of another type stands there.
    pub fn other(&self) -> Option<&Json> {
        match self {
            Field::Other(json) => Some(json),
            _ => None,
        }
    }
}

impl<T: Copy> Field<Number<T>> {
    /// The number, where one of the declared type stands there.
    pub fn number(&self) -> Option<T> {
        self.value().map(Number::get)
    }
}

/// Records leave out what is absent; elsewhere it is written as null.
impl<T: Serialize> Serialize for Field<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Field::Absent | Field::Null => serializer.serialize_unit(),
            Field::Value(value) => value.serialize(serializer),
            Field::Other(json) => json.serialize(serializer),
        }
    }
}
