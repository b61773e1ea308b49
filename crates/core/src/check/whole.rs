//! Whether all tables are there, with their columns: always so in what a [`Parser`](crate::Parser) gives, but
//! a [`Dataset`] can be put together from anything.

use super::{Finding, FindingKind, Findings};
use crate::{Dataset, column, schema};

/// Tables that are missing, then those with other columns.
pub(super) fn unreadable(dataset: &Dataset) -> Findings<'_> {
    let declared = match dataset.lineage.is_empty() {
        true => schema::tables().iter().chain(&[]),
        false => schema::tables().iter().chain(schema::lineage_tables()),
    };
    let missing = declared.filter(|def| dataset.get(def.name).is_none());
    let others = dataset.all_tables().filter(|table| {
        let mut batches = table.batches.iter();
        !batches.all(|batch| column::fits(batch, table.def))
    });
    let missing = missing.map(|def| (def.name, "the table is missing"));
    let others = others.map(|table| {
        let message = "it has other columns than it should, or a null in its key";
        (table.def.name, message)
    });
    Box::new(missing.chain(others).map(|(table, message)| {
        Finding::of_table(FindingKind::UnreadableTable, table, message.to_owned())
    }))
}

/// Whether there are no such tables, so that rows can be looked at.
pub(super) fn is_whole(dataset: &Dataset) -> bool {
    unreadable(dataset).next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Parser;
    use crate::check::{Checker, Moment};

    fn found(dataset: &Dataset) -> Vec<String> {
        assert_eq!(Moment::latest(dataset), None);
        assert_eq!(Checker::new(dataset).judged_at(), None);
        let text = |found: Finding| format!("{} {}: {}", found.kind, found.entity, found.message);
        Checker::new(dataset).all().map(text).collect()
    }

    #[test]
    fn no_rows_are_looked_at_where_a_table_is_missing_or_has_other_columns() {
        let payload =
            br#"{"operatorGroups":[{"id":1,"chargers":[{"chargerId":"A","groupId":7}]}]}"#;
        let whole = Parser::new().lineage(true).parse_slice(payload).unwrap();
        for (index, table) in whole.all_tables().enumerate() {
            let name = table.def.name;
            let mut missing = whole.clone();
            let mut fewer = whole.clone();
            let (tables, index) = match index.checked_sub(whole.tables.len()) {
                Some(index) => ([&mut missing.lineage, &mut fewer.lineage], index),
                None => ([&mut missing.tables, &mut fewer.tables], index),
            };
            let [missing_from, fewer_in] = tables;
            missing_from.remove(index);
            let batch = fewer_in[index].batches.last_mut().unwrap();
            *batch = batch.project(&[0]).unwrap();

            assert_eq!(
                found(&missing),
                [format!("unreadable-table {name}: the table is missing")]
            );
            let message = "it has other columns than it should, or a null in its key";
            assert_eq!(
                found(&fewer),
                [format!("unreadable-table {name}: {message}")]
            );
        }
    }
}
