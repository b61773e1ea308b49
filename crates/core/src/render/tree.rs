//! The canonical tree: what the tables alone say of the payload.
//!
//! Wherever an identity stands it shows its row, and all its children in the tree that it stands in.
//! What is null in a row and what has no elements is absent. An operator below another one, and a user
//! below another one, shows nothing below itself if it stands elsewhere too; the API does it like that,
//! since the payload would never end otherwise.

use std::collections::{HashMap, HashSet};

use super::error::damaged;
use super::forest::Forest;
use super::pour::Records;
use super::rows::kind_of;
use super::table::TableRows;
use super::{Cut, RenderError, RowNo, Rows, column_of};
use crate::Table;
use crate::column::Value;
use crate::lineage::{is_identity, is_text};
use crate::schema::{Kind, Member, Shape, View};
use crate::text::canonical::write_string;
use crate::text::lex::HOLE;

/// Trees of more bytes than this are nobody's payload.
const GREATEST: u64 = 1 << 46;
/// Nor is a list with more elements that the tables say nothing of.
const MOST_NULLS: i64 = 1 << 26;

/// What stands somewhere in the tree: all of equal ones show the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Node {
    kind: Kind,
    row: RowNo,
    /// For sites, the tree.
    view: Option<View>,
    /// Whether nothing is shown below it.
    bare: bool,
}

/// The records of the tree, and what was cut off to make it one.
pub(super) fn records(
    rows: &Rows<'_>,
    tables: &[Table],
    exclude_hierarchy: bool,
) -> Result<(Records, Vec<Cut>), RenderError> {
    let mut tree = Tree {
        rows,
        forest: Forest::new(tables, rows)?,
        placeholders: placeholders(rows, tables)?,
        tags: tags(rows)?,
        exclude_hierarchy,
        records: Records::default(),
        numbers: HashMap::new(),
        nodes: Vec::new(),
        open: Vec::new(),
        cuts: Vec::new(),
    };
    tree.grow()?;
    if tree.records.length() > GREATEST {
        return Err(RenderError::TooLarge);
    }
    Ok((tree.records, tree.cuts))
}

struct Tree<'a> {
    rows: &'a Rows<'a>,
    forest: Forest,
    /// Rows whose identity is none of the payload's.
    placeholders: HashSet<(Kind, RowNo)>,
    /// Users with their tags, sorted.
    tags: Vec<(RowNo, RowNo)>,
    exclude_hierarchy: bool,
    records: Records,
    numbers: HashMap<Node, u32>,
    nodes: Vec<Node>,
    /// For each node, whether it is on the way from the root to the one that is being written.
    open: Vec<bool>,
    cuts: Vec<Cut>,
}

