//! The client of web servers, with what a URL has beside its path: a query, which may be its signature, and a
//! user.

use async_trait::async_trait;
use base64::prelude::{BASE64_STANDARD, Engine};
use object_store::{
    HeaderValue,
    client::{HttpClient, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpService},
};
use percent_encoding::percent_decode_str;
use reqwest::Method;
use url::Url;

use super::patience;

/// The client of a URL's server, whose requests have the URL's query and user.
pub(super) fn client(url: &Url) -> object_store::Result<HttpClient> {
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
        let is_get = request.method() == Method::GET;
        let answer = self.client.execute(request).await?;
        if is_get {
            return Ok(answer);
        }
        // All of it is there, or it is an answer that has to be asked for again. Those to GET go on from where
        // they broke off.
        let (head, body) = answer.into_parts();
        let body = body.bytes().await;
        let body = body.map_err(|error| HttpError::new(HttpErrorKind::Interrupted, error))?;
        Ok(HttpResponse::from_parts(head, body.into()))
    }
}
