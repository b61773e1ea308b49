//! A record as its shape and its own values: what is left of it once the tables have said what they
//! know.

use crate::render::{RowNo, Rows, column_of};
use crate::schema::{Kind, Member, Shape, Type};
use crate::text::canonical::{Value, Values, write_string};
use crate::text::lex::HOLE;

/// The mark of a value that is as the identity's row renders it.
pub(crate) const AS_TABLE: u8 = b'=';
/// The mark of the next of the record's own values.
pub(crate) const OWN: u8 = b'?';
/// The mark of the next child record.
pub(crate) const CHILD: u8 = b'@';
/// What stands between an element of a list and the number of times that it stands there.
pub(crate) const TIMES: u8 = b'*';

/// A record without what the tables say.
#[derive(Debug, Default)]
pub(crate) struct Template {
    /// Canonical JSON with marks.
    pub(crate) shape: Vec<u8>,
    /// JSON list of the values that differ; empty where there are none.
    pub(crate) own_values: Vec<u8>,
    /// Which of the text's holes the marks of children stand for, in their order.
    pub(crate) holes: Vec<usize>,
}

/// Makes templates. One of them makes any number, with the same memory.
pub(crate) struct Templates<'a> {
    rows: &'a Rows<'a>,
    values: Values,
    scratch: Vec<u8>,
    written: Vec<u8>,
}

/// The object that is being written: whose row has its values, and in which list it stands.
#[derive(Clone, Copy)]
struct At {
    kind: Kind,
    /// None where the object's identity has no row of its own to look at.
    row: Option<RowNo>,
    prefix: &'static str,
}

impl<'a> Templates<'a> {
    pub(crate) fn new(rows: &'a Rows<'a>) -> Self {
        Templates {
            rows,
            values: Values::default(),
            scratch: Vec::new(),
            written: Vec::new(),
        }
    }

    /// Makes the template of a record of which this is the valid own text, with a hole for each child
    /// record. `whole` appends the canonical text of what stands in a hole, for holes that are no
    /// child of the record.
    pub(crate) fn make(
        &mut self,
        own: &[u8],
        kind: Kind,
        row: RowNo,
        whole: &dyn Fn(usize, &mut Vec<u8>),
    ) -> Template {
        let root = self.values.read(own);
        let mut maker = Maker {
            rows: self.rows,
            values: &self.values,
            whole,
            scratch: &mut self.scratch,
            written: &mut self.written,
            out: Template::default(),
        };
        let at = At {
            kind,
            row: Some(row),
            prefix: "",
        };
        match maker.values.get(root) {
            Value::Object(_) => maker.object(root, at),
            // A payload without a tree around its records.
            Value::List(_) => maker.list(root, |maker, element, position| {
                maker.element(element, position, Kind::Site, at);
            }),
            _ => maker.element(root, 0, Kind::Site, at),
        }
        if !maker.out.own_values.is_empty() {
            maker.out.own_values.push(b']');
        }
        maker.out
    }
}

struct Maker<'a> {
    rows: &'a Rows<'a>,
    values: &'a Values,
    whole: &'a dyn Fn(usize, &mut Vec<u8>),
    scratch: &'a mut Vec<u8>,
    written: &'a mut Vec<u8>,
    out: Template,
}

