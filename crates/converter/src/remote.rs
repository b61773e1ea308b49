//! Object stores and web servers: `s3://`, `gs://`, `az://`, `http(s)://`.
//!
//! Credentials and endpoints come from the environment alone.

mod address;
mod client;
mod dav;
mod error;
mod http;
mod list;
mod patience;
mod read;

use std::sync::OnceLock;

use tokio::runtime::{Builder, Runtime};

pub use address::ObjectUrl;
pub(crate) use client::place;
use error::innermost;
pub(crate) use error::{failed, why};
pub(crate) use list::list;
pub(crate) use read::{copy, lengths, open};

use crate::Error;

/// What runs the network, on a thread of its own; there is none until a URL is used.
pub(crate) fn runtime() -> Result<&'static Runtime, Error> {
    static RUNTIME: OnceLock<std::io::Result<Runtime>> = OnceLock::new();
    let runtime = RUNTIME.get_or_init(|| {
        // TLS without a provider of its own; somebody else may have chosen one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("network")
            .enable_all()
            .build()
    });
    runtime.as_ref().map_err(|error| Error::Io {
        doing: "cannot start the network's thread".to_owned(),
        error: std::io::Error::new(error.kind(), error.to_string()),
    })
}
