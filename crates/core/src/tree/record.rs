//! Records: objects with declared fields.

use std::collections::HashSet;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::SerializeMap};

use super::{Field, Json, Rest, Scalar, grow, text::Text};
use crate::schema::RecordDef;

/// An object with declared fields. [`typed_record`] implements it.
pub(crate) trait Record: Default {
    const DEF: &'static RecordDef;

    fn rest(&self) -> &Rest;
    fn rest_mut(&mut self) -> &mut Rest;

    /// Reads the value of the field with this wire name; false, and nothing moves, without such a field.
    fn set(&mut self, wire: &str, text: &mut Text<'_>) -> serde_json::Result<bool>;

    /// The scalar with this wire name.
    fn scalar(&self, wire: &str) -> Scalar<'_>;

    /// Writes the declared fields.
    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
}

/// Makes the struct of a declared record, and all that is the same for every record.
macro_rules! typed_record {
    (
        $(#[doc = $doc:literal])+
        $name:ident, $def:path;
        $($(#[doc = $field_doc:literal])+ $field:ident: $ty:ty, $wire:literal;)*
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            $($(#[doc = $field_doc])+ pub $field: $ty,)*
            /// What stands beside the fields above.
            pub rest: Rest,
        }

        impl record::Record for $name {
            const DEF: &'static crate::schema::RecordDef = &$def;

            fn rest(&self) -> &Rest {
                &self.rest
            }

            fn rest_mut(&mut self) -> &mut Rest {
                &mut self.rest
            }

            fn set(&mut self, wire: &str, text: &mut text::Text<'_>) -> serde_json::Result<bool> {
                match wire {
                    $($wire => self.$field = value::parse_field(text)?,)*
                    _ => return Ok(false),
                }
                Ok(true)
            }

            fn scalar(&self, wire: &str) -> value::Scalar<'_> {
                match wire {
                    $($wire => value::scalar_of(&self.$field),)*
                    _ => value::Scalar::Missing,
                }
            }

            fn write<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
                $(record::write_field::<Self, M, _>(self, map, $wire, &self.$field)?;)*
                Ok(())
            }
        }

        impl value::Value for $name {
            fn parse(text: &mut text::Text<'_>) -> serde_json::Result<Option<Self>> {
                record::parse(text)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                record::serialize(self, serializer)
            }
        }

        /// Through serde_json only: other formats have no JSON text to keep.
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                record::deserialize(deserializer)
            }
        }
    };
}
pub(crate) use typed_record;

/// Names with the text of their values, in order, each name any number of times.
#[derive(Default)]
pub(super) struct Entries<'a>(Vec<(String, &'a str)>);

impl<'a> Entries<'a> {
    pub(super) fn push(&mut self, name: String, value: &'a str) {
        self.0.push((name, value));
    }

    /// The last entry of each name, and the others, which do not count.
    #[expect(clippy::type_complexity, reason = "the two halves of the entries")]
    pub(super) fn split(self) -> serde_json::Result<(Vec<(String, &'a str)>, Vec<(String, Json)>)> {
        let (mut kept, mut lost) = (Vec::new(), Vec::new());
        let mut names = HashSet::new();
        for (name, value) in self.0.into_iter().rev() {
            if names.insert(name.clone()) {
                kept.push((name, value));
            } else {
                lost.push((name, Json::new(value)?));
            }
        }
        kept.reverse();
        lost.reverse();
        Ok((kept, lost))
    }
}

pub(crate) fn parse<R: Record>(text: &mut Text<'_>) -> serde_json::Result<Option<R>> {
    if !text.enter(b'{') {
        return Ok(None);
    }
    grow(|| {
        let mut record = R::default();
        let mut entries = Entries::default();
        while text.more() {
            let name = text.key()?;
            let start = *text;
            if !record.set(&name, text)? {
                text.take();
            }
            entries.push(name, text.since(start));
        }
        let (kept, lost) = entries.split()?;
        record.rest_mut().lost = lost;
        settle(&mut record, kept)?;
        Ok(Some(record))
    })
}

/// Sorts out the names that are no wire names: other spellings of absent fields, and unknown fields.
fn settle<R: Record>(record: &mut R, kept: Vec<(String, &str)>) -> serde_json::Result<()> {
    let wires: HashSet<&'static str> = kept
        .iter()
        .filter_map(|(name, _)| Some(R::DEF.member(name)?.wire))
        .collect();
    for (name, value) in kept {
        if wires.contains(&*name) {
            continue;
        }
        let mut members = R::DEF.members.iter();
        match members.find(|member| member.alias == Some(&name) && !wires.contains(member.wire)) {
            Some(member) => {
                record.set(member.wire, &mut Text::new(value))?;
                record.rest_mut().aliases.push(member.wire);
            }
            None => record.rest_mut().unknown.push((name, Json::new(value)?)),
        }
    }
    Ok(())
}

pub(crate) fn serialize<R: Record, S: Serializer>(
    record: &R,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    record.write(&mut map)?;
    for (name, value) in &record.rest().unknown {
        map.serialize_entry(name, value)?;
    }
    map.end()
}

pub(crate) fn write_field<R: Record, M: SerializeMap, T: Serialize>(
    record: &R,
    map: &mut M,
    wire: &'static str,
    field: &Field<T>,
) -> Result<(), M::Error> {
    if field.is_absent() {
        return Ok(());
    }
    let alias = || R::DEF.member(wire)?.alias;
    let name = match record.rest().is_alias(wire) {
        true => alias().unwrap_or(wire),
        false => wire,
    };
    map.serialize_entry(name, field)
}

pub(crate) fn deserialize<'de, R: Record, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<R, D::Error> {
    let json = Json::deserialize(deserializer)?;
    parse(&mut Text::new(json.text()))
        .map_err(|error| D::Error::custom(without_place(&error)))?
        .ok_or_else(|| D::Error::custom(format_args!("expected an object, for {}", R::DEF.name)))
}

/// What an error of a part of the text says, but not where: serde_json would take a place in the part, told
/// by the end of the message, for one in the whole.
fn without_place(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    message.strip_suffix(&place).unwrap_or(&message).to_owned()
}
