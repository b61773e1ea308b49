//! Completions for shells, and pages for `man`, from the declaration of the command line.

use std::{fs, path::Path};

use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;

use crate::{
    Cleanup, Error,
    address::shown,
    cli::{Cli, suggestion},
    output::write_file,
};

/// The script that makes a shell complete the command line.
pub(crate) fn completions(shell: Shell) -> Vec<u8> {
    let mut command = Cli::command();
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, name, &mut script);
    script
}

/// The page of a command, or of all where none is named.
pub(crate) fn page(name: Option<&str>) -> Result<Vec<u8>, Error> {
    let mut pages = pages();
    let Some(name) = name else {
        return render(pages.swap_remove(0));
    };
    let file = format!("voltree-{name}");
    let names: Vec<String> = pages
        .iter()
        .skip(1)
        .map(|page| page.get_name().to_owned())
        .collect();
    match pages.into_iter().find(|page| page.get_name() == file) {
        Some(page) => render(page),
        None => {
            let names = names
                .iter()
                .filter_map(|name| name.strip_prefix("voltree-"));
            let suggestion = suggestion(name, names);
            Err(Error::Usage(format!(
                "no command is named {}{suggestion}",
                shown(Path::new(name))
            )))
        }
    }
}

/// Writes the pages of all commands.
pub(crate) fn write_pages(dir: &Path, cleanup: &Cleanup) -> Result<(), Error> {
    fs::create_dir_all(dir).map_err(|error| Error::io("cannot create", dir, error))?;
    for page in pages() {
        let path = dir.join(format!("{}.1", page.get_name()));
        let text = render(page)?;
        write_file(&path, cleanup, |out| out.write_all(&text))?;
    }
    Ok(())
}

/// The command itself, then each of its commands under the name of its page.
fn pages() -> Vec<Command> {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let pages = command.get_subcommands().map(|page| {
        let name: &'static str = format!("voltree-{}", page.get_name()).leak();
        with_examples(page.clone().name(name))
    });
    let pages: Vec<Command> = pages.collect();
    [vec![with_examples(command)], pages].concat()
}

/// Pages have no place before all else, where the help has its examples.
fn with_examples(command: Command) -> Command {
    let texts = [command.get_before_help(), command.get_after_help()];
    let texts = texts.into_iter().flatten().map(ToString::to_string);
    let text = texts.collect::<Vec<_>>().join("\n");
    command.after_help(text)
}

fn render(page: Command) -> Result<Vec<u8>, Error> {
    let mut text = Vec::new();
    let page = Man::new(page).source(concat!("voltree ", env!("CARGO_PKG_VERSION")));
    page.render(&mut text).map_err(|error| Error::Io {
        doing: "cannot make the page".to_owned(),
        error,
    })?;
    Ok(text)
}
