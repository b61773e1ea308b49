//! A server of S3 on loopback, for the recipes of `docs/batches.md`.
//!
//!     s3_server DIRECTORY
//!
//! The directories in this one are its buckets. It prints the environment that its clients need, and serves
//! until its standard input ends.

#[path = "../tests/common/servers.rs"]
mod servers;

use std::{io, path::PathBuf};

use servers::{S3, environment};

fn main() -> io::Result<()> {
    let directory = std::env::args_os().nth(1);
    let directory = directory.ok_or_else(|| io::Error::other("usage: s3_server DIRECTORY"))?;
    let server = S3::serve(PathBuf::from(directory));
    for (name, value) in environment(server.address) {
        println!("{name}={value}");
    }
    println!();
    io::copy(&mut io::stdin(), &mut io::sink()).map(drop)
}
