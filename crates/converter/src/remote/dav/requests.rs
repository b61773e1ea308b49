//! The requests that change what a web server has.

use std::{
    collections::BTreeSet,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use object_store::{
    Error, HeaderValue, PutPayload, Result,
    client::{HttpClient, HttpError, HttpErrorKind, HttpRequest, HttpRequestBody, HttpResponse},
    path::Path,
};
use reqwest::{
    Method, StatusCode,
    header::{ETAG, HeaderName, IF_NONE_MATCH},
};
use tokio::time::sleep;
use url::Url;

use super::{super::patience, folder_of};

/// A header of a request.
type Header = (HeaderName, HeaderValue);

/// How often a file is asked for its ETag while that is weak.
const TAG_TRIES: usize = 15;
/// The time between.
const TAG_WAIT: Duration = Duration::from_millis(200);

/// What a server cannot do that it has to.
#[derive(Debug, thiserror::Error)]
#[error("datasets are written to servers that speak WebDAV; {0}")]
pub(in crate::remote) struct Incapable(&'static str);

/// The error that a server cannot do something.
pub(super) fn incapable(what: &'static str) -> Error {
    Error::NotSupported {
        source: Box::new(Incapable(what)),
    }
}

/// A server, as something that can be changed.
#[derive(Debug)]
pub(super) struct Requests {
    client: HttpClient,
    origin: Url,
    /// Folders that are there.
    folders: Mutex<BTreeSet<Path>>,
    /// That the server has been seen to heed conditions.
    heeds_conditions: AtomicBool,
}

impl Requests {
    pub(super) fn new(client: HttpClient, origin: &str) -> Result<Self> {
        let origin = Url::parse(origin).map_err(|error| generic(error.into()))?;
        Ok(Requests {
            client,
            origin,
            folders: Mutex::default(),
            heeds_conditions: AtomicBool::new(false),
        })
    }

    /// Puts a file if a condition holds.
    pub(super) async fn put_if(
        &self,
        to: &Path,
        payload: PutPayload,
        condition: Header,
    ) -> Result<()> {
        let creates = condition.0 == IF_NONE_MATCH;
        let url = self.url(to);
        let put = async |condition| {
            let sent = self
                .send(&Method::PUT, &url, &[condition], Some(&payload))
                .await;
            sent.map(|answer| answer.status)
        };
        let status = put(condition).await?;
        success(status, to)?;
        if !self.heeds_conditions.load(Ordering::Relaxed) {
            let any = (IF_NONE_MATCH, HeaderValue::from_static("*"));
            let heeds = put(any).await? == StatusCode::PRECONDITION_FAILED;
            if !heeds || !self.has_tag(&url).await? {
                if creates {
                    self.send(&Method::DELETE, &url, &[], None).await?;
                }
                return Err(incapable(match heeds {
                    true => {
                        "this one gives its files no strong `ETag`, by which changes are noticed"
                    }
                    // It is told by a condition that cannot hold.
                    false => {
                        "this one does not heed `If-None-Match`, without which two runs at the same time \
                         would lose each other's snapshots"
                    }
                }));
            }
            self.heeds_conditions.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Whether a file that was just put gets an ETag that tells all changes: some servers give it a weak
    /// one as long as it may change without its time changing.
    async fn has_tag(&self, url: &str) -> Result<bool> {
        for _ in 0..TAG_TRIES {
            let answer = self.send(&Method::HEAD, url, &[], None).await?;
            match answer.tag {
                Some(tag) if !tag.starts_with("W/") => return Ok(true),
                Some(_) => sleep(TAG_WAIT).await,
                None => return Ok(false),
            }
        }
        Ok(false)
    }

    /// Gives a file another name, in place of what has it.
    pub(super) async fn rename(&self, from: &Path, to: &Path) -> Result<()> {
        let method = Method::from_bytes(b"MOVE").map_err(|error| generic(error.into()))?;
        let destination =
            HeaderValue::from_str(&self.url(to)).map_err(|error| generic(error.into()))?;
        let headers = [
            (HeaderName::from_static("destination"), destination),
            (
                HeaderName::from_static("overwrite"),
                HeaderValue::from_static("T"),
            ),
        ];
        let answer = self.send(&method, &self.url(from), &headers, None).await?;
        match answer.status {
            // The answer to an earlier try was lost.
            StatusCode::NOT_FOUND if answer.is_repeated => Ok(()),
            status => success(status, to),
        }
    }

    /// Makes the folders that something lies in, where they are not there. Others may be making the same.
    pub(super) async fn make_folders_of(&self, file: &Path) -> Result<()> {
        let there = || self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        let mut made = Vec::new();
        let mut missing = Vec::new();
        let mut folder = folder_of(file);
        while !folder.is_root() && !there().contains(&folder) {
            if self.make_folder(&folder).await? {
                made.push(folder);
                break;
            }
            let above = folder_of(&folder);
            missing.push(folder);
            folder = above;
        }
        for folder in missing.into_iter().rev() {
            if !self.make_folder(&folder).await? {
                return success(StatusCode::CONFLICT, &folder);
            }
            made.push(folder);
        }
        there().extend(made);
        Ok(())
    }

    /// Makes a folder, or finds it there; `false` where the one that it lies in is missing.
    async fn make_folder(&self, folder: &Path) -> Result<bool> {
        let method = Method::from_bytes(b"MKCOL").map_err(|error| generic(error.into()))?;
        let url = self.url(folder) + "/";
        let make = || self.send(&method, &url, &[], None);
        let mut answer = make().await?;
        if answer.status == StatusCode::FORBIDDEN {
            // Where another one makes it at the same time, some say that first.
            answer = make().await?;
        }
        match answer.status {
            // It is there.
            StatusCode::METHOD_NOT_ALLOWED => Ok(true),
            StatusCode::CONFLICT | StatusCode::NOT_FOUND => Ok(false),
            status => success(status, folder).map(|()| true),
        }
    }

    /// Why a folder could not be listed: the server may have no folders.
    pub(super) async fn why_not_listed(&self, folder: Option<&Path>, error: Error) -> Error {
        let Error::Generic { .. } = error else {
            return error;
        };
        let url = self.url(folder.unwrap_or(&Path::ROOT));
        match self.send(&Method::OPTIONS, &url, &[], None).await {
            Ok(answer) if !answer.speaks_dav => incapable("this one does not"),
            _ => error,
        }
    }

    fn url(&self, path: &Path) -> String {
        let mut url = self.origin.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.extend(path.parts());
        }
        url.into()
    }

    /// The answer to a request, which is tried again while the server cannot be reached or is busy.
    async fn send(
        &self,
        method: &Method,
        url: &str,
        headers: &[Header],
        payload: Option<&PutPayload>,
    ) -> Result<Answer> {
        let retry = patience::retry();
        let mut wait = retry.backoff.init_backoff;
        for tried in 0.. {
            // Not as a stream: servers may take no request whose length they are not told.
            let bytes = |payload: &PutPayload| Bytes::from(payload.clone()).into();
            let body = payload.map_or_else(HttpRequestBody::empty, bytes);
            let mut request = HttpRequest::new(body);
            *request.method_mut() = method.clone();
            *request.uri_mut() = url.parse().map_err(|_| generic("no URL".into()))?;
            request.headers_mut().extend(headers.iter().cloned());
            let answer = self.client.execute(request).await;
            if tried == retry.max_retries || !may_pass(&answer) {
                let answer = answer.map_err(|error| generic(error.into()))?;
                return Ok(Answer {
                    status: answer.status(),
                    speaks_dav: answer.headers().contains_key("dav"),
                    tag: answer
                        .headers()
                        .get(ETAG)
                        .and_then(|tag| Some(tag.to_str().ok()?.to_owned())),
                    is_repeated: tried > 0,
                });
            }
            sleep(wait).await;
            wait = (wait * 2).min(retry.backoff.max_backoff);
        }
        unreachable!("the last try returns")
    }
}

/// What is of use of an answer.
struct Answer {
    status: StatusCode,
    speaks_dav: bool,
    tag: Option<String>,
    /// Whether it is not the first one to this request.
    is_repeated: bool,
}

/// Whether what is wrong may pass.
fn may_pass(answer: &std::result::Result<HttpResponse, HttpError>) -> bool {
    use HttpErrorKind::{Connect, Interrupted, Request, Timeout};
    match answer {
        Ok(answer) => matches!(
            answer.status(),
            StatusCode::REQUEST_TIMEOUT
                | StatusCode::TOO_MANY_REQUESTS
                | StatusCode::INTERNAL_SERVER_ERROR
                | StatusCode::BAD_GATEWAY
                | StatusCode::SERVICE_UNAVAILABLE
                | StatusCode::GATEWAY_TIMEOUT
        ),
        Err(error) => matches!(error.kind(), Connect | Interrupted | Request | Timeout),
    }
}

fn success(status: StatusCode, path: &Path) -> Result<()> {
    let path = path.to_string();
    let source = format!("status code: {}", status.as_u16()).into();
    Err(match status {
        _ if status.is_success() => return Ok(()),
        StatusCode::PRECONDITION_FAILED => Error::Precondition { path, source },
        StatusCode::UNAUTHORIZED => Error::Unauthenticated { path, source },
        StatusCode::FORBIDDEN => Error::PermissionDenied { path, source },
        _ => generic(source),
    })
}

fn generic(source: Box<dyn std::error::Error + Send + Sync>) -> Error {
    Error::Generic {
        store: "HTTP",
        source,
    }
}
