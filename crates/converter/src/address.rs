//! Addresses in object stores and of web servers, told from paths, and shown without their secrets.

use std::{fmt, path::Path};

use crate::Error;

/// Schemes of object stores.
const STORES: [&str; 6] = ["s3", "s3a", "gs", "az", "abfs", "abfss"];
/// Schemes of servers of which each URL is one object.
const SERVERS: [&str; 2] = ["http", "https"];

/// The parts of an address, as they were given.
///
/// What is shown leaves out user names, passwords and what stands behind `?`, where signatures are.
#[derive(Clone, Copy)]
pub(crate) struct Address<'a> {
    pub(crate) scheme: &'a str,
    pub(crate) user: Option<&'a str>,
    pub(crate) host: &'a str,
    /// With the slash before it; empty if there is none.
    pub(crate) path: &'a str,
    pub(crate) query: Option<&'a str>,
}

impl<'a> Address<'a> {
    /// The address that a text is, if it starts with a scheme and `://`; whoever parses one passes over
    /// white space before it. A single letter is a drive, and no scheme.
    pub(crate) fn of(text: &'a str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let scheme = scheme.trim_start();
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
        if scheme.len() < 2 || !scheme.bytes().all(fits) {
            return None;
        }
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
        Some(Address {
            scheme,
            user,
            host,
            path,
            query,
        })
    }

    /// Whether it is of a kind that is read.
    pub(crate) fn is_known(&self) -> bool {
        self.is_web() || is_one_of(self.scheme, &STORES)
    }

    /// Whether it is one of a web server's, and no object store's.
    pub(crate) fn is_web(&self) -> bool {
        is_one_of(self.scheme, &SERVERS)
    }

    /// Whether what looks like host and port, or like a host and a path, may be a user and a password, with a
    /// `/`, `?` or `#` in one of them that should have been escaped.
    fn may_hide_a_password(&self) -> bool {
        let rest = [self.path, self.query.unwrap_or_default()].concat();
        let before = rest.split_once('@').map(|(before, _)| before);
        let is_user =
            |before: &str| self.host.contains(':') || self.is_web() && before.contains(':');
        self.user.is_none() && before.is_some_and(is_user)
    }
}

impl fmt::Display for Address<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Address {
            scheme, host, path, ..
        } = self;
        if self.may_hide_a_password() {
            return write!(f, "{scheme}://***");
        }
        let user = match self.user {
            // Azure writes a container before its account.
            Some(container) if !self.is_web() && !container.contains(':') => {
                format!("{container}@")
            }
            Some(_) => "***@".to_owned(),
            None => String::new(),
        };
        let query = if self.query.is_some() { "?***" } else { "" };
        write!(f, "{scheme}://{user}{host}{path}{query}")
    }
}

/// Schemes are the same in capitals.
fn is_one_of(scheme: &str, known: &[&str]) -> bool {
    known.iter().any(|known| known.eq_ignore_ascii_case(scheme))
}

/// What was given where a path or an address is: without secrets, if it is one.
pub(crate) fn shown(given: &Path) -> String {
    let text = given.to_string_lossy();
    match Address::of(&text) {
        Some(address) => address.to_string(),
        None => text.into_owned(),
    }
}

/// What may be named beside paths.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beside {
    Nothing,
    Addresses,
}

/// Why it is not allowed there.
pub(crate) fn refusal(given: &Path, beside: Beside) -> Option<&'static str> {
    let text = given.to_string_lossy();
    let address = Address::of(&text)?;
    match beside {
        Beside::Nothing => Some("it has to be a path on this machine, not an address"),
        _ if cfg!(not(feature = "object-store")) => {
            Some("this voltree was built without object stores; it takes paths only")
        }
        _ if !address.is_known() => Some(
            "an address has to start with s3://, gs://, az://, abfs://, http:// or https://; \
             in front of a path like that stands ./",
        ),
        _ if given.to_str().is_none() => Some("an address has to be UTF-8"),
        _ => None,
    }
}

/// Refuses what is not allowed there: as a path, it would be a directory that is named like an address.
pub(crate) fn refuse(given: &Path, beside: Beside) -> Result<(), Error> {
    match refusal(given, beside) {
        None => Ok(()),
        Some(why) => Err(Error::Usage(format!("{}: {why}", shown(given)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_starts_with_a_scheme_is_an_address() {
        for text in [
            "s3://b/k",
            "gs://b/k",
            "az://c/k",
            "http://h/k",
            "https://h",
            "HTTPS://h",
            "S3://b/k",
            "abfss://c@a/k",
        ] {
            let address = Address::of(text).unwrap();
            assert_eq!(address.to_string(), text);
            assert!(address.is_known());
        }
        for text in ["file:///a", "ftp://h/k", "s3+x://b"] {
            assert!(!Address::of(text).unwrap().is_known(), "{text}");
        }
        for path in [
            "", "-", "a.json", "s3:/b", "/s3://b", "./s3://b", "S3", "c:\\a", "c://a",
        ] {
            assert!(Address::of(path).is_none(), "{path}");
            assert_eq!(shown(Path::new(path)), path);
        }
    }

    #[test]
    fn secrets_are_never_shown() {
        for (text, shown) in [
            ("https://me:pass@h:80/a/b.json", "https://***@h:80/a/b.json"),
            ("HTTPS://me:pass@h/b?sig=00", "HTTPS://***@h/b?***"),
            ("https://token@h/b", "https://***@h/b"),
            ("http://a@b:c@h/k", "http://***@h/k"),
            ("https://h/k?X-Amz-Signature=00&a=b?c", "https://h/k?***"),
            ("https://h?sig=00", "https://h?***"),
            ("https://h/k#sig", "https://h/k?***"),
            ("s3://key:secret@bucket/k?sig=00", "s3://***@bucket/k?***"),
            ("az://container@account/k", "az://container@account/k"),
            ("az://container:key@account/k", "az://***@account/k"),
            ("https://h/a@b?mail=a@b", "https://h/a@b?***"),
            ("https://me:pa/ss@h/x", "https://***"),
            ("https://me:pa?ss@h/x?sig=00", "https://***"),
            ("https://me:12#ss@h/x", "https://***"),
            ("https://dom/me:pass@h/x", "https://***"),
            ("s3://b/a:b@c", "s3://b/a:b@c"),
            ("s3://key:sec/ret@bucket/x", "s3://***"),
            ("ftp://me:pass@h/x", "ftp://***@h/x"),
            (" https://me:pass@h/x", "https://***@h/x"),
        ] {
            assert_eq!(super::shown(Path::new(text)), shown);
        }
    }
}