impl Tree<'_> {
    /// Writes every node once, depth first. Nests on the heap.
    fn grow(&mut self) -> Result<(), RenderError> {
        let root = Node {
            kind: Kind::Root,
            row: 0,
            view: None,
            bare: false,
        };
        let root = self.number(root);
        self.records.root = root;
        let mut written = vec![true];
        self.open[root as usize] = true;
        let mut way = vec![(root, self.write(root)?.into_iter())];
        while let Some((node, children)) = way.last_mut() {
            let Some(child) = children.next() else {
                self.open[*node as usize] = false;
                self.records.close(*node);
                way.pop();
                continue;
            };
            written.resize(self.nodes.len(), false);
            if !std::mem::replace(&mut written[child as usize], true) {
                self.open[child as usize] = true;
                way.push((child, self.write(child)?.into_iter()));
            }
        }
        Ok(())
    }

    fn number(&mut self, node: Node) -> u32 {
        let next = self.nodes.len() as u32;
        let number = *self.numbers.entry(node).or_insert(next);
        if number == next {
            self.nodes.push(node);
            self.open.push(false);
            self.records.add();
        }
        number
    }

    /// Makes the text of a node; gives its children.
    fn write(&mut self, number: u32) -> Result<Vec<u32>, RenderError> {
        let node = self.nodes[number as usize];
        let mut object = Object::default();
        let mut children = Vec::new();
        object.out.push(b'{');
        for (index, member) in node.kind.record().members.iter().enumerate() {
            match member.shape {
                Shape::List(kind) if kind.is_node() => {
                    let below = self.below(node, index, kind);
                    if below.is_empty() && node.kind != Kind::Root {
                        continue;
                    }
                    object.key(member.wire);
                    object.out.push(b'[');
                    for index in 0..below.len() {
                        if index > 0 {
                            object.out.push(b',');
                        }
                        object.out.push(HOLE);
                    }
                    object.out.push(b']');
                    children.extend(below);
                }
                _ => self.member(node.kind, node.row, member, &mut object)?,
            }
        }
        self.extras(node.kind, node.row, None, &mut object);
        object.out.push(b'}');
        self.records.set(number, &object.out, &children)?;
        Ok(children)
    }

    /// The children in one of a node's lists.
    fn below(&mut self, node: Node, index: usize, kind: Kind) -> Vec<u32> {
        let hidden = node.bare && node.kind != Kind::Site;
        let excluded = self.exclude_hierarchy && node.kind == Kind::Operator;
        if hidden || excluded {
            return Vec::new();
        }
        let rows: Vec<(RowNo, Option<View>)> = match (node.kind, kind) {
            (Kind::Root, Kind::Site) => {
                let tops = self.forest.tops.iter();
                tops.map(|&(site, view)| (site, Some(view))).collect()
            }
            (Kind::Root, _) => self.forest.spare.iter().map(|&row| (row, None)).collect(),
            _ => {
                let node = (node.kind, node.row, node.view);
                self.forest.below(node, index, kind).collect()
            }
        };
        let mut numbers = Vec::with_capacity(rows.len());
        for (row, view) in rows {
            let bare = match kind {
                Kind::Operator => {
                    let nested = matches!(node.view, Some(View::Access | View::Charging));
                    nested && self.forest.operator_at_home[row as usize]
                }
                Kind::User => {
                    node.view == Some(View::Charging) && self.forest.user_at_site[row as usize]
                }
                _ => false,
            };
            let number = self.number(Node {
                kind,
                row,
                view,
                bare,
            });
            if self.open[number as usize] {
                self.cuts.push(Cut {
                    entity: kind.record().table,
                    key: self.rows.key(kind, row),
                    within_entity: node.kind.record().table,
                    within_key: self.rows.key(node.kind, node.row),
                });
            } else {
                numbers.push(number);
            }
        }
        numbers
    }

    fn member(
        &self,
        kind: Kind,
        row: RowNo,
        member: &'static Member,
        object: &mut Object,
    ) -> Result<(), RenderError> {
        match member.shape {
            Shape::Scalar(_) => {
                let hidden = is_identity(kind, member) && self.placeholders.contains(&(kind, row));
                let cell = self.rows.table(kind).cell(row, column_of(kind, member));
                // Else an unknown field would be read as another spelling of this one.
                let spelt = || Some(self.rows.extra(kind, row, member.alias?).is_some());
                if (cell != Value::Null || spelt() == Some(true)) && !hidden {
                    object.key(member.wire);
                    cell.json(&mut object.out);
                }
            }
            Shape::Object(kind) => {
                let mut inner = Object::default();
                for inner_member in kind.record().members {
                    self.member(kind, row, inner_member, &mut inner)?;
                }
                self.extras(Kind::Charger, row, Some("locationInfo."), &mut inner);
                object.inner(member.wire, inner);
            }
            Shape::Map(kind) => {
                let mut inner = Object::default();
                for property in self.rows.parts(kind, row) {
                    inner.key(self.rows.table(kind).text(property, 1));
                    self.rows.property_json(property, &mut inner.out);
                }
                object.inner(member.wire, inner);
            }
            Shape::List(kind) => self.parts(kind, row, member.wire, object)?,
        }
        Ok(())
    }

    fn parts(
        &self,
        kind: Kind,
        owner: RowNo,
        wire: &str,
        object: &mut Object,
    ) -> Result<(), RenderError> {
        let table = self.rows.table(kind);
        let parts: Vec<RowNo> = if kind == Kind::Tag {
            let start = self.tags.partition_point(|&(user, _)| user < owner);
            let tags = self.tags[start..].iter();
            let own = tags.take_while(|&&(user, _)| user == owner);
            own.map(|&(_, tag)| tag).collect()
        } else {
            self.rows.parts(kind, owner).collect()
        };
        if parts.is_empty() {
            return Ok(());
        }
        object.key(wire);
        let mut next = 0;
        object.out.push(b'[');
        for (index, part) in parts.into_iter().enumerate() {
            if index > 0 {
                object.out.push(b',');
            }
            if kind != Kind::Tag {
                // A place that has no row was null, or of another type.
                let position = table.int(part, 1);
                if position - index as i64 > MOST_NULLS {
                    return Err(RenderError::TooLarge);
                }
                for _ in next..position {
                    object.out.extend_from_slice(b"null,");
                }
                next = position + 1;
            }
            if is_text(kind) {
                table.cell(part, 2).json(&mut object.out);
                continue;
            }
            let mut inner = Object::default();
            for member in kind.record().members {
                self.member(kind, part, member, &mut inner)?;
            }
            self.extras(kind, part, None, &mut inner);
            object.out.push(b'{');
            object.out.append(&mut inner.out);
            object.out.push(b'}');
        }
        object.out.push(b']');
        Ok(())
    }

    /// The unknown fields: those of an object within the record, or all others.
    fn extras(&self, kind: Kind, row: RowNo, prefix: Option<&str>, object: &mut Object) {
        for extra in self.rows.extras(kind, row) {
            let (field, value) = self.rows.extra_at(extra);
            let inner = field
                .strip_prefix("locationInfo.")
                // What the schema knows of a location is no unknown field of it: it is the charger's own.
                .filter(|inner| kind == Kind::Charger && !is_of_location(inner));
            let name = match (prefix, inner) {
                (Some(_), Some(inner)) => inner,
                (None, None) => field,
                _ => continue,
            };
            object.key(name);
            object.out.extend_from_slice(value.as_bytes());
        }
    }
}

