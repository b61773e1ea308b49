//! Memory from jemalloc, and huge pieces of it from the system.
//!
//! Where several threads ask for memory at a time, the system's allocator makes them wait for each other: jemalloc
//! is faster, most of all with many small payloads (docs/performance.md). To make a piece of gigabytes longer, jemalloc needs a second one to copy it to, where
//! the system moves its pages: a token of 2 GB would take twice the memory.

// The trait is unsafe, and nothing safe chooses between two allocators.
#![allow(unsafe_code)]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    ptr,
};

use tikv_jemallocator::Jemalloc;

/// Bytes from which on a piece is huge. From here on glibc maps each piece by itself, whatever it has learnt.
const HUGE: usize = 32 << 20;

pub(crate) struct Allocator;

// SAFETY: both keep the contract. Memory is given back to the one that it came from, since callers give the
// layout that it was asked for with, or the length to which it was changed.
unsafe impl GlobalAlloc for Allocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: what the caller warrants.
        unsafe {
            match layout.size() {
                ..HUGE => Jemalloc.alloc(layout),
                HUGE.. => System.alloc(layout),
            }
        }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: what the caller warrants.
        unsafe {
            match layout.size() {
                ..HUGE => Jemalloc.alloc_zeroed(layout),
                HUGE.. => System.alloc_zeroed(layout),
            }
        }
    }

    #[inline]
    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: by its length it came from this one, with this layout.
        unsafe {
            match layout.size() {
                ..HUGE => Jemalloc.dealloc(memory, layout),
                HUGE.. => System.dealloc(memory, layout),
            }
        }
    }

    #[inline]
    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        // SAFETY: by its length it came from this one, with this layout, and by the new one it stays there.
        // Else the caller warrants that `bytes` is not zero and, rounded up to the alignment, at most
        // `isize::MAX`; the old memory and the new one don't overlap, and both have what is copied.
        unsafe {
            match (layout.size(), bytes) {
                (..HUGE, ..HUGE) => Jemalloc.realloc(memory, layout, bytes),
                (HUGE.., HUGE..) => System.realloc(memory, layout, bytes),
                (old, _) => {
                    let moved =
                        self.alloc(Layout::from_size_align_unchecked(bytes, layout.align()));
                    if !moved.is_null() {
                        ptr::copy_nonoverlapping(memory, moved, old.min(bytes));
                        self.dealloc(memory, layout);
                    }
                    moved
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_becomes_huge_and_small_again_stays_what_it_was() {
        let mut bytes: Vec<u8> = (0..=255).collect();
        for round in 0..3 {
            // Across the limit, further beyond it, and back.
            for length in [super::HUGE - 1, super::HUGE, 3 * super::HUGE, 1_000] {
                bytes.truncate(256);
                bytes.resize(length, round);
                bytes.shrink_to_fit();
                assert!((0..=255).eq(bytes[..256].iter().copied()));
                assert!(bytes[256..].iter().all(|byte| *byte == round));
            }
        }
        let zeroed = vec![0_u8; 2 * super::HUGE];
        assert!(zeroed.iter().all(|byte| *byte == 0));
    }
}
