//! The rows of identities, found by key, by owner and by field.

use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::error::{RenderError, damaged};
use super::table::{RowNo, TableRows};
use crate::column::Value;
use crate::parse::check;
use crate::schema::{self, Kind, Type};
use crate::text::lex::Lexer;
use crate::{Expected, Table};

/// Columns of `extras`.
const ENTITY: usize = 0;
const KEY: usize = 1;
const FIELD: usize = 2;
const VALUE: usize = 3;

/// All identities of a payload, with their rows.
#[derive(Debug)]
pub(crate) struct Rows<'a> {
    /// By [`Kind`]; none for kinds without a table.
    tables: Vec<Option<TableRows<'a>>>,
    /// For kinds of parts: where the rows of each owner start, and where the last one's end.
    of_owner: Vec<Vec<RowNo>>,
    extras: TableRows<'a>,
    /// The unknown fields of each row that has any.
    extras_of: FxHashMap<(Kind, RowNo), Range<RowNo>>,
}

impl<'a> Rows<'a> {
    /// Looks at the tables of a payload.
    pub(crate) fn new(tables: &'a [Table]) -> Result<Self, RenderError> {
        let open = |name| TableRows::open(tables, name)?.sorted();
        let mut rows = Rows {
            tables: Vec::new(),
            of_owner: Kind::EACH.map(|_| Vec::new()).into(),
            extras: open("extras")?,
            extras_of: FxHashMap::default(),
        };
        for kind in Kind::EACH {
            let table = match kind {
                Kind::Root | Kind::Location => None,
                kind => Some(open(kind.record().table)?),
            };
            rows.tables.push(table);
        }
        for kind in Kind::PARTS {
            rows.of_owner[kind as usize] = rows.owned(kind)?;
        }
        rows.extras_of = rows.find_extras()?;
        Ok(rows)
    }

