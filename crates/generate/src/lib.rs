//! Synthetic `GET operators` payloads for tests and benches, and the truth about them.
//!
//! A payload has the API's own shape and key order and is as redundant as real ones are: every
//! operator carries the whole subtree of each site it may see, every driver repeats the chargers of
//! its sites. It also has what real ones have to get wrong: text in many scripts, raw and escaped,
//! every spelling of a time, lists that are empty in four ways.
//!
//! The same [`Config`] gives the same bytes on every platform. Each distinct record is rendered once
//! and streamed as often as it occurs, so that memory follows the distinct content.
//!
//! ```
//! use voltree_generate::{Config, generate};
//!
//! let config = Config { chargers: 20, admins: 1, regional: 0, local: 2, ..Config::default() };
//! let mut payload = Vec::new();
//! let truth = generate(&config, &mut payload)?;
//! assert_eq!(truth.bytes, payload.len() as u64);
//! assert_eq!(truth.tables["chargers"], 20);
//! # Ok::<(), std::io::Error>(())
//! ```

mod config;
mod content;
mod count;
mod json;
mod plan;
mod render;
mod rng;
mod tables;
mod time;
mod truth;
mod volatile;
mod words;
mod write;

use std::io::{self, BufWriter, Write};

pub use config::{
    Config, ConfigError, DEFAULT_ADMINS, DEFAULT_CHARGERS, DEFAULT_LOCAL, DEFAULT_PER_SITE,
    DEFAULT_REGIONAL, DEFAULT_SEED, DEFAULT_SPARE, DEFAULT_USERS_PER_SITE, DISTINCT_CHARGERS,
    MAX_CHARGERS, MAX_OPERATORS, MAX_USERS_PER_SITE,
};
pub use tables::TABLES;
pub use truth::Truth;
pub use write::Occurrences;

use content::Content;
use count::Counted;
use plan::Plan;
use tables::Tally;
use voltree_core::Indent;
use write::Writer;

/// Bytes gathered before they are written on. Most runs of text are of a few hundred bytes.
const BUFFER: usize = 256 * 1024;

/// Writes one payload and says what stands in it.
///
/// Writes in pieces of some 100 kB: `out` needs no buffer of its own.
///
/// ```
/// use voltree_generate::{Config, generate};
///
/// let truth = generate(&Config { chargers: 5, ..Config::distinct() }, &mut std::io::sink())?;
/// assert_eq!(truth.tables["users"], 16);
/// assert_eq!(truth.tables["conflicts"], 0);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// What `out` fails with; [`io::ErrorKind::InvalidInput`] around a [`ConfigError`] for a
/// configuration that [`Config::validate`] refuses.
pub fn generate(config: &Config, out: &mut impl Write) -> io::Result<Truth> {
    config
        .validate()
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
    let plan = Plan::new(config);
    let mut counted = Counted::new(BufWriter::with_capacity(BUFFER, out));
    let truth = if config.pretty {
        write(&plan, Indent::new(&mut counted))
    } else {
        write(&plan, &mut counted)
    }?;
    Ok(Truth {
        bytes: counted.bytes(),
        ..truth
    })
}

fn write(plan: &Plan<'_>, out: impl Write) -> io::Result<Truth> {
    let mut tally = Tally::new();
    truth::count_relations(plan, &mut tally);
    let mut writer = Writer::new(plan, out, Content::new(plan, tally));
    writer.payload()?;
    let mut tally = writer.content.tally;
    tally.add("conflicts", writer.volatile.conflicts());
    Ok(Truth {
        tables: tally.into_rows(),
        bytes: 0,
        distinct_bytes: writer.content.bytes,
        occurrences: writer.occurrences,
    })
}
