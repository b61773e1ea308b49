//! Recursion whose depth is the payload's choice.

/// Stack that one level of recursion may need, with a wide margin for unoptimised builds.
const RED_ZONE: usize = 128 << 10;
/// Stack that is taken from the heap when less than [`RED_ZONE`] is left.
const SEGMENT: usize = 2 << 20;

/// Calls `level`, on a fresh piece of heap where the thread's stack is nearly used up.
pub(crate) fn grow<T>(level: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(RED_ZONE, SEGMENT, level)
}
