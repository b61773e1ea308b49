//! The options of `voltree completions` and `voltree man`.

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

use super::directory;

#[derive(Debug, Args)]
#[command(
    before_help = "Examples:\n  voltree completions bash > ~/.local/share/bash-completion/completions/voltree\n  voltree completions zsh > ~/.zfunc/_voltree\n  voltree completions fish > ~/.config/fish/completions/voltree.fish\n"
)]
pub(crate) struct CompletionsArgs {
    /// The shell that is to complete
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

#[derive(Debug, Args)]
#[command(
    before_help = "Examples:\n  voltree man convert | man -l -\n  voltree man --out ~/.local/share/man/man1\n"
)]
pub(crate) struct ManArgs {
    /// The command that the page is about; without one it is about all of them
    pub(crate) command: Option<String>,

    /// A directory to write a page of each command into; made where it is missing
    #[arg(short, long, value_name = "DIR", value_parser = directory(), conflicts_with = "command")]
    pub(crate) out: Option<PathBuf>,
}
