//! The identities behind the row numbers.

use arrow_array::{
    Array, ArrayRef, Int64Array, StringArray,
    cast::AsArray,
    types::{Int32Type, Int64Type},
};
use arrow_select::concat::concat;

use super::{ChargerIx, Node, OperatorIx, SiteIx, SocketIx, UserIx};
use crate::column::{self, Starts};
use crate::{Dataset, schema::View};

/// The key columns of the entity tables. They ascend, so that finding a row is a binary search.
#[derive(Clone, Debug)]
pub(super) struct Keys {
    pub(super) sites: Int64Array,
    pub(super) operators: Int64Array,
    pub(super) users: Int64Array,
    pub(super) tags: Int64Array,
    pub(super) chargers: Names,
    /// Owner and position of each socket.
    pub(super) sockets: Vec<(ChargerIx, i32)>,
}

/// A column of texts, in the arrays of its batches: together they may be too long for one.
#[derive(Clone, Debug)]
pub(super) struct Names {
    parts: Vec<StringArray>,
    starts: Starts,
}

impl Names {
    fn len(&self) -> usize {
        self.starts.len()
    }

    pub(super) fn value(&self, row: usize) -> &str {
        let (part, row) = self.starts.find(row);
        self.parts[part].value(row)
    }
}

impl Keys {
    pub(super) fn new(dataset: &Dataset) -> Self {
        let chargers: Vec<StringArray> = parts(dataset, "chargers", "charger_id")
            .map(|part| part.as_string().clone())
            .collect();
        let mut keys = Keys {
            sites: ids(dataset, "sites"),
            operators: ids(dataset, "operators"),
            users: ids(dataset, "users"),
            tags: ids(dataset, "tags"),
            chargers: Names {
                starts: Starts::new(chargers.iter().map(Array::len)),
                parts: chargers,
            },
            sockets: Vec::new(),
        };
        let owners = keys.referred(dataset, "sockets", "charger_id").into_iter();
        let positions = parts(dataset, "sockets", "position")
            .flat_map(|part| part.as_primitive::<Int32Type>().values());
        let sockets = owners.zip(positions).map(|(owner, &position)| match owner {
            Some(Node::Charger(owner)) => (owner, position),
            _ => panic!("a socket belongs to a charger"),
        });
        keys.sockets = sockets.collect();
        keys
    }

    /// How many nodes there are of each kind, in the order of [`Node`]'s variants.
    pub(super) fn counts(&self) -> [usize; 6] {
        [
            self.sites.len(),
            self.operators.len(),
            self.users.len(),
            self.tags.len(),
            self.chargers.len(),
            self.sockets.len(),
        ]
    }

    pub(super) fn charger(&self, id: &str) -> Option<ChargerIx> {
        let row = find(self.chargers.len(), id, |row| self.chargers.value(row));
        row.map(ChargerIx::new)
    }

    pub(super) fn socket(&self, charger: &str, position: i32) -> Option<SocketIx> {
        let key = (self.charger(charger)?, position);
        find(self.sockets.len(), key, |row| self.sockets[row]).map(SocketIx::new)
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

        let parts = parts(dataset, table, name);
        if target == "chargers" {
            let ids = parts.flat_map(|part| part.as_string::<i32>().iter());
            let node = |id: &str| found(self.charger(id).map(Node::Charger));
            return ids.map(|id| id.map(node)).collect();
        }
        let (keys, node): (_, fn(usize) -> Node) = match target {
            "sites" => (&self.sites, |row| SiteIx::new(row).into()),
            "operators" => (&self.operators, |row| OperatorIx::new(row).into()),
            "users" => (&self.users, |row| UserIx::new(row).into()),
            _ => panic!("`{table}`.`{name}` refers to no node"),
        };
        let ids = parts.flat_map(|part| part.as_primitive::<Int64Type>().iter());
        ids.map(|id| id.map(|id| found(find_id(keys, id).map(node))))
            .collect()
    }
}

/// The views in a relation's `view` column.
pub(super) fn views(dataset: &Dataset, table: &str) -> Vec<View> {
    let texts = parts(dataset, table, "view").flat_map(|part| part.as_string::<i32>().iter());
    let view = |text: Option<&str>| {
        let view = text.and_then(|text| text.parse().ok());
        view.unwrap_or_else(|| panic!("`{table}` has a view that is none"))
    };
    texts.map(view).collect()
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

/// The ids of all rows; they share the memory of a table that is one batch.
fn ids(dataset: &Dataset, table: &str) -> Int64Array {
    let parts: Vec<&dyn Array> = parts(dataset, table, "id").map(AsRef::as_ref).collect();
    let ids: ArrayRef = match parts.as_slice() {
        [only] => only.slice(0, only.len()),
        parts => concat(parts).expect("numbers of one type"),
    };
    ids.as_primitive().clone()
}

/// The parts of a column.
///
/// # Panics
///
/// Where the table is missing, or has other columns than it should.
fn parts<'a>(
    dataset: &'a Dataset,
    table: &str,
    name: &str,
) -> impl Iterator<Item = &'a ArrayRef> + use<'a> {
    let table = dataset.table(table);
    let index = table.def.column(name);
    let index = index.unwrap_or_else(|| panic!("`{}` has no column `{name}`", table.def.name));
    table.batches.iter().map(move |batch| {
        let fits = column::fits(batch, table.def);
        assert!(
            fits,
            "`{}` has other columns than it should, or a null in its key",
            table.def.name
        );
        batch.column(index)
    })
}
