//! What is seen on a terminal.

mod common;

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::Read,
    process::{Command, Stdio},
    thread,
};

use assert_cmd::cargo::cargo_bin;
use rustix::{
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{Winsize, tcsetwinsize},
};

/// Columns of the terminal: no message is longer.
const WIDTH: u16 = 250;

/// Runs a command with standard error on a terminal, and gives the lines that are seen in the end.
fn seen(command: &mut Command) -> Vec<String> {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&ours).unwrap();
    unlockpt(&ours).unwrap();
    let size = Winsize {
        ws_row: 40,
        ws_col: WIDTH,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    tcsetwinsize(&ours, size).unwrap();
    let name = ptsname(&ours, Vec::new()).unwrap().into_string().unwrap();
    let theirs = File::options().read(true).write(true).open(name).unwrap();
    let mut ours = File::from(ours);
    let reader = thread::spawn(move || {
        let mut written = Vec::new();
        // It ends with an error when nobody has the other side any more.
        let _ = ours.read_to_end(&mut written);
        String::from_utf8_lossy(&written).into_owned()
    });
    command
        .env("TERM", "xterm")
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    let mut child = command.stderr(theirs).spawn().unwrap();
    // The command holds the terminal, too.
    command.stderr(Stdio::null());
    child.wait().unwrap();
    shown(&reader.join().unwrap())
}

/// The lines of an endless screen that this was written to.
fn shown(written: &str) -> Vec<String> {
    let mut screen: BTreeMap<usize, Vec<char>> = BTreeMap::new();
    let (mut row, mut column) = (0_usize, 0);
    let mut chars = written.chars();
    while let Some(char) = chars.next() {
        match char {
            '\r' => column = 0,
            '\n' => row += 1,
            '\u{1b}' => {
                let code: Vec<char> = chars.by_ref().take(1).collect();
                assert_eq!(code, ['[']);
                let digits = chars.clone().take_while(char::is_ascii_digit);
                let digits: String = digits.collect();
                let number = digits.parse().unwrap_or(1);
                match chars.nth(digits.len()) {
                    Some('A') => row = row.saturating_sub(number),
                    Some('B') => row += number,
                    Some('K') => drop(screen.remove(&row)),
                    // A colour.
                    Some('m') => {}
                    other => panic!("what is {other:?}?"),
                }
            }
            char => {
                if column == usize::from(WIDTH) {
                    (row, column) = (row + 1, 0);
                }
                let line = screen.entry(row).or_default();
                line.resize(line.len().max(column + 1), ' ');
                line[column] = char;
                column += 1;
            }
        }
    }
    let lines = screen.into_values().map(|line| line.into_iter().collect());
    lines
        .map(|line: String| line.trim_end().to_owned())
        .collect()
}

#[test]
fn what_is_said_is_not_erased_by_the_bars() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("in")).unwrap();
    for number in 0..20 {
        let path = dir.path().join(format!("in/{number}.json"));
        let payload = match number % 2 {
            0 => r#"{"operatorGroups":["#,
            _ => r#"{"operatorGroups":[]}"#,
        };
        fs::write(path, payload).unwrap();
    }
    let mut command = Command::new(cargo_bin!("voltree"));
    command.args(["convert", "in", "--out", "ds", "--on-error", "skip"]);
    let lines = seen(command.current_dir(&dir));
    let rejected = lines
        .iter()
        .filter(|line| line.starts_with("voltree: rejected: in/"));
    assert_eq!(rejected.count(), 10, "{lines:#?}");
    assert!(
        !lines
            .iter()
            .any(|line| line.contains('░') || line.contains('█')),
        "{lines:#?}"
    );
}
