//! Defaults for options, from the environment and from `voltree.toml`.

mod common;

use std::{fs, path::Path};

use common::{names, stderr, stdout, voltree};
use tempfile::TempDir;

const PAYLOAD: &str = r#"{"operatorGroups":[{"id":1,"x":2,"subgroups":[{"id":2}]}]}"#;

/// A directory with a payload and a `voltree.toml`.
fn with_file(text: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("in.json"), PAYLOAD).unwrap();
    fs::write(dir.path().join("voltree.toml"), text).unwrap();
    dir
}

/// Runs a command line there, with these variables.
fn run(dir: &TempDir, line: &str, variables: &[(&str, &str)]) -> assert_cmd::assert::Assert {
    let mut command = voltree();
    command.current_dir(dir).args(line.split(' '));
    command.envs(variables.iter().copied()).assert()
}

fn has_csv(dir: &TempDir, out: &str) -> bool {
    dir.path().join(out).join("sites.csv").exists()
}

#[test]
fn typed_before_environment_before_file_before_default() {
    let dir = with_file("format = \"csv\"\n");
    run(&dir, "convert in.json --out file", &[]).success();
    assert!(has_csv(&dir, "file"));
    run(
        &dir,
        "convert in.json --out variable",
        &[("VOLTREE_FORMAT", "parquet")],
    )
    .success();
    assert!(!has_csv(&dir, "variable"));
    let variables = [("VOLTREE_FORMAT", "parquet")];
    run(&dir, "convert in.json --out typed --format csv", &variables).success();
    assert!(has_csv(&dir, "typed"));
    fs::remove_file(dir.path().join("voltree.toml")).unwrap();
    run(&dir, "convert in.json --out default", &[]).success();
    assert!(!has_csv(&dir, "default"));
}

#[test]
fn the_table_of_a_command_counts_more_than_what_is_for_all() {
    let dir = with_file(
        "limit = 0\n[diff]\nlimit = 1\n[check]\nfail-on = [\"cycle\", \"unknown-field\"]\n",
    );
    fs::write(dir.path().join("new.json"), PAYLOAD.replace('2', "3")).unwrap();
    let found = stdout(&run(&dir, "diff in.json new.json", &[]).success());
    assert!(
        found.starts_with("sites: 1 added, 1 removed\n  - 2\n  … 1 more\n"),
        "{found}"
    );
    let refused = run(&dir, "check in.json", &[]).code(1);
    assert!(stderr(&refused).contains("refused by --fail-on: 1 finding (1 unknown-field)"));
    // No finding is shown: that limit is for all commands.
    assert!(
        stdout(&refused).contains("its values are kept.\n    … 1 more\n"),
        "{}",
        stdout(&refused)
    );
}

#[test]
fn an_option_that_has_to_be_given_may_have_a_default() {
    let dir = with_file("[convert]\nout = \"tables\"\nquiet = true\n");
    let done = run(&dir, "convert in.json", &[]).success();
    assert_eq!(stderr(&done), "");
    assert!(dir.path().join("tables/sites.parquet").exists());
    run(&dir, "convert in.json", &[("VOLTREE_OUT", "others")]).success();
    assert!(dir.path().join("others/sites.parquet").exists());
    let missing = run(&dir, "convert", &[]).code(2);
    assert!(stderr(&missing).contains("<INPUT>"));
}

#[test]
fn switches_are_true_or_false() {
    let dir = with_file("overwrite = true\n");
    let convert = |variables: &[(&str, &str)]| run(&dir, "convert in.json --out out", variables);
    convert(&[]).success();
    convert(&[]).success();
    for off in ["0", "false"] {
        let refused = convert(&[("VOLTREE_OVERWRITE", off)]).code(2);
        assert!(stderr(&refused).contains("is not empty"));
    }
    // An empty variable is as good as none.
    for on in ["1", "true", ""] {
        convert(&[("VOLTREE_OVERWRITE", on)]).success();
    }
    let refused = convert(&[("VOLTREE_OVERWRITE", "yes")]).code(2);
    assert_eq!(
        stderr(&refused),
        "voltree: error: VOLTREE_OVERWRITE: it takes true or false, not yes\n"
    );
}

