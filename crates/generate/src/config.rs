//! What to generate.

use thiserror::Error;

/// Chargers in the default payload.
pub const DEFAULT_CHARGERS: u32 = 1_000;
/// Chargers at a site.
pub const DEFAULT_PER_SITE: u32 = 10;
/// Drivers whose home is a site.
pub const DEFAULT_USERS_PER_SITE: u32 = 16;
/// Operators that see the root, and so every site.
pub const DEFAULT_ADMINS: u32 = 4;
/// Operators that see one region.
pub const DEFAULT_REGIONAL: u32 = 16;
/// Operators that see one site (every eighth sees two).
pub const DEFAULT_LOCAL: u32 = 80;
/// Operators without a home site.
pub const DEFAULT_SPARE: u32 = 3;
/// The seed of the default payload.
pub const DEFAULT_SEED: u64 = 1;
/// Chargers in the shape without repeats.
pub const DISTINCT_CHARGERS: u32 = 40_000;
/// The most chargers a payload can have: a socket's id has to fit into 32 bits.
pub const MAX_CHARGERS: u32 = 100_000_000;
/// The most drivers a site can have: a tag's id has to fit into 64 bits.
pub const MAX_USERS_PER_SITE: u32 = 1_000_000;
/// The most operators of one role; the generator's memory grows with them.
pub const MAX_OPERATORS: u32 = 1_000_000;

/// The shape of a payload. Equal configurations give equal bytes, everywhere.
///
/// The bytes written grow with operators × chargers × drivers at a site; the distinct content, and
/// the generator's memory, with the chargers alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Chargers in all.
    pub chargers: u32,
    /// Chargers at each site; the last site has what remains.
    pub per_site: u32,
    /// Drivers at each site.
    pub users_per_site: u32,
    /// Operators that see the root and everything below.
    pub admins: u32,
    /// Operators that see one region and the sites below.
    pub regional: u32,
    /// Operators that see a site.
    pub local: u32,
    /// Operators without a home site, listed in `spareOperators`; each sees a site.
    pub spare: u32,
    /// Picks the content. A charger or driver has the same content for a seed, however many operators see it.
    pub seed: u64,
    /// Leaves the operators' `groups` out, as the API does for `excludeHierarchy=true`.
    pub exclude_hierarchy: bool,
    /// Lets every charger and driver stand exactly once: the first operator sees everything, the others nothing.
    pub no_repeats: bool,
    /// The share (0 to 1) of a charger's occurrences that carry another `lastSeen`. One in sixteen of
    /// those spells the same microsecond differently, which is no conflict.
    pub volatile: f64,
    /// Adds fields the API page does not have, to every kind of record.
    pub drift: bool,
    /// Indents by two spaces.
    pub pretty: bool,
    /// Writes the keys of every object in a shuffled order; the JSON value stays the same.
    pub shuffle_keys: bool,
}

impl Config {
    /// The API's natural shape: about 170 MB, of which 98 % repeat an earlier subtree.
    pub fn repeats() -> Self {
        Self {
            chargers: DEFAULT_CHARGERS,
            per_site: DEFAULT_PER_SITE,
            users_per_site: DEFAULT_USERS_PER_SITE,
            admins: DEFAULT_ADMINS,
            regional: DEFAULT_REGIONAL,
            local: DEFAULT_LOCAL,
            spare: DEFAULT_SPARE,
            seed: DEFAULT_SEED,
            exclude_hierarchy: false,
            no_repeats: false,
            volatile: 0.0,
            drift: false,
            pretty: false,
            shuffle_keys: false,
        }
    }

    /// The worst case for anything that lives on repeats: about 118 MB, every record once.
    pub fn distinct() -> Self {
        Self {
            chargers: DISTINCT_CHARGERS,
            admins: 1,
            regional: 0,
            local: 0,
            spare: 0,
            no_repeats: true,
            ..Self::repeats()
        }
    }

    /// The same sites, chargers and drivers, seen by `factor` times as many operators.
    ///
    /// ```
    /// use voltree_generate::Config;
    ///
    /// assert_eq!(Config::repeats().with_operators_times(10).admins, 40);
    /// ```
    #[must_use]
    pub fn with_operators_times(self, factor: u32) -> Self {
        Self {
            admins: self.admins.saturating_mul(factor),
            regional: self.regional.saturating_mul(factor),
            local: self.local.saturating_mul(factor),
            spare: self.spare.saturating_mul(factor),
            ..self
        }
    }

    /// Refuses what cannot be generated.
    ///
    /// ```
    /// use voltree_generate::{Config, ConfigError};
    ///
    /// let config = Config { volatile: 1.5, ..Config::default() };
    /// assert_eq!(config.validate(), Err(ConfigError::Volatile(1.5)));
    /// ```
    ///
    /// # Errors
    /// The first value that is out of its range.
    pub fn validate(&self) -> Result<(), ConfigError> {
        within("chargers", self.chargers, 1, MAX_CHARGERS)?;
        within("per_site", self.per_site, 1, MAX_CHARGERS)?;
        within("users_per_site", self.users_per_site, 0, MAX_USERS_PER_SITE)?;
        within("admins", self.admins, 0, MAX_OPERATORS)?;
        within("regional", self.regional, 0, MAX_OPERATORS)?;
        within("local", self.local, 0, MAX_OPERATORS)?;
        within("spare", self.spare, 0, MAX_OPERATORS)?;
        if !(0.0..=1.0).contains(&self.volatile) {
            return Err(ConfigError::Volatile(self.volatile));
        }
        Ok(())
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::repeats()
    }
}

fn within(field: &'static str, value: u32, min: u32, max: u32) -> Result<(), ConfigError> {
    if (min..=max).contains(&value) {
        return Ok(());
    }
    Err(ConfigError::OutOfRange {
        field,
        value,
        min,
        max,
    })
}

/// A value of [`Config`] that cannot be generated.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ConfigError {
    /// A count outside its range.
    #[error("{field} is {value}, but has to be from {min} to {max}")]
    OutOfRange {
        /// The field of [`Config`].
        field: &'static str,
        /// Its value.
        value: u32,
        /// The least value allowed.
        min: u32,
        /// The greatest value allowed.
        max: u32,
    },
    /// A share outside 0 to 1, or no number.
    #[error("volatile is {0}, but is a share and has to be from 0 to 1")]
    Volatile(f64),
}
