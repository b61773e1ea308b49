//! Rows of one identity, together.

use rayon::slice::ParallelSliceMut;

use super::RowRef;

/// Rows grouped by key: group `i` is the i-th key in ascending order; its rows are in canonical
/// order.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    rows: Vec<RowRef>,
    /// Where each group ends.
    ends: Vec<u32>,
}

/// A row, its key, and when it is met.
pub(crate) type Entry<K> = (K, u64, RowRef);

impl Groups {
    /// Groups rows, at most so many; gives the keys as well.
    pub(crate) fn new<K: Ord + Copy + Send>(
        entries: impl Iterator<Item = Entry<K>> + Clone,
        rows: usize,
    ) -> (Vec<K>, Groups) {
        // Mostly they are in order, and need not be kept to be sorted.
        let mut last = None;
        let mut ordered = true;
        let in_order = entries.clone().map_while(|entry| {
            ordered = last.replace(entry).is_none_or(|last| last <= entry);
            ordered.then_some(entry)
        });
        let groups = Groups::of_sorted(in_order, rows);
        if ordered {
            return groups;
        }
        let mut entries: Vec<_> = entries.collect();
        entries.par_sort_unstable();
        let rows = entries.len();
        Groups::of_sorted(entries.into_iter(), rows)
    }

    fn of_sorted<K: Eq + Copy>(
        entries: impl Iterator<Item = Entry<K>>,
        rows: usize,
    ) -> (Vec<K>, Groups) {
        let mut keys = Vec::with_capacity(rows);
        let mut groups = Groups {
            rows: Vec::with_capacity(rows),
            ends: Vec::with_capacity(rows),
        };
        for (key, _, row) in entries {
            if keys.last() != Some(&key) {
                keys.push(key);
                groups.ends.push(0);
            }
            groups.rows.push(row);
            *groups.ends.last_mut().expect("a group is open") = groups.rows.len() as u32;
        }
        (keys, groups)
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn get(&self, group: usize) -> &[RowRef] {
        let start = group.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.rows[start as usize..self.ends[group] as usize]
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &[RowRef]> {
        (0..self.len()).map(|group| self.get(group))
    }
}
