//! Which inputs are meant: paths, directories, patterns and lists of these.

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    fs,
    io::{self, Read},
    os::unix::ffi::OsStrExt,
    path::{Component, Path, PathBuf},
};

use glob::{MatchOptions, Pattern};
use walkdir::{DirEntry, WalkDir};

use crate::{
    Error, Input,
    address::{Beside, refuse, shown},
};
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
        self.files_from.is_some() || !is_stdin(one) && (one.is_dir() || is_pattern(one))
    }

    /// The inputs: in the order in which they were named, those of a directory or a pattern in the
    /// order of their paths, each once. Whether one can be read shows when it is.
    ///
    /// What a directory or a pattern has below `out` is the output, and no input.
    ///
    /// # Errors
    ///
    /// When a pattern matches nothing, a store cannot be listed, or a list cannot be read.
    pub fn expand(&self, out: Option<&Path>) -> Result<Vec<Input>, Error> {
        let mut found = Found {
            paths: Vec::new(),
            out: out.and_then(|out| out.canonicalize().ok()),
        };
        for path in &self.named {
            found.expand(path)?;
        }
        if let Some(list) = &self.files_from {
            let refused = || {
                let text = "standard input cannot be an input and the list of inputs";
                Error::Usage(text.to_owned())
            };
            let clashes = |path: &PathBuf| is_stdin(list) && is_stdin(path);
            // Before it is read, which may take a person at a terminal.
            if self.named.iter().any(clashes) {
                return Err(refused());
            }
            let lines = lines(list)?;
            if lines.iter().any(clashes) {
                return Err(refused());
            }
            for line in lines {
                found.expand(&line)?;
            }
        }
        let mut seen = BTreeSet::new();
        found.paths.retain(|path| seen.insert(path.clone()));
        if found.paths.is_empty() {
            let named = self.named.iter().chain(&self.files_from);
            let named: Vec<String> = named.map(|path| shown(path)).collect();
            let text = format!("there is no input in {}", named.join(", "));
            return Err(Error::Usage(text));
        }
        Ok(found.paths.iter().map(|path| Input::new(path)).collect())
    }
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// A path that exists is no pattern, whatever its characters.
fn is_pattern(path: &Path) -> bool {
    is_special(path.as_os_str()) && !path.exists()
}

fn is_special(text: &OsStr) -> bool {
    let special = |byte: &u8| b"*?[".contains(byte);
    text.as_encoded_bytes().iter().any(special)
}

/// The inputs that were found so far.
struct Found {
    paths: Vec<PathBuf>,
    /// Where the output goes, if that is a directory which is there.
    out: Option<PathBuf>,
}

impl Found {
    fn expand(&mut self, path: &Path) -> Result<(), Error> {
        refuse(path, Beside::Addresses)?;
        #[cfg(feature = "object-store")]
        if let Some(url) = ObjectUrl::of_path(path) {
            let urls = remote::list(&url)?;
            self.paths.extend(urls.iter().map(ObjectUrl::to_path));
            return Ok(());
        }
        if is_stdin(path) {
            self.paths.push(path.to_owned());
        } else if path.is_dir() {
            self.walk(path);
        } else if is_pattern(path) {
            self.matching(path)?;
        } else {
            self.paths.push(path.to_owned());
        }
        Ok(())
    }

    /// All files below a directory, but hidden ones and those that writers of datasets hide with `_`,
    /// and pipes, which could be waited for without end.
    fn walk(&mut self, dir: &Path) {
        let is_hidden = |depth: usize, path: &Path| {
            let name = path.file_name().unwrap_or_default().as_encoded_bytes();
            depth > 0 && matches!(name.first(), Some(b'.' | b'_'))
        };
        let is_meant = |entry: &DirEntry| !is_hidden(entry.depth(), entry.path());
        for entry in entries(dir, usize::MAX).filter_entry(is_meant) {
            match entry {
                Ok(entry) if entry.file_type().is_file() => self.push(entry.path()),
                Ok(_) => {}
                // What cannot be looked at is an input that cannot be read.
                Err(error) => {
                    let path = error.path().unwrap_or(dir);
                    if !is_hidden(error.depth(), path) {
                        self.push(path);
                    }
                }
            }
        }
    }

