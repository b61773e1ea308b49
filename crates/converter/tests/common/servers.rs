//! Servers on loopback: one of S3, one of WebDAV, a proxy that breaks what passes through it, and a small web
//! server.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::{
    collections::VecDeque,
    convert::Infallible,
    error::Error,
    fs,
    io::{self, BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    thread,
};

use dav_server::{DavHandler, fakels::FakeLs, localfs::LocalFs};
use hyper::{
    Request, Response,
    body::{Body, Incoming},
    service::{Service, service_fn},
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use tempfile::TempDir;
use tokio::runtime::Runtime;

pub(crate) const ACCESS_KEY: &str = "voltree-test-access";
pub(crate) const SECRET_KEY: &str = "voltree-test-secret";
pub(crate) const BUCKET: &str = "nightly";

/// An S3 server whose buckets are directories.
pub(crate) struct S3<D = TempDir> {
    root: D,
    pub(crate) address: SocketAddr,
    _runtime: Runtime,
}

impl S3 {
    /// Serves one empty bucket.
    pub(crate) fn start() -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join(BUCKET)).unwrap();
        Self::serve(root)
    }
}

impl<D: AsRef<Path>> S3<D> {
    /// Serves the directories in this one as buckets.
    pub(crate) fn serve(root: D) -> Self {
        let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(root.as_ref()).unwrap());
        builder.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        let (address, runtime) = serve(builder.build());
        S3 {
            root,
            address,
            _runtime: runtime,
        }
    }

    /// Where an object is kept.
    pub(crate) fn path(&self, key: &str) -> PathBuf {
        self.root.as_ref().join(BUCKET).join(key)
    }

    pub(crate) fn put(&self, key: &str, bytes: &[u8]) {
        let path = self.path(key);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// Serves connections on a thread, which ends with the runtime.
fn serve<S, B>(service: S) -> (SocketAddr, Runtime)
where
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    S::Future: Send,
    B: Body<Data: Send, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
{
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let listener = runtime
        .block_on(tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
        .unwrap();
    let address = listener.local_addr().unwrap();
    runtime.spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let service = service.clone();
            tokio::spawn(async move {
                let server = auto::Builder::new(TokioExecutor::new());
                // A client may go away at any time.
                let _ = server.serve_connection(TokioIo::new(socket), service).await;
            });
        }
    });
    (address, runtime)
}

/// A WebDAV server of a directory.
pub(crate) struct Dav {
    root: TempDir,
    pub(crate) address: SocketAddr,
    _runtime: Runtime,
}

impl Dav {
    /// Serves an empty directory.
    pub(crate) fn start() -> Self {
        Self::altered(&[], |_, _| ())
    }

    /// Serves an empty directory, heeds all headers but these, and alters its answers, of which the method
    /// and the path are given.
    pub(crate) fn altered(
        headers: &'static [&str],
        alter: fn(&str, &mut Response<dav_server::body::Body>),
    ) -> Self {
        let root = tempfile::tempdir().unwrap();
        let handler = DavHandler::builder()
            .filesystem(LocalFs::new(root.path(), true, false, false))
            .locksystem(FakeLs::new())
            .build_handler();
        let (address, runtime) = serve(service_fn(move |mut request: Request<Incoming>| {
            for header in headers {
                request.headers_mut().remove(*header);
            }
            let handler = handler.clone();
            let asked = format!("{} {}", request.method(), request.uri().path());
            async move {
                let mut answer = handler.handle(request).await;
                alter(&asked, &mut answer);
                Ok::<_, Infallible>(answer)
            }
        }));
        Dav {
            root,
            address,
            _runtime: runtime,
        }
    }

    /// Where a file is kept.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }
}

/// The environment of a client of S3 at this address.
pub(crate) fn environment(address: SocketAddr) -> [(&'static str, String); 5] {
    [
        ("AWS_ENDPOINT", format!("http://{address}")),
        ("AWS_ALLOW_HTTP", "true".to_owned()),
        ("AWS_REGION", "us-east-1".to_owned()),
        ("AWS_ACCESS_KEY_ID", ACCESS_KEY.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", SECRET_KEY.to_owned()),
    ]
}

/// What happens to an answer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// Nothing.
    Nothing,
    /// The connection ends after so many bytes.
    Cut(u64),
    /// `503 Service Unavailable` instead.
    Unavailable,
}

/// Passes connections on, each with the next fault of a list, until none is left.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    faults: Arc<Mutex<VecDeque<Fault>>>,
}

impl Proxy {
    pub(crate) fn start(to: SocketAddr, faults: impl IntoIterator<Item = Fault>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let faults: VecDeque<Fault> = faults.into_iter().collect();
        let faults = Arc::new(Mutex::new(faults));
        let next = Arc::clone(&faults);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let fault = next.lock().unwrap().pop_front();
                thread::spawn(move || pass(&client, to, fault));
            }
        });
        Proxy { address, faults }
    }

    /// How many faults have not happened.
    pub(crate) fn left(&self) -> usize {
        self.faults.lock().unwrap().len()
    }
}

fn pass(client: &TcpStream, to: SocketAddr, fault: Option<Fault>) -> io::Result<()> {
    let (mut client_in, mut client_out) = (client.try_clone()?, client.try_clone()?);
    let length = match fault {
        Some(Fault::Unavailable) => {
            let mut request = [0; 1 << 14];
            let _ = client_in.read(&mut request)?;
            client_out.write_all(
                b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            )?;
            return client.shutdown(Shutdown::Both);
        }
        Some(Fault::Cut(length)) => length,
        Some(Fault::Nothing) | None => u64::MAX,
    };
    let server = TcpStream::connect(to)?;
    let (server_in, mut server_out) = (server.try_clone()?, server.try_clone()?);
    thread::spawn(move || io::copy(&mut client_in, &mut server_out));
    let copied = io::copy(&mut server_in.take(length), &mut client_out);
    server.shutdown(Shutdown::Both)?;
    client.shutdown(Shutdown::Both)?;
    copied.map(drop)
}

/// A web server with one answer, with its status (and headers, a line each); keeps the requests' heads.
pub(crate) struct Web {
    pub(crate) address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Web {
    pub(crate) fn start(status: impl Into<String>, body: Vec<u8>) -> Self {
        let status = format!("{}\r\ncontent-length: {}", status.into(), body.len());
        Self::start_as(status, body)
    }

    /// The same without saying how long the answer is.
    pub(crate) fn start_as(status: impl Into<String>, body: Vec<u8>) -> Self {
        let status = status.into();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let mut head = String::new();
                for line in BufReader::new(&client).lines().map_while(Result::ok) {
                    if line.is_empty() {
                        break;
                    }
                    head.push_str(&line);
                    head.push('\n');
                }
                seen.lock().unwrap().push(head);
                let answer = format!("HTTP/1.1 {status}\r\nconnection: close\r\n\r\n");
                let _ = (&client).write_all(&[answer.as_bytes(), &body].concat());
            }
        });
        Web { address, requests }
    }

    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}
