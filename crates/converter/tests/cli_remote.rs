//! Inputs in object stores and on web servers, as real processes against servers on loopback.
#![cfg(feature = "object-store")]

mod common;
#[path = "common/client.rs"]
mod remote;
#[path = "common/servers.rs"]
mod servers;

use std::{fs, path::Path};

use assert_cmd::Command;
use common::{names, stderr, stdout, voltree};
use remote::{PAYLOAD, client, gzip, payload};
use serde_json::Value;
use servers::{ACCESS_KEY, Fault, Proxy, S3, SECRET_KEY, Web};

/// Names and bytes of all tables in a directory.
fn tables(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let tables = names(dir)
        .into_iter()
        .filter(|name| name != "datapackage.json");
    tables
        .map(|name| (name.clone(), fs::read(dir.join(&name)).unwrap()))
        .collect()
}

/// The tables of the payload, from its file.
fn expected() -> Vec<(String, Vec<u8>)> {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let mut convert = voltree();
    convert
        .args(["convert", PAYLOAD, "--quiet", "--out"])
        .arg(&out);
    convert.assert().success();
    tables(&out)
}

/// Converts an input of this client; gives the tables.
fn converted(mut client: Command, input: &str) -> Vec<(String, Vec<u8>)> {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    client
        .args(["convert", input, "--quiet", "--out"])
        .arg(&out);
    client.assert().success().stderr("");
    tables(&out)
}

/// The line that an input is refused with.
fn refusal(mut client: Command, input: &str, exit: i32) -> String {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let refused = client.args(["convert", input, "--out"]).arg(&out).assert();
    let line = stderr(&refused.code(exit).stdout(""));
    assert_eq!(names(dir.path()), [""; 0]);
    assert_eq!(line.lines().count(), 1, "{line}");
    assert!(
        !line.contains(ACCESS_KEY) && !line.contains(SECRET_KEY),
        "{line}"
    );
    line.strip_prefix("voltree: error: ")
        .unwrap()
        .trim_end()
        .to_owned()
}

#[test]
fn an_object_is_converted_as_its_file_is() {
    let s3 = S3::start();
    let stored = gzip(&payload());
    s3.put("2026/a b.json.gz", &stored);
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let done = client(s3.address)
        .args([
            "convert",
            "s3://nightly/2026/a%20b.json.gz",
            "--stats-json",
            "-",
            "--out",
        ])
        .arg(&out)
        .assert()
        .success();
    assert!(tables(&out) == expected());
    let stats: Value = serde_json::from_str(&stdout(&done)).unwrap();
    assert_eq!(stats["input"]["name"], "a b.json.gz");
    assert_eq!(stats["input"]["bytes"], stored.len());
    let manifest = fs::read_to_string(out.join("datapackage.json")).unwrap();
    let shown = [manifest, stdout(&done), stderr(&done)].concat();
    assert!(!shown.contains(ACCESS_KEY) && !shown.contains(SECRET_KEY));
}

#[test]
fn inspect_and_check_read_objects_too() {
    let s3 = S3::start();
    s3.put("a.json", &payload());
    for command in ["inspect", "check"] {
        let remote = client(s3.address)
            .args([command, "s3://nightly/a.json"])
            .assert()
            .success();
        let local = voltree().args([command, PAYLOAD]).assert().success();
        let rest = |text: String, label: &str| {
            let text = text.replace(label, "INPUT");
            text.split_once('\n').unwrap().1.to_owned()
        };
        assert_eq!(
            rest(stdout(&remote), "s3://nightly/a.json"),
            rest(stdout(&local), PAYLOAD)
        );
    }
}

