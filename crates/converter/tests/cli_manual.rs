//! Completions and manual pages.

mod common;

use std::{fs, process};

use common::{names, stderr, stdout, voltree};

const COMMANDS: [&str; 10] = [
    "check",
    "completions",
    "convert",
    "diff",
    "generate",
    "inspect",
    "man",
    "merge",
    "render",
    "schema",
];

#[test]
fn every_shell_completes_every_command_and_its_options() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = stdout(&voltree().args(["completions", shell]).assert().success());
        for command in COMMANDS {
            assert!(script.contains(command), "{shell}: {command}");
        }
        for option in [
            "compression-level",
            "fail-on-change",
            "snapshot-name",
            "shuffle-keys",
        ] {
            assert!(script.contains(option), "{shell}: {option}");
        }
    }
    voltree().args(["completions", "cmd"]).assert().code(2);
}

#[test]
fn bash_reads_its_script() {
    let script = stdout(&voltree().args(["completions", "bash"]).assert().success());
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("voltree.bash");
    fs::write(&file, script).unwrap();
    let line = format!(
        "source {}; COMP_WORDS=(voltree ch); COMP_CWORD=1; _voltree voltree ch voltree; echo \"${{COMPREPLY[*]}}\"",
        file.display()
    );
    let output = std::process::Command::new("bash")
        .args(["-c", &line])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "check\n");
}

#[test]
fn a_page_has_the_sections_options_and_examples_of_its_command() {
    let page = stdout(&voltree().args(["man", "convert"]).assert().success());
    let title = concat!(
        ".TH voltree-convert 1  \"voltree ",
        env!("CARGO_PKG_VERSION"),
        "\""
    );
    assert!(page.contains(title), "{page}");
    for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS"] {
        assert!(page.contains(&format!(".SH {section}\n")), "{section}");
    }
    for text in [
        "\\-\\-compression\\-level",
        "voltree convert operators.json",
        "Exit codes:",
    ] {
        assert!(page.contains(text), "{text}\n{page}");
    }
    let all = stdout(&voltree().arg("man").assert().success());
    for command in COMMANDS {
        let name = format!("voltree\\-{command}(1)");
        assert!(all.contains(&name), "{name}\n{all}");
    }
    let refused = voltree().args(["man", "conver"]).assert().code(2);
    assert_eq!(
        stderr(&refused),
        "voltree: error: no command is named conver; did you mean `convert`?\n"
    );
}

#[test]
fn all_pages_go_into_a_directory_that_keeps_what_it_has() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("share/man1");
    fs::create_dir_all(&out).unwrap();
    fs::write(out.join("other.1"), "x").unwrap();
    for _ in 0..2 {
        voltree()
            .args(["man", "--out"])
            .arg(&out)
            .assert()
            .success();
    }
    let mut expected: Vec<String> = COMMANDS
        .iter()
        .map(|name| format!("voltree-{name}.1"))
        .collect();
    expected.extend(["other.1".to_owned(), "voltree.1".to_owned()]);
    expected.sort();
    assert_eq!(names(&out), expected);
    for name in names(&out).iter().filter(|name| *name != "other.1") {
        let page = fs::read_to_string(out.join(name)).unwrap();
        let title = name.strip_suffix(".1").unwrap();
        assert!(page.contains(&format!(".TH {title} 1")), "{page}");
        // Every request of the page is one of the few that there are.
        for line in page.lines().filter(|line| line.starts_with(['.', '\''])) {
            let request = line.split(' ').next().unwrap();
            assert!(
                [
                    ".TH", ".SH", ".SS", ".TP", ".IP", ".RS", ".RE", ".PP", ".br", ".ie", ".el"
                ]
                .contains(&request),
                "{name}: {line}"
            );
        }
    }
}

#[test]
fn help_that_cannot_be_printed_is_an_io_error() {
    for arguments in [
        &["--help"][..],
        &["--version"],
        &["convert", "-h"],
        &["man"],
    ] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let done = process::Command::new(env!("CARGO_BIN_EXE_voltree"))
            .args(arguments)
            .stdout(full)
            .output()
            .unwrap();
        assert_eq!(done.status.code(), Some(5), "{arguments:?}");
        let said = String::from_utf8(done.stderr).unwrap();
        assert!(
            said.starts_with("voltree: error: cannot write to standard output: No space left"),
            "{said}"
        );
    }
}

/// A line that clap breaks looks like two.
#[test]
fn exit_codes_stand_in_help_as_they_were_written() {
    let help = stdout(&voltree().args(["convert", "--help"]).assert().success());
    let codes = help.lines().skip_while(|line| *line != "Exit codes:");
    let codes: Vec<&str> = codes.skip(1).take_while(|line| !line.is_empty()).collect();
    assert_eq!(codes.len(), 9, "{codes:#?}");
    assert!(
        codes.iter().all(|line| line.starts_with("  ")),
        "{codes:#?}"
    );
}
