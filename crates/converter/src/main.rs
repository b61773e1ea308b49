//! The command `voltree`; everything it does is in the library.

#[cfg(all(feature = "jemalloc", target_os = "linux"))]
mod allocator;

use std::{
    io::{self, Write},
    panic::{self, PanicHookInfo},
    process::ExitCode,
    sync::Once,
};

#[cfg(all(feature = "jemalloc", target_os = "linux"))]
#[global_allocator]
static ALLOCATOR: allocator::Allocator = allocator::Allocator;

fn main() -> ExitCode {
    // Who asks for a backtrace gets all that there is.
    if std::env::var_os("RUST_BACKTRACE").is_none_or(|value| value == "0") {
        panic::set_hook(Box::new(tell));
    }
    voltree::run(std::env::args_os()).into()
}

/// Says what ends the program with exit code 101, in one line however many threads it ends: a mistake in
/// it, or memory that the system refuses where nobody is there to be told.
fn tell(panic: &PanicHookInfo<'_>) {
    static TOLD: Once = Once::new();
    TOLD.call_once(|| {
        let text = panic.to_string().replace('\n', " ");
        // Nobody is left to tell when standard error is closed.
        let _ = writeln!(
            io::stderr(),
            "voltree: error: {text}; the system refused memory (try fewer --threads), or this is a \
             bug: please report it"
        );
    });
}
