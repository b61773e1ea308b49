//! A list of findings that is serialised while they are made.

use std::cell::RefCell;

use serde::{Serialize, Serializer, ser::SerializeSeq};
use voltree_core::check::Finding;

use super::{Checked, Counts};

/// Serialises as the list of all findings, each in the form that `form` gives it, and counts them.
pub(super) struct Stream<'a, F> {
    checked: &'a Checked,
    form: F,
    counts: RefCell<Counts>,
}

impl<'a, F> Stream<'a, F> {
    pub(super) fn new(checked: &'a Checked, form: F) -> Self {
        Stream {
            checked,
            form,
            counts: RefCell::default(),
        }
    }

    /// What was counted.
    pub(super) fn into_counts(self) -> Counts {
        self.counts.into_inner()
    }

    pub(super) fn counts(&self) -> &RefCell<Counts> {
        &self.counts
    }
}

impl<T: Serialize, F: Fn(Finding) -> T> Serialize for Stream<'_, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        let counts = self
            .checked
            .each(|finding| list.serialize_element(&(self.form)(finding)))?;
        self.counts.replace(counts);
        list.end()
    }
}
