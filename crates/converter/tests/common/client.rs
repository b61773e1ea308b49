//! The command as a client of the tests' server.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::io::Write;

use assert_cmd::Command;
use flate2::write::GzEncoder;

use crate::{common::voltree, servers::environment};

pub(crate) const PAYLOAD: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/generated.json");

pub(crate) fn payload() -> Vec<u8> {
    std::fs::read(PAYLOAD).unwrap()
}

pub(crate) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// The command as a client of the store, whatever the environment of the tests holds.
pub(crate) fn client(address: std::net::SocketAddr) -> Command {
    let mut command = voltree();
    for (name, _) in std::env::vars_os() {
        if name
            .to_string_lossy()
            .to_ascii_lowercase()
            .ends_with("_proxy")
        {
            command.env_remove(name);
        }
    }
    command.envs(environment(address));
    command
}
