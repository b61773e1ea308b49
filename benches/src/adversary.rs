//! Payloads made to be slow with a memo: much that starts like an earlier record, and is none.
//!
//! Comparing such a record with earlier ones is work in vain, and it is parsed all the same. Their
//! bulk is text in one string, which is the cheapest to parse: the comparing weighs the most.

use std::io;

/// Writes a payload of so many records.
pub type Write = fn(u32, &mut dyn io::Write) -> io::Result<()>;

/// Bytes at a record's start by which the memo finds a candidate, and some more.
const PREFIX: usize = 128;
/// Bytes of the text in a long record.
const LONG: usize = 2_000;
/// Sites in each other.
const NESTING: u32 = 16;

/// One prefix shared by all records; the key behind it differs.
pub fn shared_prefix(records: u32, out: &mut dyn io::Write) -> io::Result<()> {
    let name = "x".repeat(PREFIX);
    chargers(records, out, |index, out| {
        write!(
            out,
            r#"{{"chargerName":"{name}","chargerId":"{index:08}"}}"#
        )
    })
}

/// Long records of which only the last bytes differ, by threes: a short one that is always the same,
/// so that the memo expects what followed on it last time, and two long ones, so that the last
/// record with the same prefix is another one still. Both candidates fail at their end.
pub fn near_repeats(records: u32, out: &mut dyn io::Write) -> io::Result<()> {
    let name = "x".repeat(LONG);
    chargers(records, out, |index, out| {
        let (first, second) = (2 * index, 2 * index + 1);
        write!(
            out,
            r#"{{"chargerId":"same"}},{{"chargerName":"{name}","chargerId":"{first:08}"}},"#
        )?;
        write!(
            out,
            r#"{{"chargerName":"{name}","chargerId":"{second:08}"}}"#
        )
    })
}

/// Chains of sites in each other, of which every one differs from that of the chain before in its
/// last bytes: behind the site within, where all but a few bytes have been compared.
pub fn nested_near_repeats(chains: u32, out: &mut dyn io::Write) -> io::Result<()> {
    let name = "x".repeat(LONG);
    write!(out, r#"{{"operatorGroups":[{{"id":1,"subgroups":["#)?;
    list(chains, out, |chain, out| {
        for _ in 0..NESTING {
            write!(out, r#"{{"groupName":"{name}","subgroups":["#)?;
        }
        // The ids have equally many digits, and differ in the last ones.
        for level in 0..NESTING {
            write!(out, r#"],"id":{}}}"#, 100_000_000 + chain * NESTING + level)?;
        }
        Ok(())
    })?;
    write!(out, "]}}]}}")
}

/// Nothing but short records, all distinct.
pub fn tiny_records(records: u32, out: &mut dyn io::Write) -> io::Result<()> {
    chargers(records, out, |index, out| {
        write!(out, r#"{{"chargerId":"{index:08}"}}"#)
    })
}

/// Nothing but records that are just not short, all distinct.
pub fn short_records(records: u32, out: &mut dyn io::Write) -> io::Result<()> {
    chargers(records, out, |index, out| {
        write!(
            out,
            r#"{{"chargerId":"{index:08}","meterType":"xxxxxxxxxxxxxxxxxxxxxxxxxxx"}}"#
        )
    })
}

/// One site with all the chargers.
fn chargers(
    records: u32,
    out: &mut dyn io::Write,
    charger: impl Fn(u32, &mut dyn io::Write) -> io::Result<()>,
) -> io::Result<()> {
    write!(out, r#"{{"operatorGroups":[{{"id":1,"chargers":["#)?;
    list(records, out, charger)?;
    write!(out, "]}}]}}")
}

fn list(
    length: u32,
    out: &mut dyn io::Write,
    element: impl Fn(u32, &mut dyn io::Write) -> io::Result<()>,
) -> io::Result<()> {
    for index in 0..length {
        if index > 0 {
            write!(out, ",")?;
        }
        element(index, out)?;
    }
    Ok(())
}
