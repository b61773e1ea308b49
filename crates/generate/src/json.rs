//! A JSON writer that can shuffle keys and leave holes for what is streamed later.

use std::fmt::{self, Arguments, Display, Write as _};

use crate::rng::Rng;
use crate::time::Time;

/// Room for most records but chargers, which are copied together and thrown away.
const RECORD_BYTES: usize = 640;

/// JSON text with places where other text belongs. A record's own fields are written once; its
/// lists, which repeat other records, are filled in each time it is streamed.
pub(crate) struct Text<S> {
    pub(crate) bytes: Vec<u8>,
    holes: Vec<(usize, S)>,
}

impl<S: Copy> Text<S> {
    /// One object. With `shuffle`, the keys of it and of all objects inside come in random order.
    pub(crate) fn object(shuffle: Option<Rng>, fill: impl FnOnce(&mut Object<'_, S>)) -> Self {
        let mut json = Json {
            bytes: Vec::with_capacity(RECORD_BYTES),
            holes: Vec::new(),
            shuffle,
        };
        json.object(fill);
        Self {
            bytes: json.bytes,
            holes: json.holes,
        }
    }

    /// The runs of text, each with the hole behind it; the last one has none.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (&[u8], Option<S>)> {
        let starts = std::iter::once(0).chain(self.holes.iter().map(|hole| hole.0));
        let ends = self.holes.iter().map(|&(at, slot)| (at, Some(slot)));
        starts
            .zip(ends.chain([(self.bytes.len(), None)]))
            .map(|(start, (end, slot))| (&self.bytes[start..end], slot))
    }
}

/// How text outside ASCII is written: the value is the same.
#[derive(Clone, Copy)]
pub(crate) enum Spelling {
    /// As UTF-8.
    Raw,
    /// As `\u` escapes, beyond the basic plane as surrogate pairs.
    Escaped,
}

/// The ways in which the API says that a list has nothing in it.
#[derive(Clone, Copy)]
pub(crate) enum Nothing {
    Empty,
    Null,
    NullElement,
    Absent,
}

impl Nothing {
    /// Mostly `[]`, as in real payloads.
    pub(crate) const USUAL: [Self; 8] = {
        use Nothing::{Absent, Empty, Null, NullElement};
        [Empty, Empty, Empty, Empty, Empty, Null, NullElement, Absent]
    };
}

struct Json<S> {
    bytes: Vec<u8>,
    holes: Vec<(usize, S)>,
    shuffle: Option<Rng>,
}

impl<S: Copy> Json<S> {
    fn object(&mut self, fill: impl FnOnce(&mut Object<'_, S>)) {
        self.bytes.push(b'{');
        let start = self.bytes.len();
        let mut object = Object {
            json: self,
            starts: Vec::new(),
        };
        fill(&mut object);
        let starts = object.starts;
        self.shuffle_fields(&starts);
        self.close(start, b'}');
    }

    fn list(&mut self, fill: impl FnOnce(&mut List<'_, S>)) {
        self.bytes.push(b'[');
        let start = self.bytes.len();
        fill(&mut List { json: self });
        self.close(start, b']');
    }

    /// Every field and element ends with a comma, so that fields can be moved about; the last
    /// comma gives way to the bracket.
    fn close(&mut self, start: usize, bracket: u8) {
        if self.bytes.len() > start {
            self.bytes.pop();
        }
        self.bytes.push(bracket);
    }

    fn shuffle_fields(&mut self, starts: &[usize]) {
        let (Some(rng), Some(&first)) = (&mut self.shuffle, starts.first()) else {
            return;
        };
        let end = self.bytes.len();
        let mut fields: Vec<_> = (0..starts.len())
            .map(|field| starts[field]..starts.get(field + 1).copied().unwrap_or(end))
            .collect();
        rng.shuffle(&mut fields);
        let mut moved = Vec::with_capacity(end - first);
        let outside = self.holes.partition_point(|hole| hole.0 < first);
        let mut holes = self.holes[..outside].to_vec();
        for field in fields {
            let start = first + moved.len();
            let inside = self.holes.iter().filter(|hole| field.contains(&hole.0));
            holes.extend(inside.map(|&(at, slot)| (at - field.start + start, slot)));
            moved.extend_from_slice(&self.bytes[field]);
        }
        self.bytes[first..].copy_from_slice(&moved);
        self.holes = holes;
    }

    fn string(&mut self, text: &str, spelling: Spelling) {
        self.bytes.push(b'"');
        for c in text.chars() {
            match c {
                '"' | '\\' => self.bytes.extend([b'\\', c as u8]),
                '\n' => self.bytes.extend(b"\\n"),
                '\t' => self.bytes.extend(b"\\t"),
                ' '..='~' => self.bytes.push(c as u8),
                _ if c.is_control() || matches!(spelling, Spelling::Escaped) => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        self.display(format_args!("\\u{unit:04x}"));
                    }
                }
                _ => self
                    .bytes
                    .extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        self.bytes.push(b'"');
    }

    fn display(&mut self, value: impl Display) {
        // Writing to a `Vec` cannot fail, nor does `Display` of the standard library's types.
        let _ = write!(Utf8(&mut self.bytes), "{value}");
    }

    fn comma(&mut self) {
        self.bytes.push(b',');
    }
}

/// Formats into bytes; `io::Write` of a `Vec` does so too, by a detour.
struct Utf8<'a>(&'a mut Vec<u8>);

impl fmt::Write for Utf8<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

/// The fields of an object, in the order in which they are given.
pub(crate) struct Object<'a, S> {
    json: &'a mut Json<S>,
    starts: Vec<usize>,
}

