//! The way in: options, input, engine.

use std::io::Read;

use crate::{Dataset, Documents, Error, scan};

/// Deepest nesting of arrays and objects that is read by default.
pub const DEFAULT_MAX_DEPTH: u32 = 1_024;
/// Bytes asked of the reader at a time by default.
pub const DEFAULT_READ_CHUNK: usize = 1 << 18;

/// Which implementation reads the payload. Both give the same tables and the same errors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Engine {
    /// Recognises repeats, parses what is distinct in parallel.
    #[default]
    Fast,
    /// serde_json into [typed structs](crate::tree), then a plain walk: the reference that the fast
    /// engine is tested against. Needs memory for the whole payload several times over.
    Plain,
}

/// Reads payloads. Built once, used any number of times.
///
/// A payload is an operator tree (an object with `operatorGroups`, `spareOperators` or `spareOperator`), or
/// a part of one under no tree: a site (OperatorGroup, Group, ChargerGroup), an operator, or a list of sites
/// and operators, in which elements may be null. These are told by their fields, in any order: by those that
/// of the two only sites have, or only operators. What has both, or neither, or the identity or a list of a
/// charger or a user, is [no payload](crate::ErrorKind::NotAnOperatorTree), nor is a list with anything else.
///
/// The tables are the same, and what is absent is empty: such an operator is not spare, and such a site has
/// no parent. All sites at the root stand in one tree: in that of access if any has `users`, else at home if
/// any has `isSpare`, else in that of charging if any has `chargers` or another field of ChargerGroup alone,
/// else at home.
///
/// ```
/// use voltree_core::Parser;
///
/// let sites = br#"[{"chargers":[{"chargerId":"A"}],"id":1},null,{"subgroups":[{"id":1}],"id":2}]"#;
/// let dataset = Parser::new().parse_slice(sites)?;
/// assert_eq!(dataset.table("sites").rows(), 2);
/// assert_eq!(dataset.table("site_chargers").rows(), 1);
///
/// let error = Parser::new().parse_slice(br#"[{"id":1,"groupName":"North"},{"id":2}]"#).unwrap_err();
/// assert_eq!(error.path(), "$[1]");
/// # Ok::<(), voltree_core::Error>(())
/// ```
///
/// ```
/// use voltree_core::{Engine, Parser};
///
/// let parser = Parser::new().max_depth(64).engine(Engine::Plain);
/// let dataset = parser.parse_slice(br#"{"operatorGroups":[],"spareOperators":[{"id":1}]}"#)?;
/// assert_eq!(dataset.table("operators").rows(), 1);
/// # Ok::<(), voltree_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Parser {
    pub(crate) engine: Engine,
    pub(crate) options: scan::Options,
    pub(crate) lineage: bool,
    pub(crate) max_bytes: u64,
}

impl Default for Parser {
    fn default() -> Self {
        Parser {
            engine: Engine::default(),
            options: scan::Options {
                max_depth: DEFAULT_MAX_DEPTH,
                memo: true,
                read_chunk: DEFAULT_READ_CHUNK,
                several: false,
            },
            lineage: false,
            max_bytes: u64::MAX,
        }
    }
}

impl Parser {
    /// A parser with the defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Which implementation reads; [`Engine::Fast`] by default.
    pub fn engine(mut self, engine: Engine) -> Self {
        self.engine = engine;
        self
    }

    /// Deepest nesting of arrays and objects, the root being level 1; [`DEFAULT_MAX_DEPTH`] by default, at
    /// least 1.
    pub fn max_depth(mut self, levels: u32) -> Self {
        self.options.max_depth = levels.max(1);
        self
    }

    /// Greatest length of an input in bytes; no limit by default. What is longer is an error of
    /// [`ErrorKind::TooLong`](crate::ErrorKind::TooLong), even if it never ends.
    ///
    /// ```
    /// use voltree_core::{ErrorKind, Parser};
    ///
    /// let payload = br#"{"operatorGroups":[]}"#;
    /// assert!(Parser::new().max_bytes(21).parse_slice(payload).is_ok());
    /// let error = Parser::new().max_bytes(20).parse_slice(payload).unwrap_err();
    /// assert!(matches!(error.kind(), ErrorKind::TooLong { limit: 20 }));
    /// assert_eq!(error.offset(), 20);
    /// ```
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// Whether repeats are recognised; true by default. Changes the speed and never the tables.
    pub fn memo(mut self, memo: bool) -> Self {
        self.options.memo = memo;
        self
    }

