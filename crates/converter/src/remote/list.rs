//! Which objects an address means that is a folder or a pattern.

use futures_util::TryStreamExt;
use glob::{MatchOptions, Pattern, PatternError};
use object_store::{ObjectMeta, path::Path};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::{ObjectUrl, address::plain, client::parse, failed, place, runtime};
use crate::Error;

/// Characters of patterns; `?` starts a query.
const SPECIAL: [char; 2] = ['*', '['];

impl ObjectUrl {
    /// Whether it may mean several objects: it ends with `/`, or is a pattern with `*` or `[`. A web server's
    /// is always one.
    pub fn may_be_several(&self) -> bool {
        let path = self.parts().path;
        !self.is_web() && (path.is_empty() || path.ends_with('/') || path.contains(SPECIAL))
    }
}

/// The objects that an address means, in the order of their keys; for one that is neither a folder nor a
/// pattern, itself.
///
/// In a folder, what is hidden is left out, as among files: names that start with `.` or `_`.
///
/// # Errors
///
/// When the pattern is none, the objects cannot be listed, or there are none.
pub(crate) fn list(url: &ObjectUrl) -> Result<Vec<ObjectUrl>, Error> {
    // Names are made of its parts, and they may be other ones than they seem: a password may go on in its path.
    parse(url)?;
    if !url.may_be_several() {
        return Ok(vec![url.clone()]);
    }
    let key = url.parts().path.trim_start_matches('/');
    let meant = Meant::by(key).map_err(|error| Error::Usage(format!("{url}: {error}")))?;
    let place = place(&url.with_path(folder(key)))?;
    let prefix = (!place.path.is_root()).then_some(&place.path);
    let found: Vec<ObjectMeta> = runtime()?
        .block_on(place.store.list(prefix).try_collect())
        .map_err(|error| failed("cannot list", url, &error))?;
    let mut keys: Vec<Path> = found.into_iter().map(|object| object.location).collect();
    keys.retain(|key| meant.takes(key, &place.path));
    keys.sort_unstable();
    if keys.is_empty() {
        return Err(Error::Usage(format!("{url}: no object matches")));
    }
    let address = |key: &Path| url.with_path(&escaped(key.as_ref()));
    Ok(keys.iter().map(address).collect())
}

/// The folder of a key that no pattern is before, without the slash behind it.
fn folder(key: &str) -> &str {
    let fixed = &key[..key.find(SPECIAL).unwrap_or(key.len())];
    fixed.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A pattern of a URL as one of keys: what is escaped there stands for itself.
fn unescaped(pattern: &str) -> String {
    const SPECIAL: [char; 3] = ['*', '[', ']'];
    let pieces = pattern.split_inclusive(SPECIAL).flat_map(|piece| {
        let (text, special) = piece.split_at(piece.trim_end_matches(SPECIAL).len());
        [Pattern::escape(&plain(text)), special.to_owned()]
    });
    pieces.collect()
}

/// Which objects of a folder are meant.
enum Meant {
    /// All that are not hidden.
    All,
    Matching(Pattern),
}

impl Meant {
    fn by(key: &str) -> Result<Self, PatternError> {
        Ok(match key.contains(SPECIAL) {
            true => Meant::Matching(Pattern::new(&unescaped(key))?),
            false => Meant::All,
        })
    }

    fn takes(&self, key: &Path, folder: &Path) -> bool {
        const OPTIONS: MatchOptions = MatchOptions {
            case_sensitive: true,
            require_literal_separator: true,
            require_literal_leading_dot: true,
        };
        match self {
            Meant::Matching(pattern) => pattern.matches_with(key.as_ref(), OPTIONS),
            Meant::All => !key
                .parts()
                .skip(folder.parts_count())
                .any(|part| part.as_ref().starts_with(['.', '_'])),
        }
    }
}

/// A key as it stands in a URL, with nothing in it that means more there.
pub(super) fn escaped(key: &str) -> String {
    const UNFIT: &AsciiSet = &CONTROLS
        .add(b' ')
        .add(b'%')
        .add(b'?')
        .add(b'#')
        .add(b'*')
        .add(b'[');
    utf8_percent_encode(key, UNFIT).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(pattern: &str, keys: &[&str]) -> Vec<String> {
        let meant = Meant::by(pattern).unwrap();
        let folder = Path::from(folder(pattern));
        let keys = keys
            .iter()
            .filter(|key| meant.takes(&Path::parse(key).unwrap(), &folder));
        keys.map(|key| (*key).to_owned()).collect()
    }

    #[test]
    fn a_folder_means_what_is_not_hidden_in_it() {
        let keys = [
            "_in/a.json",
            "_in/b/c.json",
            "_in/.d/e.json",
            "_in/_tmp/f",
            "_in/g/_SUCCESS",
        ];
        assert_eq!(taken("_in/", &keys), keys[..2]);
    }

    #[test]
    fn a_pattern_means_what_matches_part_by_part() {
        let keys = ["in/a.json", "in/b/c.json", "in/b/d.gz", "in/.e.json"];
        assert_eq!(taken("in/*.json", &keys), keys[..1]);
        assert_eq!(taken("in/**/*.json", &keys), keys[..2]);
        assert_eq!(taken("in/b/[a-d]*", &keys), keys[1..3]);
        assert_eq!(taken("in/b/[a%2Dd]*", &keys), keys[1..3]);
        let keys = ["in 1/ä.json", "in 1/*.json", "in%201/a.json"];
        assert_eq!(taken("in%201/*.json", &keys), keys[..2]);
        assert_eq!(taken("in%201/*%C3%A4.json", &keys), keys[..1]);
        assert_eq!(taken("in%201/%2A.[j]son", &keys), keys[1..2]);
        assert_eq!(folder("in/b/[a-d]*"), "in/b");
        assert_eq!(folder("*.json"), "");
        assert!(Meant::by("a[").is_err());
    }

    #[test]
    fn only_folders_and_patterns_of_stores_may_be_several() {
        let several = |text| ObjectUrl::new(text).unwrap().may_be_several();
        for text in ["s3://b", "s3://b/", "gs://b/a/", "az://c/a*", "s3://b/[ab]"] {
            assert!(several(text), "{text}");
        }
        for text in ["s3://b/a", "s3://b/a?*", "https://h/", "https://h/a*"] {
            assert!(!several(text), "{text}");
        }
    }

    #[test]
    fn keys_are_written_so_that_they_are_read_again() {
        let url = ObjectUrl::new("s3://me@bucket/x/*?a=b").unwrap();
        let key = "a b/100 %/ä*[1]?#.json";
        let address = url.with_path(&escaped(key));
        assert!(!address.may_be_several());
        assert_eq!(
            address.secret(),
            "s3://me@bucket/a%20b/100%20%25/%C3%A4%2A%5B1]%3F%23.json?a=b"
        );
        let address = ObjectUrl::new("s3://bucket/")
            .unwrap()
            .with_path(&escaped(key));
        assert_eq!(place(&address).unwrap().path.as_ref(), key);
    }
}
