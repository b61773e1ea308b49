//! From an input to the tables of its payloads.

use std::io;

use voltree_core::{Dataset, ErrorKind, Parser, Stats};

use crate::{
    Error, Input, InputFacts, Rejection,
    input::Content,
    manifest,
    progress::{Progress, Watched},
};

/// The tables of an input's only payload, and the facts about what was read.
pub(crate) fn parse(
    input: &Input,
    parser: &Parser,
    progress: Progress,
) -> Result<(Dataset, InputFacts), Error> {
    let mut reading = Reading::of(input, progress)?;
    let dataset = match parser.parse_reader(&mut reading.reader) {
        Ok(dataset) => dataset,
        Err(error) => return Err(reading.failed(error)),
    };
    let mut facts = reading.facts()?;
    facts.add(&dataset.stats);
    Ok((dataset, facts))
}

/// An input that is being read.
pub(crate) struct Reading<'a> {
    input: &'a Input,
    reader: Watched,
}

impl<'a> Reading<'a> {
    /// Opens an input, and looks at how it begins.
    pub(crate) fn of(input: &'a Input, progress: Progress) -> Result<Self, Error> {
        let opened = input.open()?;
        let content = Content::of(opened).map_err(|error| io_error(input, error))?;
        Ok(Reading {
            input,
            reader: Watched { content, progress },
        })
    }

    /// The input as messages name it.
    pub(crate) fn label(&self) -> String {
        self.input.label()
    }

    /// The facts about the input, each of whose payloads is given to `take`.
    pub(crate) fn each<E: From<Error>>(
        mut self,
        parser: &Parser,
        mut take: impl FnMut(usize, Dataset) -> Result<(), E>,
    ) -> Result<InputFacts, E> {
        let mut read = Vec::new();
        let mut failed = None;
        for (index, parsed) in parser.documents(&mut self.reader).enumerate() {
            match parsed {
                Ok(dataset) => {
                    read.push(dataset.stats.clone());
                    take(index, dataset)?;
                }
                Err(error) => failed = Some(error),
            }
        }
        if let Some(error) = failed {
            return Err(self.failed(error).into());
        }
        let mut facts = self.facts()?;
        read.iter().for_each(|stats| facts.add(stats));
        Ok(facts)
    }

    /// What is wrong with the input: what it is compressed with, or what it holds.
    fn failed(mut self, error: voltree_core::Error) -> Error {
        let input = self.input.label();
        if let Some(error) = self.reader.content.fault(error.kind()) {
            return Error::Undecodable { input, error };
        }
        let instead = match error.kind() {
            ErrorKind::NotAnOperatorTree { .. } => manifest::instead_of(self.input),
            _ => None,
        };
        match instead {
            Some(instead) => Error::Manifest { input, instead },
            None => Error::Payload(Rejection { input, error }),
        }
    }

    /// What is known of the input itself.
    fn facts(mut self) -> Result<InputFacts, Error> {
        let codec = self.reader.content.codec();
        let stored = self.reader.content.stored();
        let stored = stored.map_err(|error| io_error(self.input, error))?;
        Ok(InputFacts {
            name: self.input.name(),
            bytes: stored.length(),
            hash: stored.hash(),
            codec,
            payload_bytes: 0,
            repeated_bytes: 0,
            depth: 0,
        })
    }
}

impl InputFacts {
    /// Adds what was counted in a payload.
    fn add(&mut self, stats: &Stats) {
        self.payload_bytes += stats.bytes;
        self.repeated_bytes += stats.repeated_bytes;
        self.depth = self.depth.max(stats.depth);
    }
}

fn io_error(input: &Input, error: io::Error) -> Error {
    Error::Io {
        doing: format!("cannot read {}", input.label()),
        error,
    }
}
