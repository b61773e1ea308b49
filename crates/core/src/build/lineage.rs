//! The lineage of what was read: a template for each distinct record that is met.

use rayon::prelude::*;

use super::expand::whole;
use super::subject::Subjects;
use crate::Table;
use crate::column::Overflow;
use crate::intern::Walk;
use crate::lineage::{Lineage, Template, Templates};
use crate::render::Rows;
use crate::scan::NodeIx;
use crate::schema::Kind;
use crate::text::canonical::Values;

/// Records whose templates are made before any of them is taken in.
const AT_A_TIME: usize = 8 * 1024;

/// The tables of the lineage, given all others.
pub(super) fn tables(
    subjects: Subjects<'_>,
    walk: &Walk,
    tables: &[Table],
) -> Result<Vec<Table>, Overflow> {
    let source = subjects.source;
    let rows = Rows::new(tables).expect("the tables are as they are declared");
    let met = |node: &NodeIx| walk.rank(source.kind(*node), *node).is_some();
    let nodes: Vec<NodeIx> = source.forest.indices().filter(met).collect();

    let mut lineage = Lineage::default();
    let mut numbers = vec![u32::MAX; source.forest.nodes.len()];
    for nodes in nodes.chunks(AT_A_TIME) {
        let made: Vec<(u32, Template)> = nodes
            .par_iter()
            .map_init(
                || Templates::new(&rows),
                |templates, &node| {
                    let kind = source.kind(node);
                    let row = match kind {
                        Kind::Root => 0,
                        _ => subjects.identities[kind as usize].of(source.row_of(node)),
                    };
                    let whole = |hole: usize, out: &mut Vec<u8>| {
                        let child = source.forest.children(node)[hole].node;
                        let text = whole(source, child, source.forest.node(child).own, 0);
                        Values::default().canonical(&text, out, &mut |_| {});
                    };
                    (row, templates.make(source.own(node), kind, row, &whole))
                },
            )
            .collect();
        // Children have smaller numbers than their owners.
        for (&node, (row, template)) in nodes.iter().zip(made) {
            let children = source.forest.children(node);
            let holes = template.holes.iter();
            let children = holes.map(|&hole| numbers[children[hole].node.get()]);
            let children = children.collect();
            numbers[node.get()] = lineage.push(source.kind(node), row, template, children);
        }
    }
    let root = numbers[source.root().get()];
    lineage.tables(root, &rows).map_err(|_| Overflow)
}
