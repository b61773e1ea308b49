//! The parser of one batch.

use std::ops::Range;

use super::check;
use super::draft::{Drafts, Pool};
use super::layout::Layout;
use super::rows::{Finding, Parsed, Raw, Record, RowIx};
use super::{AnomalyKind, Extra};
use crate::Expected;
use crate::column::Value;
use crate::scan::{Batch, Class, NodeIx};
use crate::schema::Kind;
use crate::text::Span;
use crate::text::canonical::{Lost, Values};
use crate::text::lex::{Fault, FaultKind, HOLE, Lexer, StringToken, unescape};

/// Parses a batch.
pub(crate) fn parse(batch: &Batch, pool: &Pool) -> Parsed {
    let mut parser = BatchParser {
        out: Parsed::default(),
        rows: pool.take(),
        lex: Lexer::new(&[], 0),
        source: "",
        unescaped: Vec::new(),
        values: Values::default(),
        base: Span::EMPTY,
        holes: 0,
        node: batch.first,
        next: Kind::EACH.map(|_| Vec::new()),
        brackets: Vec::new(),
        level: 0,
        height: 0,
    };
    for kind in Kind::EACH {
        parser.next[kind as usize] = (0..=Layout::of(kind).members.len() as u8).collect();
    }
    let utf8 = simdutf8::basic::from_utf8(&batch.text).ok();
    let mut start = 0;
    for (index, &(class, len, holes)) in batch.records.iter().enumerate() {
        let own = start as usize..(start + len) as usize;
        let text = &batch.text[own.clone()];
        parser.node = NodeIx::new(batch.first.get() + index);
        parser.base = Span {
            chunk: batch.chunk,
            start,
            len,
        };
        parser.holes = holes as usize;
        parser.lex = Lexer::new(text, holes as usize);
        parser.source = utf8.and_then(|utf8| utf8.get(own)).unwrap_or_default();
        if let Err(fault) = parser.record(class.kind(), utf8.is_some()) {
            parser.out.fault = Some((parser.node, fault));
            break;
        }
        start += len;
    }
    let BatchParser {
        mut out, mut rows, ..
    } = parser;
    // Where something is not valid, the rest may not even be text; nobody asks for the rows then.
    if out.fault.is_none() {
        out.rows = rows.take();
        pool.give(rows);
    }
    out
}

/// What parsing a record needs at hand.
pub(super) struct BatchParser<'a> {
    pub(super) out: Parsed,
    pub(super) rows: Drafts,
    pub(super) lex: Lexer<'a>,
    /// The text that is read, or nothing where the batch is not UTF-8: its rows are of no use then.
    pub(super) source: &'a str,
    /// Kept to reuse its memory.
    unescaped: Vec<u8>,
    /// Kept for the same reason.
    values: Values,
    /// Where the record's own text is kept.
    base: Span,
    holes: usize,
    node: NodeIx,
    /// For each kind, the member that followed last time on each member, and first on none. A
    /// record's key order rarely changes, and comparing with one name is cheaper than finding it.
    pub(super) next: [Vec<u8>; Kind::EACH.len()],
    brackets: Vec<u8>,
    /// Brackets open in the record's own text, and the most so far.
    level: u32,
    height: u32,
}

