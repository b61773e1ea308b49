//! The graph, made from the tables.

use petgraph::graph::{DiGraph, NodeIndex};

use super::keys::{Keys, find_id, views};
use super::{ChargerIx, Edge, Node, OperatorIx, SiteIx, SocketIx, TagIx, UserIx};
use crate::{Dataset, schema::View};

type EdgeOfView = fn(View) -> Edge;

/// A payload as a petgraph graph: each row of an entity table is a node, each row of a relation an edge.
///
/// Nodes are added table by table in the order of [`Node`]'s variants, row by row, and none is ever
/// removed: a [`NodeIndex`] is the row number plus the rows of the tables before, and stays so.
///
/// ```
/// use petgraph::visit::EdgeRef;
/// use voltree_core::{Parser, graph::{Edge, OperatorGraph}};
///
/// let payload = br#"{"operatorGroups":[{"id":7,"chargers":[{"chargerId":"FI-1","sockets":[{"id":1}]}]}]}"#;
/// let graph = OperatorGraph::new(&Parser::new().parse_slice(payload)?);
///
/// let charger = graph.node(graph.charger("FI-1").unwrap());
/// let sockets = graph.graph().edges(charger).filter(|edge| *edge.weight() == Edge::ChargerSocket);
/// let socket = graph.row(sockets.map(|edge| edge.target()).next().unwrap());
/// assert_eq!(socket, graph.socket("FI-1", 0).unwrap().into());
/// # Ok::<(), voltree_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct OperatorGraph {
    pub(super) graph: DiGraph<Node, Edge>,
    keys: Keys,
}

impl OperatorGraph {
    /// The graph of these tables.
    ///
    /// # Panics
    ///
    /// Where a table is missing or has other columns than it should, or a relation refers to a row that is
    /// not there, which no [`Parser`](crate::Parser) makes, and from 2³² nodes or edges on. A
    /// [`Checker`](crate::check::Checker) tells of such tables and rows.
    pub fn new(dataset: &Dataset) -> Self {
        let keys = Keys::new(dataset);
        let [sites, operators, users, tags, chargers, sockets] = keys.counts();
        let nodes = (0..sites)
            .map(|row| Node::Site(SiteIx::new(row)))
            .chain((0..operators).map(|row| OperatorIx::new(row).into()))
            .chain((0..users).map(|row| UserIx::new(row).into()))
            .chain((0..tags).map(|row| TagIx::new(row).into()))
            .chain((0..chargers).map(|row| ChargerIx::new(row).into()))
            .chain((0..sockets).map(|row| SocketIx::new(row).into()));
        let mut graph = OperatorGraph {
            graph: DiGraph::with_capacity(keys.counts().iter().sum(), 0),
            keys,
        };
        for node in nodes {
            graph.graph.add_node(node);
        }
        graph.add_edges(dataset);
        graph
    }

    fn add_edges(&mut self, dataset: &Dataset) {
        let of_sites: [(_, _, EdgeOfView); 3] = [
            (
                "site_subsites",
                ["parent_site_id", "site_id"],
                Edge::Subsite,
            ),
            (
                "site_operators",
                ["site_id", "operator_id"],
                Edge::SiteOperator,
            ),
            (
                "site_chargers",
                ["site_id", "charger_id"],
                Edge::SiteCharger,
            ),
        ];
        for (table, [from, to], edge) in of_sites {
            let from = self.keys.referred(dataset, table, from);
            let to = self.keys.referred(dataset, table, to);
            for ((from, to), view) in from.into_iter().zip(to).zip(views(dataset, table)) {
                self.add_edge(from, to, edge(view));
            }
        }
        let plain = [
            (
                "operator_sites",
                ["operator_id", "site_id"],
                Edge::OperatorSite,
            ),
            ("site_users", ["site_id", "user_id"], Edge::SiteUser),
            ("user_sites", ["user_id", "site_id"], Edge::UserSite),
            (
                "user_chargers",
                ["user_id", "charger_id"],
                Edge::UserCharger,
            ),
        ];
        for (table, [from, to], edge) in plain {
            let from = self.keys.referred(dataset, table, from);
            let to = self.keys.referred(dataset, table, to);
            for (from, to) in from.into_iter().zip(to) {
                self.add_edge(from, to, edge);
            }
        }
        // Tags and sockets name their owner in their own row.
        let owners = self.keys.referred(dataset, "tags", "user_id");
        for (row, owner) in owners.into_iter().enumerate() {
            self.add_edge(owner, Some(TagIx::new(row).into()), Edge::UserTag);
        }
        for row in 0..self.keys.sockets.len() {
            let (owner, socket) = (self.keys.sockets[row].0, SocketIx::new(row));
            self.add_edge(Some(owner.into()), Some(socket.into()), Edge::ChargerSocket);
        }
    }

