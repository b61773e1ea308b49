//! Datasets on web servers that speak WebDAV, as real processes against a server on loopback.
#![cfg(feature = "object-store")]

mod common;
#[path = "common/client.rs"]
mod remote;
#[path = "common/servers.rs"]
mod servers;

use std::{collections::BTreeMap, fs, net::SocketAddr, path::Path, thread};

use common::{
    batch::{files, payloads, snapshots, write_payload},
    stderr, stdout,
};
use hyper::StatusCode;
use remote::client;
use servers::{Dav, Fault, Proxy, Web};

/// Runs the command in a directory, with `SET` for a dataset.
fn run(dir: &Path, arguments: &str, set: &str) -> assert_cmd::assert::Assert {
    let arguments = arguments
        .split(' ')
        .map(|argument| argument.replace("SET", set));
    let mut command = client(([127, 0, 0, 1], 9).into());
    command.current_dir(dir).args(arguments).assert()
}

fn address(server: SocketAddr) -> String {
    format!("http://me:sesame@{server}/nightly/a b/set")
}

/// The dataset that these payloads make.
fn expected(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    run(dir, "convert in --out set --quiet", "").success();
    let expected = files(&dir.join("set"));
    assert!(expected.len() > 50, "{}", expected.len());
    expected
}

#[test]
fn a_dataset_on_a_web_server_is_one_in_a_directory() {
    let dir = payloads(&[("north.json", 1), ("süd.json", 2)]);
    let (dir, dav) = (dir.path(), Dav::start());
    let set = address(dav.address);
    let shown = format!("http://***@{}/nightly/a b/set", dav.address);
    let expected = expected(dir);
    run(dir, "convert in --out SET --quiet", &set).success();
    let at = dav.path("nightly/a b/set");
    assert!(files(&at) == expected, "{:?}", files(&at).keys());

    let planned = run(dir, "convert in --out SET --resume --dry-run", &set).success();
    assert_eq!(
        stdout(&planned),
        "skip     in/north.json  snapshot=north\nskip     in/süd.json  snapshot=süd\n"
    );
    let refused = run(dir, "convert in --out SET", &set).code(2);
    assert_eq!(
        stderr(&refused),
        format!(
            "voltree: error: {shown} is a dataset already: --append adds snapshots, --resume goes on where a \
             run ended, --overwrite replaces snapshots of the same name\n"
        )
    );
    let other = |root: &str| {
        write_payload(&dir.join("other.json"), 3);
        run(dir, "convert other.json --out SET --append --quiet", root).success();
        write_payload(&dir.join("north.json"), 4);
        run(
            dir,
            "convert north.json --out SET --layout hive --overwrite --quiet",
            root,
        )
        .success();
        fs::write(dir.join("bad.json"), "{").unwrap();
        run(
            dir,
            "convert bad.json --out SET --append --on-error skip",
            root,
        )
        .code(1);
    };
    other(&set);
    other("set");
    assert!(files(&at) == files(&dir.join("set")));
    for reads in [
        "render SET/_snapshots/north.json",
        "check SET/_snapshots/north.json",
        "diff SET/_snapshots/north.json SET/_snapshots/other.json",
    ] {
        let text = |root| stdout(&run(dir, reads, root).success());
        assert_eq!(text(&set).replace(&shown, "set"), text("set"), "{reads}");
    }
    run(dir, "merge SET-all SET", &set).success();
    assert!(files(&dav.path("nightly/a b/set-all")) == files(&at));
}

#[test]
fn what_breaks_off_is_tried_again() {
    let dir = payloads(&[("north.json", 1), ("south.json", 2)]);
    let dir = dir.path();
    let expected = expected(dir);
    for first in [0, 1, 40] {
        let dav = Dav::start();
        let faults = (0..12).flat_map(|at| [Fault::Cut(first + 300 * at), Fault::Unavailable]);
        let proxy = Proxy::start(dav.address, faults);
        let set = address(proxy.address);
        run(dir, "convert in --out SET --quiet", &set).success();
        assert_eq!(proxy.left(), 0);
        assert!(files(&dav.path("nightly/a b/set")) == expected);
    }
}

#[test]
fn runs_at_the_same_time_lose_nothing() {
    let names: Vec<String> = (0..6).map(|number| format!("n{number}.json")).collect();
    let inputs: Vec<(&str, u32)> = names.iter().map(|name| &**name).zip(1..).collect();
    let dir = payloads(&inputs);
    let (dir, dav) = (dir.path(), Dav::start());
    let set = address(dav.address);
    thread::scope(|scope| {
        for name in &names {
            let convert = format!("convert in/{name} --out SET --append --quiet");
            let set = &set;
            scope.spawn(move || run(dir, &convert, set).success());
        }
    });
    let at = dav.path("nightly/a b/set");
    let there: Vec<String> = snapshots(&at)
        .iter()
        .map(|name| format!("{name}.json"))
        .collect();
    assert_eq!(there, names);
    assert!(files(&at) == expected(dir));
}

#[test]
fn a_server_that_cannot_keep_a_dataset_is_refused() {
    let dir = payloads(&[("north.json", 1)]);
    let plain = Web::start("405 Method Not Allowed", Vec::new());
    let refused = run(dir.path(), "convert in --out SET", &address(plain.address)).code(5);
    assert_eq!(
        stderr(&refused),
        format!(
            "voltree: error: cannot list http://***@{}/nightly/a b/set/_snapshots: datasets are written to servers that \
             speak WebDAV; this one does not\n",
            plain.address
        )
    );
    assert!(
        plain
            .requests()
            .iter()
            .all(|request| !request.starts_with("PUT"))
    );

    let heedless = Dav::altered(&["if-none-match"], |_, _| ());
    let refused = run(
        dir.path(),
        "convert in --out SET",
        &address(heedless.address),
    )
    .code(5);
    assert_eq!(
        stderr(&refused),
        format!(
            "voltree: error: cannot write http://***@{}/nightly/a b/set/dataset.json: datasets are \
             written to servers that speak WebDAV; this one does not heed `If-None-Match`, without which two \
             runs at the same time would lose each other's snapshots\n",
            heedless.address
        )
    );
    assert_eq!(files(&heedless.path("")), BTreeMap::new());

    let untagged = Dav::altered(&[], |_, answer| drop(answer.headers_mut().remove("etag")));
    let weak = Dav::altered(&[], |_, answer| {
        let tag = "W/\"1\"".parse().unwrap();
        answer.headers_mut().insert("etag", tag);
    });
    for server in [untagged, weak] {
        let refused = run(dir.path(), "convert in --out SET", &address(server.address)).code(5);
        let line = stderr(&refused);
        assert!(line.contains("gives its files no strong `ETag`"), "{line}");
        assert_eq!(files(&server.path("")), BTreeMap::new());
    }
}

#[test]
fn what_somebody_has_locked_is_not_put() {
    let dir = payloads(&[("north.json", 1)]);
    // What several resources may not be changed for is told with a status of success.
    let locked = Dav::altered(&[], |asked, answer| {
        if asked.starts_with("MOVE /nightly/a%20b/set/sites/") {
            *answer.status_mut() = StatusCode::MULTI_STATUS;
        }
    });
    let set = address(locked.address);
    let refused = run(dir.path(), "convert in --out SET --quiet", &set).code(5);
    let line = stderr(&refused);
    assert!(
        line.contains("cannot write") && line.contains("somebody else has locked it"),
        "{line}"
    );
    assert!(
        !locked
            .path("nightly/a b/set/_snapshots/north.json")
            .exists()
    );
}
