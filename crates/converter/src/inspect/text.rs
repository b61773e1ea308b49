//! An inspection as text.

use std::{collections::BTreeMap, fmt};

use indicatif::HumanBytes;

use super::{Inspection, TreeLine};
use crate::{
    console::one_line,
    plain::{Plain, counted},
    report::share,
};

/// How many names a list of counts shows.
const NAMES: usize = 20;

impl fmt::Display for Inspection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(input) = &self.input {
            write!(f, "{}: ", one_line(&input.name))?;
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
                let chargers = counted(*chargers as u64, "charger");
                write!(f, ": {chargers}, {}", counted(*users as u64, "user"))?;
            }
            writeln!(f)
        }
        TreeLine::More { sites, .. } => writeln!(f, "{:indent$}… {sites} more", ""),
    }
}
