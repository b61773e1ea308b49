//! Addresses of objects.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use super::list::escaped;
use crate::{address::Address, batch::dataset};

/// The address of an object, or of all objects below a prefix.
///
/// What is shown of it leaves out user names, passwords and what stands behind `?`, where signatures are.
///
/// ```
/// use voltree::ObjectUrl;
///
/// let url = ObjectUrl::new("https://me:secret@example.com/a.json?sig=0a1b").unwrap();
/// assert_eq!(url.to_string(), "https://***@example.com/a.json?***");
/// assert_eq!(url.name(), "a.json");
/// assert_eq!(ObjectUrl::new("a.json"), None);
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectUrl(String);

impl ObjectUrl {
    /// What this text addresses, if it starts with a scheme of an object store, `http://` or `https://`.
    pub fn new(text: &str) -> Option<Self> {
        let known = Address::of(text).is_some_and(|address| address.is_known());
        known.then(|| ObjectUrl(text.to_owned()))
    }

    /// The same of what was given as a path.
    pub(crate) fn of_path(path: &Path) -> Option<Self> {
        path.to_str().and_then(ObjectUrl::new)
    }

    /// All of it, secrets too, as it was given.
    pub(crate) fn to_path(&self) -> PathBuf {
        PathBuf::from(&self.0)
    }

    /// The last part of its path, or the host if it has none.
    pub fn name(&self) -> String {
        let mut names = self.names();
        plain(names.next_back().unwrap_or(self.parts().host))
    }

    /// The last part but one.
    pub(crate) fn parent_name(&self) -> Option<String> {
        self.names().rev().nth(1).map(plain)
    }

    fn names(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.parts().path.split('/').filter(|name| !name.is_empty())
    }

    /// All of it, secrets too.
    pub(super) fn secret(&self) -> &str {
        &self.0
    }

    /// The same with another path, which has no slash before it.
    pub(super) fn with_path(&self, path: &str) -> Self {
        let Address {
            scheme,
            user,
            host,
            query,
            ..
        } = self.parts();
        let user = user.map_or_else(String::new, |user| format!("{user}@"));
        let query = query.map_or_else(String::new, |query| format!("?{query}"));
        ObjectUrl(format!("{scheme}://{user}{host}/{path}{query}"))
    }

    /// The dataset of which this is the manifest of a snapshot.
    pub(crate) fn dataset(&self) -> Option<Self> {
        let path = self.parts().path;
        let (folder, name) = path.rsplit_once('/')?;
        let dataset = folder.strip_suffix(dataset::SNAPSHOTS)?;
        let dataset = match dataset.trim_start_matches('/') {
            "" => "",
            dataset => dataset.strip_suffix('/')?,
        };
        name.ends_with(".json").then(|| self.with_path(dataset))
    }

    /// The object with this key below it.
    pub(crate) fn below(&self, key: &str) -> Self {
        let path = self.parts().path.trim_matches('/');
        let key = escaped(key);
        match path {
            "" => self.with_path(&key),
            path => self.with_path(&format!("{path}/{key}")),
        }
    }

    /// Whether it is one of a web server's, and no object store's.
    pub(super) fn is_web(&self) -> bool {
        self.parts().is_web()
    }

    pub(super) fn parts(&self) -> Address<'_> {
        // There is none that was made of another text.
        Address::of(&self.0).expect("an address")
    }
}

impl fmt::Display for ObjectUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts().fmt(f)
    }
}

impl fmt::Debug for ObjectUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ObjectUrl({self})")
    }
}

/// A part of a path without `%` escapes.
pub(super) fn plain(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_shown_by_debug_either() {
        let url = ObjectUrl::new("https://me:pass@h/b?sig=00").unwrap();
        assert_eq!(format!("{url:?}"), "ObjectUrl(https://***@h/b?***)");
        assert_eq!(url.to_string(), "https://***@h/b?***");
    }

    #[test]
    fn the_name_is_the_last_part_of_the_path() {
        for (text, name) in [
            ("s3://bucket/a/b.json.gz", "b.json.gz"),
            ("s3://bucket/a/b%20c.json", "b c.json"),
            ("s3://bucket/a/", "a"),
            ("https://host/operators?key=1/2", "operators"),
            ("https://me:pass@host/", "host"),
            ("https://me:pass@host", "host"),
        ] {
            assert_eq!(ObjectUrl::new(text).unwrap().name(), name, "{text}");
        }
        let parent = |text| ObjectUrl::new(text).unwrap().parent_name();
        assert_eq!(parent("s3://bucket/a/b%20c/d.json"), Some("b c".to_owned()));
        assert_eq!(parent("s3://bucket/d.json"), None);
    }
}