#[test]
fn a_default_gives_way_to_what_contradicts_it() {
    let dir = with_file(
        "quiet = true\noverwrite = true\ncompression-level = 3\nnull = \"NA\"\n\
         [convert]\nlineage = true\non-error = \"skip\"\n",
    );
    let convert = |rest: &str| run(&dir, &format!("convert in.json --out out {rest}"), &[]);
    // What is typed is heard.
    assert!(stderr(&convert("--layout flat --verbose").success()).contains("sites  ("));
    // Options of the other format do nothing.
    convert("--layout flat --format csv").success();
    let sites = fs::read_to_string(dir.path().join("out/sites.csv")).unwrap();
    assert!(sites.contains("NA"), "{sites}");
    convert("--layout flat --format parquet").success();
    // No lineage where texts are to be changed, and no --overwrite where snapshots are to be added.
    convert("--layout flat --format csv --csv-safe prefix").success();
    assert!(!dir.path().join("out/lineage").exists());
    run(&dir, "convert in.json --out dataset --append", &[]).success();
    // What needs another layout, or another format, is heard as well; values that clash are not there.
    let environment = |rest: &str, set: (&str, &str)| {
        run(&dir, &format!("convert in.json {rest} --append"), &[set]).success()
    };
    environment("--out heard", ("VOLTREE_LAYOUT", "flat"));
    environment("--out rows --row-group-rows 5", ("VOLTREE_FORMAT", "csv"));
    environment(
        "--out csv --format csv --delimiter ;",
        ("VOLTREE_NULL", "a;b"),
    );
    for out in ["-", "t.json"] {
        run(
            &dir,
            &format!("generate --chargers 1 --out {out}"),
            &[("VOLTREE_TRUTH", out)],
        )
        .success();
    }
    // Among what is typed, contradictions stay errors.
    convert("--layout flat --format csv --compression-level 3").code(2);
    let refused = run(&dir, "convert in.json --out out --quiet --verbose", &[]).code(2);
    assert!(stderr(&refused).contains("cannot be used with"));
    // The environment counts more than the file.
    let said = run(
        &dir,
        "convert in.json --out out --layout flat",
        &[("VOLTREE_VERBOSE", "1")],
    );
    assert!(stderr(&said.success()).contains("sites  ("));
}

#[test]
fn what_is_wrong_in_the_file_is_named() {
    for (text, error) in [
        (
            "\ntreads = 4\n",
            "voltree.toml:2: treads: this is no option; did you mean `threads`?",
        ),
        (
            "[convert]\nnow = 4\n",
            "voltree.toml:2: convert.now: this is no option of voltree convert",
        ),
        (
            "[convrt]\n",
            "voltree.toml:1: convrt: this is no command; did you mean `convert`?",
        ),
        ("help = true\n", "voltree.toml:1: help: this is no option"),
        (
            "strict = 2\n",
            "voltree.toml:1: strict: it takes true or false, not 2",
        ),
        (
            "strict = [true]\n",
            "voltree.toml:1: strict: an option takes no list of these",
        ),
        (
            "threads = true\n",
            "voltree.toml:1: threads: it takes a value, and is no switch to be true",
        ),
        (
            "threads = [1]\n",
            "voltree.toml:1: threads: it takes one value, not a list",
        ),
        (
            "# ä\n\n[diff]\nthreads = 0\n",
            "voltree.toml:4: diff.threads: invalid value '0' for '--threads <N>': \
             0 is not in 1..=1024",
        ),
        (
            "format = \"xml\"\n",
            "voltree.toml:1: format: invalid value 'xml' for '--format <FORMAT>' [possible values: parquet, csv]",
        ),
        (
            "[check.limit]\n",
            "voltree.toml:1: check.limit: an option takes no table",
        ),
    ] {
        let dir = with_file(text);
        // Whatever the command is: it is found out before the nightly one runs.
        let refused = run(&dir, "inspect in.json", &[]).code(2);
        assert_eq!(
            stderr(&refused),
            format!("voltree: error: {error}\n"),
            "{text}"
        );
        assert_eq!(stdout(&refused), "");
    }
    let dir = with_file("limit = \n");
    let refused = run(&dir, "inspect in.json", &[]).code(2);
    assert!(
        stderr(&refused).starts_with("voltree: error: voltree.toml:1: "),
        "{}",
        stderr(&refused)
    );
    // It does not stand in the way of help.
    assert!(stdout(&run(&dir, "convert --help", &[]).success()).contains("--config <FILE>"));
    run(&dir, "completions bash", &[]).success();
    run(&dir, "man", &[]).success();
    // The parser of TOML survives anything.
    for text in [
        "\u{feff}",
        "a",
        "[",
        "=",
        "\0",
        "[[convert]]\nout=1",
        "a.b = 1",
        "1 = 2",
        "\"\" = 1",
    ] {
        let dir = with_file(text);
        let code = run(&dir, "inspect in.json", &[]).get_output().status.code();
        assert!(matches!(code, Some(0 | 2)), "{text:?}: {code:?}");
    }
}

