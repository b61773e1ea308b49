//! How the types of fields are read from text.

use super::{Elements, Field, Integer, Json, Map, Number, Time, record::Entries, text::Text};

/// A type that a field can have.
pub(crate) trait Value: Sized {
    /// The value that starts here. Where it is of another type, `None`, and nothing moves.
    fn parse(text: &mut Text<'_>) -> serde_json::Result<Option<Self>>;

    /// The value, where it is one of a row.
    fn scalar(&self) -> Scalar<'_> {
        Scalar::Missing
    }
}

/// A scalar of a record.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scalar<'a> {
    /// Absent or null.
    Missing,
    Int(i64),
    Float(f64),
    Bool(bool),
    Text(&'a str),
    Time(&'a Time),
    /// Not of the declared type.
    Other(&'a Json),
}

/// Reads a field, or an element of a list, whatever stands there.
pub(crate) fn parse_field<T: Value>(text: &mut Text<'_>) -> serde_json::Result<Field<T>> {
    if let Some(value) = T::parse(text)? {
        return Ok(Field::Value(value));
    }
    match text.take() {
        "null" => Ok(Field::Null),
        other => Json::new(other).map(Field::Other),
    }
}

/// What stands in a field, where it is one of a row.
pub(crate) fn scalar_of<T: Value>(field: &Field<T>) -> Scalar<'_> {
    match field {
        Field::Absent | Field::Null => Scalar::Missing,
        Field::Value(value) => value.scalar(),
        Field::Other(json) => Scalar::Other(json),
    }
}

impl Value for Number<i64> {
    fn parse(text: &mut Text<'_>) -> serde_json::Result<Option<Self>> {
        parse_number(text, |text| Integer::parse(text).value())
    }

    fn scalar(&self) -> Scalar<'_> {
        Scalar::Int(self.get())
    }
}

impl Value for Number<i32> {
    fn parse(text: &mut Text<'_>) -> serde_json::Result<Option<Self>> {
        parse_number(text, |text| {
            i32::try_from(Integer::parse(text).value()?).ok()
        })
    }

    fn scalar(&self) -> Scalar<'_> {
        Scalar::Int(self.get().into())
    }
}

impl Value for Number<f64> {
    fn parse(text: &mut Text<'_>) -> serde_json::Result<Option<Self>> {
        parse_number(text, |text| {
            text.parse().ok().filter(|value: &f64| value.is_finite())
        })
    }

    fn scalar(&self) -> Scalar<'_> {
        Scalar::Float(self.get())
    }
}

impl Value for bool {
    fn parse(text: &mut Text<'_>) -> serde_json::Result<Option<Self>> {
        Ok(match text.first() {
            b't' | b'f' => Some(text.take() == "true"),
            _ => None,
        })
    }

    fn scalar(&self) -> Scalar<'_> {
        Scalar::Bool(*self)
    }
}

impl Value for String {
    fn parse(text: &mut Text<'_>) -> serde_json::Result<Option<Self>> {
        match text.first() {
            b'"' => serde_json::from_str(text.take()).map(Some),
            _ => Ok(None),
        }
    }

    fn scalar(&self) -> Scalar<'_> {
        Scalar::Text(self)
    }
}

impl Value for Time {
    fn parse(text: &mut Text<'_>) -> serde_json::Result<Option<Self>> {
        let mut ahead = *text;
        let time = String::parse(&mut ahead)?.and_then(|text| text.parse().ok());
        if time.is_some() {
            *text = ahead;
        }
        Ok(time)
    }

    fn scalar(&self) -> Scalar<'_> {
        Scalar::Time(self)
    }
}

impl<T: Value> Value for Elements<T> {
    fn parse(text: &mut Text<'_>) -> serde_json::Result<Option<Self>> {
        if !text.enter(b'[') {
            return Ok(None);
        }
        let mut elements = Vec::new();
        while text.more() {
            elements.push(parse_field(text)?);
        }
        Ok(Some(elements.into()))
    }
}

impl Value for Map {
    fn parse(text: &mut Text<'_>) -> serde_json::Result<Option<Self>> {
        if !text.enter(b'{') {
            return Ok(None);
        }
        let mut entries = Entries::default();
        while text.more() {
            entries.push(text.key()?, text.take());
        }
        let (entries, lost) = entries.split()?;
        Ok(Some(Map {
            entries: entries
                .into_iter()
                .map(|(name, value)| Ok((name, Json::new(value)?)))
                .collect::<serde_json::Result<_>>()?,
            lost,
        }))
    }
}

fn parse_number<T>(
    text: &mut Text<'_>,
    read: impl FnOnce(&str) -> Option<T>,
) -> serde_json::Result<Option<Number<T>>>
where
    T: Copy + serde::Serialize,
{
    if !matches!(text.first(), b'-' | b'0'..=b'9') {
        return Ok(None);
    }
    let mut ahead = *text;
    let written = ahead.take();
    let Some(value) = read(written) else {
        return Ok(None);
    };
    *text = ahead;
    Number::spelled(value, written).map(Some)
}
