//! The flags of `voltree generate`.

use std::{error::Error, path::PathBuf, str::FromStr};

use super::local;
use clap::Args;
use voltree_generate::{Config, DEFAULT_PER_SITE, DEFAULT_SEED, DEFAULT_USERS_PER_SITE};

const EXAMPLES: &str = "\
Examples:
  voltree generate --out payload.json --truth truth.json
  voltree generate --out - --chargers 100 --seed 7 | voltree inspect -
  voltree generate --out distinct.json --no-repeats --chargers 40000
";

#[derive(Debug, Args)]
#[command(before_help = EXAMPLES)]
pub(crate) struct GenerateArgs {
    /// The file to write, `-` for standard output
    #[arg(short, long, value_name = "FILE", value_parser = local())]
    pub(crate) out: PathBuf,

    /// Chargers in all [default: 1000, with --no-repeats 40000]
    #[arg(long, value_name = "N", value_parser = taken(|config, n| config.chargers = n))]
    chargers: Option<u32>,

    /// Chargers at each site
    #[arg(long, value_name = "N", value_parser = taken(|config, n| config.per_site = n), default_value_t = DEFAULT_PER_SITE)]
    per_site: u32,

    /// Drivers at each site
    #[arg(long, value_name = "N", value_parser = taken(|config, n| config.users_per_site = n), default_value_t = DEFAULT_USERS_PER_SITE)]
    users_per_site: u32,

    /// Operators that see everything [default: 4, with --no-repeats 1]
    #[arg(long, value_name = "N", value_parser = taken(|config, n| config.admins = n))]
    admins: Option<u32>,

    /// Operators that see a region [default: 16, with --no-repeats 0]
    #[arg(long, value_name = "N", value_parser = taken(|config, n| config.regional = n))]
    regional: Option<u32>,

    /// Operators that see a site or two [default: 80, with --no-repeats 0]
    #[arg(long, value_name = "N", value_parser = taken(|config, n| config.local = n))]
    local: Option<u32>,

    /// Picks the content
    #[arg(long, value_name = "N", default_value_t = DEFAULT_SEED)]
    seed: u64,

    /// Leave the operators' sites out, as the API does on request
    #[arg(long)]
    exclude_hierarchy: bool,

    /// Let every charger and driver stand once
    #[arg(long)]
    no_repeats: bool,

    /// Share of repeated chargers with another `lastSeen`, 0 to 1
    #[arg(long, value_name = "P", value_parser = taken(|config, p| config.volatile = p), default_value_t = 0.0)]
    volatile: f64,

    /// Add fields that the API's page lacks
    #[arg(long)]
    drift: bool,

    /// Indent
    #[arg(long)]
    pretty: bool,

    /// Write the keys of every object in another order
    #[arg(long)]
    shuffle_keys: bool,

    /// Write the expected rows of each table as JSON
    #[arg(long, value_name = "FILE", value_parser = local())]
    pub(crate) truth: Option<PathBuf>,
}

/// Reads a value, of which the generator's own rules decide whether it can be where `put` puts it.
fn taken<T>(
    put: fn(&mut Config, T),
) -> impl Fn(&str) -> Result<T, Box<dyn Error + Send + Sync>> + Clone
where
    T: Copy + FromStr<Err: Error + Send + Sync + 'static>,
{
    move |text| {
        let value = text.parse()?;
        let mut config = Config::default();
        put(&mut config, value);
        config.validate()?;
        Ok(value)
    }
}

impl GenerateArgs {
    /// What to generate: one of the two shapes, with what was typed put in.
    pub(crate) fn config(&self) -> Config {
        let shape = if self.no_repeats {
            Config::distinct()
        } else {
            Config::repeats()
        };
        Config {
            chargers: self.chargers.unwrap_or(shape.chargers),
            per_site: self.per_site,
            users_per_site: self.users_per_site,
            admins: self.admins.unwrap_or(shape.admins),
            regional: self.regional.unwrap_or(shape.regional),
            local: self.local.unwrap_or(shape.local),
            seed: self.seed,
            exclude_hierarchy: self.exclude_hierarchy,
            volatile: self.volatile,
            drift: self.drift,
            pretty: self.pretty,
            shuffle_keys: self.shuffle_keys,
            ..shape
        }
    }
}
