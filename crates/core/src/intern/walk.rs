//! The canonical order (rule 2 of the schema), as a walk over the distinct records.

use crate::parse::Edge;
use crate::scan::NodeIx;
use crate::schema::{Kind, View};

use super::Source;

/// A child met below a record that is met for the first time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    pub(crate) owner: NodeIx,
    pub(crate) edge: Edge,
    pub(crate) child: NodeIx,
}

/// The order in which records and edges are met first.
pub(crate) struct Walk {
    /// For each record: when it is entered, and when it is left. Records that only stand in values
    /// that lost to a later one are never met.
    ranks: Vec<Option<(u32, u32)>>,
    pub(crate) steps: Vec<Step>,
}

impl Walk {
    pub(crate) fn new(source: &Source) -> Walk {
        let root = source.root();
        let mut walk = Walk {
            ranks: vec![None; source.forest.nodes.len()],
            steps: Vec::new(),
        };
        let mut clock = 1;
        walk.ranks[root.get()] = Some((0, 0));
        let mut open = vec![(root, 0)];
        while let Some((owner, next)) = open.last_mut() {
            let (owner, index) = (*owner, *next);
            *next += 1;
            let Some(&edge) = source.edges(owner).get(index) else {
                let (entered, _) = walk.ranks[owner.get()].expect("open records are entered");
                walk.ranks[owner.get()] = Some((entered, clock));
                clock += 1;
                open.pop();
                continue;
            };
            let child = source.child(owner, &edge);
            walk.steps.push(Step { owner, edge, child });
            if walk.ranks[child.get()].is_none() {
                walk.ranks[child.get()] = Some((clock, clock));
                clock += 1;
                if !source.edges(child).is_empty() {
                    open.push((child, 0));
                }
            }
        }
        walk
    }

    /// When the rows of this kind that are a part of `node` are met; none if they never are.
    pub(crate) fn rank(&self, kind: Kind, node: NodeIx) -> Option<u32> {
        let (entered, left) = self.ranks[node.get()]?;
        // The only list of parts that stands behind lists of records.
        Some(if kind == Kind::ExternalId {
            left
        } else {
            entered
        })
    }
}

impl Step {
    /// The tree that the edge stands in: that of the site above.
    pub(crate) fn view(&self, source: &Source) -> Option<View> {
        source.forest.view(self.owner)
    }
}
