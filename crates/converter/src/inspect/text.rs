//! An inspection as text.

use std::{collections::BTreeMap, fmt};

use indicatif::HumanBytes;

use super::{Inspection, TreeLine};
use crate::report::share;

/// How many names a list of counts shows.
const NAMES: usize = 20;

impl fmt::Display for Inspection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(input) = &self.input {
            write!(f, "{}: ", input.name)?;
        }
        writeln!(
            f,
            "{}, {:.1} % of it repeats, nested {} deep",
            HumanBytes(self.bytes),
            100.0 * share(self.repeated_bytes, self.bytes),
            self.depth
        )?;
        writeln!(f, "\nRecords                 distinct  occurrences")?;
        for records in &self.records {
            let (distinct, occurrences) = (records.distinct, records.occurrences);
            writeln!(f, "  {:<20}{distinct:>10}  {occurrences:>11}", records.kind)?;
        }
        writeln!(f, "\nRows")?;
        for rows in &self.rows {
            writeln!(f, "  {:<30}{:>12}", rows.table, rows.rows)?;
        }
        counts(f, "Conflicts", &self.conflicts)?;
        counts(f, "Anomalies", &self.anomalies)?;
        counts(f, "Unknown fields", &self.unknown_fields)?;
        writeln!(f, "\nSites")?;
        if self.sites.is_empty() {
            writeln!(f, "  none")?;
        }
        self.sites.iter().try_for_each(|line| site(f, line))
    }
}

fn counts(f: &mut fmt::Formatter<'_>, title: &str, counts: &BTreeMap<String, u64>) -> fmt::Result {
    writeln!(f, "\n{title}")?;
    for (name, count) in counts.iter().take(NAMES) {
        writeln!(f, "  {:<30}{count:>12}", Plain(name))?;
    }
    match counts.len() {
        0 => writeln!(f, "  none"),
        names if names > NAMES => writeln!(f, "  … {} more", names - NAMES),
        _ => Ok(()),
    }
}

fn site(f: &mut fmt::Formatter<'_>, line: &TreeLine) -> fmt::Result {
    let indent = 2 + 2 * line.depth();
    match line {
        TreeLine::Site {
            id,
            name,
            chargers,
            users,
            ..
        } => {
            write!(
                f,
                "{:indent$}{} ({id})",
                "",
                Plain(name.as_deref().unwrap_or("?"))
            )?;
            if (*chargers, *users) != (0, 0) {
                write!(f, ": {chargers} chargers, {users} users")?;
            }
            writeln!(f)
        }
        TreeLine::More { sites, .. } => writeln!(f, "{:indent$}… {sites} more", ""),
    }
}

/// A text of the payload, which may hold anything: control characters are not for terminals.
struct Plain<'a>(&'a str);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.contains(char::is_control) {
            return f.pad(self.0);
        }
        let text: String = self
            .0
            .chars()
            .map(|c| {
                if c.is_control() {
                    char::REPLACEMENT_CHARACTER
                } else {
                    c
                }
            })
            .collect();
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert_eq!(Plain("a\u{1b}[31mb").to_string(), "a\u{fffd}[31mb");
        assert_eq!(format!("{:<4}|", Plain("ä")), "ä   |");
    }
}
