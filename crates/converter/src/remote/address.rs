//! Addresses of objects.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use super::list::escaped;
use crate::batch::dataset;

/// Schemes of object stores.
const STORES: [&str; 6] = ["s3", "s3a", "gs", "az", "abfs", "abfss"];
/// Schemes of servers of which each URL is one object.
const SERVERS: [&str; 2] = ["http", "https"];

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
        let (scheme, _) = text.split_once("://")?;
        let known = STORES.contains(&scheme) || SERVERS.contains(&scheme);
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
        let Parts {
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
        SERVERS.contains(&self.parts().scheme)
    }

    /// Scheme, host and path as they were given, without secrets.
    pub(super) fn parts(&self) -> Parts<'_> {
        let (scheme, rest) = self.0.split_once("://").unwrap_or(("", &self.0));
        let (rest, query) = match rest.find(['?', '#']) {
            Some(at) => (&rest[..at], Some(&rest[at + 1..])),
            None => (rest, None),
        };
        let (authority, path) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        let (user, host) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(user), host),
            None => (None, authority),
        };
        Parts {
            scheme,
            user,
            host,
            path,
            query,
        }
    }
}

/// The parts of a URL.
pub(super) struct Parts<'a> {
    pub(super) scheme: &'a str,
    pub(super) user: Option<&'a str>,
    pub(super) host: &'a str,
    /// With the slash before it; empty if there is none.
    pub(super) path: &'a str,
    pub(super) query: Option<&'a str>,
}

impl fmt::Display for ObjectUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts {
            scheme,
            user,
            host,
            path,
            query,
        } = self.parts();
        let user = match user {
            // Azure writes a container before its account.
            Some(container) if !self.is_web() && !container.contains(':') => {
                format!("{container}@")
            }
            Some(_) => "***@".to_owned(),
            None => String::new(),
        };
        let query = if query.is_some() { "?***" } else { "" };
        write!(f, "{scheme}://{user}{host}{path}{query}")
    }
}

impl fmt::Debug for ObjectUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ObjectUrl({self})")
    }
}

/// A part of a path without `%` escapes.
fn plain(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_schemes_are_addresses() {
        for text in [
            "s3://b/k",
            "gs://b/k",
            "az://c/k",
            "http://h/k",
            "https://h",
            "abfss://c@a/k",
        ] {
            assert_eq!(ObjectUrl::new(text).unwrap().to_string(), text);
        }
        for path in [
            "",
            "-",
            "a.json",
            "s3:/b",
            "/s3://b",
            "file:///a",
            "S3",
            "c:\\a",
            "ftp://h/k",
        ] {
            assert_eq!(ObjectUrl::new(path), None, "{path}");
        }
    }

    #[test]
    fn secrets_are_never_shown() {
        for (text, shown) in [
            ("https://me:pass@h:80/a/b.json", "https://***@h:80/a/b.json"),
            ("https://token@h/b", "https://***@h/b"),
            ("http://a@b:c@h/k", "http://***@h/k"),
            ("https://h/k?X-Amz-Signature=00&a=b?c", "https://h/k?***"),
            ("https://h?sig=00", "https://h?***"),
            ("https://h/k#sig", "https://h/k?***"),
            ("s3://key:secret@bucket/k?sig=00", "s3://***@bucket/k?***"),
            ("az://container@account/k", "az://container@account/k"),
            ("az://container:key@account/k", "az://***@account/k"),
        ] {
            let url = ObjectUrl::new(text).unwrap();
            assert_eq!(url.to_string(), shown);
            assert_eq!(format!("{url:?}"), format!("ObjectUrl({shown})"));
        }
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
