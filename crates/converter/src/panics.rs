//! Panics that are expected.

use std::{
    cell::Cell,
    panic::{self, AssertUnwindSafe, catch_unwind},
    sync::Once,
    thread,
};

thread_local! {
    static EXPECTED: Cell<bool> = const { Cell::new(false) };
}

/// Does something that panics where what it is given does not hold; what it worked on is not to be
/// used again then. Nothing is said of such a panic: whoever asks for this has words for it. Other
/// threads say what they always do.
pub(crate) fn expected<T>(work: impl FnOnce() -> T) -> thread::Result<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let tell = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !EXPECTED.get() {
                tell(panic);
            }
        }));
    });
    let before = EXPECTED.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    EXPECTED.set(before);
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_expected_within_and_not_behind() {
        assert_eq!(expected(|| 7).unwrap(), 7);
        assert!(expected(|| assert!(!EXPECTED.get())).is_err());
        assert!(!EXPECTED.get());
    }
}
