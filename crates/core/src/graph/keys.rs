//! The identities behind the row numbers.

use arrow_array::{
    Array, ArrayRef, Int32Array, Int64Array, StringArray,
    cast::AsArray,
    types::{Int32Type, Int64Type},
};
use arrow_select::concat::concat;

use super::{ChargerIx, Node, OperatorIx, SiteIx, SocketIx, UserIx};
use crate::{Dataset, schema::View};

/// The key columns of the entity tables. They ascend, so that finding a row is a binary search.
#[derive(Clone, Debug)]
pub(super) struct Keys {
    pub(super) sites: Int64Array,
    pub(super) operators: Int64Array,
    pub(super) users: Int64Array,
    pub(super) tags: Int64Array,
    pub(super) chargers: StringArray,
    /// Owner and position of each socket.
    pub(super) sockets: (StringArray, Int32Array),
}

impl Keys {
    pub(super) fn new(dataset: &Dataset) -> Self {
        let ids = |table| {
            column(dataset, table, "id")
                .as_primitive::<Int64Type>()
                .clone()
        };
        let owner = column(dataset, "sockets", "charger_id");
        let position = column(dataset, "sockets", "position");
        Keys {
            sites: ids("sites"),
            operators: ids("operators"),
            users: ids("users"),
            tags: ids("tags"),
            chargers: column(dataset, "chargers", "charger_id")
                .as_string()
                .clone(),
            sockets: (
                owner.as_string().clone(),
                position.as_primitive::<Int32Type>().clone(),
            ),
        }
    }

    /// How many nodes there are of each kind, in the order of [`Node`]'s variants.
    pub(super) fn counts(&self) -> [usize; 6] {
        [
            self.sites.len(),
            self.operators.len(),
            self.users.len(),
            self.tags.len(),
            self.chargers.len(),
            self.sockets.1.len(),
        ]
    }

    pub(super) fn charger(&self, id: &str) -> Option<ChargerIx> {
        let row = find(self.chargers.len(), id, |row| self.chargers.value(row));
        row.map(ChargerIx::new)
    }

    pub(super) fn socket(&self, charger: &str, position: i32) -> Option<SocketIx> {
        let (owners, positions) = &self.sockets;
        let key = |row| (owners.value(row), positions.value(row));
        find(owners.len(), (charger, position), key).map(SocketIx::new)
    }

    /// What the rows of a column refer to, by the table's declared foreign keys.
    ///
    /// # Panics
    ///
    /// Where a reference finds no row: the tables of a [`Parser`](crate::Parser) have none such.
    pub(super) fn referred(&self, dataset: &Dataset, table: &str, name: &str) -> Vec<Option<Node>> {
        let keys = &dataset.table(table).def.foreign_keys;
        let target = keys.iter().find(|key| key.columns == [name]);
        let target = target.map_or("none", |key| key.table);
        let found = |node: Option<Node>| {
            node.unwrap_or_else(|| panic!("`{table}`.`{name}` has a value that `{target}` lacks"))
        };

        let values = column(dataset, table, name);
        if target == "chargers" {
            let ids = values.as_string::<i32>().iter();
            let node = |id: &str| found(self.charger(id).map(Node::Charger));
            return ids.map(|id| id.map(node)).collect();
        }
        let (keys, node): (_, fn(usize) -> Node) = match target {
            "sites" => (&self.sites, |row| SiteIx::new(row).into()),
            "operators" => (&self.operators, |row| OperatorIx::new(row).into()),
            "users" => (&self.users, |row| UserIx::new(row).into()),
            _ => panic!("`{table}`.`{name}` refers to no node"),
        };
        let ids = values.as_primitive::<Int64Type>().iter();
        ids.map(|id| id.map(|id| found(find_id(keys, id).map(node))))
            .collect()
    }
}

/// The views in a relation's `view` column.
pub(super) fn views(dataset: &Dataset, table: &str) -> Vec<View> {
    let texts = column(dataset, table, "view");
    let view = |text| {
        let mut all = [View::Home, View::Access, View::Charging].into_iter();
        all.find(|view| Some(view.as_str()) == text)
            .unwrap_or_else(|| panic!("`{table}` has a view that is none"))
    };
    texts.as_string::<i32>().iter().map(view).collect()
}

/// Row of an id in an ascending column.
pub(super) fn find_id(ids: &Int64Array, id: i64) -> Option<usize> {
    ids.values().binary_search(&id).ok()
}

/// Row of a key among ascending keys.
fn find<K: Ord>(rows: usize, key: K, at: impl Fn(usize) -> K) -> Option<usize> {
    let (mut low, mut high) = (0, rows);
    while low < high {
        let middle = low.midpoint(high);
        if at(middle) < key {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    (low < rows && at(low) == key).then_some(low)
}

/// A column of all rows; it shares the memory of a table that is one batch.
fn column(dataset: &Dataset, table: &str, name: &str) -> ArrayRef {
    let table = dataset.table(table);
    let index = table.def.column(name);
    let index = index.unwrap_or_else(|| panic!("`{}` has no column `{name}`", table.def.name));
    match table.batches.as_slice() {
        [only] => only.column(index).clone(),
        batches => {
            let parts: Vec<&dyn Array> = batches.iter().map(|b| b.column(index).as_ref()).collect();
            concat(&parts).expect("all batches of a table have its columns")
        }
    }
}