impl Maker<'_> {
    fn object(&mut self, object: usize, at: At) {
        let values = self.values;
        let Value::Object(members) = values.get(object) else {
            unreachable!("records are objects")
        };
        let members = values.items(members);
        let has = |name: &str| {
            members
                .binary_search_by(|member| values.key(member).cmp(name.as_bytes()))
                .is_ok()
        };
        self.out.shape.push(b'{');
        for (index, member) in members.iter().enumerate() {
            let (key, value) = (values.key(member), member.value);
            let key = self.key(index, key);
            match member_of(at.kind, key, has) {
                Some(member) => self.member(value, member, at),
                None => self.extra(value, key, at),
            }
        }
        self.out.shape.push(b'}');
    }

    /// Writes the key of the member with this number.
    fn key<'k>(&mut self, index: usize, key: &'k [u8]) -> &'k str {
        if index > 0 {
            self.out.shape.push(b',');
        }
        write_string(key, &mut self.out.shape);
        self.out.shape.push(b':');
        std::str::from_utf8(key).expect("parsed text is UTF-8")
    }

    fn member(&mut self, value: usize, member: &'static Member, at: At) {
        let rows = self.rows;
        match member.shape {
            // A tag is found by its own id, so that this cannot come from its row.
            Shape::Scalar(_) if at.kind == Kind::Tag && is_identity(Kind::Tag, member) => {
                self.own(value);
            }
            // Seldom as the table renders it, and where it is by chance, that made a shape of its own.
            Shape::Scalar(Type::Time) => self.own(value),
            Shape::Scalar(_) => {
                let column = column_of(at.kind, member);
                self.compare(value, |out| {
                    rows.table(at.kind).cell(at.row?, column).json(out);
                    Some(())
                });
            }
            Shape::List(kind) => self.list(value, |maker, element, position| {
                maker.element(element, position, kind, at);
            }),
            Shape::Object(kind) => match self.values.get(value) {
                Value::Object(_) => {
                    let prefix = "locationInfo.";
                    self.object(value, At { kind, prefix, ..at });
                }
                _ => self.null_or_own(value),
            },
            Shape::Map(_) => self.properties(value, at),
        }
    }

    /// A list, of which `element` writes each element; equal ones in a row are written once.
    fn list(&mut self, list: usize, element: impl Fn(&mut Self, usize, u32)) {
        let Value::List(elements) = self.values.get(list) else {
            return self.null_or_own(list);
        };
        self.out.shape.push(b'[');
        let mut run = 0..0;
        let mut times = 0_u32;
        for (position, item) in self.values.items(elements).iter().enumerate() {
            let start = self.out.shape.len();
            element(self, item.value, position as u32);
            let shape = &mut self.out.shape;
            if times > 0 && shape[run.clone()] == shape[start..] {
                shape.truncate(start);
                times += 1;
                continue;
            }
            // The element stands behind a run that has to be closed first.
            if times > 0 {
                let next = shape.split_off(start);
                close_run(shape, times);
                shape.push(b',');
                run = shape.len()..shape.len() + next.len();
                shape.extend(next);
            } else {
                run = start..shape.len();
            }
            times = 1;
        }
        close_run(&mut self.out.shape, times);
        self.out.shape.push(b']');
    }

    fn element(&mut self, element: usize, position: u32, kind: Kind, at: At) {
        let (values, rows) = (self.values, self.rows);
        match values.get(element) {
            Value::Hole(hole) if kind.is_node() => {
                self.out.shape.push(CHILD);
                self.out.holes.push(*hole);
            }
            Value::Object(members) if kind == Kind::Tag => {
                let mut members = values.items(members).iter();
                let id = members.find(|member| values.key(member) == b"id");
                let row = id.and_then(|id| match values.get(id.value) {
                    Value::Scalar(range) => tag_row(rows, values.scalar(range)),
                    _ => None,
                });
                let prefix = "";
                self.object(element, At { kind, row, prefix });
            }
            Value::Object(_) if !kind.is_node() && !is_text(kind) => {
                let row = at.row.and_then(|owner| rows.part(kind, owner, position));
                let prefix = "";
                self.object(element, At { kind, row, prefix });
            }
            Value::Scalar(range) if is_text(kind) && values.scalar(range) != b"null" => {
                self.compare(element, |out| {
                    let row = rows.part(kind, at.row?, position)?;
                    rows.table(kind).cell(row, 2).json(out);
                    Some(())
                });
            }
            _ => self.null_or_own(element),
        }
    }

    fn properties(&mut self, value: usize, at: At) {
        let (values, rows) = (self.values, self.rows);
        let Value::Object(members) = values.get(value) else {
            return self.null_or_own(value);
        };
        self.out.shape.push(b'{');
        for (index, member) in values.items(members).iter().enumerate() {
            let (key, value) = (values.key(member), member.value);
            let key = self.key(index, key);
            self.compare(value, |out| {
                rows.property_json(rows.property(at.row?, key)?, out);
                Some(())
            });
        }
        self.out.shape.push(b'}');
    }

    /// A field that the schema does not know.
    fn extra(&mut self, value: usize, name: &str, at: At) {
        let rows = self.rows;
        self.compare(value, |out| {
            let extra = match (at.kind, at.prefix) {
                (_, "") => rows.extra(at.kind, at.row?, name),
                (_, prefix) => rows.extra(Kind::Charger, at.row?, &format!("{prefix}{name}")),
            };
            out.extend_from_slice(extra?.as_bytes());
            Some(())
        });
    }

    /// A value, marked as the table's where `table` appends the same text.
    fn compare(&mut self, value: usize, table: impl FnOnce(&mut Vec<u8>) -> Option<()>) {
        self.scratch.clear();
        if table(self.scratch).is_some() {
            let equal = match self.values.get(value) {
                Value::Scalar(range) => self.values.scalar(range) == &self.scratch[..],
                _ => {
                    self.written.clear();
                    self.values.write(value, self.written, &mut |hole, out| {
                        (self.whole)(hole, out)
                    });
                    self.written == self.scratch
                }
            };
            if equal {
                return self.out.shape.push(AS_TABLE);
            }
        }
        self.own(value);
    }

    fn null_or_own(&mut self, value: usize) {
        match self.values.get(value) {
            Value::Scalar(range) if self.values.scalar(range) == b"null" => {
                self.out.shape.extend_from_slice(b"null");
            }
            _ => self.own(value),
        }
    }

    /// A value of the record's own.
    fn own(&mut self, value: usize) {
        self.out.shape.push(OWN);
        let own = &mut self.out.own_values;
        own.push(if own.is_empty() { b'[' } else { b',' });
        self.values
            .write(value, own, &mut |hole, out| (self.whole)(hole, out));
        debug_assert!(!own.contains(&HOLE));
    }
}

fn close_run(shape: &mut Vec<u8>, times: u32) {
    if times > 1 {
        shape.push(TIMES);
        shape.extend_from_slice(itoa::Buffer::new().format(times).as_bytes());
    }
}

/// The member that a key names, given which other keys stand beside it.
pub(crate) fn member_of(
    kind: Kind,
    key: &str,
    has: impl Fn(&str) -> bool,
) -> Option<&'static Member> {
    let members = kind.record().members;
    members
        .iter()
        .find(|member| member.wire == key || (member.alias == Some(key) && !has(member.wire)))
}

/// Whether a member carries the identity of its record.
pub(crate) fn is_identity(kind: Kind, member: &Member) -> bool {
    kind.record().identity == Some(member.column)
}

/// Whether the elements of a list of this kind are texts.
pub(crate) fn is_text(kind: Kind) -> bool {
    matches!(kind, Kind::Capability | Kind::Relay)
}

/// The row of the tag whose `id` this is.
pub(crate) fn tag_row(rows: &Rows<'_>, id: &[u8]) -> Option<RowNo> {
    use crate::column::Value;
    use crate::text::number::{Integer, integer};
    match id.first() {
        Some(b'-' | b'0'..=b'9') => match integer(id) {
            Integer::Value(id) => rows.by_key(Kind::Tag, Value::Int(id)),
            _ => None,
        },
        _ => None,
    }
}
