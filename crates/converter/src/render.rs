//! A directory of tables back to a payload.

use std::path::Path;

use voltree_core::{Render, Rendering};

use crate::{Error, read::Package};

/// Cuts that a note names.
const NAMED: usize = 5;

/// Reads a directory that voltree wrote, and makes the payload of its tables, to be written.
///
/// ```
/// use voltree::{Convert, Input, convert, render};
/// use voltree_core::{Parser, Render};
///
/// let dir = tempfile::tempdir()?;
/// let payload = dir.path().join("operators.json");
/// std::fs::write(&payload, r#"{"operatorGroups": [{"id": 7.0, "groupName": null}]}"#)?;
/// let mut job = Convert::new(Input::File(payload), dir.path().join("tables"));
/// job.parser = Parser::new().lineage(true);
/// convert(&job)?;
///
/// let mut rebuilt = Vec::new();
/// render(&job.out, Render::new())?.write(&mut rebuilt)?;
/// assert_eq!(rebuilt, br#"{"operatorGroups":[{"groupName":null,"id":7.0}]}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// When the directory is no output of voltree, or its tables cannot be read or contradict each other.
pub fn render(dir: &Path, options: Render) -> Result<Rendering, Error> {
    render_package(&Package::open(dir)?, &dir.display().to_string(), options)
}

/// The same of tables that messages name like this.
pub(crate) fn render_package(
    package: &Package,
    label: &str,
    options: Render,
) -> Result<Rendering, Error> {
    let dataset = package.dataset()?;
    options.of(&dataset).map_err(|error| Error::Render {
        dir: label.to_owned(),
        error,
        advice: package.advice(),
    })
}

/// What to know about the text; nothing where it is exact.
pub(crate) fn note(rendering: &Rendering) -> Option<String> {
    if rendering.is_exact() {
        return None;
    }
    let mut note = "voltree: note: the tables have no lineage: this is their canonical tree; \
                    `voltree convert --lineage` keeps the payload as it was"
        .to_owned();
    let cuts = rendering.cuts();
    if cuts.is_empty() {
        return Some(note);
    }
    let named = cuts.iter().take(NAMED).map(|cut| {
        format!(
            "{} {} in {} {}",
            cut.entity, cut.key, cut.within_entity, cut.within_key
        )
    });
    let named: Vec<String> = named.collect();
    let more = match cuts.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    note.push_str(&format!(
        "\nvoltree: note: {} left out where something would stand within itself: {}{more}",
        cuts.len(),
        named.join(", ")
    ));
    Some(note)
}
