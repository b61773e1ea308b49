//! The command `voltree`; everything it does is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    voltree::run(std::env::args_os()).into()
}
