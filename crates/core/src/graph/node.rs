//! What the nodes and the edges of the graph are.

use super::ids::{ChargerIx, OperatorIx, SiteIx, SocketIx, TagIx, UserIx};
use crate::schema::View;

/// A node: one row of an entity table.
///
/// Ordered as the nodes stand in the graph: table by table, row by row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Node {
    /// A row of `sites`.
    Site(SiteIx),
    /// A row of `operators`.
    Operator(OperatorIx),
    /// A row of `users`.
    User(UserIx),
    /// A row of `tags`.
    Tag(TagIx),
    /// A row of `chargers`.
    Charger(ChargerIx),
    /// A row of `sockets`.
    Socket(SocketIx),
}

/// An edge: one row of a relation, from the owner of the list to what stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Edge {
    /// Site to the site directly below (`site_subsites`).
    Subsite(View),
    /// Site to an operator that stands there (`site_operators`).
    SiteOperator(View),
    /// Operator to a site it is authorised for (`operator_sites`).
    OperatorSite,
    /// Site to a user that stands there (`site_users`).
    SiteUser,
    /// Site to a charger that stands there (`site_chargers`).
    SiteCharger(View),
    /// User to a site where they may charge (`user_sites`).
    UserSite,
    /// User to a charger that they may use (`user_chargers`).
    UserCharger,
    /// User to a tag of theirs (`tags.user_id`).
    UserTag,
    /// Charger to its socket (`sockets`).
    ChargerSocket,
}

/// Makes each row number usable where a node is asked for.
macro_rules! node_from {
    ($($variant:ident($row:ident))+) => {$(
        impl From<$row> for Node {
            fn from(row: $row) -> Self {
                Node::$variant(row)
            }
        }
    )+};
}

node_from! { Site(SiteIx) Operator(OperatorIx) User(UserIx) Tag(TagIx) Charger(ChargerIx) Socket(SocketIx) }