/// Whether the schema knows a field of a location, by its name or its other spelling.
fn is_of_location(field: &str) -> bool {
    let mut members = Kind::Location.record().members.iter();
    members.any(|member| member.wire == field || member.alias == Some(field))
}

/// Members of an object that is being written.
#[derive(Default)]
struct Object {
    out: Vec<u8>,
    more: bool,
}

impl Object {
    fn key(&mut self, name: &str) {
        if std::mem::replace(&mut self.more, true) {
            self.out.push(b',');
        }
        write_string(name.as_bytes(), &mut self.out);
        self.out.push(b':');
    }

    /// An object as a member; absent where it has no members.
    fn inner(&mut self, name: &str, mut inner: Object) {
        if inner.more {
            self.key(name);
            self.out.push(b'{');
            self.out.append(&mut inner.out);
            self.out.push(b'}');
        }
    }
}

/// The rows whose identity stands in for one that the payload lacks.
fn placeholders(rows: &Rows<'_>, tables: &[Table]) -> Result<HashSet<(Kind, RowNo)>, RenderError> {
    let table = TableRows::open(tables, "anomalies")?;
    let missing = table
        .numbers()
        .filter(|&row| table.text(row, 0) == "missing_identity");
    let found = missing.filter_map(|row| {
        let kind = kind_of(table.text(row, 1))?;
        Some((kind, rows.find(kind, table.text(row, 2))?))
    });
    Ok(found.collect())
}

/// Every tag's user.
fn tags(rows: &Rows<'_>) -> Result<Vec<(RowNo, RowNo)>, RenderError> {
    let table = rows.table(Kind::Tag);
    let user = table.def.column("user_id").unwrap_or_default();
    let mut tags = Vec::with_capacity(table.len());
    for tag in table.numbers() {
        let owner = rows
            .by_key(Kind::User, table.cell(tag, user))
            .ok_or_else(|| {
                let what = format!("row {} belongs to no row of users", tag + 1);
                damaged("tags", what)
            })?;
        tags.push((owner, tag));
    }
    tags.sort_unstable();
    Ok(tags)
}
