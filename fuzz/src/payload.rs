//! Payloads of the schema, made of a fuzzer's bytes.
//!
//! They follow the schema mostly, in any key order, with few identities and few values, so that the
//! same record comes again and again, equal or with a difference. Now and then something stands where
//! it should not. Where the bytes end, everything closes.

use std::ops::Range;

use arbitrary::Unstructured;
use voltree_core::schema::{Kind, Member, Shape, Type};

/// Bytes beyond which no more is written, nearly.
const ENOUGH: usize = 4_500;
/// Records, lists and objects in each other, at most.
const LEVELS: u8 = 24;

/// A payload, and where copies of an earlier record stand in it.
#[derive(Debug)]
pub(crate) struct Payload {
    pub(crate) text: String,
    pub(crate) copies: Vec<Range<usize>>,
}

/// The payload that the bytes stand for.
pub(crate) fn payload(bytes: &mut Unstructured<'_>) -> Payload {
    let mut writer = Writer {
        bytes,
        text: String::new(),
        spaced: false,
        records: Vec::new(),
        copies: Vec::new(),
    };
    writer.spaced = writer.byte() % 4 == 1;
    writer.record(Kind::Root, LEVELS);
    Payload {
        text: writer.text,
        copies: writer.copies,
    }
}

struct Writer<'a, 'u> {
    bytes: &'a mut Unstructured<'u>,
    text: String,
    /// Whether there is white space.
    spaced: bool,
    /// The complete records.
    records: Vec<(Kind, Range<usize>)>,
    copies: Vec<Range<usize>>,
}

impl Writer<'_, '_> {
    /// The next byte; 0 where there is none.
    fn byte(&mut self) -> u8 {
        self.bytes.arbitrary().unwrap_or(0)
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[usize::from(self.byte()) % choices.len()]
    }

    fn token(&mut self, token: &str) {
        if self.spaced {
            let space = self.pick(&["", "", " ", "\n", "\t\r\n "]);
            self.text.push_str(space);
        }
        self.text.push_str(token);
    }

    /// Up to `most` items between brackets.
    fn items(&mut self, brackets: [&str; 2], most: u8, mut item: impl FnMut(&mut Self)) {
        self.token(brackets[0]);
        for index in 0..self.byte() % (most + 1) {
            if self.text.len() > ENOUGH {
                break;
            }
            if index > 0 {
                self.token(",");
            }
            item(self);
        }
        self.token(brackets[1]);
    }

    fn record(&mut self, kind: Kind, levels: u8) {
        let before = self.text.len();
        self.items(["{", "}"], 7, |writer| writer.member(kind, levels));
        let spaces = self.text[before..].find('{').unwrap_or(0);
        self.records.push((kind, before + spaces..self.text.len()));
    }

    fn member(&mut self, kind: Kind, levels: u8) {
        let record = kind.record();
        let is_list = |member: &&Member| matches!(member.shape, Shape::List(_));
        let choice = self.byte();
        let nth = usize::from(choice / 8);
        let member = match choice % 8 {
            0 | 1 => (record.identity_member()).or(record.members.iter().find(is_list)),
            2 | 3 => {
                let lists = record.members.iter().filter(is_list).count().max(1);
                record.members.iter().filter(is_list).nth(nth % lists)
            }
            4..=6 => record.members.get(nth % record.members.len().max(1)),
            _ => None,
        };
        match member {
            Some(member) => {
                let spellings = [
                    member.wire,
                    member.wire,
                    member.alias.unwrap_or(member.wire),
                ];
                let name = self.pick(&spellings);
                self.key(name);
                self.shaped(member.shape, levels);
            }
            None => self.stray(levels),
        }
    }

    /// A member that the schema does not know, or not here.
    fn stray(&mut self, levels: u8) {
        let name = self.pick(&STRAY);
        self.key(name);
        self.any(levels);
    }

    fn key(&mut self, name: &str) {
        self.token("\"");
        match name.chars().next() {
            Some(first) if self.byte() % 16 == 1 => {
                let escaped = format!("\\u{:04x}", u32::from(first));
                self.text.push_str(&escaped);
                self.text.push_str(&name[first.len_utf8()..]);
            }
            _ => self.text.push_str(name),
        }
        self.text.push('"');
        self.token(":");
    }

    /// A value of this shape, mostly.
    fn shaped(&mut self, shape: Shape, levels: u8) {
        if levels == 0 || self.byte() % 16 == 15 {
            return self.any(levels);
        }
        let levels = levels - 1;
        match shape {
            Shape::Scalar(ty) => self.scalar(ty),
            Shape::List(kind) => self.items(["[", "]"], 4, |writer| writer.element(kind, levels)),
            Shape::Object(kind) => self.record(kind, levels),
            Shape::Map(_) => self.items(["{", "}"], 3, |writer| writer.stray(levels)),
        }
    }