    /// The table of a kind that has one.
    pub(crate) fn table(&self, kind: Kind) -> &TableRows<'a> {
        let kind = if kind == Kind::Location {
            Kind::Charger
        } else {
            kind
        };
        let table = self.tables[kind as usize].as_ref();
        table.expect("the kind has a table")
    }

    /// The row of an identity as text.
    pub(crate) fn find(&self, kind: Kind, key: &str) -> Option<RowNo> {
        match kind {
            Kind::Root => key.is_empty().then_some(0),
            Kind::Charger => self.by_key(kind, Value::Text(key)),
            _ if Kind::PARTS.contains(&kind) => {
                let (owner, position) = key.rsplit_once('/')?;
                let owner = self.find(kind.owner(), owner)?;
                self.part(kind, owner, position.parse().ok()?)
            }
            _ => self.by_key(kind, Value::Int(key.parse().ok()?)),
        }
    }

    /// The row of an identity.
    pub(crate) fn by_key(&self, kind: Kind, key: Value<'_>) -> Option<RowNo> {
        let table = self.table(kind);
        table.find(table.numbers(), 0, key)
    }

    /// The identity of a record's row as text.
    pub(crate) fn key(&self, kind: Kind, row: RowNo) -> String {
        match kind {
            Kind::Root => String::new(),
            _ => match self.table(kind).cell(row, 0) {
                Value::Int(id) => id.to_string(),
                Value::Text(id) => id.to_owned(),
                _ => String::new(),
            },
        }
    }

    /// The rows of this kind of part that belong to a row.
    pub(crate) fn parts(&self, kind: Kind, owner: RowNo) -> Range<RowNo> {
        let starts = &self.of_owner[kind as usize];
        starts[owner as usize]..starts[owner as usize + 1]
    }

    /// The row of the part at a position.
    pub(crate) fn part(&self, kind: Kind, owner: RowNo, position: u32) -> Option<RowNo> {
        let (rows, table) = (self.parts(kind, owner), self.table(kind));
        // Where there are no nulls in the list.
        let guess = rows.start.saturating_add(position);
        if rows.contains(&guess) && table.int(guess, 1) == i64::from(position) {
            return Some(guess);
        }
        table.find(rows, 1, Value::Int(position.into()))
    }

    /// The row of a custom property.
    pub(crate) fn property(&self, charger: RowNo, name: &str) -> Option<RowNo> {
        let kind = Kind::CustomProperty;
        let rows = self.parts(kind, charger);
        self.table(kind).find(rows, 1, Value::Text(name))
    }

    /// Appends the value of a custom property as canonical JSON text.
    pub(crate) fn property_json(&self, row: RowNo, out: &mut Vec<u8>) {
        let table = self.table(Kind::CustomProperty);
        let (value, ty) = (table.cell(row, 2), table.text(row, 3));
        match value {
            Value::Text(json) if ty != "string" => out.extend_from_slice(json.as_bytes()),
            value => value.json(out),
        }
    }

    /// The unknown fields of a row.
    pub(crate) fn extras(&self, kind: Kind, row: RowNo) -> Range<RowNo> {
        self.extras_of.get(&(kind, row)).cloned().unwrap_or(0..0)
    }

    /// The value of an unknown field of a row, as canonical JSON text.
    pub(crate) fn extra(&self, kind: Kind, row: RowNo, field: &str) -> Option<&'a str> {
        let found = self
            .extras
            .find(self.extras(kind, row), FIELD, Value::Text(field))?;
        Some(self.extras.text(found, VALUE))
    }

    /// Name and value of an unknown field.
    pub(crate) fn extra_at(&self, row: RowNo) -> (&'a str, &'a str) {
        (self.extras.text(row, FIELD), self.extras.text(row, VALUE))
    }

    /// Whether JSON can say all that the tables say: they may have come from anywhere.
    pub(crate) fn check_json(&self) -> Result<(), RenderError> {
        for table in self.tables.iter().flatten() {
            let columns = table.def.columns.iter().enumerate();
            for (index, column) in columns.filter(|(_, column)| column.ty == Type::Float64) {
                let odd = table.numbers().find(|&row| {
                    matches!(table.cell(row, index), Value::Float(value) if !value.is_finite())
                });
                if let Some(row) = odd {
                    let what = format!("row {} has a {} that is no number", row + 1, column.name);
                    return Err(damaged(table.def.name, what));
                }
            }
        }
        for row in self.extras.numbers() {
            if !is_json(self.extras.text(row, VALUE)) {
                return Err(damaged("extras", format!("row {} is no JSON", row + 1)));
            }
        }
        let table = self.table(Kind::CustomProperty);
        for row in table.numbers() {
            let is_string = table.text(row, 3) == "string";
            if !is_string && !is_json(table.text(row, 2)) {
                return Err(damaged(
                    table.def.name,
                    format!("row {} is no JSON", row + 1),
                ));
            }
        }
        Ok(())
    }

    /// Where the parts of each owner start.
    fn owned(&self, kind: Kind) -> Result<Vec<RowNo>, RenderError> {
        let (owners, parts) = (self.table(kind.owner()), self.table(kind));
        let mut starts = Vec::with_capacity(owners.len() + 1);
        let mut next = 0;
        for owner in owners.numbers() {
            starts.push(next);
            let key = owners.cell(owner, 0);
            while next < parts.len() as RowNo && parts.cell(next, 0) == key {
                next += 1;
            }
        }
        starts.push(next);
        if (next as usize) < parts.len() {
            let what = format!(
                "row {} belongs to no row of {}",
                u64::from(next) + 1,
                owners.def.name
            );
            return Err(damaged(parts.def.name, what));
        }
        Ok(starts)
    }

    fn find_extras(&self) -> Result<FxHashMap<(Kind, RowNo), Range<RowNo>>, RenderError> {
        let extras = &self.extras;
        let mut found: FxHashMap<(Kind, RowNo), Range<RowNo>> = FxHashMap::default();
        let mut start = 0;
        for row in extras.numbers() {
            let (entity, key) = (extras.text(row, ENTITY), extras.text(row, KEY));
            let next = row + 1;
            let more = (next as usize) < extras.len()
                && extras.text(next, ENTITY) == entity
                && extras.text(next, KEY) == key;
            if more {
                continue;
            }
            let identity = kind_of(entity).and_then(|kind| Some((kind, self.find(kind, key)?)));
            let Some(identity) = identity else {
                let what = format!("row {next} belongs to no row of {entity}");
                return Err(damaged("extras", what));
            };
            found.insert(identity, start..next);
            start = next;
        }
        Ok(found)
    }
}

fn is_json(text: &str) -> bool {
    let mut lex = Lexer::new(text.as_bytes(), 0);
    let valid = check::value(&mut lex, &mut Vec::new(), Expected::Value, u32::MAX);
    valid.is_ok() && lex.at == text.len()
}

/// The kind whose values a table holds.
pub(crate) fn kind_of(entity: &str) -> Option<Kind> {
    Kind::EACH
        .into_iter()
        .find(|kind| kind.record().table == entity && *kind != Kind::Location)
}

/// Index of the column of a scalar.
pub(crate) fn column_of(kind: Kind, member: &schema::Member) -> usize {
    static COLUMNS: LazyLock<Vec<Vec<usize>>> = LazyLock::new(|| {
        let columns = Kind::EACH.map(|kind| {
            let table = schema::table(kind.record().table);
            let members = kind.record().members.iter();
            let columns = members.map(|member| table?.column(member.column));
            columns.map(Option::unwrap_or_default).collect()
        });
        columns.into()
    });
    let members = kind.record().members;
    let index = members.iter().position(|other| std::ptr::eq(other, member));
    COLUMNS[kind as usize][index.expect("a member of the kind")]
}
