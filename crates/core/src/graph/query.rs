//! Questions to the graph. All of them walk with petgraph, which keeps its stack on the heap and marks
//! what it saw: neither deep nor circular data is a danger.

use petgraph::Direction;
use petgraph::graph::NodeIndex;
use petgraph::visit::{
    Bfs, Dfs, EdgeFiltered, EdgeRef, IntoNeighbors, Reversed, Visitable, Walker,
};

use super::{ChargerIx, Edge, Node, OperatorGraph, OperatorIx, SiteIx, UserIx, closure};

/// What somebody reaches, each list ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// The sites they are given, and all below those.
    pub sites: Vec<SiteIx>,
    /// The chargers that stand at these sites, and those given directly.
    pub chargers: Vec<ChargerIx>,
    /// The users who stand at these sites; empty in what a user reaches.
    pub users: Vec<UserIx>,
}

/// Who reaches a charger, each list ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reachers {
    /// The operators authorised for a site where the charger stands, or for one above.
    pub operators: Vec<OperatorIx>,
    /// The users who may charge at such a site, or at the charger directly.
    pub users: Vec<UserIx>,
}

/// What nothing leads to, each list ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Orphans {
    /// Sites that no operator reaches.
    pub sites: Vec<SiteIx>,
    /// Operators that stand at no site: spare ones.
    pub operators: Vec<OperatorIx>,
    /// Users who may charge nowhere: neither a site nor a charger is theirs.
    pub users: Vec<UserIx>,
    /// Chargers that stand at no site.
    pub chargers: Vec<ChargerIx>,
}

impl OperatorGraph {
    /// All sites above a site, nearest first; the site itself is not among them.
    ///
    /// As in `site_ancestors`, a site stands above another if it does so in any of the three views.
    ///
    /// # Panics
    ///
    /// As [`node`](Self::node).
    pub fn ancestors(&self, site: SiteIx) -> Vec<SiteIx> {
        let sites = EdgeFiltered::from_fn(&self.graph, |edge| is_subsite(*edge.weight()));
        self.sites_around(site, Reversed(&sites))
    }

    /// All sites below a site, nearest first; the site itself is not among them.
    ///
    /// ```
    /// use voltree_core::{Parser, graph::OperatorGraph};
    ///
    /// let payload = br#"{"operatorGroups":[{"id":1,"subgroups":[{"id":2,"subgroups":[{"id":3}]}]}]}"#;
    /// let graph = OperatorGraph::new(&Parser::new().parse_slice(payload)?);
    ///
    /// let [one, two, three] = [1, 2, 3].map(|id| graph.site(id).unwrap());
    /// assert_eq!(graph.descendants(one), [two, three]);
    /// assert_eq!(graph.ancestors(three), [two, one]);
    /// assert_eq!(graph.roots(), [one]);
    /// # Ok::<(), voltree_core::Error>(())
    /// ```
    ///
    /// # Panics
    ///
    /// As [`node`](Self::node).
    pub fn descendants(&self, site: SiteIx) -> Vec<SiteIx> {
        let sites = EdgeFiltered::from_fn(&self.graph, |edge| is_subsite(*edge.weight()));
        self.sites_around(site, &sites)
    }

    /// The sites that stand below no other, ascending.
    ///
    /// Where sites contain each other and nothing else contains them, none of them is a root.
    pub fn roots(&self) -> Vec<SiteIx> {
        let has_parent = |site: SiteIx| {
            let node = self.node(site);
            let mut above = self.graph.edges_directed(node, Direction::Incoming);
            above.any(|edge| is_subsite(*edge.weight()) && edge.source() != node)
        };
        let mut sites = self.sorted(self.graph.node_indices().collect()).sites;
        sites.retain(|&site| !has_parent(site));
        sites
    }

    /// What nothing leads to: see [`Orphans`].
    pub fn orphans(&self) -> Orphans {
        let without = |direction, relation: fn(Edge) -> bool| {
            move |node: &NodeIndex| {
                let mut edges = self.graph.edges_directed(*node, direction);
                !edges.any(|edge| relation(*edge.weight()))
            }
        };
        let all = || self.graph.node_indices();
        let operators = all().filter(|&node| matches!(self.row(node), Node::Operator(_)));
        let reached = self.reached(operators.collect(), is_operators_way);
        let homeless = all().filter(without(Direction::Incoming, is_place));
        let homeless = self.sorted(homeless.collect());
        let idle = all().filter(without(Direction::Outgoing, is_users_own));

        let mut sites = self.sorted(all().collect()).sites;
        sites.retain(|site| reached.sites.binary_search(site).is_err());
        Orphans {
            sites,
            operators: homeless.operators,
            users: self.sorted(idle.collect()).users,
            chargers: homeless.chargers,
        }
    }

