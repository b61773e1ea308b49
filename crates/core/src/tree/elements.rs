//! Lists.

use std::{
    fmt,
    ops::{Deref, DerefMut},
};

use serde::{Serialize, Serializer};

use super::{Field, grow};

/// A list as it stands under a field's name: absent, null, or elements which may be null themselves.
///
/// ```
/// use voltree_core::tree::Charger;
///
/// let charger: Charger = serde_json::from_str(r#"{"capabilities":["remote start",null,7]}"#)?;
/// assert_eq!(charger.capabilities.value().unwrap().len(), 3);
/// assert!(charger.capabilities.values().eq(["remote start"]));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub type List<T> = Field<Elements<T>>;

/// The elements of a [`List`]; dereferences to a vector.
///
/// Lists are what nests, so it is here that copying, comparing, printing and dropping a deep tree
/// take care of the stack.
#[derive(Default)]
pub struct Elements<T>(Vec<Field<T>>);

impl<T> List<T> {
    /// The elements of the declared type, in order; none where the list is absent or null.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        let elements = self.value().map_or(&[][..], |elements| elements.as_slice());
        elements.iter().filter_map(Field::value)
    }
}

impl<T> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Field::Value(Elements(values.into_iter().map(Field::Value).collect()))
    }
}

impl<T> From<Vec<Field<T>>> for Elements<T> {
    fn from(elements: Vec<Field<T>>) -> Self {
        Elements(elements)
    }
}

impl<T> Deref for Elements<T> {
    type Target = Vec<Field<T>>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T> DerefMut for Elements<T> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl<T> Drop for Elements<T> {
    fn drop(&mut self) {
        if !self.0.is_empty() {
            grow(|| self.0.clear());
        }
    }
}

impl<T: Clone> Clone for Elements<T> {
    fn clone(&self) -> Self {
        grow(|| Elements(self.0.clone()))
    }
}

impl<T: PartialEq> PartialEq for Elements<T> {
    fn eq(&self, other: &Self) -> bool {
        grow(|| self.0 == other.0)
    }
}

impl<T: fmt::Debug> fmt::Debug for Elements<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        grow(|| self.0.fmt(f))
    }
}

impl<T: Serialize> Serialize for Elements<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        grow(|| serializer.collect_seq(&self.0))
    }
}
