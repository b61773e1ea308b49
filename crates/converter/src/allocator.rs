//! Memory from jemalloc, and huge pieces of it from the kernel.
//!
//! Where several threads ask for memory at a time, the system's allocator makes them wait for each other, and it gives back at once what
//! zstd, which is C, will want again for the next column: jemalloc is faster, most of all with many small payloads (docs/performance.md). To make a
//! piece of gigabytes longer, jemalloc needs a second one to copy it to, where the kernel moves its pages: a token of 2 GB would take
//! twice the memory.

// The trait is unsafe, and nothing safe chooses between two allocators.
#![allow(unsafe_code)]

use std::{
    alloc::{GlobalAlloc, Layout},
    ptr,
};

use rustix::mm::{MapFlags, MremapFlags, ProtFlags, mmap_anonymous, mremap, munmap};
use tikv_jemallocator::Jemalloc;

/// Bytes from which on a piece is huge, and mapped by itself.
const HUGE: usize = 32 << 20;

/// No page is smaller, and what is mapped begins with one.
const PAGE: usize = 4096;

pub(crate) struct Allocator;

fn is_huge(bytes: usize, layout: Layout) -> bool {
    bytes >= HUGE && layout.align() <= PAGE
}

// SAFETY: both keep the contract: what is mapped is aligned to a page, and so long, rounded up to pages, until it is changed or
// unmapped. Memory is given back to the one that it came from, since callers give the layout that it was asked for with, or the
// length to which it was changed.
unsafe impl GlobalAlloc for Allocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        match is_huge(layout.size(), layout) {
            true => map(layout.size()),
            // SAFETY: what the caller warrants.
            false => unsafe { Jemalloc.alloc(layout) },
        }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        match is_huge(layout.size(), layout) {
            // The kernel clears its pages.
            true => map(layout.size()),
            // SAFETY: what the caller warrants.
            false => unsafe { Jemalloc.alloc_zeroed(layout) },
        }
    }

    #[inline]
    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: by its length it came from this one, with this layout.
        unsafe {
            match is_huge(layout.size(), layout) {
                // Nobody could be told of a failure, and what stays mapped does no harm.
                true => drop(munmap(memory.cast(), layout.size())),
                false => Jemalloc.dealloc(memory, layout),
            }
        }
    }

    #[inline]
    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        // SAFETY: by its length it came from this one, with this layout, and by the new one it stays there.
        // Else the caller warrants that `bytes` is not zero and, rounded up to the alignment, at most
        // `isize::MAX`; the old memory and the new one don't overlap, and both have what is copied.
        unsafe {
            match (is_huge(layout.size(), layout), is_huge(bytes, layout)) {
                (false, false) => Jemalloc.realloc(memory, layout, bytes),
                (true, true) => mremap(memory.cast(), layout.size(), bytes, MremapFlags::MAYMOVE)
                    .map_or(ptr::null_mut(), <*mut _>::cast),
                _ => {
                    let moved =
                        self.alloc(Layout::from_size_align_unchecked(bytes, layout.align()));
                    if !moved.is_null() {
                        ptr::copy_nonoverlapping(memory, moved, layout.size().min(bytes));
                        self.dealloc(memory, layout);
                    }
                    moved
                }
            }
        }
    }
}

/// Pages of zeros; null where there are none.
fn map(bytes: usize) -> *mut u8 {
    let access = ProtFlags::READ | ProtFlags::WRITE;
    // SAFETY: nothing lies yet where the kernel chooses to map.
    let mapped = unsafe { mmap_anonymous(ptr::null_mut(), bytes, access, MapFlags::PRIVATE) };
    mapped.map_or(ptr::null_mut(), <*mut _>::cast)
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
