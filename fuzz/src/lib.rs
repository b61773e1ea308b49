//! What the fuzz targets check.
//!
//! Each check is a function of any bytes, which panics where something that has to hold does not. The
//! fuzzers in `fuzz_targets/` call it with what they come up with, and the test `replay` with what
//! they have found, in `corpus/`.

#[allow(dead_code, unreachable_pub)] // The tests use more of it.
#[path = "../../crates/core/tests/common/agree.rs"]
mod agree;
#[allow(unreachable_pub)]
#[path = "../../crates/core/tests/common/canonical.rs"]
mod canonical;

pub mod copies;
mod depth;
pub mod engines;
mod payload;
pub mod readback;
pub mod render;
pub mod scalars;
pub mod structured;

/// A check of any bytes.
pub type Check = fn(&[u8]);

/// Every check under the name of its target.
pub const TARGETS: [(&str, Check); 6] = [
    ("copies", copies::check),
    ("structured", structured::check),
    ("engines", engines::check),
    ("scalars", scalars::check),
    ("readback", readback::check),
    ("render", render::check),
];

/// Makes the calling thread the only one that works, so that a fuzzer sees the same coverage each time.
///
/// # Panics
///
/// When rayon's global thread pool is there already.
pub fn in_one_thread() {
    rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .use_current_thread()
        .build_global()
        .expect("nothing has used the global thread pool");
}

/// Checks an input in the only thread, and does what was put off, too.
///
/// # Panics
///
/// As the check does.
pub fn alone(check: Check, input: &[u8]) {
    check(input);
    while rayon::yield_now() == Some(rayon::Yield::Executed) {}
}
