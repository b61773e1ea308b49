//! EVSEs: their ids, their uids, and the sockets that are part of none.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use super::finding::shown;
use super::rows::{bools, ints, longs, texts};
use super::{Finding, FindingKind, Findings};
use crate::Dataset;

/// Chargers whose EVSE id has another syntax; an empty one is none.
pub(super) fn syntax(dataset: &Dataset) -> Findings<'_> {
    let chargers = texts(dataset, "chargers", "charger_id").map(Option::unwrap_or_default);
    let rows = chargers
        .zip(texts(dataset, "chargers", "evse_id"))
        .enumerate();
    Box::new(rows.filter_map(|(row, (charger, id))| {
        let id = id.filter(|id| !id.is_empty() && !is_evse_id(id.as_bytes()))?;
        let message = format!(
            "`{}` is no EVSE id of eMI3 and ISO 15118, such as FR*A23*E45B*78C",
            shown(id)
        );
        let kind = FindingKind::EvseIdSyntax;
        Some(Finding::of_row(
            kind, "chargers", row, charger, "evseId", message,
        ))
    }))
}

/// Country, operator, `E`, power outlet, with a `*` between them or not, in any case of letters.
///
/// The outlet starts with a letter or digit; up to 30 letters, digits and separators follow.
fn is_evse_id(id: &[u8]) -> bool {
    let separated = |rest: &'_ [u8]| rest.strip_prefix(b"*").map_or(0, |_| 1);
    let Some((country, rest)) = id.split_at_checked(2) else {
        return false;
    };
    let Some((operator, rest)) = rest[separated(rest)..].split_at_checked(3) else {
        return false;
    };
    let [b'E' | b'e', first, outlet @ ..] = &rest[separated(rest)..] else {
        return false;
    };
    country.iter().all(u8::is_ascii_alphabetic)
        && operator.iter().all(u8::is_ascii_alphanumeric)
        && first.is_ascii_alphanumeric()
        && outlet.len() <= 30
        && outlet
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'*')
}

/// EVSEs with the uid of one before.
pub(super) fn equal_uids(dataset: &Dataset) -> Findings<'_> {
    const TABLE: &str = "evses";
    let uids = texts(dataset, TABLE, "evse_uid");
    let chargers = texts(dataset, TABLE, "charger_id").map(Option::unwrap_or_default);
    let mut first: HashMap<&str, &str> = HashMap::new();
    Box::new(
        uids.zip(chargers)
            .enumerate()
            .filter_map(move |(row, (uid, charger))| {
                let uid = uid?;
                let other = match first.entry(uid) {
                    Entry::Occupied(first) => *first.get(),
                    Entry::Vacant(none) => {
                        none.insert(charger);
                        return None;
                    }
                };
                let message = match other == charger {
                    true => format!("two EVSEs of charger {} have this uid", shown(charger)),
                    false => format!(
                        "EVSEs of charger {} and of charger {} have this uid",
                        shown(other),
                        shown(charger)
                    ),
                };
                let kind = FindingKind::EqualEvseUid;
                Some(Finding::of_row(kind, TABLE, row, uid, "", message))
            }),
    )
}

/// Sockets that neither number an EVSE, nor can be told apart where each is an EVSE of its own.
pub(super) fn sockets(dataset: &Dataset) -> Findings<'_> {
    const TABLE: &str = "sockets";
    let chargers = texts(dataset, "chargers", "charger_id").flatten();
    let split: HashSet<&str> = chargers
        .zip(bools(dataset, "chargers", "split_evse_by_socket"))
        .filter_map(|(charger, split)| (split == Some(true)).then_some(charger))
        .collect();
    let owners = texts(dataset, TABLE, "charger_id").map(Option::unwrap_or_default);
    let keys = owners.zip(ints(dataset, TABLE, "position").map(Option::unwrap_or_default));
    let numbers = longs(dataset, TABLE, "device_evse_id").zip(longs(
        dataset,
        TABLE,
        "charging_station_evse_id",
    ));
    let rows = keys
        .zip(ints(dataset, TABLE, "id"))
        .zip(numbers)
        .enumerate();
    Box::new(
        rows.filter_map(move |(row, (((charger, position), id), numbers))| {
            let message = match (split.contains(charger), id, numbers) {
                (true, None, _) => "each socket is an EVSE of its own, and this one has no id",
                (false, _, (None, None)) => {
                    "neither deviceEvseId nor chargingStationEvseId says which EVSE it is part of"
                }
                _ => return None,
            };
            let key = format!("{charger}/{position}");
            let kind = FindingKind::SocketWithoutEvse;
            Some(Finding::of_row(
                kind,
                TABLE,
                row,
                key,
                "",
                message.to_owned(),
            ))
        }),
    )
}

#[cfg(test)]
mod tests {
    use super::is_evse_id;

    #[test]
    fn ids_of_the_syntax() {
        let longest = format!("DE*ABC*E{}", "1".repeat(31));
        for id in [
            "FRA23E45B*78C",
            "FR*A23*E45B*78C",
            "de*8aa*e1",
            "DE8AAE1",
            "FRA23*E4*",
            &longest,
        ] {
            assert!(is_evse_id(id.as_bytes()), "{id}");
        }
    }

    #[test]
    fn ids_of_another_syntax() {
        let long = format!("DE*ABC*E{}", "1".repeat(32));
        let texts = [
            "",
            "F",
            "FRA23",
            "FRA23E",
            "FRA23E*1",
            "FRA23P45",
            "F1A23E45",
            "FR-A23-E45",
            "FR**A23E1",
            "FRA2E45",
            "+49*810*000*438",
            "FRA23E45 ",
            "FRÄ23E45",
            &long,
        ];
        for id in texts {
            assert!(!is_evse_id(id.as_bytes()), "{id}");
        }
    }
}
