//! `voltree.toml`.

use std::{ffi::OsString, fs, io, path::Path};

use clap::CommandFactory;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::setting::{Given, Rank, Setting, suggestion};
use crate::{
    Error,
    address::{Beside, refusal, shown},
    cli::Cli,
};

/// The file that is looked for in the current directory.
const FILE: &str = "voltree.toml";

/// What the file sets; nothing where none is named and none is there.
pub(super) fn read(named: Option<OsString>) -> Result<Vec<Given>, Error> {
    let path = named.as_deref().unwrap_or(FILE.as_ref());
    let path = Path::new(path);
    if let Some(why) = refusal(path, Beside::Nothing) {
        return Err(Error::Usage(format!("--config {}: {why}", shown(path))));
    }
    match fs::read_to_string(path) {
        Ok(text) => settings(&path.display().to_string(), &text),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(Error::Usage(format!(
            "{}: it is no UTF-8, which TOML has to be",
            path.display()
        ))),
        Err(error) if named.is_none() && error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(Error::io("cannot read", path, error)),
    }
}

/// A file under way.
struct File<'a> {
    name: &'a str,
    text: &'a str,
}

/// A key and its value.
type Entry<'a, 'i> = (
    &'a Spanned<std::borrow::Cow<'i, str>>,
    &'a Spanned<DeValue<'i>>,
);

fn settings(name: &str, text: &str) -> Result<Vec<Given>, Error> {
    let file = File { name, text };
    let root = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(text.len(), |span| span.start);
        Error::Usage(format!("{}: {}", file.place(at), error.message()))
    })?;
    let (mut for_all, mut for_one) = (Vec::new(), Vec::new());
    for (key, value) in entries(root.get_ref()) {
        let DeValue::Table(table) = value.get_ref() else {
            for_all.push(file.given(None, key.get_ref(), key, value)?);
            continue;
        };
        let command = Cli::command();
        let mut commands = command.get_subcommands().map(clap::Command::get_name);
        if !commands.any(|command| command == key.get_ref()) {
            let commands = command.get_subcommands().map(clap::Command::get_name);
            let suggestion = suggestion(key.get_ref(), commands);
            return Err(Error::Usage(format!(
                "{}: {}: this is no command{suggestion}",
                file.place(key.span().start),
                key.get_ref()
            )));
        }
        for (option, value) in entries(table) {
            let name = format!("{}.{}", key.get_ref(), option.get_ref());
            for_one.push(file.given(Some(key.get_ref()), &name, option, value)?);
        }
    }
    for_all.append(&mut for_one);
    Ok(for_all)
}

/// The entries of a table, as they stand in the file.
fn entries<'a, 'i>(table: &'a DeTable<'i>) -> Vec<Entry<'a, 'i>> {
    let mut entries: Vec<Entry<'a, 'i>> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

impl File<'_> {
    fn given(
        &self,
        command: Option<&str>,
        name: &str,
        key: &Spanned<std::borrow::Cow<'_, str>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<Given, Error> {
        let origin = format!("{}: {name}", self.place(key.span().start));
        let setting = setting(value.get_ref())
            .map_err(|found| Error::Usage(format!("{origin}: an option takes no {found}")))?;
        Ok(Given {
            rank: if command.is_some() {
                Rank::FileForOne
            } else {
                Rank::FileForAll
            },
            command: command.map(str::to_owned),
            option: key.get_ref().to_string(),
            setting,
            origin,
        })
    }

    /// `voltree.toml:3`.
    fn place(&self, at: usize) -> String {
        let before = &self.text.as_bytes()[..at.min(self.text.len())];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        format!("{}:{line}", self.name)
    }
}

/// A value of the file; the name of its type where no option takes such a one.
fn setting(value: &DeValue<'_>) -> Result<Setting, &'static str> {
    Ok(match value {
        DeValue::Boolean(on) => Setting::Switch(*on),
        DeValue::Array(values) => {
            let texts = values.iter().map(|value| match setting(value.get_ref())? {
                Setting::Text(text) => Ok(text),
                _ => Err("list of these"),
            });
            Setting::List(texts.collect::<Result<_, _>>()?)
        }
        DeValue::Table(_) => return Err("table"),
        DeValue::String(text) => Setting::Text(text.as_ref().into()),
        DeValue::Integer(number) => Setting::Text(number.to_string().into()),
        DeValue::Float(number) => Setting::Text(number.to_string().into()),
        DeValue::Datetime(time) => Setting::Text(time.to_string().into()),
    })
}
