//! Many places at once: a text is read once for all places in it.

use rayon::prelude::*;

use super::position::Advance;
use crate::scan::{Child, Forest};
use crate::text::lex::HOLE;

/// What there is at each of these keys, found for them in ascending order.
pub(super) fn in_order<K, T>(keys: &[K], find: impl FnOnce(&[K]) -> Vec<T>) -> Vec<T>
where
    K: Copy + Ord + Send,
    T: Send,
{
    let mut order: Vec<(K, usize)> = keys.iter().copied().zip(0..).collect();
    order.par_sort_unstable();
    let ascending: Vec<K> = order.iter().map(|&(key, _)| key).collect();
    let found = find(&ascending).into_iter();
    let mut found: Vec<(usize, T)> = order.iter().map(|&(_, at)| at).zip(found).collect();
    found.par_sort_unstable_by_key(|&(at, _)| at);
    found.into_iter().map(|(_, found)| found).collect()
}

/// How far a record leads up to each of these bytes of its own text, which ascend: bytes, lines and columns.
pub(super) fn lead_to(
    own: &[u8],
    children: &[Child],
    forest: &Forest,
    whole: &[Advance],
    ats: &[usize],
) -> Vec<(u64, Advance)> {
    let (mut done, mut offset, mut advance) = (0, 0, Advance::default());
    let mut children = children.iter();
    let mut found = Vec::with_capacity(ats.len());
    for &at in ats {
        while let Some(child) = children.as_slice().first()
            && let Some(hole) = memchr::memchr(HOLE, &own[done..at])
        {
            children.next();
            advance = advance
                .then(Advance::of(&own[done..][..hole]))
                .then(whole[child.node.get()]);
            offset += hole as u64 + forest.node(child.node).len;
            done += hole + 1;
        }
        advance = advance.then(Advance::of(&own[done..at]));
        offset += (at - done) as u64;
        done = at;
        found.push((offset, advance));
    }
    found
}
