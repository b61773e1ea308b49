//! Names of snapshots.

use std::{fmt, str::FromStr};

use crate::Input;

/// Endings that say how a payload is kept, and not what it is.
const ENDINGS: [&str; 8] = [
    ".json", ".ndjson", ".jsonl", ".gz", ".zst", ".bz2", ".xz", ".zstd",
];
/// Bytes of a name, which is a part of a file's name.
const LONGEST: usize = 200;

/// How a snapshot is named after its input.
///
/// ```
/// use voltree::{Input, NameTemplate};
///
/// let input = Input::new("responses/2026-11-21/north.json.gz".as_ref());
/// let template: NameTemplate = "{parent}_{stem}".parse().unwrap();
/// assert_eq!(template.name(&input), "2026-11-21_north");
/// assert_eq!(NameTemplate::default().name(&input), "north");
/// assert!("{day}".parse::<NameTemplate>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameTemplate(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    /// The file's name without the endings of formats and codecs.
    Stem,
    /// The file's name.
    Name,
    /// The name of the directory that the file lies in.
    Parent,
}

impl Default for NameTemplate {
    fn default() -> Self {
        NameTemplate(vec![Part::Stem])
    }
}

/// A text that is no [`NameTemplate`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoTemplate {
    /// A field begins and does not end.
    #[error("a `{{` is not closed")]
    Unclosed,
    /// No field has this name.
    #[error("`{{{0}}}` is none of {{stem}}, {{name}}, {{parent}}")]
    UnknownField(String),
}

impl FromStr for NameTemplate {
    type Err = NoTemplate;

    fn from_str(text: &str) -> Result<Self, NoTemplate> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('{') {
            let (field, behind) = behind.split_once('}').ok_or(NoTemplate::Unclosed)?;
            parts.push(Part::Text(before.to_owned()));
            parts.push(match field {
                "stem" => Part::Stem,
                "name" => Part::Name,
                "parent" => Part::Parent,
                _ => return Err(NoTemplate::UnknownField(field.to_owned())),
            });
            rest = behind;
        }
        parts.push(Part::Text(rest.to_owned()));
        // Equal templates are equal however they were made.
        parts.retain(|part| *part != Part::Text(String::new()));
        Ok(NameTemplate(parts))
    }
}

impl NameTemplate {
    /// The name of an input's first snapshot: what could mean something in a path is `_`.
    pub fn name(&self, input: &Input) -> String {
        let file = match input {
            Input::Stdin => "stdin".to_owned(),
            input => input.name(),
        };
        let parent = input.parent_name().unwrap_or_default();
        let mut name = String::new();
        for part in &self.0 {
            name.push_str(match part {
                Part::Text(text) => text,
                Part::Stem => stem(&file),
                Part::Name => &file,
                Part::Parent => &parent,
            });
        }
        safe(&name)
    }
}

impl fmt::Display for NameTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Text(text) => f.write_str(text),
            Part::Stem => f.write_str("{stem}"),
            Part::Name => f.write_str("{name}"),
            Part::Parent => f.write_str("{parent}"),
        })
    }
}

/// The name of the n-th snapshot of an input, from 0.
pub(super) fn nth(name: &str, index: usize) -> String {
    match index {
        0 => name.to_owned(),
        index => format!("{name}-{}", index + 1),
    }
}

/// The name of an input's first snapshot and the number of a later one, from 2, if this may be such a
/// one's name.
pub(super) fn before_number(name: &str) -> Option<(&str, usize)> {
    let (first, number) = name.rsplit_once('-')?;
    let number: usize = number.parse().ok()?;
    (nth(first, number.checked_sub(1)?) == name).then_some((first, number))
}

fn stem(name: &str) -> &str {
    let mut stem = name;
    while let Some(shorter) = ENDINGS
        .iter()
        .find_map(|ending| stem.strip_suffix(ending))
        .filter(|shorter| !shorter.is_empty())
    {
        stem = shorter;
    }
    stem
}

/// Letters and digits of any script, `.`, `_` and `-`: they mean nothing in paths, globs and partitions.
fn safe(name: &str) -> String {
    let is_safe = |char: char| char.is_alphanumeric() || "._-".contains(char);
    let mut safe: String = name
        .chars()
        .map(|char| if is_safe(char) { char } else { '_' })
        .collect();
    safe.truncate(safe.floor_char_boundary(LONGEST));
    // Neither hidden nor a way up.
    if safe.starts_with('.') || safe.is_empty() {
        safe.insert(0, '_');
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(template: &str, path: &str) -> String {
        let template: NameTemplate = template.parse().unwrap();
        template.name(&Input::new(path.as_ref()))
    }

    #[test]
    fn a_stem_has_no_ending_of_a_format_or_codec() {
        for (path, stem) in [
            ("a.json", "a"),
            ("a.json.gz", "a"),
            ("a.b.ndjson.zst", "a.b"),
            ("a", "a"),
            (".json", "_.json"),
            ("a.txt", "a.txt"),
            ("-", "stdin"),
        ] {
            assert_eq!(name("{stem}", path), stem, "{path}");
        }
    }

    #[test]
    fn names_are_safe_in_paths_and_partitions() {
        assert_eq!(name("{stem}", "d/a b=c%/'é%.json"), "_é_");
        assert_eq!(name("{stem}", "東京.json"), "東京");
        assert_eq!(name("{parent}={stem}", "x y/a*.json"), "x_y_a_");
        assert_eq!(name("../{stem}", "a.json"), "_.._a");
        assert_eq!(name("", "a.json"), "_");
        assert_eq!(name("{stem}", &"a".repeat(400)).len(), LONGEST);
        assert_eq!(name("{stem}", &"東".repeat(400)).len(), 198);
    }

    #[test]
    fn a_later_name_tells_the_first_and_the_number() {
        for (first, index) in [("night", 1), ("night-2", 9), ("2026-11", 25)] {
            assert_eq!(before_number(&nth(first, index)), Some((first, index + 1)));
        }
        for name in [
            "night", "night-1", "night-0", "night-02", "night-+2", "night-x",
        ] {
            assert_eq!(before_number(name), None, "{name}");
        }
    }

    #[test]
    fn a_template_names_what_it_does_not_know() {
        let error = |text: &str| text.parse::<NameTemplate>().unwrap_err().to_string();
        assert_eq!(error("{x}"), "`{x}` is none of {stem}, {name}, {parent}");
        assert_eq!(error("a{stem"), "a `{` is not closed");
    }

    #[test]
    fn a_template_shows_as_it_was_written() {
        for text in ["{stem}", "x-{parent}-{name}.y", ""] {
            let template: NameTemplate = text.parse().unwrap();
            assert_eq!(template.to_string(), text);
        }
        assert_eq!("{stem}".parse(), Ok(NameTemplate::default()));
    }
}
