//! Which inputs are meant: paths, directories, patterns and lists of these.

use std::{
    collections::BTreeSet,
    fs,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
};

use walkdir::{DirEntry, WalkDir};

use crate::{Error, Input};
#[cfg(feature = "object-store")]
use crate::{ObjectUrl, remote};

/// What was named on the command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inputs {
    /// Paths, directories and patterns, or `-` for standard input.
    pub named: Vec<PathBuf>,
    /// A file that names more of them, one a line; `-` for standard input.
    pub files_from: Option<PathBuf>,
}

impl Inputs {
    /// Whether this may be several inputs, however many there turn out to be.
    pub fn are_several(&self) -> bool {
        let [one] = &self.named[..] else { return true };
        #[cfg(feature = "object-store")]
        if let Some(url) = ObjectUrl::of_path(one) {
            return self.files_from.is_some() || url.may_be_several();
        }
        self.files_from.is_some() || one.is_dir() || is_pattern(one)
    }

    /// The inputs: in the order in which they were named, those of a directory or a pattern in the
    /// order of their paths, each once.
    ///
    /// # Errors
    ///
    /// When one is not there, a pattern matches nothing, or a directory or a list cannot be read.
    pub fn expand(&self) -> Result<Vec<Input>, Error> {
        let mut found = Vec::new();
        for path in &self.named {
            expand(path, &mut found)?;
        }
        if let Some(list) = &self.files_from {
            if is_stdin(list) && self.named.iter().any(|path| is_stdin(path)) {
                let text = "standard input cannot be an input and the list of inputs";
                return Err(Error::Usage(text.to_owned()));
            }
            for line in lines(list)? {
                expand(Path::new(&line), &mut found)?;
            }
        }
        let mut seen = BTreeSet::new();
        found.retain(|path| seen.insert(path.clone()));
        if found.is_empty() {
            let named = self.named.iter().chain(&self.files_from);
            let named: Vec<String> = named.map(|path| path.display().to_string()).collect();
            let text = format!("there is no input in {}", named.join(", "));
            return Err(Error::Usage(text));
        }
        Ok(found.iter().map(|path| Input::new(path)).collect())
    }
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// A path that exists is no pattern, whatever its characters.
fn is_pattern(path: &Path) -> bool {
    let special = |byte: &u8| b"*?[".contains(byte);
    path.as_os_str().as_encoded_bytes().iter().any(special) && !path.exists()
}

fn expand(path: &Path, found: &mut Vec<PathBuf>) -> Result<(), Error> {
    #[cfg(feature = "object-store")]
    if let Some(url) = ObjectUrl::of_path(path) {
        found.extend(remote::list(&url)?.iter().map(ObjectUrl::to_path));
        return Ok(());
    }
    if is_stdin(path) {
        found.push(path.to_owned());
    } else if path.is_dir() {
        files_in(path, found)?;
    } else if is_pattern(path) {
        matching(path, found)?;
    } else {
        fs::metadata(path).map_err(|error| Error::io("cannot read", path, error))?;
        found.push(path.to_owned());
    }
    Ok(())
}

/// All files below a directory, but hidden ones and those that writers of datasets hide with `_`.
fn files_in(dir: &Path, found: &mut Vec<PathBuf>) -> Result<(), Error> {
    let is_hidden = |entry: &DirEntry| {
        let name = entry.file_name().as_encoded_bytes();
        entry.depth() > 0 && matches!(name.first(), Some(b'.' | b'_'))
    };
    let walk = WalkDir::new(dir).follow_links(true).sort_by_file_name();
    for entry in walk.into_iter().filter_entry(|entry| !is_hidden(entry)) {
        let entry = entry.map_err(|error| Error::io("cannot read", dir, error.into()))?;
        if !entry.file_type().is_dir() {
            found.push(entry.into_path());
        }
    }
    Ok(())
}

fn matching(pattern: &Path, found: &mut Vec<PathBuf>) -> Result<(), Error> {
    let shown = pattern.display();
    let unfit = |why: &dyn std::fmt::Display| Error::Usage(format!("{shown}: {why}"));
    let text = pattern
        .to_str()
        .ok_or_else(|| unfit(&"a pattern has to be UTF-8"))?;
    let options = glob::MatchOptions {
        require_literal_leading_dot: true,
        ..glob::MatchOptions::new()
    };
    let before = found.len();
    for path in glob::glob_with(text, options).map_err(|error| unfit(&error))? {
        let path = path.map_err(|error| Error::io("cannot read", pattern, error.into()))?;
        match path.is_dir() {
            true => files_in(&path, found)?,
            false => found.push(path),
        }
    }
    if found.len() == before {
        return Err(unfit(&"no file matches"));
    }
    Ok(())
}

fn lines(list: &Path) -> Result<Vec<String>, Error> {
    let failed = |error| Error::io("cannot read", list, error);
    let reader: Box<dyn BufRead> = match is_stdin(list) {
        true => Box::new(io::stdin().lock()),
        false => Box::new(BufReader::new(fs::File::open(list).map_err(failed)?)),
    };
    let lines: io::Result<Vec<String>> = reader.lines().collect();
    let mut lines = lines.map_err(failed)?;
    lines.retain(|line| !line.is_empty());
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(dir: &Path, named: &[&str]) -> Result<Vec<String>, String> {
        let inputs = Inputs {
            named: named.iter().map(|name| dir.join(name)).collect(),
            files_from: None,
        };
        let name = |input: &Input| {
            let path = input.path().unwrap();
            path.strip_prefix(dir).unwrap().display().to_string()
        };
        match inputs.expand() {
            Ok(found) => Ok(found.iter().map(name).collect()),
            Err(error) => Err(error.to_string().replace(&dir.display().to_string(), "DIR")),
        }
    }

    fn directory() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for folder in ["a/b", ".git", "_temporary"] {
            fs::create_dir_all(dir.path().join(folder)).unwrap();
        }
        for file in [
            "z.json",
            "a/b/2.json",
            "a/b/10.json",
            "a/x.gz",
            ".hidden",
            ".git/f",
            "_temporary/f",
            "odd[1].json",
        ] {
            fs::write(dir.path().join(file), "").unwrap();
        }
        dir
    }