    fn matching(&mut self, path: &Path) -> Result<(), Error> {
        const OPTIONS: MatchOptions = MatchOptions {
            case_sensitive: true,
            require_literal_separator: true,
            require_literal_leading_dot: true,
        };
        let shown = shown(path);
        let unfit = |why: &dyn std::fmt::Display| Error::Usage(format!("{shown}: {why}"));
        // Written as what is found is.
        let is_here = |part: &Component<'_>| *part == Component::CurDir;
        let path: PathBuf = path.components().skip_while(is_here).collect();
        let text = path
            .to_str()
            .ok_or_else(|| unfit(&"a pattern has to be UTF-8"))?;
        let pattern = Pattern::new(text).map_err(|error| unfit(&error))?;
        let parts = path.components().map(|part| part.as_os_str());
        let parts: Result<Vec<Pattern>, _> = parts
            .map(|part| Pattern::new(&part.to_string_lossy()))
            .collect();
        let parts = parts.map_err(|error| unfit(&error))?;
        // Whether something that matches may lie within.
        let may_hold = |dir: &Path| {
            let mut names = dir.components().map(|name| name.as_os_str());
            for part in &parts {
                match names.next() {
                    None => return true,
                    Some(_) if part.as_str() == "**" => return true,
                    Some(name) if part.matches_path_with(Path::new(name), OPTIONS) => {}
                    Some(_) => return false,
                }
            }
            false
        };
        let is_fixed = |part: &Component<'_>| !is_special(part.as_os_str());
        let base: PathBuf = path.components().take_while(is_fixed).collect();
        let depth = match text.contains("**") {
            true => usize::MAX,
            false => path.components().count() - base.components().count(),
        };
        let here = Path::new(".");
        let from = if base == Path::new("") { here } else { &base };
        let before = self.paths.len();
        for entry in entries(from, depth) {
            let at = match &entry {
                Ok(entry) => entry.path(),
                Err(error) => error.path().unwrap_or(from),
            };
            let found = match from == here {
                true => at.strip_prefix(here).unwrap_or(at),
                false => at,
            };
            let is_meant = pattern.matches_path_with(found, OPTIONS);
            match &entry {
                Ok(entry) if is_meant && entry.file_type().is_dir() => self.walk(found),
                Ok(_) if is_meant => self.push(found),
                Ok(_) => {}
                Err(error) if is_absent(error) && error.depth() == 0 => break,
                // What cannot be looked at is an input that cannot be read, and so is what cannot be looked into.
                Err(error) if is_meant || !is_absent(error) && may_hold(found) => self.push(at),
                Err(_) => {}
            }
        }
        if self.paths.len() == before {
            return Err(unfit(&"no file matches"));
        }
        Ok(())
    }

    /// Adds what was found, unless it is a part of the output.
    fn push(&mut self, path: &Path) {
        let is_output = |out: &PathBuf| path.canonicalize().is_ok_and(|path| path.starts_with(out));
        if !self.out.as_ref().is_some_and(is_output) {
            self.paths.push(path.to_owned());
        }
    }
}

fn is_absent(error: &walkdir::Error) -> bool {
    let error = error.io_error();
    error.is_some_and(|error| error.kind() == io::ErrorKind::NotFound)
}

/// What is below a directory, in the order of the paths.
fn entries(dir: &Path, depth: usize) -> walkdir::IntoIter {
    WalkDir::new(dir)
        .follow_links(true)
        .max_depth(depth)
        .sort_by_file_name()
        .into_iter()
}

/// The lines of a list, which may name what is no UTF-8.
fn lines(list: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |error| Error::io("cannot read", list, error);
    let mut text = Vec::new();
    match is_stdin(list) {
        true => io::stdin().lock().read_to_end(&mut text),
        false => fs::File::open(list).and_then(|mut file| file.read_to_end(&mut text)),
    }
    .map_err(failed)?;
    let lines = text.split(|byte| *byte == b'\n');
    let lines = lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let lines = lines.filter(|line| !line.is_empty());
    Ok(lines.map(|line| OsStr::from_bytes(line).into()).collect())
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
        match inputs.expand(None) {
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
        assert_eq!(found("none/*").unwrap_err(), "DIR/none/*: no file matches");
        assert_eq!(found("*/b/*").unwrap(), ["a/b/10.json", "a/b/2.json"]);
        assert_eq!(
            found("a*").unwrap(),
            ["a/b/10.json", "a/b/2.json", "a/x.gz"]
        );
        // Whether it is there shows when it is read.
        assert_eq!(found("none.json").unwrap(), ["none.json"]);
    }

    #[test]
    fn what_cannot_be_looked_at_is_an_input_if_it_is_meant() {
        let dir = directory();
        let link = |to, name| std::os::unix::fs::symlink(to, dir.path().join("a").join(name));
        for (to, name) in [
            ("gone", "dead.json"),
            ("gone", ".#x"),
            ("gone", "_tmp"),
            (".", "loop"),
        ] {
            link(to, name).unwrap();
        }
        let found = |pattern| expanded(dir.path(), &[pattern]);
        let all = [
            "a/b/10.json",
            "a/b/2.json",
            "a/dead.json",
            "a/loop",
            "a/x.gz",
        ];
        assert_eq!(found("a").unwrap(), all);
        assert_eq!(found("a/*.json").unwrap(), ["a/dead.json"]);
        assert_eq!(found("a/x*").unwrap(), ["a/x.gz"]);
        assert_eq!(
            found("a/*.xml").unwrap_err(),
            "DIR/a/*.xml: no file matches"
        );
    }

    #[test]
    fn a_pattern_may_begin_here() {
        let found = |pattern: &str| {
            let inputs = Inputs {
                named: vec![pattern.into()],
                files_from: None,
            };
            let found = inputs.expand(None).unwrap();
            found.iter().map(Input::label).collect::<Vec<_>>()
        };
        // Tests run in the crate's directory.
        assert_eq!(found("./*.toml"), ["Cargo.toml"]);
        assert_eq!(found("././Cargo.*"), ["Cargo.toml"]);
        assert_eq!(found("./src/ma[i]n.rs"), ["src/main.rs"]);
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
        let found: Vec<String> = inputs
            .expand(None)
            .unwrap()
            .iter()
            .map(Input::name)
            .collect();
        assert_eq!(found, ["z.json", "10.json", "2.json"]);
    }
}
