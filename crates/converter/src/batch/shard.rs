//! A share of the inputs for one of several machines.

use std::{num::NonZeroU64, str::FromStr};

use twox_hash::XxHash3_64;

/// One share of several.
///
/// ```
/// use voltree::Shard;
///
/// let shards: Vec<Shard> = ["1/3", "2/3", "3/3"].map(|text| text.parse().unwrap()).into();
/// let takers = shards.iter().filter(|shard| shard.takes("2026-11-21"));
/// assert_eq!(takers.count(), 1);
/// assert!("0/3".parse::<Shard>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    index: u64,
    count: NonZeroU64,
}

impl Shard {
    /// Whether the snapshot with this name belongs to this share. It depends on nothing but the name,
    /// so that shares stay what they are when other inputs come and go.
    pub fn takes(&self, name: &str) -> bool {
        XxHash3_64::oneshot(name.as_bytes()) % self.count == self.index
    }
}

/// A text that is no [`Shard`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it has to be I/N with I from 1 to N, such as 1/4")]
pub struct NoShard;

impl FromStr for Shard {
    type Err = NoShard;

    /// `I/N`, with I from 1 to N.
    fn from_str(text: &str) -> Result<Self, NoShard> {
        let parts = text.split_once('/');
        let numbers =
            parts.and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
        match numbers {
            Some((index, count)) if (1..=NonZeroU64::get(count)).contains(&index) => Ok(Shard {
                index: index - 1,
                count,
            }),
            _ => Err(NoShard),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_belongs_to_one_share() {
        let mut sizes = [0; 4];
        for n in 0..400 {
            let name = format!("2026-{n}");
            let takers: Vec<usize> = (0..4)
                .filter(|index| {
                    let shard: Shard = format!("{}/4", index + 1).parse().unwrap();
                    shard.takes(&name)
                })
                .collect();
            let [taker] = takers[..] else {
                panic!("{name}: {takers:?}")
            };
            sizes[taker] += 1;
        }
        assert!(
            sizes.iter().all(|&size| (60..140).contains(&size)),
            "{sizes:?}"
        );
    }

    #[test]
    fn what_is_no_share_is_refused() {
        for text in ["", "1", "0/1", "2/1", "1/0", "a/b", "1/2/3", "-1/2"] {
            let error: Box<dyn std::error::Error> = text.parse::<Shard>().unwrap_err().into();
            assert_eq!(
                error.to_string(),
                "it has to be I/N with I from 1 to N, such as 1/4",
                "{text}"
            );
        }
    }
}
