//! Web servers, with what a URL has beside its path: a query, which may be its signature, and a user.

use std::sync::Arc;

use async_trait::async_trait;
use base64::prelude::{BASE64_STANDARD, Engine};
use object_store::{
    ClientOptions, HeaderValue, ObjectStore,
    client::{
        HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpService,
    },
    http::HttpBuilder,
};
use percent_encoding::percent_decode_str;
use url::{Position, Url};

use super::{failed, patience};
use crate::{Error, ObjectUrl};

/// The server of a URL, as a store whose requests have the URL's query and user.
pub(super) fn store(url: &Url) -> Result<Arc<dyn ObjectStore>, Error> {
    let mut origin = url.clone();
    // Neither fails for `http`.
    let _ = origin.set_username("");
    let _ = origin.set_password(None);
    let store = HttpBuilder::new()
        .with_url(&origin[..Position::BeforePath])
        .with_retry(patience::retry())
        .with_http_connector(Signed {
            query: url.query().map(str::to_owned),
            authorization: authorization(url),
        })
        .build();
    match store {
        Ok(store) => Ok(Arc::new(store)),
        Err(error) => {
            let url = ObjectUrl::new(url.as_str());
            Err(url.map_or_else(
                || Error::Usage("the address is no URL".to_owned()),
                |url| failed("cannot reach", &url, &error),
            ))
        }
    }
}

fn authorization(url: &Url) -> Option<HeaderValue> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let mut user = percent_decode_str(url.username()).collect::<Vec<u8>>();
    user.push(b':');
    user.extend(percent_decode_str(url.password().unwrap_or_default()));
    let mut value: HeaderValue = format!("Basic {}", BASE64_STANDARD.encode(user))
        .parse()
        .ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Adds to each request what belongs to its URL.
struct Signed {
    query: Option<String>,
    authorization: Option<HeaderValue>,
}

/// Without the secrets.
impl std::fmt::Debug for Signed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signed")
    }
}

impl HttpConnector for Signed {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        let client = reqwest::Client::builder()
            .connect_timeout(patience::CONNECT)
            .read_timeout(patience::SILENCE)
            .user_agent(concat!("voltree/", env!("CARGO_PKG_VERSION")))
            // Whom a server sends us to is not told of the signature in its URL.
            .referer(false)
            .build()
            .map_err(|source| object_store::Error::Generic {
                store: "HTTP",
                source: source.into(),
            })?;
        Ok(HttpClient::new(SignedClient {
            client: HttpClient::new(client),
            query: self.query.clone(),
            authorization: self.authorization.clone(),
        }))
    }
}

struct SignedClient {
    client: HttpClient,
    query: Option<String>,
    authorization: Option<HeaderValue>,
}

/// Without the secrets.
impl std::fmt::Debug for SignedClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SignedClient")
    }
}

#[async_trait]
impl HttpService for SignedClient {
    async fn call(&self, mut request: HttpRequest) -> Result<HttpResponse, HttpError> {
        if let Some(query) = &self.query {
            let whole = format!("{}?{query}", request.uri());
            *request.uri_mut() = whole
                .parse()
                .map_err(|error| HttpError::new(HttpErrorKind::Unknown, error))?;
        }
        if let Some(authorization) = &self.authorization {
            let headers = request.headers_mut();
            headers.insert("authorization", authorization.clone());
        }
        self.client.execute(request).await
    }
}
