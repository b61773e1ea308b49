//! Objects with any keys.

use serde::{Serialize, Serializer};

use super::Json;

/// An object whose keys are the customer's choice, with its entries in the order of the text.
///
/// ```
/// use voltree_core::tree::Charger;
///
/// let charger: Charger = serde_json::from_str(r#"{"customProperties":{"floor":-1,"key":"K7"}}"#)?;
/// let properties = charger.custom_properties.value().unwrap();
/// assert_eq!(properties.get("floor").unwrap().parse::<i32>()?, -1);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map {
    /// Names, each once, with their values.
    pub entries: Vec<(String, Json)>,
    /// Values that do not count, since their name stands again behind them.
    pub lost: Vec<(String, Json)>,
}

impl Map {
    /// The value under this name.
    pub fn get(&self, name: &str) -> Option<&Json> {
        find(&self.entries, name)
    }
}

/// The value under this name.
pub(super) fn find<'a>(entries: &'a [(String, Json)], name: &str) -> Option<&'a Json> {
    let (_, value) = entries.iter().find(|(entry, _)| entry == name)?;
    Some(value)
}

/// Writes the entries; values that do not count are left out.
impl Serialize for Map {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.entries.iter().map(|(name, value)| (name, value)))
    }
}
