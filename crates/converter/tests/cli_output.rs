//! Outputs: what they may replace, what they keep from, and where they go.

mod common;

use std::{
    fs,
    os::unix::fs::symlink,
    path::Path,
    process::{Command as System, Stdio},
};

use assert_cmd::{Command, cargo::cargo_bin};
use common::{names, stderr, voltree};
use tempfile::TempDir;

const SMALL: &str = r#"{"operatorGroups":[{"id":7,"groupName":"North"}]}"#;

/// A directory with a payload in it.
fn case() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("g.json"), SMALL).unwrap();
    dir
}

/// The command in a directory.
fn run(dir: &TempDir, line: &str) -> Command {
    let mut command = voltree();
    command.current_dir(dir).args(line.split(' '));
    command
}

/// What the command says when it refuses.
fn refused(dir: &TempDir, line: &str) -> String {
    stderr(&run(dir, line).assert().code(2))
}

#[test]
fn directories_of_users_are_never_swept() {
    let dir = case();
    for name in [
        ".voltree-backup",
        ".tables.voltree-backup",
        ".voltree-output",
    ] {
        fs::create_dir(dir.path().join(name)).unwrap();
        fs::write(dir.path().join(name).join("f"), "precious").unwrap();
    }
    fs::create_dir(dir.path().join(".voltree-00c0ffee00c0ffee")).unwrap();
    run(&dir, "convert g.json --out tables").assert().success();
    run(&dir, "render tables --out x.json").assert().success();
    run(&dir, "convert g.json --out ds --layout hive")
        .assert()
        .success();
    let left = [
        ".tables.voltree-backup",
        ".voltree-backup",
        ".voltree-output",
    ];
    assert_eq!(
        names(dir.path()),
        [&left[..], &["ds", "g.json", "tables", "x.json"]].concat()
    );
}

#[test]
fn folders_that_voltree_did_not_write_are_not_overwritten() {
    let dir = case();
    for (name, file) in [("photos", "2026/1.jpg"), ("package", "data/t.csv")] {
        let file = dir.path().join(name).join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, "x").unwrap();
    }
    fs::write(
        dir.path().join("package/datapackage.json"),
        r#"{"resources":[]}"#,
    )
    .unwrap();
    let said = refused(&dir, "convert g.json --out photos --overwrite");
    assert!(
        said.contains("photos holds 2026, which voltree did not write"),
        "{said}"
    );
    let said = refused(&dir, "convert g.json --out package --overwrite");
    assert!(
        said.contains("package holds data, which voltree did not write"),
        "{said}"
    );
    assert!(
        dir.path().join("photos/2026/1.jpg").exists() && dir.path().join("package/data").exists()
    );
}

#[test]
fn every_output_of_voltree_is_overwritten_by_every_other() {
    let dir = case();
    let lines = [
        "convert g.json --out o --overwrite",
        "convert g.json --out o --overwrite --format csv --lineage",
        "diff g.json g.json --out o --overwrite",
        "convert g.json --out o --overwrite --lineage",
        "diff g.json g.json --out o --overwrite --tables csv",
        "convert g.json --out o --overwrite --format csv",
    ];
    for line in lines.iter().chain(&lines[..1]) {
        run(&dir, line).assert().success();
    }
    // Files are what it is about.
    fs::write(dir.path().join("o/mine.sql"), "x").unwrap();
    run(&dir, lines[0]).assert().success();
    assert!(!dir.path().join("o/mine.sql").exists());
    fs::create_dir(dir.path().join("o/mine")).unwrap();
    let said = refused(&dir, lines[0]);
    assert!(said.contains("o holds mine, which"), "{said}");
}

#[test]
fn a_dataset_says_how_it_goes_on() {
    let dir = case();
    run(&dir, "convert g.json --out ds --layout hive")
        .assert()
        .success();
    for line in [
        "convert g.json --out ds",
        "convert g.json --out ds --overwrite",
    ] {
        let said = refused(&dir, line);
        let advice = "goes on with by --append, --resume or --layout hive --overwrite";
        assert!(
            said.contains("ds is a dataset of snapshots") && said.contains(advice),
            "{said}"
        );
    }
}

