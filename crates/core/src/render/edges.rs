//! Who stands below whom, as the relations say.

use super::error::{RenderError, damaged};
use super::table::TableRows;
use super::{RowNo, Rows};
use crate::Table;
use crate::column::Value;
use crate::schema::{Kind, NoView, RecordDef, Shape, View};

/// A child of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    pub(super) owner: RowNo,
    /// The tree it stands in; none where the relation does not tell.
    pub(super) view: Option<View>,
    position: i64,
    pub(super) child: RowNo,
}

/// The edges of one relation, by owner, tree and position.
#[derive(Debug, Default)]
pub(super) struct Edges(pub(super) Vec<Edge>);

impl Edges {
    /// Reads the relation between records of these kinds.
    pub(super) fn read(
        tables: &[Table],
        rows: &Rows<'_>,
        name: &'static str,
        owner: Kind,
        child: Kind,
    ) -> Result<Self, RenderError> {
        let table = TableRows::open(tables, name)?;
        let column = |column| table.def.column(column);
        let (view, position) = (column("view"), column("position").unwrap_or_default());
        let mut edges = Vec::with_capacity(table.len());
        for row in table.numbers() {
            let find = |kind: Kind, column| {
                let found = rows.by_key(kind, table.cell(row, column));
                found.ok_or_else(|| {
                    let of = kind.record().table;
                    damaged(name, format!("row {} leads to no row of {of}", row + 1))
                })
            };
            edges.push(Edge {
                owner: find(owner, 0)?,
                view: match view.map(|view| table.cell(row, view)) {
                    Some(Value::Text(text)) => Some(text.parse().map_err(|NoView| {
                        damaged(name, format!("row {} has no known view", row + 1))
                    })?),
                    _ => None,
                },
                position: table.int(row, position),
                child: find(child, 1)?,
            });
        }
        edges.sort_unstable();
        Ok(Edges(edges))
    }

    /// The children of a record in all trees.
    pub(super) fn of_any_view(&self, owner: RowNo) -> &[Edge] {
        let start = self.0.partition_point(|edge| edge.owner < owner);
        let rest = &self.0[start..];
        &rest[..rest.partition_point(|edge| edge.owner == owner)]
    }

    /// The children of a record in one tree, by position.
    pub(super) fn of(&self, owner: RowNo, view: Option<View>) -> &[Edge] {
        let start = self
            .0
            .partition_point(|edge| (edge.owner, edge.view) < (owner, view));
        let rest = &self.0[start..];
        let end = rest.partition_point(|edge| (edge.owner, edge.view) == (owner, view));
        &rest[..end]
    }
}

/// The relations of a kind's records with those in their lists: by the index of the member.
pub(super) fn relations(def: &RecordDef) -> impl Iterator<Item = (usize, &'static str, Kind)> {
    let members = def.members.iter().enumerate();
    members.filter_map(|(index, member)| match member.shape {
        Shape::List(child) => Some((index, member.relation?, child)),
        _ => None,
    })
}
