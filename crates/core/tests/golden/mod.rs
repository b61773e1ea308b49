//! Tables as text that can be reviewed, and the files that such text is held against.
#![allow(dead_code, unreachable_pub)] // Each test uses a part.

use std::{
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use arrow_array::Array;
use voltree_core::{Dataset, Table};

use crate::common::{FOLLOW_TEXT, cell};

/// Set to 1, it makes the tests write what they would compare: read the difference before it is committed.
const UPDATE: &str = "UPDATE_EXPECTED";

/// A path below `fixtures/`.
pub fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fixtures")
        .join(path)
}

/// Names of the files in a directory of fixtures, sorted.
pub fn names(dir: &str) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(fixture(dir))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .filter(|name| !name.starts_with('.'))
        .collect();
    names.sort();
    names
}

pub fn updating() -> bool {
    env::var(UPDATE).is_ok_and(|value| value == "1")
}

/// Panics at the first line where `found` is not what the file says.
pub fn hold(path: &Path, found: &str) {
    if updating() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, found).unwrap();
        return;
    }
    let expected = fs::read_to_string(path)
        .unwrap_or_else(|error| panic!("{}: {error}; write it with {UPDATE}=1", path.display()));
    if expected == found {
        return;
    }
    let same = expected
        .lines()
        .zip(found.lines())
        .take_while(|(one, other)| one == other)
        .count();
    panic!(
        "{}:{}\nexpected: {:?}\nfound:    {:?}",
        path.display(),
        same + 1,
        expected.lines().nth(same),
        found.lines().nth(same)
    );
}

/// All tables as text: each that has rows as CSV under its name, but for columns without any value.
/// A table of more than `longest` bytes is a hash, taken without the columns that follow the text.
pub fn text(dataset: &Dataset, longest: usize) -> String {
    let mut text = String::new();
    let mut empty = Vec::new();
    for table in &dataset.tables {
        let (name, rows) = (table.def.name, table.rows());
        if rows == 0 {
            empty.push(name);
            continue;
        }
        let s = if rows == 1 { "" } else { "s" };
        let whole = csv(table, true);
        if whole.len() <= longest {
            write!(text, "# {name}: {rows} row{s}\n{whole}\n").unwrap();
        } else {
            let hash = fnv_1a(csv(table, false).as_bytes());
            write!(text, "# {name}: {rows} row{s}, FNV-1a {hash:016x}\n\n").unwrap();
        }
    }
    writeln!(text, "# empty: {}", empty.join(" ")).unwrap();
    text
}

/// NULL is nothing, the empty text `""`.
fn csv(table: &Table, with_places: bool) -> String {
    let columns: Vec<usize> = (0..table.def.columns.len())
        .filter(|&column| with_places || !FOLLOW_TEXT.contains(&table.def.columns[column].name))
        .filter(|&column| {
            let mut batches = table.batches.iter();
            batches.any(|batch| batch.column(column).null_count() < batch.num_rows())
        })
        .collect();
    let line = |cell: &dyn Fn(usize) -> String| {
        let cells: Vec<String> = columns.iter().map(|&column| cell(column)).collect();
        cells.join(",") + "\n"
    };
    let mut text = line(&|column| table.def.columns[column].name.to_owned());
    for batch in &table.batches {
        for row in 0..batch.num_rows() {
            text += &line(&|column| csv_cell(batch.column(column), row));
        }
    }
    text
}

fn csv_cell(array: &dyn Array, row: usize) -> String {
    match cell(array, row) {
        Some(text) if text.is_empty() || text.contains([',', '"', '\n', '\r']) => {
            format!("\"{}\"", text.replace('"', "\"\""))
        }
        text => text.unwrap_or_default(),
    }
}

/// Stable over releases of the compiler and of crates, which a committed hash has to be.
fn fnv_1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
