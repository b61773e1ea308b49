//! Deterministic numbers: the same on every platform and in every later version.
//!
//! The generator is SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
//! generators", OOPSLA 2014; constants as in Sebastiano Vigna's public-domain `splitmix64.c`). Ten
//! lines of our own cannot change under us, as a dependency's stream may with a new version.

/// The golden-ratio step between two states.
const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

/// What a stream of numbers is for, so that no two kinds of record share one.
#[derive(Clone, Copy)]
pub(crate) enum Domain {
    Site = 1,
    Charger,
    User,
    Operator,
    Shuffle,
    Occurrence,
}

/// A stream of numbers that belongs to one record.
#[derive(Clone)]
pub(crate) struct Rng(u64);

impl Rng {
    /// The stream of record `index`: a record has the same content whatever stands around it.
    pub(crate) fn keyed(seed: u64, domain: Domain, index: u64) -> Self {
        Self(Path::start(seed, domain).child(index).0)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GAMMA);
        mix(self.0)
    }

    /// A number in `0..n`. The bias of one part in 2⁶⁴ / n does not matter here.
    pub(crate) fn below(&mut self, n: u32) -> u32 {
        ((u128::from(self.next()) * u128::from(n)) >> 64) as u32
    }

    /// True once in `n` times.
    pub(crate) fn one_in(&mut self, n: u32) -> bool {
        self.below(n) == 0
    }

    /// One of `choices`, which must not be empty.
    pub(crate) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u32) as usize]
    }

    /// Fisher and Yates.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u32 + 1) as usize);
        }
    }
}

/// Where an occurrence stands, hashed step by step. Decisions that hang on a path instead of on a
/// running stream stay the same when keys are written in another order.
#[derive(Clone, Copy)]
pub(crate) struct Path(u64);

impl Path {
    pub(crate) fn start(seed: u64, domain: Domain) -> Self {
        Self(mix(seed.wrapping_add(GAMMA)) ^ domain as u64)
    }

    pub(crate) fn child(self, step: u64) -> Self {
        Self(mix(mix(self.0.wrapping_add(GAMMA)).wrapping_add(step)))
    }

    pub(crate) fn numbers(self) -> Rng {
        Rng(self.0)
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_splitmix64() {
        // The first outputs of the reference implementation for state 1234567.
        let mut rng = Rng(1_234_567);
        let first: Vec<u64> = (0..3).map(|_| rng.next()).collect();
        assert_eq!(
            first,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    #[test]
    fn shuffle_permutes() {
        let mut items: Vec<u32> = (0..50).collect();
        Rng(7).shuffle(&mut items);
        assert_ne!(items, (0..50).collect::<Vec<_>>());
        items.sort_unstable();
        assert_eq!(items, (0..50).collect::<Vec<_>>());
    }
}