    fn element(&mut self, kind: Kind, levels: u8) {
        let choice = self.byte();
        let nth = usize::from(choice / 8);
        match choice % 8 {
            0 | 1 => self.copy(nth, |other| other == kind),
            2 => self.copy(nth, |_| true),
            3 => self.any(levels),
            _ if matches!(kind, Kind::Capability | Kind::Relay) => self.scalar(Type::Text),
            _ if levels == 0 => self.token("null"),
            _ => self.record(kind, levels - 1),
        }
    }

    /// A copy of the nth last record of such a kind.
    fn copy(&mut self, nth: usize, of: impl Fn(Kind) -> bool) {
        let such = self.records.iter().rev().filter(|(kind, _)| of(*kind));
        let count = such.clone().count().max(1);
        let record = such.map(|(_, record)| record.clone()).nth(nth % count);
        match record {
            Some(record) if self.text.len() + record.len() <= ENOUGH => {
                self.token("");
                let start = self.text.len();
                self.text.extend_from_within(record);
                self.copies.push(start..self.text.len());
            }
            _ => self.token("null"),
        }
    }

    fn scalar(&mut self, ty: Type) {
        match ty {
            Type::Int64 | Type::Int32 | Type::Enum(_) => self.one_of(&INTEGERS),
            Type::Float64 => self.one_of(&FLOATS),
            Type::Bool => self.one_of(&["true", "false", "null"]),
            Type::Time => self.one_of(&TIMES),
            Type::Text => match self.byte() {
                0..128 => self.one_of(&TEXTS),
                // As long as what is hashed, and blocks of bytes, and differing late.
                length => {
                    let end = self.pick(&["a", "b", "ä"]);
                    let text = format!("\"{}{end}\"", "x".repeat(length.into()));
                    self.token(&text);
                }
            },
        }
    }

    fn one_of(&mut self, values: &[&str]) {
        let value = self.pick(values);
        self.token(value);
    }

    fn any(&mut self, levels: u8) {
        match self.byte() % 8 {
            0 | 1 if levels > 0 => {
                self.items(["[", "]"], 3, |writer| writer.any(levels - 1));
            }
            2 | 3 if levels > 0 => {
                self.items(["{", "}"], 3, |writer| writer.stray(levels - 1));
            }
            4 => self.one_of(&INTEGERS),
            5 => self.one_of(&FLOATS),
            6 => self.one_of(&TIMES),
            7 => self.one_of(&TEXTS),
            _ => self.token("null"),
        }
    }
}

/// Names that the schema does not know, and such as it knows elsewhere.
const STRAY: [&str; 16] = [
    "x",
    "y",
    "a b'",
    "é",
    "",
    "id",
    "name",
    "groupName",
    "chargerId",
    "customProperties",
    "locationInfo",
    "spareOperator",
    "operatorGroups",
    "subgroups",
    "chargers",
    "tags",
];

const INTEGERS: [&str; 14] = [
    "1",
    "2",
    "3",
    "0",
    "null",
    "-1",
    "-2",
    "1.0",
    "20e-1",
    "5",
    "1.5",
    "2147483648",
    "9223372036854775807",
    "9223372036854775808",
];

const FLOATS: [&str; 8] = ["1.5", "60", "-0.0", "0", "1e400", "0.1", "null", "15e-1"];

const TIMES: [&str; 8] = [
    "\"2024-01-01T00:00:00Z\"",
    "\"2024-01-01T01:00:00.0000001+01:00\"",
    "\"2024-01-01T00:00:00.5\"",
    "\"0001-01-01T00:00:00\"",
    "\"9999-12-31T23:59:59.9999999\"",
    "\"2016-12-31T23:59:60Z\"",
    "\"2023-02-29T00:00:00Z\"",
    "null",
];

const TEXTS: [&str; 12] = [
    "\"A\"",
    "\"B\"",
    "\"\"",
    "\"\\u0041\"",
    "null",
    "\"?1\"",
    "\"1\"",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
    "\"\\ud83d\\uDD0c\\u0000\"",
    "\"é,\u{2028}'\"",
    "\"}]\"",
    "\"[{\"",
];

#[cfg(test)]
mod tests {
    use arbitrary::Unstructured;
    use voltree_core::Parser;

    use super::payload;

    /// Bytes that look like chance.
    fn bytes(seed: u32) -> Vec<u8> {
        let mut state = seed.wrapping_mul(2_654_435_761) | 1;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state as u8
        };
        (0..600).map(|_| next()).collect()
    }

    #[test]
    fn any_bytes_give_valid_json_and_some_give_records_and_copies() {
        let (mut rows, mut repeated) = (0, 0);
        for seed in 0..200 {
            let payload = payload(&mut Unstructured::new(&bytes(seed)));
            serde_json::from_str::<serde::de::IgnoredAny>(&payload.text).unwrap();
            if let Ok(dataset) = Parser::new().parse_slice(payload.text.as_bytes()) {
                rows += dataset.table("chargers").rows() + dataset.table("tags").rows();
                repeated += dataset.stats.repeated_bytes;
            }
        }
        assert!(rows > 100, "{rows}");
        assert!(repeated > 1_000, "{repeated}");
    }
}
