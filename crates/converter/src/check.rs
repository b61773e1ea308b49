//! `voltree check`: the findings of a payload, or of a directory of tables.

mod directory;
pub(crate) mod json;
pub(crate) mod sarif;
mod stream;
pub(crate) mod text;

use serde::{Serialize, Serializer, ser::SerializeMap};
use voltree_core::{
    Dataset,
    check::{Checker, Finding, FindingKind, Findings, Moment},
};

use crate::{
    Cleanup, Error, InputFacts,
    convert::pool,
    findings::{NAMED, refusal},
    job::Check,
    plain::Plain,
    progress::Progress,
    read::Package,
    reading,
};

/// What was checked, its findings not yet made.
pub(crate) struct Checked {
    /// The input or directory, as it was named.
    label: String,
    /// For a payload: what was read.
    input: Option<InputFacts>,
    /// For a directory: what it says of its files.
    package: Option<Package>,
    /// For a directory: its findings about files, table by table.
    files: Vec<Finding>,
    /// The tables; none where one of them could not be read.
    dataset: Option<Dataset>,
    now: Option<Moment>,
}

/// By which moment it was told what has expired.
#[derive(Clone, Copy)]
struct JudgedAt {
    moment: Moment,
    given: bool,
}

impl Checked {
    /// Reads what is to be checked.
    pub(crate) fn of(job: &Check, cleanup: &Cleanup) -> Result<Self, Error> {
        let label = job.input.label();
        let pool = pool(job.threads)?;
        let mut checked = Checked {
            label,
            input: None,
            package: None,
            files: Vec::new(),
            dataset: None,
            now: job.now,
        };
        if let Some(package) = Package::of(&job.input, cleanup)? {
            (checked.files, checked.dataset) = pool.install(|| directory::read(&package));
            checked.package = Some(package);
        } else {
            let progress = Progress::of(&job.input);
            let parse = || reading::parse(&job.input, &job.parser, progress);
            let (dataset, input) = pool.install(parse)?;
            (checked.dataset, checked.input) = (Some(dataset), Some(input));
        }
        Ok(checked)
    }

    fn checker(&self) -> Option<Checker<'_>> {
        let checker = Checker::new(self.dataset.as_ref()?);
        Some(match self.now {
            Some(now) => checker.now(now),
            None => checker,
        })
    }

    fn judged_at(&self) -> Option<JudgedAt> {
        Some(JudgedAt {
            moment: self.checker()?.judged_at()?,
            given: self.now.is_some(),
        })
    }

    /// The findings of a kind: about files first, then about rows.
    fn of_kind(&self, kind: FindingKind) -> Findings<'_> {
        let files = self.files.iter().filter(move |found| found.kind == kind);
        // What was read from a payload just now holds together.
        let whole = self.package.is_none() && kind.is_of_files();
        let checker = self.checker().filter(|_| !whole);
        let rows = checker.map(|checker| checker.of(kind));
        Box::new(files.cloned().chain(rows.into_iter().flatten()))
    }

    /// All findings, each given to `take` and counted.
    fn each<E>(&self, mut take: impl FnMut(Finding) -> Result<(), E>) -> Result<Counts, E> {
        let mut counts = Counts::default();
        for &kind in FindingKind::ALL {
            for finding in self.of_kind(kind) {
                counts.add(&finding);
                take(finding)?;
            }
        }
        Ok(counts)
    }
}

/// How many findings of each kind there are, and the first few.
#[derive(Default)]
pub(crate) struct Counts {
    /// In the order of the kinds; kinds without any are left out.
    kinds: Vec<(FindingKind, u64)>,
    /// The first few of each kind.
    first: Vec<Finding>,
}

impl Counts {
    fn add(&mut self, finding: &Finding) {
        match self.kinds.last_mut() {
            Some((kind, count)) if *kind == finding.kind => *count += 1,
            _ => self.kinds.push((finding.kind, 1)),
        }
        let (_, count) = self.kinds[self.kinds.len() - 1];
        if count <= NAMED as u64 {
            self.first.push(finding.clone());
        }
    }

    fn total(&self) -> u64 {
        self.kinds.iter().map(|(_, count)| count).sum()
    }

    /// Refuses findings of these kinds, naming the first few.
    pub(crate) fn refuse(&self, kinds: &[FindingKind]) -> Result<(), Error> {
        let refused = self.kinds.iter().filter(|(kind, _)| kinds.contains(kind));
        let counts: Vec<String> = refused
            .clone()
            .map(|(kind, n)| format!("{n} {kind}"))
            .collect();
        let total: u64 = refused.map(|(_, count)| count).sum();
        if total == 0 {
            return Ok(());
        }
        let refused = self
            .first
            .iter()
            .filter(|found| kinds.contains(&found.kind));
        let named: Vec<String> = refused
            .take(NAMED)
            .map(|finding| {
                format!(
                    "{} at {}: {}",
                    finding.kind,
                    text::place(finding),
                    Plain(&finding.message)
                )
            })
            .collect();
        let noun = if total == 1 { "finding" } else { "findings" };
        Err(Error::FailOn(refusal(total, noun, &counts, named)))
    }
}

impl Serialize for Counts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.kinds.len()))?;
        for (kind, count) in &self.kinds {
            map.serialize_entry(kind.name(), count)?;
        }
        map.end()
    }
}

/// Refuses the tables of a payload with findings of these kinds.
pub(crate) fn refuse(checker: &Checker<'_>, kinds: &[FindingKind]) -> Result<(), Error> {
    let mut counts = Counts::default();
    let kinds_of_payloads = kinds.iter().filter(|kind| !kind.is_of_files());
    for finding in kinds_of_payloads.flat_map(|&kind| checker.of(kind)) {
        counts.add(&finding);
    }
    counts.refuse(kinds)
}