    /// Whether what rebuilding the payload takes is kept as well; false by default.
    ///
    /// ```
    /// use voltree_core::{Parser, Render};
    ///
    /// let payload = br#"{"spareOperators":[{"id":1.0,"groups":[null],"name":null}]}"#;
    /// let dataset = Parser::new().lineage(true).parse_slice(payload)?;
    /// assert_eq!(dataset.table("lineage_records").rows(), 2);
    ///
    /// let mut rebuilt = Vec::new();
    /// Render::new().of(&dataset)?.write(&mut rebuilt)?;
    /// assert_eq!(rebuilt, br#"{"spareOperators":[{"groups":[null],"id":1.0,"name":null}]}"#);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn lineage(mut self, lineage: bool) -> Self {
        self.lineage = lineage;
        self
    }

    /// Whether it keeps that.
    ///
    /// ```
    /// use voltree_core::Parser;
    ///
    /// assert!(!Parser::new().keeps_lineage());
    /// assert!(Parser::new().lineage(true).keeps_lineage());
    /// ```
    pub fn keeps_lineage(&self) -> bool {
        self.lineage
    }

    /// Bytes asked of the reader at a time; [`DEFAULT_READ_CHUNK`] by default, at least 1.
    pub fn read_chunk(mut self, bytes: usize) -> Self {
        self.options.read_chunk = bytes.max(1);
        self
    }

    /// Reads a payload that is in memory, as [`parse_reader`](Self::parse_reader) does.
    ///
    /// # Errors
    ///
    /// When the payload is not valid JSON, no operator tree or part of one, nested too deep or too long, and when
    /// anything stands behind it.
    pub fn parse_slice(&self, payload: &[u8]) -> Result<Dataset, Error> {
        self.parse_reader(payload)
    }

    /// Reads a payload from any reader, forward only and once. Needs no buffering around it.
    ///
    /// The fast engine parses on the current rayon thread pool; the tables are the same for any
    /// number of threads. While it waits for parts of the work, the calling thread may run other tasks of
    /// that pool: hold no lock here that such a task takes, or parse within `install` of a pool of your own.
    ///
    /// # Errors
    ///
    /// As [`parse_slice`](Self::parse_slice), and when the reader fails.
    pub fn parse_reader(&self, payload: impl Read) -> Result<Dataset, Error> {
        let mut only = Documents::new(self.clone(), payload);
        only.next().expect("any input gives something")
    }

    /// Reads the payloads that stand one behind the other in one input: one a line (NDJSON), indented, or
    /// with nothing between them. Each is a dataset of its own; places are those in the whole input.
    ///
    /// The input is read forward only and once, by the fast engine with no more of it in memory than
    /// for one payload; the plain engine reads all of it first.
    ///
    /// ```
    /// use voltree_core::Parser;
    ///
    /// let nights = br#"{"operatorGroups":[{"id":1}]}
    /// {"operatorGroups":[{"id":1},{"id":2}]}
    /// {"operatorGroups":[{"id":1"#;
    /// let mut documents = Parser::new().documents(&nights[..]);
    /// assert_eq!(documents.next().unwrap()?.table("sites").rows(), 1);
    /// assert_eq!(documents.next().unwrap()?.table("sites").rows(), 2);
    /// assert_eq!(documents.next().unwrap().unwrap_err().line(), 3);
    /// assert!(documents.next().is_none());
    /// # Ok::<(), voltree_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Each item as [`parse_reader`](Self::parse_reader), but for a payload behind another one. The first
    /// error is the last item.
    pub fn documents<R: Read>(&self, input: R) -> Documents<R> {
        let mut parser = self.clone();
        parser.options.several = true;
        Documents::new(parser, input)
    }
}
