//! The canonical form of a payload.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// A payload as compact JSON text: keys sorted, of equal ones the last, numbers as written, the fewest
/// escapes.
pub fn canonical(payload: &str) -> String {
    match payload.trim_start().as_bytes()[0] {
        b'{' => {
            let members: BTreeMap<String, Box<RawValue>> = serde_json::from_str(payload).unwrap();
            let members = members.iter().map(|(key, value)| {
                let key = serde_json::to_string(key).unwrap();
                format!("{key}:{}", canonical(value.get()))
            });
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        b'[' => {
            let elements: Vec<Box<RawValue>> = serde_json::from_str(payload).unwrap();
            let elements = elements.iter().map(|element| canonical(element.get()));
            format!("[{}]", elements.collect::<Vec<_>>().join(","))
        }
        b'"' => {
            let text: String = serde_json::from_str(payload).unwrap();
            serde_json::to_string(&text).unwrap()
        }
        _ => payload.trim().to_owned(),
    }
}
