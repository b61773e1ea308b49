//! Rows of one identity, together.

use rayon::slice::ParallelSliceMut;

use super::RowRef;

/// Rows grouped by key: group `i` is the i-th key in ascending order; its rows are in canonical
/// order.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    rows: Vec<RowRef>,
    /// Where each group ends; nothing as long as each one has one row.
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
            ends: Vec::new(),
        };
        entries.for_each(|(key, _, row)| {
            if keys.last() != Some(&key) {
                if !groups.ends.is_empty() {
                    groups.ends.push(0);
                }
                keys.push(key);
            } else if groups.ends.is_empty() {
                groups.ends.extend(1..=groups.rows.len() as u32);
            }
            groups.rows.push(row);
            if let Some(end) = groups.ends.last_mut() {
                *end = groups.rows.len() as u32;
            }
        });
        (keys, groups)
    }

    pub(crate) fn len(&self) -> usize {
        match self.ends.len() {
            0 => self.rows.len(),
            groups => groups,
        }
    }

    pub(crate) fn get(&self, group: usize) -> &[RowRef] {
        if self.ends.is_empty() {
            return &self.rows[group..=group];
        }
        let start = group.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.rows[start as usize..self.ends[group] as usize]
    }

    /// The groups that have several rows.
    pub(crate) fn of_several(&self) -> Vec<u32> {
        let mut start = 0;
        let several = self.ends.iter().zip(0..).filter_map(|(&end, group)| {
            let rows = end - std::mem::replace(&mut start, end);
            (rows > 1).then_some(group)
        });
        several.collect()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &[RowRef]> {
        (0..self.len()).map(|group| self.get(group))
    }
}
