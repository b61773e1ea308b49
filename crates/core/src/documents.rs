//! Payloads that stand one behind the other in one input.

use std::io::Read;
use std::iter::FusedIterator;
use std::{fmt, mem};

use crate::limit::{Cut, Limited};
use crate::scan::Input;
use crate::{Dataset, Engine, Error, ErrorKind, Parser, Place, fast, plain, sniff};

/// The payloads of one input, one after the other; made by [`Parser::documents`].
///
/// Gives at least one item, and ends behind the first error. Between payloads stands white space, or
/// nothing. A payload is given when it is known that it is followed by another one or by the end: what
/// else stands behind it is its [`TrailingData`](ErrorKind::TrailingData).
pub struct Documents<R> {
    parser: Parser,
    rest: Rest<R>,
}

/// What is left of the input.
enum Rest<R> {
    /// All of it: nothing was read yet.
    All(R),
    Fast(fast::Rest<R>),
    /// All of it is in memory, and where the next payload starts.
    Plain {
        whole: Vec<u8>,
        start: usize,
        /// Why the end of it is not the input's own, if it is not.
        cut: Option<Cut>,
    },
    Nothing,
}

impl<R: Read> Documents<R> {
    pub(crate) fn new(parser: Parser, input: R) -> Self {
        let rest = Rest::All(input);
        Documents { parser, rest }
    }

    /// Looks at the start of the input.
    fn open(&self, input: R) -> Result<Rest<R>, Error> {
        let mut input = Limited::new(input, self.parser.max_bytes);
        let io = |error| Error::new(ErrorKind::Io(error), Place::default());
        let known = |head: &[u8]| match sniff::lookalike(&head[..head.len().min(sniff::HEAD)]) {
            Some(lookalike) => Err(Error::new(ErrorKind::NotJson(lookalike), Place::default())),
            None => Ok(()),
        };
        match self.parser.engine {
            Engine::Fast => {
                let mut input = Input::new(input, self.parser.options.read_chunk);
                known(input.head(sniff::HEAD).map_err(io)?)?;
                Ok(Rest::Fast(input))
            }
            Engine::Plain => {
                let mut whole = Vec::new();
                input.read_to_end(&mut whole).map_err(io)?;
                known(&whole)?;
                Ok(Rest::Plain {
                    whole,
                    start: 0,
                    cut: input.cut(),
                })
            }
        }
    }

    /// Reads the next payload; gives what is left where another one follows.
    fn read(&self, rest: Rest<R>) -> Result<Option<(Dataset, Rest<R>)>, Error> {
        let &Parser {
            options, lineage, ..
        } = &self.parser;
        let (dataset, rest) = match rest {
            Rest::Nothing => return Ok(None),
            Rest::All(input) => return self.read(self.open(input)?),
            Rest::Fast(input) => {
                let (dataset, rest) = fast::read(input, options, lineage)?;
                (dataset, rest.map(Rest::Fast))
            }
            Rest::Plain {
                whole,
                start,
                mut cut,
            } => {
                let (dataset, next) = plain::read(&whole, start, options, &mut cut, lineage)?;
                let rest = next.map(|start| Rest::Plain { whole, start, cut });
                (dataset, rest)
            }
        };
        Ok(Some((dataset, rest.unwrap_or(Rest::Nothing))))
    }
}

impl<R: Read> Iterator for Documents<R> {
    type Item = Result<Dataset, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = mem::replace(&mut self.rest, Rest::Nothing);
        let (dataset, rest) = match self.read(rest).transpose()? {
            Ok(read) => read,
            Err(error) => return Some(Err(error)),
        };
        self.rest = rest;
        Some(Ok(dataset))
    }
}

impl<R: Read> FusedIterator for Documents<R> {}

impl<R> fmt::Debug for Documents<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Documents")
            .field("parser", &self.parser)
            .finish_non_exhaustive()
    }
}
