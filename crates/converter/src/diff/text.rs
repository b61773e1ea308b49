//! Changes for people.

use std::io::{self, Write};

use voltree_core::diff::{Change, Counts};

use super::{Compared, KnownBy, TableChanges};
use crate::plain::{Plain, counted as count};

/// Characters of a key or a value that are shown.
const SHOWN: usize = 80;

/// Writes the counts of each table that changed, its first few changes, and the counts of all.
pub(crate) fn write(compared: &Compared, out: &mut dyn Write) -> io::Result<()> {
    let changed = compared.tables.iter();
    for changes in changed.filter(|changes| !changes.counts.is_equal()) {
        write_table(changes, out)?;
    }
    let (old, new) = (&compared.old.label, &compared.new.label);
    let unchanged = compared.total().unchanged;
    write!(out, "{} → {}: ", Plain(old), Plain(new))?;
    match compared.equal {
        Some(KnownBy::Bytes) => writeln!(out, "no differences: the files have the same bytes"),
        Some(KnownBy::Hashes) => writeln!(
            out,
            "no differences: the manifests have equal hashes of all tables"
        ),
        Some(KnownBy::Rows) => writeln!(out, "no differences in {}", count(unchanged, "row")),
        None => writeln!(out, "{}, {unchanged} unchanged", rows(&compared.total())),
    }
}

/// `2 rows added, 1 row changed`; of what there is.
pub(super) fn rows(counts: &Counts) -> String {
    parts(counts)
        .map(|(number, what)| format!("{} {what}", count(number, "row")))
        .collect::<Vec<_>>()
        .join(", ")
}

fn parts(counts: &Counts) -> impl Iterator<Item = (u64, &'static str)> {
    let parts = [
        (counts.added, "added"),
        (counts.removed, "removed"),
        (counts.changed, "changed"),
    ];
    parts.into_iter().filter(|(number, _)| *number > 0)
}

fn write_table(changes: &TableChanges, out: &mut dyn Write) -> io::Result<()> {
    let TableChanges {
        table,
        counts,
        first,
        ..
    } = changes;
    let rows: Vec<String> = parts(counts)
        .map(|(number, what)| format!("{number} {what}"))
        .collect();
    write!(out, "{}: {}", table.name, rows.join(", "))?;
    let columns = table.columns.iter().zip(&counts.columns);
    let columns: Vec<String> = columns
        .filter(|(_, count)| **count > 0)
        .map(|(column, count)| format!("{} {count}", column.name))
        .collect();
    match columns.is_empty() {
        true => writeln!(out)?,
        false => writeln!(out, " ({})", columns.join(", "))?,
    }
    for change in first {
        write_change(change, out)?;
    }
    let more = counts.differing() - first.len() as u64;
    if more > 0 && !first.is_empty() {
        writeln!(out, "  … {more} more")?;
    }
    writeln!(out)
}

fn write_change(change: &Change, out: &mut dyn Write) -> io::Result<()> {
    let key = shown(&change.row().key());
    match change {
        Change::Added(_) => writeln!(out, "  + {key}"),
        Change::Removed(_) => writeln!(out, "  - {key}"),
        Change::Changed { old, new, columns } => {
            writeln!(out, "  ~ {key}")?;
            for &column in columns {
                let name = new.table().columns[column].name;
                let (old, new) = (shown(&old.json(column)), shown(&new.json(column)));
                writeln!(out, "      {name}: {old} → {new}")?;
            }
            Ok(())
        }
    }
}

/// The beginning of a long text, fit for a terminal.
fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", Plain(&text[..end])),
        None => Plain(text).to_string(),
    }
}
