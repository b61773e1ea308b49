//! The client of web servers, with what a URL has beside its path: a query, which may be its signature, and a
//! user.

use async_trait::async_trait;
use base64::prelude::{BASE64_STANDARD, Engine};
use object_store::{
    HeaderValue,
    client::{HttpClient, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpService},
};
use percent_encoding::percent_decode_str;
use reqwest::{ClientBuilder, Method, StatusCode};
use url::Url;

use super::patience;

/// The length of an answer that says none, as what is made while it is sent.
pub(super) const UNKNOWN_LENGTH: u64 = u64::MAX;

/// The client of a URL's server, whose requests have the URL's query and user.
pub(super) fn client(url: &Url) -> object_store::Result<HttpClient> {
    let client = |patience: fn(ClientBuilder) -> ClientBuilder| {
        let builder = reqwest::Client::builder()
            .connect_timeout(patience::CONNECT)
            .user_agent(concat!("voltree/", env!("CARGO_PKG_VERSION")))
            // Whom a server sends us to is not told of the signature in its URL.
            .referer(false);
        let client = patience(builder).build();
        client
            .map(HttpClient::new)
            .map_err(|source| object_store::Error::Generic {
                store: "HTTP",
                source: source.into(),
            })
    };
    Ok(HttpClient::new(SignedClient {
        client: client(|builder| builder.read_timeout(patience::SILENCE))?,
        // That timeout would end what takes longer to be sent.
        uploads: client(|builder| builder)?,
        query: url.query().map(str::to_owned),
        authorization: authorization(url),
    }))
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
struct SignedClient {
    client: HttpClient,
    uploads: HttpClient,
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
        let lists = request.method().as_str() == "PROPFIND";
        let mut whole = request.uri().to_string();
        // Without the slash servers send us to where it is, and whoever stands between may spoil the address.
        if lists && !whole.ends_with('/') {
            whole.push('/');
        }
        if let Some(query) = &self.query {
            whole = format!("{whole}?{query}");
        }
        let unknown = |error| HttpError::new(HttpErrorKind::Unknown, error);
        *request.uri_mut() = whole.parse().map_err(unknown)?;
        if let Some(authorization) = &self.authorization {
            let headers = request.headers_mut();
            headers.insert("authorization", authorization.clone());
        }
        if request.method() == Method::GET {
            let mut answer = self.client.execute(request).await?;
            let is_whole = answer.status() == StatusCode::OK;
            let headers = answer.headers_mut();
            if is_whole && !headers.contains_key("content-length") {
                headers.insert("content-length", UNKNOWN_LENGTH.into());
                // Where it would have to go on cannot be asked for without it.
                headers.remove("etag");
            }
            return Ok(answer);
        }
        let mut answer = match request.method() {
            &Method::PUT => self.upload(request).await?,
            _ => self.client.execute(request).await?,
        };
        // That something of several did not go well; what is changed here is one thing, and somebody has a lock.
        if !lists && answer.status() == StatusCode::MULTI_STATUS {
            *answer.status_mut() = StatusCode::LOCKED;
        }
        // All of it is there, or it is an answer that has to be asked for again. Those to GET go on from where
        // they broke off.
        let (head, body) = answer.into_parts();
        let interrupted = |error| HttpError::new(HttpErrorKind::Interrupted, error);
        let body = body.bytes().await.map_err(interrupted)?;
        Ok(HttpResponse::from_parts(head, body.into()))
    }
}

impl SignedClient {
    async fn upload(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let longest = patience::upload(request.body().content_length());
        let timeout = |error| HttpError::new(HttpErrorKind::Timeout, error);
        let answer = tokio::time::timeout(longest, self.uploads.execute(request)).await;
        answer.map_err(timeout)?
    }
}