#[test]
fn progress_knows_how_long_objects_are() {
    let s3 = S3::start();
    let small = br#"{"operatorGroups":[{"id":7}]}"#;
    s3.put("in/a.json", small);
    s3.put("in/b.json", small);
    for (input, shown) in [
        ("s3://nightly/in/a.json", "voltree: read 29 B of 29 B\n"),
        ("s3://nightly/in/", "voltree: read 58 B of 58 B\n"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let mut client = client(s3.address);
        client.args(["convert", input, "--progress", "always", "--out"]);
        let done = client.arg(dir.path().join("out")).assert().success();
        assert!(stderr(&done).starts_with(shown), "{}", stderr(&done));
    }
}

#[test]
fn what_is_not_there_is_an_io_error() {
    let s3 = S3::start();
    for (input, line) in [
        (
            "s3://nightly/none.json",
            "cannot read s3://nightly/none.json: there is no such object",
        ),
        (
            "s3://other/a.json",
            "cannot read s3://other/a.json: there is no such object",
        ),
    ] {
        assert_eq!(refusal(client(s3.address), input, 5), line);
    }
}

#[test]
fn wrong_credentials_are_not_shown() {
    let s3 = S3::start();
    s3.put("a.json", &payload());
    for (name, code) in [
        ("AWS_ACCESS_KEY_ID", "NotSignedUp"),
        ("AWS_SECRET_ACCESS_KEY", "SignatureDoesNotMatch"),
    ] {
        let mut client = client(s3.address);
        client.env(name, "voltree-test-wrong");
        let line = refusal(client, "s3://nightly/a.json", 5);
        let expected = format!(
            "cannot read s3://nightly/a.json: access is denied ({code}); \
             check the credentials in the environment or the address"
        );
        assert_eq!(line, expected);
    }
}

#[test]
fn an_endpoint_without_encryption_has_to_be_allowed() {
    let mut client = client("127.0.0.1:9".parse().unwrap());
    client.env_remove("AWS_ALLOW_HTTP");
    assert_eq!(
        refusal(client, "s3://nightly/a.json", 5),
        "cannot read s3://nightly/a.json: the endpoint starts with http://, which has no encryption; \
         AWS_ALLOW_HTTP=true allows it (or AZURE_…, GOOGLE_…)"
    );
}

#[test]
fn schemes_are_the_same_in_capitals() {
    let web = Web::start("200 OK", payload());
    let input = format!("HTTP://me:pass@{}/a.json", web.address);
    assert!(converted(client(web.address), &input) == expected());
}

#[test]
fn an_answer_that_breaks_off_goes_on_where_it_broke() {
    let s3 = S3::start();
    s3.put("a.json", &payload());
    let proxy = Proxy::start(s3.address, [100_000, 150_000].map(Fault::Cut));
    assert!(converted(client(proxy.address), "s3://nightly/a.json") == expected());
    assert_eq!(proxy.left(), 0);
}

#[test]
fn a_server_that_is_unavailable_is_asked_again() {
    let s3 = S3::start();
    s3.put("a.json", &payload());
    let proxy = Proxy::start(s3.address, [Fault::Unavailable, Fault::Unavailable]);
    assert!(converted(client(proxy.address), "s3://nightly/a.json") == expected());
    assert_eq!(proxy.left(), 0);
}

#[test]
fn a_web_server_gets_user_and_query_and_nobody_else() {
    let web = Web::start("200 OK", gzip(&payload()));
    let input = format!("http://me:pa%3Ass@{}/x/a.json?sig=0a%2B1&b=c", web.address);
    assert!(converted(client(web.address), &input) == expected());
    let requests = web.requests();
    assert_eq!(requests.len(), 1);
    assert!(
        requests[0].starts_with("GET /x/a.json?sig=0a%2B1&b=c HTTP/1.1\n"),
        "{requests:?}"
    );
    // `me:pa:ss`
    assert!(
        requests[0].contains("\nauthorization: Basic bWU6cGE6c3M=\n"),
        "{requests:?}"
    );

    let none = Web::start("404 Not Found", b"sig=0a1 pass".to_vec());
    let input = format!("http://me:pass@{}/x/a.json?sig=0a1", none.address);
    assert_eq!(
        refusal(client(none.address), &input, 5),
        format!(
            "cannot read http://***@{}/x/a.json?***: there is no such object",
            none.address
        )
    );
    let denied = Web::start("403 Forbidden", b"sig=0a1 pass".to_vec());
    let input = format!("http://me:pass@{}/x/a.json?sig=0a1", denied.address);
    assert_eq!(
        refusal(client(denied.address), &input, 5),
        format!(
            "cannot read http://***@{}/x/a.json?***: access is denied; \
             check the credentials in the environment or the address",
            denied.address
        )
    );
}

#[test]
fn an_answer_need_not_say_how_long_it_is() {
    let chunks = |payload: &[u8]| {
        let mut chunks = Vec::new();
        for chunk in payload.chunks(100_000) {
            chunks.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
            chunks.extend([chunk, b"\r\n"].concat());
        }
        chunks
    };
    let start = |end: &str| {
        let body = [&*chunks(&payload()), end.as_bytes()].concat();
        Web::start_as("200 OK\r\netag: \"x\"\r\ntransfer-encoding: chunked", body)
    };
    let whole = start("0\r\n\r\n");
    let input = format!("http://{}/a.json", whole.address);
    assert!(converted(client(whole.address), &input) == expected());
    let ends = Web::start_as("200 OK", payload());
    let input = format!("http://{}/a.json", ends.address);
    assert!(converted(client(ends.address), &input) == expected());
    let broken = start("");
    let input = format!("http://{}/a.json", broken.address);
    let said = refusal(client(broken.address), &input, 5);
    assert!(said.contains(&format!("{input}: ")), "{said}");
}

#[test]
fn whom_a_server_redirects_to_learns_nothing_of_its_url() {
    let other = Web::start("200 OK", payload());
    let moved = format!("302 Found\r\nlocation: http://{}/b.json", other.address);
    let web = Web::start(moved, Vec::new());
    let input = format!("http://me:pass@{}/a.json?sig=0a1", web.address);
    assert!(converted(client(web.address), &input) == expected());
    let requests = other.requests();
    assert!(requests[0].starts_with("GET /b.json HTTP/1.1\n"));
    // Another port of the same host is another server.
    for secret in ["referer", "sig=", "authorization"] {
        assert!(!requests[0].contains(secret), "{requests:?}");
    }
}

#[test]
fn an_answer_that_is_no_payload_names_its_url_without_secrets() {
    let web = Web::start("200 OK", b"<html>".to_vec());
    let input = format!("http://{}/login?sig=0a1", web.address);
    assert_eq!(
        refusal(client(web.address), &input, 3),
        format!(
            "http://{}/login?***: the input is an HTML or XML page, not JSON; it was probably sent \
             by a proxy or a login: save the API's response body again",
            web.address
        )
    );
}

#[test]
fn addresses_that_are_none_are_refused() {
    let client = || client("127.0.0.1:9".parse().unwrap());
    assert_eq!(
        refusal(client(), "s3:///a.json", 2),
        "s3:///a.json: it names no bucket or host"
    );
}
