//! Fuzzes [`voltree_fuzz::copies`].
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: voltree_fuzz::in_one_thread(),
    |input: &[u8]| voltree_fuzz::alone(voltree_fuzz::copies::check, input)
);