impl BatchParser<'_> {
    fn record(&mut self, kind: Kind, utf8: bool) -> Result<(), Fault> {
        let text = self.lex.text;
        let first_edge = self.out.edges.len();
        (self.level, self.height) = (0, 0);
        let row = self.rows.0[kind as usize].push(self.node, 0);
        self.out.records.push(Record {
            row,
            edges: 0,
            height: 0,
        });
        let result = if text.first() == Some(&b'{') {
            self.object(Layout::of(kind), kind, row)
        } else {
            self.root(row)
        };
        let end = match result {
            Ok(()) if self.lex.at == text.len() => Ok(()),
            Ok(()) => Err(Fault {
                at: self.lex.at,
                kind: FaultKind::Trailing(text[self.lex.at]),
            }),
            Err(fault) => Err(fault),
        };
        // Canonical order: whatever order the lists have in the text.
        self.out.edges[first_edge..].sort_by_key(|edge| edge.list);
        if let Some(record) = self.out.records.last_mut() {
            record.edges = self.out.edges.len() as u32;
            record.height = self.height;
        }
        if utf8 {
            end
        } else {
            check::utf8_first(text, end)
        }
    }

    /// Takes a payload that is no object: a record without anything around it, a list of such records,
    /// or something else. Whether it is valid JSON comes first.
    fn root(&mut self, row: RowIx) -> Result<(), Fault> {
        let of = Subject {
            kind: Kind::Root,
            row,
            within: "",
            field: "",
            spelled: "",
        };
        match self.lex.peek() {
            Some(b'[') => self.list(Kind::Site, Class::ROOTS, &of),
            Some(HOLE) => self.element(Kind::Site, Class::ROOTS, 0, &of, Expected::Value),
            _ => self.opaque(Expected::Value).map(|_| {
                self.lex.token();
            }),
        }
    }

    /// A bracket opens.
    pub(super) fn enter(&mut self) {
        self.level += 1;
        self.height = self.height.max(self.level);
    }

    /// A bracket closes.
    pub(super) fn leave(&mut self) {
        self.level -= 1;
    }

    /// Takes any value and gives where it stands in the text.
    pub(super) fn opaque(&mut self, expected: Expected) -> Result<Range<usize>, Fault> {
        self.lex.token();
        let start = self.lex.at;
        let levels = check::value(&mut self.lex, &mut self.brackets, expected, u32::MAX)?;
        self.height = self.height.max(self.level + levels);
        Ok(start..self.lex.at)
    }

    /// Adds a row that is a part of the current record.
    pub(super) fn push_row(&mut self, kind: Kind, position: u32) -> RowIx {
        self.rows.0[kind as usize].push(self.node, position)
    }

    /// Number of the hole that was taken last.
    pub(super) fn last_hole(&self) -> u32 {
        (self.holes - self.lex.holes - 1) as u32
    }

    /// The part of the record's text from `from` to `to`.
    pub(super) fn span(&self, from: usize, to: usize) -> Span {
        self.base.slice(from, to)
    }

    /// Keeps a text that does not stand in the payload.
    pub(super) fn make(&mut self, text: &[u8]) -> Span {
        let start = self.out.made.len();
        self.out.made.extend_from_slice(text);
        self.made_since(start)
    }

    /// Sets a cell to the content of a string.
    pub(super) fn set_text(&mut self, (kind, row, cell): (Kind, RowIx, usize), token: StringToken) {
        let column = self.rows.0[kind as usize].column(cell);
        let (row, content) = (row.0 as usize, token.start..token.end);
        if token.escaped {
            self.unescaped.clear();
            unescape(&self.lex.text[content], &mut self.unescaped);
            // As long as the source is UTF-8, so is this.
            let text = str::from_utf8(&self.unescaped).unwrap_or_default();
            column.set(row, Value::Text(text));
        } else {
            column.set_text(row, self.source, content);
        }
    }

    /// The content of a string. Where that is not UTF-8, nobody asks for it.
    pub(super) fn content(&self, token: StringToken) -> String {
        String::from_utf8_lossy(&check::name(self.lex.text, token)).into_owned()
    }

    fn made_since(&self, start: usize) -> Span {
        let len = (self.out.made.len() - start) as u32;
        Span {
            chunk: self.base.chunk + 1,
            start: start as u32,
            len,
        }
    }

    /// The canonical form of a value that was taken, and a finding for each value lost within.
    pub(super) fn raw(&mut self, of: &Subject<'_>, value: Range<usize>) -> Raw {
        let text = &self.lex.text[value.clone()];
        if self.holes > 0 && text.contains(&HOLE) {
            return Raw::WithHoles(self.span(value.start, value.end));
        }
        let start = self.out.made.len();
        let mut made = std::mem::take(&mut self.out.made);
        let mut all_lost = Vec::new();
        self.values
            .canonical(text, &mut made, &mut |lost| all_lost.push(lost));
        self.out.made = made;
        let raw = Raw::Text(self.made_since(start));
        for Lost { path, raw, at } in all_lost {
            let raw = Raw::Text(self.make(&raw));
            let field = format!("{}{path}", of.spelled);
            let of = Subject {
                field: &field,
                ..*of
            };
            self.finding(AnomalyKind::DuplicateKey, &of, raw, value.start + at);
        }
        raw
    }

    pub(super) fn finding(&mut self, anomaly: AnomalyKind, of: &Subject<'_>, raw: Raw, at: usize) {
        let Subject {
            kind,
            row,
            within,
            field,
            ..
        } = *of;
        let field = format!("{within}{field}");
        let field = match self.out.findings.last() {
            Some(last) if *last.field == *field => last.field.clone(),
            _ => field.into(),
        };
        self.out.findings.push(Finding {
            anomaly,
            kind,
            row,
            field,
            raw,
            at: at as u32,
        });
    }

    pub(super) fn extra(&mut self, of: &Subject<'_>, value: Range<usize>) {
        let at = value.start as u32;
        let value = self.raw(of, value);
        let field = self.make(format!("{}{}", of.within, of.field).as_bytes());
        self.out.extras.push(Extra {
            kind: of.kind,
            row: of.row,
            is_inner: !of.within.is_empty(),
            field,
            value,
            at,
        });
    }
}

/// What an anomaly or an unknown field is about.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) kind: Kind,
    pub(super) row: RowIx,
    /// The object below its record that it stands in: empty, or with a dot at the end.
    pub(super) within: &'static str,
    /// Where it stands below that, dotted, by its wire name.
    pub(super) field: &'a str,
    /// The same as the payload spells it, which may be by an alias.
    pub(super) spelled: &'a str,
}

impl<'a> Subject<'a> {
    /// A member of this name, which the schema does not have.
    pub(super) fn named(layout: &Layout, kind: Kind, row: RowIx, name: &'a str) -> Self {
        Subject {
            kind,
            row,
            within: layout.within(),
            field: name,
            spelled: name,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn findings_on_one_field_share_its_name() {
        let text = br#"{"id":1,"x":{"a":1,"a":2,"a":3},"y":{"b":1,"b":2}}"#;
        let parsed = parse(
            &Batch {
                chunk: 0,
                text: Arc::new(text.to_vec()),
                first: NodeIx::new(0),
                records: vec![(Class::HomeSite, text.len() as u32, 0)],
            },
            &Pool::default(),
        );
        let fields: Vec<&Arc<str>> = parsed.findings.iter().map(|one| &one.field).collect();
        assert_eq!(
            fields.iter().map(|field| &***field).collect::<Vec<_>>(),
            ["x.a", "x.a", "y.b"]
        );
        assert!(Arc::ptr_eq(fields[0], fields[1]));
    }
}
