//! Edges between identities.

use super::walk::Step;
use super::{Identities, Source, Walk};
use crate::schema::{self, Kind, View};

/// A distinct edge.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Relation {
    /// Number of the identity above, in its kind.
    pub(crate) from: u32,
    /// Number of the identity below, in its kind.
    pub(crate) to: u32,
    /// The tree it stood in, where the table tells.
    pub(crate) view: Option<View>,
    /// Index in the list where it was first met.
    pub(crate) position: u32,
}

/// What the edges say.
#[derive(Debug, Default)]
pub(crate) struct Relations {
    tables: Vec<Table>,
    /// For each site, the first one met above it.
    pub(crate) parents: Vec<Option<u32>>,
    /// For each operator, whether it stands in the payload's own list.
    pub(crate) spare: Vec<bool>,
}

/// The rows of a relation's table, sorted by key.
#[derive(Debug)]
struct Table {
    name: &'static str,
    has_view: bool,
    rows: Vec<Relation>,
}

impl Relations {
    pub(crate) fn new(source: &Source, walk: &Walk, identities: &[Identities<'_>]) -> Relations {
        let identity = |kind: Kind, node| identities[kind as usize].of(source.row_of(node));
        let mut relations = Relations {
            tables: Vec::new(),
            parents: vec![None; identities[Kind::Site as usize].len()],
            spare: vec![false; identities[Kind::Operator as usize].len()],
        };
        for step in &walk.steps {
            let (owner, child) = (source.kind(step.owner), source.kind(step.child));
            let Some(member) = owner.record().members.get(step.edge.list as usize) else {
                // At the root, without a tree around it.
                continue;
            };
            let to = identity(child, step.child);
            let Some(name) = member.relation else {
                if child == Kind::Operator {
                    relations.spare[to as usize] = true;
                }
                continue;
            };
            let from = identity(owner, step.owner);
            if (owner, child) == (Kind::Site, Kind::Site) && from != to {
                relations.parents[to as usize].get_or_insert(from);
            }
            relations.push(source, name, from, to, step);
        }
        for Table { rows, .. } in &mut relations.tables {
            // Stable, so that of equal edges the first one met stays.
            rows.sort_by_key(|row| (row.from, row.to, row.view));
            rows.dedup_by_key(|row| (row.from, row.to, row.view));
        }
        relations
    }

    fn push(&mut self, source: &Source, name: &'static str, from: u32, to: u32, step: &Step) {
        let index = self
            .tables
            .iter()
            .position(|table| table.name == name)
            .unwrap_or_else(|| {
                let has_view =
                    schema::table(name).is_some_and(|table| table.column("view").is_some());
                self.tables.push(Table {
                    name,
                    has_view,
                    rows: Vec::new(),
                });
                self.tables.len() - 1
            });
        let table = &mut self.tables[index];
        let view = step.view(source).filter(|_| table.has_view);
        table.rows.push(Relation {
            from,
            to,
            view,
            position: step.edge.position,
        });
    }

    /// The rows of a relation's table.
    pub(crate) fn get(&self, name: &str) -> &[Relation] {
        self.tables
            .iter()
            .find(|table| table.name == name)
            .map_or(&[], |table| &table.rows)
    }
}