    /// Columns that may be null make no edge where they are.
    fn add_edge(&mut self, from: Option<Node>, to: Option<Node>, edge: Edge) {
        if let (Some(from), Some(to)) = (from, to) {
            self.graph.add_edge(self.node(from), self.node(to), edge);
        }
    }

    /// The petgraph graph, for petgraph's own algorithms.
    pub fn graph(&self) -> &DiGraph<Node, Edge> {
        &self.graph
    }

    /// Where a row stands in the graph.
    ///
    /// # Panics
    ///
    /// Where the graph has no such row: row numbers are those of the dataset that it was made from.
    pub fn node(&self, row: impl Into<Node>) -> NodeIndex {
        let node = row.into();
        let (table, row) = match node {
            Node::Site(row) => (0, row.index()),
            Node::Operator(row) => (1, row.index()),
            Node::User(row) => (2, row.index()),
            Node::Tag(row) => (3, row.index()),
            Node::Charger(row) => (4, row.index()),
            Node::Socket(row) => (5, row.index()),
        };
        let counts = self.keys.counts();
        // Else it would be a row of the next table.
        assert!(
            row < counts[table],
            "{node:?} is no row of this graph, which has {} of its kind",
            counts[table]
        );
        let before: usize = counts[..table].iter().sum();
        NodeIndex::new(before + row)
    }

    /// Which row stands at a place in the graph: the inverse of [`node`](Self::node).
    ///
    /// # Panics
    ///
    /// Where the graph has no such node.
    pub fn row(&self, node: NodeIndex) -> Node {
        self.graph[node]
    }

    /// The site with this id.
    pub fn site(&self, id: i64) -> Option<SiteIx> {
        find_id(&self.keys.sites, id).map(SiteIx::new)
    }

    /// The operator with this id.
    pub fn operator(&self, id: i64) -> Option<OperatorIx> {
        find_id(&self.keys.operators, id).map(OperatorIx::new)
    }

    /// The user with this id.
    pub fn user(&self, id: i64) -> Option<UserIx> {
        find_id(&self.keys.users, id).map(UserIx::new)
    }

    /// The tag with this id.
    pub fn tag(&self, id: i64) -> Option<TagIx> {
        find_id(&self.keys.tags, id).map(TagIx::new)
    }

    /// The charger with this id.
    pub fn charger(&self, id: &str) -> Option<ChargerIx> {
        self.keys.charger(id)
    }

    /// The socket at this position of a charger's list.
    pub fn socket(&self, charger: &str, position: i32) -> Option<SocketIx> {
        self.keys.socket(charger, position)
    }

    /// The site's id.
    ///
    /// # Panics
    ///
    /// As [`node`](Self::node).
    pub fn site_id(&self, site: SiteIx) -> i64 {
        self.keys.sites.value(site.index())
    }

    /// The operator's id.
    ///
    /// # Panics
    ///
    /// As [`node`](Self::node).
    pub fn operator_id(&self, operator: OperatorIx) -> i64 {
        self.keys.operators.value(operator.index())
    }

    /// The user's id.
    ///
    /// # Panics
    ///
    /// As [`node`](Self::node).
    pub fn user_id(&self, user: UserIx) -> i64 {
        self.keys.users.value(user.index())
    }

    /// The tag's id.
    ///
    /// # Panics
    ///
    /// As [`node`](Self::node).
    pub fn tag_id(&self, tag: TagIx) -> i64 {
        self.keys.tags.value(tag.index())
    }

    /// The charger's id.
    ///
    /// # Panics
    ///
    /// As [`node`](Self::node).
    pub fn charger_id(&self, charger: ChargerIx) -> &str {
        self.keys.chargers.value(charger.index())
    }

    /// The socket's charger, and its position in that charger's list.
    ///
    /// # Panics
    ///
    /// As [`node`](Self::node).
    pub fn socket_key(&self, socket: SocketIx) -> (&str, i32) {
        let (charger, position) = self.keys.sockets[socket.index()];
        (self.charger_id(charger), position)
    }
}