#[test]
fn no_file_is_written_over_what_the_command_reads_or_writes() {
    let dir = case();
    run(&dir, "convert g.json --out o").assert().success();
    run(&dir, "convert g.json --out ds --layout hive")
        .assert()
        .success();
    fs::create_dir(dir.path().join("in")).unwrap();
    fs::write(dir.path().join("in/a.json"), SMALL).unwrap();
    symlink("g.json", dir.path().join("link.json")).unwrap();
    let before = names(dir.path());
    for line in [
        "convert g.json --out new --stats-json g.json",
        "convert g.json --out new --stats-json link.json",
        "convert g.json --out new --stats-json new/stats.json",
        "convert in --out new --stats-json in/stats.json",
        "convert in/*.json --out new --stats-json in/a.json",
        "convert in/*.json --out new --stats-json in/a.json --dry-run",
        "convert in --out ds --append --stats-json ds/dataset.json",
        "render o --out o/sites.parquet",
        "render ds/_snapshots/g.json --out ds/sites/snapshot=g/part-0.parquet",
        "generate --out x.json --truth x.json --chargers 10",
    ] {
        let said = refused(&dir, line);
        assert!(said.contains("reads or writes too"), "{line}: {said}");
    }
    assert_eq!(names(dir.path()), before);
    assert_eq!(
        fs::read_to_string(dir.path().join("g.json")).unwrap(),
        SMALL
    );
}

#[test]
fn a_file_that_cannot_be_had_fails_before_the_work() {
    let dir = case();
    fs::create_dir(dir.path().join("folder")).unwrap();
    let before = names(dir.path());
    for (file, why) in [
        (
            "none/x",
            "cannot write none/x: No such file or directory (os error 2)\n",
        ),
        (
            "folder",
            "cannot write folder: Is a directory (os error 21)\n",
        ),
    ] {
        for line in [
            format!("convert g.json --out o --stats-json {file}"),
            format!("convert g.json --out o --layout hive --stats-json {file}"),
            format!("generate --out p.json --truth {file} --chargers 10"),
        ] {
            let said = stderr(&run(&dir, &line).assert().code(5));
            assert!(said.ends_with(why), "{line}: {said}");
            assert_eq!(names(dir.path()), before, "{line}");
        }
    }
}

#[test]
fn a_link_to_what_a_shell_redirected_stays_and_so_does_what_stood_there() {
    let dir = case();
    run(&dir, "convert g.json --out o --lineage")
        .assert()
        .success();
    symlink("/proc/self/fd/1", dir.path().join("stdout")).unwrap();
    fs::write(dir.path().join("log"), "before\n").unwrap();
    let log = fs::File::options()
        .append(true)
        .open(dir.path().join("log"))
        .unwrap();
    let done = System::new(cargo_bin!("voltree"))
        .args(["render", "o", "--out", "stdout"])
        .current_dir(&dir)
        .stdout(log)
        .stderr(Stdio::null())
        .status();
    assert!(done.unwrap().success());
    let text = fs::read_to_string(dir.path().join("log")).unwrap();
    let payload = r#"{"operatorGroups":[{"groupName":"North","id":7}]}"#;
    assert_eq!(text, format!("before\n{payload}"));
    let link = fs::symlink_metadata(dir.path().join("stdout")).unwrap();
    assert!(link.is_symlink());
}

#[test]
fn a_mount_point_is_refused_before_the_work() {
    let dir = case();
    let said = refused(&dir, "convert g.json --out /dev/../dev");
    assert!(said.contains("/dev holds"), "{said}");
    // Whoever may not mount sees no more.
    let script = r#"mkdir m && mount -t tmpfs none m && "$@"; echo $?"#;
    let mounted = System::new("unshare")
        .args([
            "-m",
            "sh",
            "-c",
            script,
            "sh",
            cargo_bin!("voltree").to_str().unwrap(),
        ])
        .args(["convert", "g.json", "--out", "m"])
        .current_dir(&dir)
        .output();
    let Ok(mounted) = mounted else { return };
    let said = String::from_utf8_lossy(&mounted.stderr);
    if said.contains("voltree") {
        let root = dir.path().canonicalize().unwrap();
        let advice = format!(
            "choose a directory in it, such as --out {}/m/tables\n",
            root.display()
        );
        assert!(
            said.contains("is a mount point") && said.ends_with(&advice),
            "{said}"
        );
        assert_eq!(mounted.stdout, b"2\n");
    }
}

#[test]
fn a_link_to_nothing_and_a_long_name_are_outputs() {
    let dir = case();
    let name = "n".repeat(250);
    symlink("new/tables", dir.path().join("link")).unwrap();
    run(&dir, "convert g.json --out link").assert().success();
    run(&dir, &format!("convert g.json --out {name}"))
        .assert()
        .success();
    let package = Path::new("datapackage.json");
    assert!(dir.path().join("new/tables").join(package).exists());
    assert!(dir.path().join(name).join(package).exists());
}
