//! What a record holds beside its declared fields.

use super::{Json, map::find};

/// What a record holds beside its declared fields.
///
/// ```
/// use voltree_core::tree::Site;
///
/// let site: Site = serde_json::from_str(r#"{"id":1,"id":2,"name":"North","parkingPlace":null}"#)?;
/// assert_eq!(site.id.number(), Some(2));
/// assert_eq!(site.rest.lost[0].1.text(), "1");
/// assert!(site.rest.is_alias("groupName"));
/// assert_eq!(site.rest.unknown("parkingPlace").unwrap().text(), "null");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rest {
    /// Fields that the schema does not know, each once, in the order of the text.
    pub unknown: Vec<(String, Json)>,
    /// Values that do not count, since their name stands again behind them.
    pub lost: Vec<(String, Json)>,
    /// Wire names of the fields that were read, and are written, under their other spelling.
    pub aliases: Vec<&'static str>,
}

impl Rest {
    /// The value of a field that the schema does not know.
    pub fn unknown(&self, name: &str) -> Option<&Json> {
        find(&self.unknown, name)
    }

    /// Whether the field with this wire name stood under its other spelling.
    pub fn is_alias(&self, wire: &str) -> bool {
        self.aliases.contains(&wire)
    }
}
