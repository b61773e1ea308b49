//! Inputs in object stores and on web servers, as real processes against servers on loopback.
#![cfg(feature = "object-store")]

mod common;
#[path = "common/servers.rs"]
mod servers;

use std::{collections::BTreeMap, fs, io::Write, path::Path};

use assert_cmd::Command;
use common::{names, stderr, stdout, voltree};
use flate2::write::GzEncoder;
use serde_json::Value;
use servers::{ACCESS_KEY, Fault, Proxy, S3, SECRET_KEY, Web, environment};

const PAYLOAD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/generated.json");

fn payload() -> Vec<u8> {
    fs::read(PAYLOAD).unwrap()
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// The command as a client of the store, whatever the environment of the tests holds.
fn client(address: std::net::SocketAddr) -> Command {
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
             check the credentials in the environment"
        );
        assert_eq!(line, expected);
    }
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
             check the credentials in the environment",
            denied.address
        )
    );
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

/// The files below a directory, by their paths.
fn tree(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(dir).unwrap().display().to_string();
                files.insert(name, fs::read(path).unwrap());
            }
        }
    }
    files
}

#[test]
fn a_batch_from_a_bucket_into_a_bucket_is_one_among_directories() {
    let s3 = S3::start();
    let dir = tempfile::tempdir().unwrap();
    for (key, bytes) in [
        ("in/north.json", payload()),
        (
            "in/b/south.json.gz",
            gzip(br#"{"operatorGroups":[{"id":7}]}"#),
        ),
        ("in/_temporary/half.json", b"{".to_vec()),
    ] {
        s3.put(key, &bytes);
        let path = dir.path().join(key);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let run = |arguments: &[&str]| {
        let mut client = client(s3.address);
        client
            .current_dir(dir.path())
            .arg("convert")
            .args(arguments);
        client.assert()
    };
    run(&["in", "--out", "set", "--quiet"]).success();
    run(&["s3://nightly/in/", "--out", "s3://nightly/set", "--quiet"]).success();
    let local = tree(&dir.path().join("set"));
    assert!(local.len() > 50, "{}", local.len());
    let remote = tree(&s3.path("set"));
    assert!(local.keys().eq(remote.keys()), "{:?}", remote.keys());
    assert!(local == remote);

    let planned = run(&[
        "s3://nightly/in/**/[ns]*",
        "--out",
        "s3://nightly/set",
        "--resume",
        "--dry-run",
    ]);
    assert_eq!(
        stdout(&planned.success()),
        "skip     s3://nightly/in/b/south.json.gz  snapshot=south\n\
         skip     s3://nightly/in/north.json  snapshot=north\n"
    );
    let refused = run(&["s3://nightly/in/north.json", "--out", "s3://nightly/set"]).code(2);
    assert!(
        stderr(&refused).contains("s3://nightly/set"),
        "{}",
        stderr(&refused)
    );
    let none = run(&["s3://nightly/in/*.xml", "--out", "s3://nightly/set"]).code(2);
    assert_eq!(
        stderr(&none),
        "voltree: error: s3://nightly/in/*.xml: no object matches\n"
    );
    assert!(tree(&s3.path("set")) == local);

    // Somebody else is putting something under the same name, or was killed while doing so.
    s3.put("set/_snapshots/other.claim", b"sha256:0");
    let claimed = ["s3://nightly/in/north.json", "--snapshot-name", "other"];
    let claimed = [&claimed[..], &["--out", "s3://nightly/set"]].concat();
    let refused = run(&[&claimed[..], &["--append"]].concat()).code(2);
    assert_eq!(
        stderr(&refused),
        "voltree: error: s3://nightly/set/_snapshots/other.claim: another run is putting something else \
         under this name; if it was killed, --overwrite takes its place\n"
    );
    assert!(!s3.path("set/_snapshots/other.json").exists());
    run(&[&claimed[..], &["--overwrite"]].concat()).success();
    assert!(s3.path("set/_snapshots/other.json").exists());
    assert!(!s3.path("set/_snapshots/other.claim").exists());

    s3.put("in/bad.json", b"{");
    let skipped = run(&[
        "s3://nightly/in/bad.json",
        "--out",
        "s3://nightly/set",
        "--append",
        "--on-error",
        "skip",
    ]);
    let line = stderr(&skipped.code(1));
    assert!(line.contains("s3://nightly/set/rejects.jsonl"), "{line}");
    assert!(s3.path("set/rejects.jsonl").exists());
}

#[test]
fn a_snapshot_in_a_store_is_read_as_one_in_a_directory() {
    let s3 = S3::start();
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("in")).unwrap();
    fs::write(dir.path().join("in/a.json"), payload()).unwrap();
    fs::write(
        dir.path().join("in/b.json"),
        br#"{"operatorGroups":[{"id":7}]}"#,
    )
    .unwrap();
    let run = |arguments: &[&str]| {
        let mut client = client(s3.address);
        client.current_dir(dir.path()).args(arguments);
        client.env("TMPDIR", dir.path().join("tmp")).assert()
    };
    fs::create_dir(dir.path().join("tmp")).unwrap();
    for out in ["set", "s3://nightly/x/set"] {
        run(&["convert", "in", "--out", out, "--lineage", "--quiet"]).success();
    }
    let both = |arguments: &[&str]| {
        let at = |root: &str| -> Vec<String> {
            arguments
                .iter()
                .map(|argument| argument.replace("SET", root))
                .collect()
        };
        let text = |arguments: Vec<String>| {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let done = run(&arguments);
            (
                done.get_output().status.code(),
                stdout(&done),
                stderr(&done),
            )
        };
        let (code, out, err) = text(at("s3://nightly/x/set"));
        let remote = (
            code,
            out.replace("s3://nightly/x/", ""),
            err.replace("s3://nightly/x/", ""),
        );
        assert_eq!(remote, text(at("set")), "{arguments:?}");
        assert_eq!(names(&dir.path().join("tmp")), [""; 0]);
        remote
    };
    let (code, text, _) = both(&["render", "SET/_snapshots/a.json"]);
    assert_eq!(code, Some(0));
    let same = |text: &[u8]| -> serde_json::Value { serde_json::from_slice(text).unwrap() };
    assert_eq!(same(text.as_bytes()), same(&payload()));
    both(&["check", "SET/_snapshots/a.json"]);
    both(&["diff", "SET/_snapshots/a.json", "SET/_snapshots/b.json"]);
    both(&["diff", "SET/_snapshots/b.json", "in/b.json"]);

    // What is missing or was changed is found, and named as it is named there.
    for root in [s3.path("x/set"), dir.path().join("set")] {
        fs::remove_file(root.join("sites/snapshot=b/part-0.parquet")).unwrap();
    }
    let (code, text, _) = both(&[
        "check",
        "SET/_snapshots/b.json",
        "--fail-on",
        "unreadable-table",
    ]);
    assert_eq!(code, Some(1), "{text}");
    let (code, _, line) = both(&["render", "SET/_snapshots/b.json"]);
    assert!(
        line.contains("set/sites/snapshot=b/part-0.parquet: "),
        "{line}"
    );
    assert_eq!(code, Some(5));
    let (code, _, line) = both(&["check", "SET/_snapshots/none.json"]);
    assert!(line.contains("give the manifest of a snapshot"), "{line}");
    assert_eq!(code, Some(3));
}

#[test]
fn a_flat_output_is_a_directory() {
    let s3 = S3::start();
    let mut client = client(s3.address);
    client.args([
        "convert",
        PAYLOAD,
        "--out",
        "s3://nightly/x",
        "--layout",
        "flat",
    ]);
    assert_eq!(
        stderr(&client.assert().code(2)),
        "voltree: error: --layout flat writes a directory: say --layout hive for an object store\n"
    );
}
