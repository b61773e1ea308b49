//! The sites as an indented picture that fits on a screen or two, however many there are.

use arrow_array::Int64Array;
use serde::Serialize;
use voltree_core::{Dataset, Table};

use crate::findings::{arrays, texts};

const MAX_LINES: usize = 60;
const MAX_DEPTH: usize = 6;
const MAX_CHILDREN: usize = 8;

/// A line of the picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum TreeLine {
    /// A site.
    Site {
        /// Levels above it.
        depth: usize,
        /// Its id.
        id: i64,
        /// Its name.
        name: Option<String>,
        /// Chargers directly at it.
        chargers: usize,
        /// Users directly at it.
        users: usize,
    },
    /// Sites that are left out.
    More {
        /// Levels above them.
        depth: usize,
        /// How many, those below them not counted.
        sites: usize,
    },
}

impl TreeLine {
    pub(crate) fn depth(&self) -> usize {
        match self {
            TreeLine::Site { depth, .. } | TreeLine::More { depth, .. } => *depth,
        }
    }
}

/// The sites below those without a parent. Of sites that contain each other, one stands on top.
pub(crate) fn lines(dataset: &Dataset) -> Vec<TreeLine> {
    let forest = Forest::new(dataset);
    let mut lines = Vec::new();
    let mut seen = vec![false; forest.ids.len()];
    let mut stack = Vec::new();
    push(&mut stack, 0, &forest.roots());
    while let Some((depth, next)) = stack.pop() {
        if lines.len() == MAX_LINES {
            let left = stack.iter().map(|(_, next)| next.sites()).sum::<usize>() + next.sites();
            lines.push(TreeLine::More {
                depth: 0,
                sites: left,
            });
            break;
        }
        match next {
            Next::More(sites) => lines.push(TreeLine::More { depth, sites }),
            Next::Site(site) if !seen[site] => {
                seen[site] = true;
                lines.push(forest.line(site, depth));
                match forest.children[site].as_slice() {
                    [] => {}
                    below if depth + 1 == MAX_DEPTH => {
                        stack.push((depth + 1, Next::More(below.len())));
                    }
                    below => push(&mut stack, depth + 1, below),
                }
            }
            Next::Site(_) => {}
        }
    }
    lines
}

enum Next {
    Site(usize),
    More(usize),
}

impl Next {
    fn sites(&self) -> usize {
        match self {
            Next::Site(_) => 1,
            Next::More(sites) => *sites,
        }
    }
}

/// Puts sites on the stack, the first on top.
fn push(stack: &mut Vec<(usize, Next)>, depth: usize, sites: &[usize]) {
    let shown = sites.len().min(MAX_CHILDREN);
    if shown < sites.len() {
        stack.push((depth, Next::More(sites.len() - shown)));
    }
    stack.extend(
        sites[..shown]
            .iter()
            .rev()
            .map(|&site| (depth, Next::Site(site))),
    );
}

/// The sites by row, with who stands below whom.
struct Forest {
    ids: Vec<i64>,
    names: Vec<Option<String>>,
    parents: Vec<Option<usize>>,
    children: Vec<Vec<usize>>,
    chargers: Vec<usize>,
    users: Vec<usize>,
}

impl Forest {
    fn new(dataset: &Dataset) -> Self {
        let sites = dataset.table("sites");
        let ids: Vec<i64> = integers(sites, "id").flatten().collect();
        let row = |id: i64| ids.binary_search(&id).ok();
        let parents: Vec<Option<usize>> = integers(sites, "parent_id")
            .map(|parent| row(parent?))
            .collect();
        let mut children = vec![Vec::new(); ids.len()];
        for (site, parent) in parents.iter().enumerate() {
            if let Some(parent) = *parent {
                children[parent].push(site);
            }
        }
        Forest {
            names: texts(sites, "group_name")
                .map(|name| name.map(str::to_owned))
                .collect(),
            chargers: chargers(dataset, &ids),
            users: users(dataset, &ids),
            ids,
            parents,
            children,
        }
    }

    fn line(&self, site: usize, depth: usize) -> TreeLine {
        TreeLine::Site {
            depth,
            id: self.ids[site],
            name: self.names[site].clone(),
            chargers: self.chargers[site],
            users: self.users[site],
        }
    }

    /// The sites without a parent, and one of each circle of parents, which nothing else leads to.
    fn roots(&self) -> Vec<usize> {
        const UNKNOWN: usize = usize::MAX;
        let mut met_from = vec![UNKNOWN; self.ids.len()];
        let mut roots = Vec::new();
        for start in 0..self.ids.len() {
            let mut site = start;
            while met_from[site] == UNKNOWN {
                met_from[site] = start;
                match self.parents[site] {
                    None => {
                        roots.push(site);
                        break;
                    }
                    Some(parent) if met_from[parent] == start => {
                        roots.push(parent);
                        break;
                    }
                    Some(parent) => site = parent,
                }
            }
        }
        roots.sort_unstable();
        roots
    }
}

/// Distinct chargers of each site; the rows are sorted by both, and a pair may stand in two views.
fn chargers(dataset: &Dataset, ids: &[i64]) -> Vec<usize> {
    let table = dataset.table("site_chargers");
    let mut counts = vec![0; ids.len()];
    let mut last = None;
    for pair in integers(table, "site_id").zip(texts(table, "charger_id")) {
        if last != Some(pair) {
            tally(&mut counts, ids, pair.0);
        }
        last = Some(pair);
    }
    counts
}

fn users(dataset: &Dataset, ids: &[i64]) -> Vec<usize> {
    let mut counts = vec![0; ids.len()];
    for site in integers(dataset.table("site_users"), "site_id") {
        tally(&mut counts, ids, site);
    }
    counts
}

fn tally(counts: &mut [usize], ids: &[i64], site: Option<i64>) {
    if let Some(row) = site.and_then(|id| ids.binary_search(&id).ok()) {
        counts[row] += 1;
    }
}

fn integers(table: &Table, column: &str) -> impl Iterator<Item = Option<i64>> {
    arrays::<Int64Array>(table, column).flatten()
}

#[cfg(test)]
mod tests;