#[test]
fn another_file_may_be_named() {
    let dir = with_file("format = \"csv\"\n");
    fs::write(
        dir.path().join("other.toml"),
        "format = \"parquet\"\nquiet = true\n",
    )
    .unwrap();
    let silent = run(&dir, "convert in.json --out one --config other.toml", &[]).success();
    assert_eq!(stderr(&silent), "");
    assert!(!has_csv(&dir, "one"));
    run(&dir, "--config=other.toml convert in.json --out two", &[]).success();
    assert!(!has_csv(&dir, "two"));
    run(
        &dir,
        "convert in.json --out three",
        &[("VOLTREE_CONFIG", "other.toml")],
    )
    .success();
    assert!(!has_csv(&dir, "three"));
    run(&dir, "inspect in.json", &[("VOLTREE_CONFIG", "")]).success();
    fs::write(dir.path().join("latin.toml"), b"null = \"\xe4\"\n").unwrap();
    let refused = run(&dir, "inspect in.json --config latin.toml", &[]).code(2);
    assert_eq!(
        stderr(&refused),
        "voltree: error: latin.toml: it is no UTF-8, which TOML has to be\n"
    );
    fs::remove_file(dir.path().join("latin.toml")).unwrap();
    let missing = run(&dir, "convert in.json --out four --config none.toml", &[]).code(5);
    assert!(stderr(&missing).contains("cannot read none.toml: No such file"));
    assert_eq!(
        names(dir.path()),
        [
            "in.json",
            "one",
            "other.toml",
            "three",
            "two",
            "voltree.toml"
        ]
    );
}

#[test]
fn variables_that_are_no_option_are_left_alone() {
    let dir = with_file("");
    let variables = [
        ("VOLTREE_HOME", "/"),
        ("VOLTREE_", "x"),
        ("VOLTREE_HELP", "1"),
    ];
    run(&dir, "inspect in.json", &variables).success();
    // Another command's formats do not matter to this one, but none may be a mistake.
    run(&dir, "inspect in.json", &[("VOLTREE_FORMAT", "csv")]).success();
    let refused = run(&dir, "inspect in.json", &[("VOLTREE_FORMAT", "xml")]).code(2);
    assert!(stderr(&refused).contains("VOLTREE_FORMAT: invalid value 'xml'"));
}

#[test]
fn the_documented_file_is_a_file() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/configuration.md");
    let docs = fs::read_to_string(docs).unwrap();
    let example = docs.split("```toml\n").nth(1).unwrap();
    let dir = with_file(example.split("```").next().unwrap());
    run(&dir, "convert in.json --layout flat", &[]).success();
    assert!(dir.path().join("tables/datapackage.json").exists());
}

#[test]
fn a_default_for_datasets_makes_no_dataset() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("in.json"), r#"{"operatorGroups":[]}"#).unwrap();
    let convert = |out: &str, flags: &[&str]| {
        let mut command = common::voltree();
        command
            .current_dir(&dir)
            .args(["convert", "in.json", "--quiet", "--out", out]);
        command
            .env("VOLTREE_ON_ERROR", "skip")
            .env("VOLTREE_RESUME", "1");
        command.args(flags).assert().success();
        dir.path().join(out).join("dataset.json").exists()
    };
    assert!(!convert("flat", &[]));
    assert!(!convert("said", &["--layout", "flat"]));
    assert!(convert("hive", &["--layout", "hive"]));
    assert!(convert("typed", &["--on-error", "skip"]));
}