    #[test]
    fn a_directory_stands_for_its_files_in_the_order_of_their_paths() {
        let dir = directory();
        let all = [
            "a/b/10.json",
            "a/b/2.json",
            "a/x.gz",
            "odd[1].json",
            "z.json",
        ];
        assert_eq!(expanded(dir.path(), &[""]).unwrap(), all);
        let again = expanded(dir.path(), &["z.json", "a", "z.json"]).unwrap();
        assert_eq!(again, ["z.json", "a/b/10.json", "a/b/2.json", "a/x.gz"]);
    }

    #[test]
    fn a_pattern_stands_for_what_matches_and_for_itself_if_it_is_there() {
        let dir = directory();
        let found = |pattern| expanded(dir.path(), &[pattern]);
        assert_eq!(
            found("**/*.json").unwrap(),
            ["a/b/10.json", "a/b/2.json", "odd[1].json", "z.json"]
        );
        assert_eq!(found("odd[1].json").unwrap(), ["odd[1].json"]);
        assert_eq!(found("?.json").unwrap(), ["z.json"]);
        assert_eq!(found("*.xml").unwrap_err(), "DIR/*.xml: no file matches");
        assert!(
            found("none.json")
                .unwrap_err()
                .starts_with("cannot read DIR/none.json: ")
        );
    }

    #[test]
    fn a_list_names_inputs_line_by_line() {
        let dir = directory();
        let list = dir.path().join("list");
        let (z, b) = (dir.path().join("z.json"), dir.path().join("a/b"));
        fs::write(&list, format!("{}\n\n{}\r\n", z.display(), b.display())).unwrap();
        let inputs = Inputs {
            named: Vec::new(),
            files_from: Some(list),
        };
        assert!(inputs.are_several());
        let found: Vec<String> = inputs.expand().unwrap().iter().map(Input::name).collect();
        assert_eq!(found, ["z.json", "10.json", "2.json"]);
    }
}
