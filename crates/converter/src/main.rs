//! The command `voltree`; everything it does is in the library.

use std::process::ExitCode;

// Where several threads ask for memory at a time, the system's makes them wait for each other.
#[cfg(feature = "jemalloc")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    voltree::run(std::env::args_os()).into()
}