    /// Everything that an operator reaches: the sites of `operator_access`, and what stands there.
    ///
    /// # Panics
    ///
    /// As [`node`](Self::node).
    pub fn reached_by_operator(&self, operator: OperatorIx) -> Reach {
        let found = self.reached(vec![self.node(operator)], |edge| {
            is_operators_way(edge) || matches!(edge, Edge::SiteCharger(_) | Edge::SiteUser)
        });
        Reach {
            sites: found.sites,
            chargers: found.chargers,
            users: found.users,
        }
    }

    /// Everywhere that a user may charge: their sites and all below those, the chargers that stand
    /// there, and the chargers that are theirs directly.
    ///
    /// # Panics
    ///
    /// As [`node`](Self::node).
    pub fn reached_by_user(&self, user: UserIx) -> Reach {
        let found = self.reached(vec![self.node(user)], is_users_way);
        Reach {
            sites: found.sites,
            chargers: found.chargers,
            users: Vec::new(),
        }
    }

    /// Everybody who reaches a charger: the inverse of [`reached_by_operator`](Self::reached_by_operator)
    /// and [`reached_by_user`](Self::reached_by_user).
    ///
    /// # Panics
    ///
    /// As [`node`](Self::node).
    pub fn who_reaches(&self, charger: ChargerIx) -> Reachers {
        let ways = EdgeFiltered::from_fn(&self.graph, |edge| {
            is_operators_way(*edge.weight()) || is_users_way(*edge.weight())
        });
        let found = self.sorted(walk(Reversed(&ways), vec![self.node(charger)]));
        Reachers {
            operators: found.operators,
            users: found.users,
        }
    }

    /// The sets of sites that contain each other, and each site that contains itself directly.
    ///
    /// Members ascend within a set, the sets by their first members. Each set is one anomaly of kind
    /// `cycle`.
    pub fn cycles(&self) -> Vec<Vec<SiteIx>> {
        let sites = self.sorted(self.graph.node_indices().collect()).sites;
        let edges: Vec<_> = self
            .graph
            .edge_references()
            .filter_map(
                |edge| match (self.row(edge.source()), self.row(edge.target())) {
                    (Node::Site(parent), Node::Site(child)) => Some((parent, child)),
                    _ => None,
                },
            )
            .collect();
        closure::cycles(sites.len(), &edges)
    }

    fn sites_around<G>(&self, site: SiteIx, tree: G) -> Vec<SiteIx>
    where
        G: IntoNeighbors<NodeId = NodeIndex> + Visitable,
    {
        let found = Bfs::new(tree, self.node(site)).iter(tree).skip(1);
        found
            .filter_map(|node| match self.row(node) {
                Node::Site(site) => Some(site),
                _ => None,
            })
            .collect()
    }

    /// Everything that edges of these relations lead to from any of the starts, these included.
    fn reached(&self, starts: Vec<NodeIndex>, follow: fn(Edge) -> bool) -> Sorted {
        let ways = EdgeFiltered::from_fn(&self.graph, |edge| follow(*edge.weight()));
        self.sorted(walk(&ways, starts))
    }

    fn sorted(&self, mut nodes: Vec<NodeIndex>) -> Sorted {
        let mut sorted = Sorted::default();
        nodes.sort_unstable();
        for node in nodes {
            match self.row(node) {
                Node::Site(row) => sorted.sites.push(row),
                Node::Operator(row) => sorted.operators.push(row),
                Node::User(row) => sorted.users.push(row),
                Node::Charger(row) => sorted.chargers.push(row),
                Node::Tag(_) | Node::Socket(_) => {}
            }
        }
        sorted
    }
}

/// Nodes by kind, ascending.
#[derive(Default)]
struct Sorted {
    sites: Vec<SiteIx>,
    operators: Vec<OperatorIx>,
    users: Vec<UserIx>,
    chargers: Vec<ChargerIx>,
}

/// All that is reachable from the starts, these included.
fn walk<G>(graph: G, starts: Vec<NodeIndex>) -> Vec<NodeIndex>
where
    G: IntoNeighbors<NodeId = NodeIndex> + Visitable<NodeId = NodeIndex>,
{
    Dfs::from_parts(starts, graph.visit_map())
        .iter(graph)
        .collect()
}

fn is_subsite(edge: Edge) -> bool {
    matches!(edge, Edge::Subsite(_))
}

/// Puts somebody or something at a site.
fn is_place(edge: Edge) -> bool {
    matches!(
        edge,
        Edge::SiteOperator(_) | Edge::SiteUser | Edge::SiteCharger(_)
    )
}

/// Leads from an operator to the sites that they reach.
fn is_operators_way(edge: Edge) -> bool {
    matches!(edge, Edge::OperatorSite | Edge::Subsite(_))
}

fn is_users_own(edge: Edge) -> bool {
    matches!(edge, Edge::UserSite | Edge::UserCharger)
}

/// Leads from a user to where they may charge.
fn is_users_way(edge: Edge) -> bool {
    is_users_own(edge) || matches!(edge, Edge::Subsite(_) | Edge::SiteCharger(_))
}
