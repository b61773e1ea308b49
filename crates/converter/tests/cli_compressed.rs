//! Compressed inputs: recognised by what they hold, and refused with a clear line when they are broken.

mod common;

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use bzip2::write::BzEncoder;
use common::{check, names, stderr, stdout, voltree};
use flate2::write::GzEncoder;
use liblzma::write::XzEncoder;
use serde_json::{Value, json};
use tempfile::TempDir;
use twox_hash::XxHash3_128;

const PAYLOAD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/generated.json");

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn zstd(content: &[u8]) -> Vec<u8> {
    zstd::encode_all(content, 3).unwrap()
}

fn bzip2(content: &[u8]) -> Vec<u8> {
    let mut encoder = BzEncoder::new(Vec::new(), bzip2::Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn xz(content: &[u8]) -> Vec<u8> {
    let mut encoder = XzEncoder::new(Vec::new(), 6);
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

type Compress = fn(&[u8]) -> Vec<u8>;
const CODECS: [(&str, Compress); 4] =
    [("gzip", gzip), ("zstd", zstd), ("bzip2", bzip2), ("xz", xz)];

/// A directory with one input.
fn given(name: &str, bytes: &[u8]) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    fs::write(&path, bytes).unwrap();
    (dir, path)
}

/// All files of an output but the manifest, and the manifest's resources and source.
fn output(dir: &Path) -> (Vec<(String, Vec<u8>)>, Value, Value) {
    let tables = names(dir)
        .into_iter()
        .filter(|name| name != "datapackage.json")
        .map(|name| (name.clone(), fs::read(dir.join(&name)).unwrap()))
        .collect();
    let manifest = fs::read(dir.join("datapackage.json")).unwrap();
    let mut manifest: Value = serde_json::from_slice(&manifest).unwrap();
    let source = manifest["sources"][0].take();
    (tables, manifest["resources"].take(), source)
}

#[test]
fn the_tables_are_those_of_the_plain_payload() {
    let payload = fs::read(PAYLOAD).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let plain = dir.path().join("plain");
    let convert = || {
        let mut command = voltree();
        command.current_dir(dir.path()).args(["convert", "--quiet"]);
        command
    };
    convert()
        .arg(PAYLOAD)
        .arg("--out")
        .arg(&plain)
        .assert()
        .success();
    let (tables, resources, source) = output(&plain);
    assert_eq!(source.get("codec"), None);
    for (codec, compress) in CODECS {
        // Several members, one of which holds nothing; the name says something else.
        let (head, tail) = payload.split_at(payload.len() / 3);
        let stored = [compress(head), compress(b""), compress(tail)].concat();
        fs::write(dir.path().join("lies.json"), &stored).unwrap();
        let out = dir.path().join(codec);
        convert()
            .args(["lies.json", "--stats-json", "-", "--out"])
            .arg(&out)
            .assert()
            .success();
        let expected = json!({
            "title": "lies.json",
            "bytes": stored.len(),
            "hash": format!("xxh3-128:{:032x}", XxHash3_128::oneshot(&stored)),
            "codec": codec,
        });
        assert!(
            output(&out) == (tables.clone(), resources.clone(), expected),
            "{codec}"
        );
        let piped = dir.path().join([codec, "-piped"].concat());
        convert()
            .args(["-", "--threads", "1", "--out"])
            .arg(&piped)
            .write_stdin(stored)
            .assert()
            .success();
        let (piped, _, source) = output(&piped);
        assert!(piped == tables, "{codec}");
        assert_eq!(source["codec"], codec);
    }
}

#[test]
fn a_plain_payload_may_be_called_compressed() {
    let (dir, path) = given("operators.json.gz", &fs::read(PAYLOAD).unwrap());
    let out = dir.path().join("out");
    let done = voltree()
        .arg("convert")
        .arg(&path)
        .args(["--stats-json", "-", "--quiet", "--out"])
        .arg(&out)
        .assert()
        .success();
    let stats: Value = serde_json::from_str(&stdout(&done)).unwrap();
    assert_eq!(stats["input"].get("codec"), None);
    assert_eq!(stats["input"]["payload_bytes"], stats["input"]["bytes"]);
}

#[test]
fn stats_tell_stored_from_decompressed_bytes() {
    let payload = fs::read(PAYLOAD).unwrap();
    let stored = xz(&payload);
    let (dir, path) = given("operators", &stored);
    let done = voltree()
        .arg("convert")
        .arg(&path)
        .args(["--stats-json", "-", "--out"])
        .arg(dir.path().join("out"))
        .assert()
        .success();
    let stats: Value = serde_json::from_str(&stdout(&done)).unwrap();
    assert_eq!(stats["input"]["codec"], "xz");
    assert_eq!(stats["input"]["bytes"], stored.len());
    assert_eq!(stats["input"]["payload_bytes"], payload.len());
    assert!(stderr(&done).contains(" of xz, "), "{}", stderr(&done));
}

#[test]
fn inspect_and_check_read_it_too() {
    let payload = fs::read(PAYLOAD).unwrap();
    for (codec, compress) in CODECS {
        let (_dir, path) = given("operators", &compress(&payload));
        let shown = |input: &Path| {
            let done = voltree().arg("inspect").arg(input).assert().success();
            let text = stdout(&done);
            text.split_once(": ").unwrap().1.to_owned()
        };
        assert_eq!(shown(&path), shown(Path::new(PAYLOAD)), "{codec}");
        let found = |input: &Path| {
            let done = check(input, &[]).assert().success();
            stdout(&done).replace(&input.display().to_string(), "INPUT")
        };
        assert_eq!(found(&path), found(Path::new(PAYLOAD)), "{codec}");
    }
}

/// The line that an input is refused with, without `voltree: error: in: `.
fn refusal(stored: &[u8], exit: i32) -> String {
    let (dir, _) = given("in", stored);
    let mut lines = Vec::new();
    for command in [
        &["convert", "in", "--out", "out"][..],
        &["inspect", "in"],
        &["check", "in"],
    ] {
        let refused = voltree()
            .current_dir(dir.path())
            .args(command)
            .assert()
            .code(exit)
            .stdout("");
        lines.push(stderr(&refused));
        assert_eq!(names(dir.path()), ["in"]);
    }
    assert!(lines.iter().all(|line| *line == lines[0]), "{lines:?}");
    let line = lines[0].strip_prefix("voltree: error: in: ");
    line.and_then(|line| line.strip_suffix('\n'))
        .unwrap_or_else(|| panic!("{lines:?}"))
        .to_owned()
}

#[test]
fn what_is_cut_off() {
    let payload = fs::read(PAYLOAD).unwrap();
    for (codec, compress) in CODECS {
        let stored = compress(&payload);
        for length in [6, stored.len() / 3, stored.len() - 1] {
            assert_eq!(
                refusal(&stored[..length], 3),
                format!(
                    "the {codec} data is cut off: it ends at byte {length}; \
                     the download was probably interrupted: fetch it again"
                )
            );
        }
    }
}

#[test]
fn what_is_damaged() {
    let payload = fs::read(PAYLOAD).unwrap();
    for (codec, compress) in CODECS {
        let mut stored = compress(&payload);
        let middle = stored.len() / 2;
        for byte in &mut stored[middle..middle + 4] {
            *byte = !*byte;
        }
        let line = refusal(&stored, 3);
        let start = format!("the {codec} data is damaged, around byte ");
        let byte = line
            .strip_prefix(&start)
            .and_then(|rest| rest.strip_suffix("; fetch it again"))
            .unwrap_or_else(|| panic!("{line}"));
        let byte: usize = byte.parse().unwrap();
        assert!(byte <= stored.len(), "{line}");
    }
}

#[test]
fn what_has_something_else_behind_it() {
    let payload = br#"{"operatorGroups":[]}"#;
    for (codec, compress) in CODECS {
        let member = compress(payload);
        let line = format!(
            "the {codec} data ends at byte {}, and what follows is none; fetch it again",
            member.len()
        );
        assert_eq!(refusal(&[&member[..], b"<html>"].concat(), 3), line);
    }
}

#[test]
fn what_would_take_too_much_memory() {
    let stored = b"\x28\xB5\x2F\xFD\0\x90\x01\0\0";
    assert_eq!(
        refusal(stored, 6),
        "the zstd data needs a window of more than 128 MiB; compress it again with a smaller one"
    );
}

#[test]
fn what_holds_no_payload() {
    let nothing = "the input is empty; save the body of the API's response again";
    let twice =
        "the input is gzip-compressed, not JSON; it was compressed twice: decompress it once first";
    let page = "the input is an HTML or XML page, not JSON; it was probably sent by a proxy or a login: \
                save the API's response body again";
    for (codec, compress) in CODECS {
        assert_eq!(refusal(&compress(b""), 3), nothing, "{codec}");
        assert_eq!(refusal(&compress(&gzip(b"{}")), 3), twice, "{codec}");
        assert_eq!(refusal(&compress(b"<html>"), 3), page, "{codec}");
    }
}

#[test]
fn faults_of_the_payload_have_their_place_in_it() {
    for (codec, compress) in CODECS {
        let (dir, _) = given("in", &compress(br#"{"operatorGroups":[{"id":1,}]}"#));
        let refused = voltree()
            .current_dir(dir.path())
            .args(["convert", "in", "--out", "out"])
            .assert()
            .code(3);
        assert_eq!(
            stderr(&refused),
            "voltree: error: in:1:28: expected a key in quotes, found `}` \
             (byte 27, in $.operatorGroups[0])\n",
            "{codec}"
        );
    }
}

#[test]
fn standard_input_is_named_in_errors() {
    let stored = gzip(br#"{"operatorGroups":[]}"#);
    let refused = voltree()
        .args(["inspect", "-"])
        .write_stdin(&stored[..stored.len() - 3])
        .assert()
        .code(3);
    assert_eq!(
        stderr(&refused),
        format!(
            "voltree: error: standard input: the gzip data is cut off: it ends at byte {}; \
             the download was probably interrupted: fetch it again\n",
            stored.len() - 3
        )
    );
}
