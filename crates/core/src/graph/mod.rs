//! The payload as a [petgraph] graph: who stands below whom, who reaches what.
//!
//! ```
//! use voltree_core::{Parser, graph::OperatorGraph};
//!
//! let payload = br#"{"operatorGroups":[{"id":1,
//!     "operators":[{"id":5,"groups":[{"id":1}]}],
//!     "subgroups":[{"id":2,"chargers":[{"chargerId":"FI-1"}]}]}]}"#;
//! let graph = OperatorGraph::new(&Parser::new().parse_slice(payload)?);
//!
//! // The operator is authorised for site 1, and so for the charger at site 2 below.
//! let reach = graph.reached_by_operator(graph.operator(5).unwrap());
//! assert_eq!(reach.chargers, [graph.charger("FI-1").unwrap()]);
//! # Ok::<(), voltree_core::Error>(())
//! ```

pub(crate) mod closure;
mod ids;
mod keys;
mod node;
mod operator_graph;
mod query;

#[cfg(test)]
mod tests;

pub use ids::{ChargerIx, OperatorIx, SiteIx, SocketIx, TagIx, UserIx};
pub use node::{Edge, Node};
pub use operator_graph::OperatorGraph;
pub use query::{Orphans, Reach, Reachers};
