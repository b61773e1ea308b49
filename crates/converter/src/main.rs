//! The command `voltree`; everything it does is in the library.

#[cfg(feature = "jemalloc")]
mod allocator;

use std::process::ExitCode;

#[cfg(feature = "jemalloc")]
#[global_allocator]
static ALLOCATOR: allocator::Allocator = allocator::Allocator;

fn main() -> ExitCode {
    voltree::run(std::env::args_os()).into()
}
