//! Whether a dictionary pays for a column.
//!
//! Collecting the distinct values costs more than all else that is done to a column. Where most
//! values are distinct that is for nothing: the file gets no smaller. A few rows, taken evenly from
//! the whole table, tell; they are the same for any number of threads.

use std::hash::BuildHasher;

use arrow_array::{
    Array, ArrayRef,
    cast::AsArray,
    types::{Float64Type, Int32Type, Int64Type, TimestampMicrosecondType},
};
use arrow_schema::{DataType, TimeUnit};
use rustc_hash::{FxBuildHasher, FxHashSet};
use voltree_core::Table;

/// Rows that are looked at, at most.
const SAMPLE: usize = 256;

/// Whether at most half of the values looked at are distinct.
pub(super) fn pays(table: &Table, column: usize) -> bool {
    let step = table.rows().div_ceil(SAMPLE).max(1);
    let mut values = 0;
    let most = SAMPLE / 2;
    let mut distinct = FxHashSet::with_capacity_and_hasher(most, FxBuildHasher);
    // Rows of the table in the batches before.
    let mut before: usize = 0;
    for batch in &table.batches {
        let first = before.next_multiple_of(step) - before;
        for row in (first..batch.num_rows()).step_by(step) {
            if let Some(hash) = hash(batch.column(column), row) {
                values += 1;
                // Two that are equal by chance do no harm.
                if distinct.insert(hash) && distinct.len() > most {
                    return false;
                }
            }
        }
        before += batch.num_rows();
    }
    2 * distinct.len() <= values
}

/// Hash of a value; none for null, nor for types that have no dictionary.
fn hash(array: &ArrayRef, row: usize) -> Option<u64> {
    if array.is_null(row) {
        return None;
    }
    let hasher = FxBuildHasher;
    Some(match array.data_type() {
        DataType::Utf8 => hasher.hash_one(array.as_string::<i32>().value(row)),
        DataType::Int64 => hasher.hash_one(array.as_primitive::<Int64Type>().value(row)),
        DataType::Int32 => hasher.hash_one(array.as_primitive::<Int32Type>().value(row)),
        DataType::Float64 => {
            hasher.hash_one(array.as_primitive::<Float64Type>().value(row).to_bits())
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            hasher.hash_one(array.as_primitive::<TimestampMicrosecondType>().value(row))
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::testing::{dataset, table_of_texts};

    #[test]
    fn keys_get_none_and_what_repeats_gets_one() {
        let dataset = dataset(10_000);
        let table = dataset.table("sites");
        assert!(!pays(table, 0));
        assert!(pays(table, table.def.column("group_type").unwrap()));
    }

    #[test]
    fn rows_are_taken_from_everywhere() {
        let ids: Vec<String> = (0..4_000).map(|id| id.to_string()).collect();
        let mut texts = vec![Some("same"); 1_000];
        texts.extend(ids.iter().map(|id| Some(id.as_str())));
        assert!(!pays(&table_of_texts(&texts), 2));
        assert!(pays(&table_of_texts(&texts[..1_500]), 2));
        assert!(pays(&table_of_texts(&[]), 2));
    }
}
