//! Chargers that were seen at another time in another place of the payload.

use crate::config::Config;
use crate::rng::Path;
use crate::time::Time;

/// How many other instants a charger can have, a minute apart.
const INSTANTS: u32 = 15;

/// Decides for each occurrence of a charger which `lastSeen` it carries, and remembers which ones
/// stood in the payload.
pub(crate) struct Volatile {
    /// An occurrence is changed if its number of 32 bits is below this one.
    threshold: u64,
    /// By charger: bit 0 for its own instant, bit n for the n-th other one. Empty when switched off.
    seen: Vec<u16>,
}

impl Volatile {
    pub(crate) fn new(config: &Config) -> Self {
        // Scaling by a power of two is exact, so that the share decides alike on all platforms.
        let threshold = (config.volatile * 4_294_967_296.0) as u64;
        let chargers = if threshold > 0 { config.chargers } else { 0 };
        Self {
            threshold,
            seen: vec![0; chargers as usize],
        }
    }

    pub(crate) fn is_off(&self) -> bool {
        self.seen.is_empty()
    }

    /// The JSON text of another `lastSeen` for this occurrence; none where it keeps its own.
    pub(crate) fn last_seen(&mut self, own: Time, charger: u64, path: Path) -> Option<Vec<u8>> {
        let seen = self.seen.get_mut(charger as usize)?;
        let mut numbers = path.child(charger).numbers();
        if u64::from(numbers.below(u32::MAX)) >= self.threshold {
            *seen |= 1;
            return None;
        }
        let instant = numbers.below(INSTANTS + 1);
        *seen |= 1 << instant;
        let time = match instant {
            0 => own.respelt(),
            minutes => own.shifted(minutes),
        };
        let mut text = Vec::new();
        time.write(&mut text);
        Some(text)
    }

    /// Conflicts: of all the instants of a charger, whichever comes first is kept.
    pub(crate) fn conflicts(&self) -> u64 {
        let others = self
            .seen
            .iter()
            .map(|seen| seen.count_ones().saturating_sub(1));
        others.map(u64::from).sum()
    }
}
