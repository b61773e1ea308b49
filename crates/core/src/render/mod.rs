//! From tables back to a payload.
//!
//! With lineage, [`rebuild`] makes the text of every distinct record once, with a hole for each child,
//! and [`pour`] writes them in each other. Without, [`tree`] makes the same kind of records of the
//! identities and their relations. Either way memory follows the distinct content.

mod edges;
mod error;
mod forest;
mod pour;
mod program;
mod rebuild;
mod rest;
mod rows;
mod shape;
mod table;
mod tree;

use std::io::{self, Write};

pub use error::RenderError;
pub(crate) use rows::{Rows, column_of};
pub(crate) use table::RowNo;

use crate::{Dataset, Indent};

/// How a payload is made of tables: what the API answered, or would answer.
///
/// With [lineage](crate::Parser::lineage) it is equal to the payload that the tables were made of, as a
/// JSON value: key order, white space and the spelling of strings may differ.
///
/// Without lineage it is the canonical tree: wherever an identity stands it shows its row, and all its
/// children in the tree that it stands in, by `position`. Null columns and empty lists are absent, but for
/// the two lists of the root; so are identities that stand in for missing ones. An operator below another
/// one, and a user below another one, shows nothing below itself if it stands elsewhere, too. What would
/// stand within itself all the same is [cut](Rendering::cuts): the record in which it would is written
/// without it wherever that one stands in the tree. It is an operator tree also where the payload was a
/// site, an operator or a list of these.
///
/// ```
/// use voltree_core::{Parser, Render};
///
/// let payload = br#"{"operatorGroups": [{"name": "North", "id": 7.0, "users": null}]}"#;
/// let dataset = Parser::new().lineage(true).parse_slice(payload)?;
///
/// let mut out = Vec::new();
/// Render::new().of(&dataset)?.write(&mut out)?;
/// assert_eq!(out, br#"{"operatorGroups":[{"id":7.0,"name":"North","users":null}]}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Render {
    pretty: bool,
    exclude_hierarchy: bool,
}

impl Render {
    /// Compact text of the whole payload.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the text is indented by two spaces a level, and ends with a line break, which compact text
    /// does not; false by default.
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

    /// Makes the text of every distinct record; what they make together is only written.
    ///
    /// # Errors
    ///
    /// When the tables contradict each other, or make a tree beyond all measure.
    pub fn of(&self, dataset: &Dataset) -> Result<Rendering, RenderError> {
        let rows = Rows::new(&dataset.tables)?;
        rows.check_json()?;
        let exact = !dataset.lineage.is_empty();
        let (records, cuts) = if exact {
            let records = rebuild::records(&rows, &dataset.lineage, self.exclude_hierarchy)?;
            (records, Vec::new())
        } else {
            tree::records(&rows, &dataset.tables, self.exclude_hierarchy)?
        };
        Ok(Rendering {
            records,
            cuts,
            exact,
            pretty: self.pretty,
        })
    }
}

/// A payload, ready to be written. It needs its tables no more.
#[derive(Debug)]
pub struct Rendering {
    records: pour::Records,
    cuts: Vec<Cut>,
    exact: bool,
    pretty: bool,
}

/// A place where a record would have stood within itself: left out of a record, wherever in the tree that
/// one stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Table of the record that was left out.
    pub entity: &'static str,
    /// Its identity as text.
    pub key: String,
    /// Table of the record that it was left out of; that one stands below the same record.
    pub within_entity: &'static str,
    /// The identity of that one.
    pub within_key: String,
}

impl Rendering {
    /// Whether the tables came with lineage, so that the text equals the payload that they were made of.
    pub fn is_exact(&self) -> bool {
        self.exact
    }

    /// What was left out so that the text ends; nothing where it is exact.
    pub fn cuts(&self) -> &[Cut] {
        &self.cuts
    }

    /// Length of the text in bytes, as compact text.
    pub fn bytes(&self) -> u64 {
        self.records.length()
    }

    /// Writes the text. Needs no buffering around `out`.
    ///
    /// # Errors
    ///
    /// When the writer fails.
    pub fn write(&self, mut out: impl Write) -> io::Result<()> {
        if self.pretty {
            let mut pretty = Indent::new(&mut out);
            self.records.pour(&mut pretty)?;
            pretty.finish().map(drop)
        } else {
            self.records.pour(&mut out)?;
            out.flush()
        }
    }
}