impl<S: Copy> Object<'_, S> {
    #[inline]
    fn field(&mut self, key: &str, value: impl FnOnce(&mut Json<S>)) {
        if self.json.shuffle.is_some() {
            self.starts.push(self.json.bytes.len());
        }
        self.key(key);
        value(self.json);
        self.json.comma();
    }

    /// Kept out of line: there is one `field` for each kind of value.
    #[inline(never)]
    fn key(&mut self, key: &str) {
        let bytes = &mut self.json.bytes;
        bytes.reserve(key.len() + 3);
        bytes.push(b'"');
        bytes.extend_from_slice(key.as_bytes());
        bytes.extend_from_slice(b"\":");
    }

    /// A number, `true`, `false`, or other text that is JSON already.
    pub(crate) fn raw(&mut self, key: &str, value: impl Display) {
        self.field(key, |json| json.display(value));
    }

    pub(crate) fn null(&mut self, key: &str) {
        self.raw(key, "null");
    }

    pub(crate) fn string(&mut self, key: &str, value: &str, spelling: Spelling) {
        self.field(key, |json| json.string(value, spelling));
    }

    /// A string that needs no escapes.
    pub(crate) fn plain(&mut self, key: &str, value: Arguments<'_>) {
        self.field(key, |json| {
            json.bytes.push(b'"');
            json.display(value);
            json.bytes.push(b'"');
        });
    }

    /// A nullable string: mostly there, sometimes `null`, `""` or absent.
    pub(crate) fn nullable(&mut self, key: &str, rng: &mut Rng, value: Arguments<'_>) {
        match rng.below(24) {
            0 => {}
            1 => self.plain(key, format_args!("")),
            2 | 3 => self.null(key),
            _ => self.plain(key, value),
        }
    }

    /// A nullable number: mostly there, sometimes `null` or absent.
    pub(crate) fn nullable_number(&mut self, key: &str, rng: &mut Rng, value: u32) {
        match rng.below(16) {
            0 => {}
            1 => self.null(key),
            _ => self.raw(key, value),
        }
    }

    pub(crate) fn time(&mut self, key: &str, time: &Time) {
        self.field(key, |json| time.write(&mut json.bytes));
    }

    pub(crate) fn object(&mut self, key: &str, fill: impl FnOnce(&mut Object<'_, S>)) {
        self.field(key, |json| json.object(fill));
    }

    pub(crate) fn list(&mut self, key: &str, fill: impl FnOnce(&mut List<'_, S>)) {
        self.field(key, |json| json.list(fill));
    }

    pub(crate) fn nothing(&mut self, key: &str, how: Nothing) {
        match how {
            Nothing::Empty => self.raw(key, "[]"),
            Nothing::Null => self.null(key),
            Nothing::NullElement => self.raw(key, "[null]"),
            Nothing::Absent => {}
        }
    }

    /// A value to be filled in later.
    pub(crate) fn hole(&mut self, key: &str, slot: S) {
        self.field(key, |json| json.holes.push((json.bytes.len(), slot)));
    }

    /// A list whose elements are filled in later.
    pub(crate) fn list_hole(&mut self, key: &str, slot: S) {
        self.field(key, |json| {
            json.bytes.push(b'[');
            json.holes.push((json.bytes.len(), slot));
            json.bytes.push(b']');
        });
    }
}

/// The elements of a list.
pub(crate) struct List<'a, S> {
    json: &'a mut Json<S>,
}

impl<S: Copy> List<'_, S> {
    pub(crate) fn object(&mut self, fill: impl FnOnce(&mut Object<'_, S>)) {
        self.json.object(fill);
        self.json.comma();
    }

    /// A string that needs no escapes.
    pub(crate) fn plain(&mut self, value: &str) {
        self.json.display(format_args!("\"{value}\","));
    }

    pub(crate) fn null(&mut self) {
        self.json.bytes.extend_from_slice(b"null,");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Domain;

    fn sample(shuffle: Option<Rng>) -> Text<char> {
        Text::object(shuffle, |o| {
            o.list_hole("a", 'a');
            o.object("b", |o| {
                o.hole("c", 'c');
                o.string("d", "ä\"🔌", Spelling::Escaped);
            });
            o.list("e", |l| l.null());
            o.hole("f", 'f');
        })
    }

    fn fill(text: &Text<char>) -> String {
        let mut filled = String::new();
        for (run, slot) in text.parts() {
            filled.push_str(std::str::from_utf8(run).expect("UTF-8"));
            filled.extend(slot.iter().flat_map(|slot| ['"', *slot, '"']));
        }
        filled
    }

    #[test]
    fn holes_stay_with_their_keys() {
        let plain = fill(&sample(None));
        assert_eq!(
            plain,
            r#"{"a":["a"],"b":{"c":"c","d":"\u00e4\"\ud83d\udd0c"},"e":[null],"f":"f"}"#
        );
        let plain: serde_json::Value = serde_json::from_str(&plain).expect("JSON");
        let mut orders = std::collections::BTreeSet::new();
        for index in 0..50 {
            let text = fill(&sample(Some(Rng::keyed(0, Domain::Shuffle, index))));
            let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
            assert_eq!(value, plain, "{text}");
            orders.insert(text);
        }
        assert!(orders.len() > 20);
    }
}
