//! The lineage: every occurrence of every record, the equal ones numbered alike.

use std::collections::HashMap;

use super::canonical::{canonical, write_with};
use super::walk::Walk;
use crate::{
    Table,
    lineage::{Lineage, Templates},
    plain::document::{NodeId, ROOT},
    render::Rows,
    schema::Kind,
    text::lex::HOLE,
};

/// The tables of the lineage, given all others.
pub(super) fn tables(walk: &Walk<'_>, tables: &[Table]) -> Vec<Table> {
    let rows = Rows::new(tables).expect("the tables are as they are declared");
    let mut templates = Templates::new(&rows);
    let mut lineage = Lineage::default();
    let mut numbers: HashMap<NodeId, u32> = HashMap::new();
    // A record starts before those in it do.
    for node in walk.document.nodes().rev() {
        let Some(visit) = walk.visits.get(&node) else {
            continue;
        };
        if !visit.def.kind.is_node() {
            continue;
        }
        let mut children = Vec::new();
        let mut own = String::new();
        write_with(walk.document, node, &mut own, &mut |inner, out| {
            let is_child = inner != node && numbers.contains_key(&inner);
            if is_child {
                children.push(inner);
                out.push(char::from(HOLE));
            }
            is_child
        });
        let row = rows.find(visit.def.kind, &visit.key_text());
        let row = row.expect("what was visited has a row");
        let whole = |hole: usize, out: &mut Vec<u8>| {
            out.extend_from_slice(canonical(walk.document, children[hole]).as_bytes());
        };
        let template = templates.make(own.as_bytes(), visit.def.kind, row, &whole);
        let children = template.holes.iter().map(|&hole| numbers[&children[hole]]);
        let children = children.collect();
        let number = lineage.push(visit.def.kind, row, template, children);
        numbers.insert(node, number);
    }
    let mut root = numbers[&ROOT];
    if walk.visits[&ROOT].def.kind != Kind::Root {
        // Around this record stands nothing.
        let template = templates.make(&[HOLE], Kind::Root, 0, &|_, _| {});
        root = lineage.push(Kind::Root, 0, template, vec![root]);
    }
    let made = lineage.tables(root, &rows);
    made.expect("a payload in memory several times over has no text of 2 GiB")
}
