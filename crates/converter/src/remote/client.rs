//! From an address to the store that has it.

use std::{
    collections::BTreeMap,
    env, io,
    sync::{Arc, Mutex, PoisonError},
};

use object_store::{
    ObjectStore, ObjectStoreScheme, aws::AmazonS3Builder, azure::MicrosoftAzureBuilder,
    gcp::GoogleCloudStorageBuilder, path::Path,
};
use url::{Position, Url};

use super::{ObjectUrl, dav::Dav, failed, innermost, patience, runtime};
use crate::Error;

/// Where an object is.
pub(crate) struct Place {
    pub(crate) store: Arc<dyn ObjectStore>,
    pub(crate) path: Path,
}

/// The place of an object, or of a prefix. Says nothing about whether there is any.
pub(crate) fn place(url: &ObjectUrl) -> Result<Place, Error> {
    // It sets up what TLS needs, which clients are made with.
    runtime()?;
    let parsed = parse(url)?;
    let path = Path::from_url_path(parsed.path()).map_err(|_| {
        wrong(
            url,
            "its path has an empty part, `.`, `..` or no UTF-8".to_owned(),
        )
    })?;
    let store = match ObjectStoreScheme::parse(&parsed) {
        // Each may have its own signature.
        _ if url.is_web() && parsed.query().is_some() => web(url, &parsed)?,
        _ if url.is_web() => shared(&parsed, || web(url, &parsed))?,
        Ok((scheme, _)) => shared(&parsed, || cloud(url, &parsed, &scheme))?,
        Err(_) => return Err(wrong(url, "it is no address of an object".to_owned())),
    };
    Ok(Place { store, path })
}

/// The address, if it is a whole one.
pub(super) fn parse(url: &ObjectUrl) -> Result<Url, Error> {
    // There a backslash is as good as a slash, so that a user's name ends up as the host.
    if url.is_web() && url.secret().contains('\\') {
        return Err(wrong(url, "in an address `\\` is written %5C".to_owned()));
    }
    let parsed = Url::parse(url.secret()).map_err(|error| match error {
        url::ParseError::InvalidPort => wrong(
            url,
            "invalid port number; in a password `/` is %2F, `?` is %3F, `#` is %23".to_owned(),
        ),
        error => wrong(url, error.to_string()),
    })?;
    match parsed.host_str() {
        None | Some("") => Err(wrong(url, "it names no bucket or host".to_owned())),
        Some(_) => Ok(parsed),
    }
}

fn wrong(url: &ObjectUrl, why: String) -> Error {
    Error::Usage(format!("{url}: {why}"))
}

/// The store of a bucket or server, which all of its objects share: with its connections and credentials.
fn shared(
    parsed: &Url,
    build: impl FnOnce() -> Result<Arc<dyn ObjectStore>, Error>,
) -> Result<Arc<dyn ObjectStore>, Error> {
    static STORES: Mutex<BTreeMap<String, Arc<dyn ObjectStore>>> = Mutex::new(BTreeMap::new());
    let mut stores = STORES.lock().unwrap_or_else(PoisonError::into_inner);
    let place = &parsed[..Position::BeforePath];
    if let Some(store) = stores.get(place) {
        return Ok(Arc::clone(store));
    }
    let store = build()?;
    stores.insert(place.to_owned(), Arc::clone(&store));
    Ok(store)
}

/// A web server.
fn web(url: &ObjectUrl, parsed: &Url) -> Result<Arc<dyn ObjectStore>, Error> {
    match Dav::new(parsed) {
        Ok(server) => Ok(Arc::new(server)),
        Err(error) => Err(failed("cannot reach", url, &error)),
    }
}

/// A bucket.
fn cloud(
    url: &ObjectUrl,
    parsed: &Url,
    scheme: &ObjectStoreScheme,
) -> Result<Arc<dyn ObjectStore>, Error> {
    let environment: Vec<(String, String)> = environment(scheme).collect();
    // The builders have no trait in common. What the environment says of clients counts more than what we say.
    macro_rules! build {
        ($builder:ty) => {{
            let builder = <$builder>::new()
                .with_url(parsed.as_str())
                .with_retry(patience::retry())
                .with_client_options(patience::options());
            let given = environment.iter().fold(builder, |builder, (name, value)| {
                match name.to_ascii_lowercase().parse() {
                    Ok(key) => builder.with_config(key, value),
                    Err(_) => builder,
                }
            });
            given.build().map(|store| Arc::new(store) as _)
        }};
    }
    let built: object_store::Result<Arc<dyn ObjectStore>> = match scheme {
        ObjectStoreScheme::AmazonS3 => build!(AmazonS3Builder),
        ObjectStoreScheme::GoogleCloudStorage => build!(GoogleCloudStorageBuilder),
        _ => build!(MicrosoftAzureBuilder),
    };
    built.map_err(|error| Error::Io {
        doing: format!("cannot use {url}"),
        error: io::Error::other(without_values(&error, &environment)),
    })
}

/// The variables that are meant for this kind of store; others may be called alike.
fn environment(scheme: &ObjectStoreScheme) -> impl Iterator<Item = (String, String)> {
    let prefix = match scheme {
        ObjectStoreScheme::AmazonS3 => "AWS_",
        ObjectStoreScheme::GoogleCloudStorage => "GOOGLE_",
        _ => "AZURE_",
    };
    env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(move |(name, _)| name.starts_with(prefix))
}

/// What is wrong with the address or the environment, which no server has seen yet.
fn without_values(error: &object_store::Error, environment: &[(String, String)]) -> String {
    let mut text = innermost(error);
    for (_, value) in environment {
        if !value.is_empty() {
            text = text.replace(value, "***");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_scheme_has_its_store_and_path() {
        for (text, store, path) in [
            (
                "gs://bucket/a/b%20c.json",
                "GoogleCloudStorage",
                "a/b c.json",
            ),
            ("https://example.com/a.json?sig=1", "HttpStore", "a.json"),
            ("s3://bucket/", "AmazonS3", ""),
        ] {
            let place = place(&ObjectUrl::new(text).unwrap()).unwrap();
            assert!(
                place.store.to_string().starts_with(store),
                "{}",
                place.store
            );
            assert_eq!(place.path.as_ref(), path);
        }
    }

    #[test]
    fn values_of_the_environment_are_not_quoted() {
        let error = object_store::Error::Generic {
            store: "S3",
            source: "Invalid value \"sesame\" for AWS_KEY".into(),
        };
        let environment = [("AWS_KEY".to_owned(), "sesame".to_owned())];
        assert_eq!(
            without_values(&error, &environment),
            "Invalid value \"***\" for AWS_KEY"
        );
    }

    #[test]
    fn what_is_no_address_is_refused_without_its_secrets() {
        for (text, error) in [
            ("s3://", "s3://: it names no bucket or host"),
            (
                "s3://b/a//b",
                "s3://b/a//b: its path has an empty part, `.`, `..` or no UTF-8",
            ),
            (
                "https://dom\\me:pass@h/a",
                "https://***@h/a: in an address `\\` is written %5C",
            ),
            (
                "https://me:pass@h:x/a?sig=1",
                "https://***@h:x/a?***: invalid port number; in a password `/` is %2F, `?` is %3F, \
                 `#` is %23",
            ),
        ] {
            let refused = place(&ObjectUrl::new(text).unwrap()).err().unwrap();
            assert_eq!(refused.to_string(), error);
        }
    }
}
