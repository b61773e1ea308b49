//! How much may be read, and held in memory.

use std::{num::NonZeroUsize, ops::RangeBounds};

use bytesize::ByteSize;
use clap::{
    Args,
    builder::{RangedU64ValueParser, TypedValueParser},
};

use super::Command;

#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Memory {
    /// Stop when more memory than this is in use, such as `500MB` or `2GiB` [default: any]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub(crate) max_memory: Option<u64>,
}

impl Command {
    /// Bytes of memory that may be in use.
    pub(crate) fn max_memory(&self) -> Option<u64> {
        let memory = match self {
            Command::Convert(args) => args.reading.memory,
            Command::Inspect(args) => args.reading.memory,
            Command::Check(args) => args.reading.memory,
            Command::Diff(args) => args.reading.memory,
            Command::Render(args) => args.memory,
            Command::Merge(_)
            | Command::Schema(_)
            | Command::Generate(_)
            | Command::Completions(_)
            | Command::Man(_) => return None,
        };
        memory.max_memory
    }
}

/// A number that cannot be zero.
pub(super) fn count(range: impl RangeBounds<u64>) -> impl TypedValueParser<Value = NonZeroUsize> {
    RangedU64ValueParser::<u64>::new()
        .range(range)
        .try_map(|number| usize::try_from(number).and_then(NonZeroUsize::try_from))
}

/// A number of bytes, with or without a unit.
pub(super) fn size(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(ByteSize(bytes)) => Ok(bytes),
        Err(_) => {
            Err("it has to be a number, with a unit such as KB, MB, GiB or without".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units_or_none() {
        let sizes = [
            ("0", 0),
            ("12345", 12_345),
            ("500MB", 500_000_000),
            ("1.5 GiB", 3 << 29),
            ("64k", 64_000),
            ("18446744073709551615", u64::MAX),
        ];
        for (text, bytes) in sizes {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for bad in ["", "-1", "x", "1x", "GB", "1e3", "1..5MB", "1,5MB"] {
            assert!(size(bad).is_err(), "{bad}");
        }
    }
}
