//! Any JSON value, as text.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};
use serde_json::value::RawValue;

/// A JSON value as it was written, white space inside it included. Equal where the text is.
///
/// ```
/// use voltree_core::tree::Json;
///
/// let json = Json::new("[1.50, 2]")?;
/// assert_eq!(json.text(), "[1.50, 2]");
/// assert_eq!(json.parse::<Vec<f64>>()?, [1.5, 2.0]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Json(Box<RawValue>);

impl Json {
    /// The JSON value with this text.
    ///
    /// # Errors
    ///
    /// Where the text is no JSON value.
    pub fn new(text: impl Into<String>) -> serde_json::Result<Self> {
        RawValue::from_string(text.into()).map(Json)
    }

    /// The value as written.
    pub fn text(&self) -> &str {
        self.0.get()
    }

    /// The value as a type of choice.
    ///
    /// # Errors
    ///
    /// Where the type cannot hold the value.
    pub fn parse<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_str(self.text())
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// Through serde_json only: other formats have no JSON text to keep.
impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<RawValue>::deserialize(deserializer).map(Json)
    }
}
