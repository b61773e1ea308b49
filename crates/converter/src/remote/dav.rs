//! Web servers: read from as all are, and written to as those that speak WebDAV
//! ([RFC 4918](https://www.rfc-editor.org/rfc/rfc4918)).
//!
//! A file that appears whole, or not at all, is sent under a temporary name and moved from there. What is
//! changed only where nobody else has changed it is sent with a condition
//! ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#name-conditional-requests)).

mod requests;

use std::{ffi::OsStr, sync::Arc};

use async_trait::async_trait;
use futures_util::{
    FutureExt, StreamExt, TryStreamExt,
    future::ready,
    stream::{self, BoxStream},
};
use object_store::{
    CopyOptions, GetOptions, GetResult, HeaderValue, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, ObjectStoreExt, PutMode, PutMultipartOptions, PutOptions, PutPayload, PutResult,
    Result, UploadPart,
    client::{ClientOptions, HttpClient, HttpConnector},
    http::{HttpBuilder, HttpStore},
    path::Path,
};
use reqwest::header::{IF_MATCH, IF_NONE_MATCH};
use url::{Position, Url};

use super::{http, patience};
use crate::output::{is_temporary, temporary_name};
pub(super) use requests::Incapable;
use requests::Requests;

/// A web server.
#[derive(Clone, Debug)]
pub(super) struct Dav {
    reads: Arc<HttpStore>,
    writes: Arc<Requests>,
}

impl Dav {
    /// The server of a URL, with the URL's query and user in all requests.
    pub(super) fn new(url: &Url) -> Result<Self> {
        let mut origin = url.clone();
        // Neither fails for `http`.
        let _ = origin.set_username("");
        let _ = origin.set_password(None);
        let origin = &origin[..Position::BeforePath];
        let client = http::client(url)?;
        let reads = HttpBuilder::new()
            .with_url(origin)
            .with_retry(patience::retry())
            .with_http_connector(The(client.clone()))
            .build()?;
        Ok(Dav {
            reads: Arc::new(reads),
            writes: Arc::new(Requests::new(client, origin)?),
        })
    }

    /// Sends a file and then gives it its name: one that breaks off has none.
    async fn put_whole(&self, to: &Path, payload: PutPayload) -> Result<()> {
        let temporary = folder_of(to).join(temporary_name());
        let sent = self.reads.put(&temporary, payload).await;
        let done = match sent {
            Ok(_) => self.writes.rename(&temporary, to).await,
            Err(error) => Err(error),
        };
        if done.is_err() {
            // What counts is why.
            let _ = self.reads.delete(&temporary).await;
        }
        done
    }
}

impl std::fmt::Display for Dav {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.reads.fmt(f)
    }
}

#[async_trait]
impl ObjectStore for Dav {
    async fn put_opts(
        &self,
        to: &Path,
        payload: PutPayload,
        options: PutOptions,
    ) -> Result<PutResult> {
        self.writes.make_folders_of(to).await?;
        match options.mode {
            PutMode::Overwrite => self.put_whole(to, payload).await?,
            PutMode::Create => {
                let any = HeaderValue::from_static("*");
                self.writes
                    .put_if(to, payload, (IF_NONE_MATCH, any))
                    .await?;
            }
            PutMode::Update(version) => {
                let tag = version.e_tag.and_then(|tag| tag.parse().ok());
                let tag = tag.ok_or_else(|| requests::incapable("it gives its files no ETag"))?;
                self.writes.put_if(to, payload, (IF_MATCH, tag)).await?;
            }
        }
        Ok(PutResult {
            e_tag: None,
            version: None,
            extensions: Default::default(),
        })
    }

    async fn put_multipart_opts(
        &self,
        to: &Path,
        _: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        Ok(Box::new(Whole {
            dav: self.clone(),
            to: to.clone(),
            parts: Vec::new(),
        }))
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.reads.get_opts(location, options).await
    }

    fn delete_stream(
        &self,
        locations: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        self.reads.delete_stream(locations)
    }

    /// Folder by folder, since servers may refuse to list a whole tree.
    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        let folders = vec![prefix.cloned()];
        let dav = self.clone();
        stream::try_unfold(folders, move |mut folders| {
            let dav = dav.clone();
            async move {
                let Some(folder) = folders.pop() else {
                    return Ok::<_, object_store::Error>(None);
                };
                let found = dav.list_with_delimiter(folder.as_ref()).await?;
                folders.extend(found.common_prefixes.into_iter().map(Some));
                let objects = found.objects.into_iter().map(Ok);
                Ok(Some((stream::iter(objects), folders)))
            }
        })
        .try_flatten()
        .boxed()
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        let mut found = match self.reads.list_with_delimiter(prefix).await {
            Err(error) => return Err(self.writes.why_not_listed(prefix, error).await),
            Ok(found) => found,
        };
        // Not there yet.
        let is_there = |object: &ObjectMeta| {
            let name = object.location.filename();
            !name.is_some_and(|name| is_temporary(OsStr::new(name)))
        };
        found.objects.retain(is_there);
        Ok(found)
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.reads.copy_opts(from, to, options).await
    }
}

/// The folder that something lies in.
fn folder_of(path: &Path) -> Path {
    path.parent().unwrap_or(Path::ROOT)
}

/// A file that is sent in one request, as servers take files.
#[derive(Debug)]
struct Whole {
    dav: Dav,
    to: Path,
    parts: Vec<PutPayload>,
}

#[async_trait]
impl MultipartUpload for Whole {
    fn put_part(&mut self, part: PutPayload) -> UploadPart {
        self.parts.push(part);
        ready(Ok(())).boxed()
    }

    async fn complete(&mut self) -> Result<PutResult> {
        let whole = self.parts.drain(..).flatten().collect();
        self.dav
            .put_opts(&self.to, whole, PutOptions::default())
            .await
    }

    async fn abort(&mut self) -> Result<()> {
        self.parts.clear();
        Ok(())
    }
}

/// A client that is there already.
#[derive(Debug)]
struct The(HttpClient);

impl HttpConnector for The {
    fn connect(&self, _: &ClientOptions) -> Result<HttpClient> {
        Ok(self.0.clone())
    }
}
