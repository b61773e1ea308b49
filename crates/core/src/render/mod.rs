//! From tables back to a payload.
//!
//! With lineage, [`rebuild`] makes the text of every distinct record once, with a hole for each child,
//! and [`pour`] writes them in each other. Without, [`tree`] makes the same kind of records of the
//! identities and their relations. Either way memory follows the distinct content.

mod error;
mod pour;
mod pretty;
mod program;
mod rebuild;
mod rows;
mod shape;
mod table;

use std::io::{self, Write};

pub use error::RenderError;
pub(crate) use rows::{Rows, column_of};
pub(crate) use table::{Cell, RowNo};

use crate::Dataset;

/// Makes a payload of tables: what the API answered, or would answer.
///
/// With [lineage](crate::Parser::lineage) it is equal to the payload that the tables were made of, as a
/// JSON value: key order, white space and the spelling of strings may differ.
///
/// ```
/// use voltree_core::{Parser, Render};
///
/// let payload = br#"{"operatorGroups": [{"name": "North", "id": 7.0, "users": null}]}"#;
/// let dataset = Parser::new().lineage(true).parse_slice(payload)?;
///
/// let mut out = Vec::new();
/// let rendered = Render::new().write(&dataset, &mut out)?;
/// assert_eq!(out, br#"{"operatorGroups":[{"id":7.0,"name":"North","users":null}]}"#);
/// assert_eq!(rendered.bytes, out.len() as u64);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Render {
    pretty: bool,
    exclude_hierarchy: bool,
}

/// What was rendered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rendered {
    /// Length of the text in bytes.
    pub bytes: u64,
}

impl Render {
    /// Compact text of the whole payload.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the text is indented by two spaces a level; false by default.
    pub fn pretty(mut self, pretty: bool) -> Self {
        self.pretty = pretty;
        self
    }

    /// Whether operators come without `groups`, as the API answers with `excludeHierarchy=true`; false
    /// by default.
    pub fn exclude_hierarchy(mut self, exclude: bool) -> Self {
        self.exclude_hierarchy = exclude;
        self
    }

    /// Writes the payload. Needs no buffering around `out`.
    ///
    /// # Errors
    ///
    /// When the tables contradict each other, or the writer fails. Something may have been written
    /// then in the latter case only.
    pub fn write(&self, dataset: &Dataset, out: impl Write) -> Result<Rendered, RenderError> {
        let rows = Rows::new(&dataset.tables)?;
        rows.check_json()?;
        let records = rebuild::records(&rows, &dataset.lineage, self.exclude_hierarchy)?;
        let mut out = Counted { out, bytes: 0 };
        if self.pretty {
            let mut pretty = pretty::Pretty::new(&mut out);
            records.pour(&mut pretty)?;
            pretty.finish()?;
        } else {
            records.pour(&mut out)?;
        }
        out.flush()?;
        Ok(Rendered { bytes: out.bytes })
    }
}

/// A writer that counts.
struct Counted<W> {
    out: W,
    bytes: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        let written = self.out.write(text)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
