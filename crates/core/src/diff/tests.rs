use std::sync::Arc;

use arrow_array::{
    ArrayRef, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray, cast::AsArray,
    types::Int64Type,
};

use super::*;
use crate::Table;
use crate::schema;

mod oracle;

/// `site_users` with these keys.
fn site_users(keys: &[(i64, i64)]) -> Table {
    let def = schema::table("site_users").unwrap();
    let ids = |id: fn(&(i64, i64)) -> i64| -> ArrayRef {
        Arc::new(keys.iter().map(|key| Some(id(key))).collect::<Int64Array>())
    };
    let positions = Int32Array::from(vec![0; keys.len()]);
    let columns = vec![ids(|key| key.0), ids(|key| key.1), Arc::new(positions)];
    let batch = RecordBatch::try_new(def.arrow_schema(), columns).unwrap();
    Table {
        def,
        batches: (0..keys.len()).map(|row| batch.slice(row, 1)).collect(),
    }
}

#[test]
fn rows_out_of_order_are_an_error_and_the_end() {
    let good = site_users(&[(1, 1), (2, 1)]);
    for keys in [[(1, 2), (1, 1)], [(2, 1), (1, 1)], [(2, 1), (2, 1)]] {
        let bad = site_users(&keys);
        let mut changes = Changes::of_tables(&good, &bad);
        let error = changes.by_ref().find_map(Result::err).unwrap();
        assert_eq!(
            error.to_string(),
            "table site_users, row 2: it is not in the order of the key"
        );
        assert!(matches!(
            error,
            DiffError::Unsorted {
                side: Side::New,
                row: 2,
                ..
            }
        ));
        assert!(changes.next().is_none());
    }
}

#[test]
fn other_columns_are_an_error() {
    let good = site_users(&[]);
    let def = schema::table("site_users").unwrap();
    let other = schema::table("operator_access").unwrap();
    let nulls = || -> ArrayRef { Arc::new(Int64Array::from(vec![None])) };
    let positions: ArrayRef = Arc::new(Int32Array::from(vec![0]));
    let fields = def
        .arrow_schema()
        .fields()
        .iter()
        .map(|field| field.as_ref().clone().with_nullable(true))
        .collect::<Vec<_>>();
    let null_key = RecordBatch::try_new(
        Arc::new(arrow_schema::Schema::new(fields)),
        vec![nulls(), nulls(), positions],
    );
    for batch in [
        RecordBatch::new_empty(other.arrow_schema()),
        null_key.unwrap(),
    ] {
        let bad = Table {
            def,
            batches: vec![batch],
        };
        let error = Changes::of_tables(&bad, &good).next().unwrap().unwrap_err();
        assert!(matches!(
            error,
            DiffError::Columns {
                side: Side::Old,
                table: "site_users"
            }
        ));
    }
}

#[test]
fn an_error_of_the_reader_is_given_once() {
    let batches = |errors: bool| -> Batches<'static, &str> {
        let batch = site_users(&[(1, 1)]).batches.remove(0);
        let error = errors.then_some(Err("gone"));
        Box::new([Ok(batch)].into_iter().chain(error))
    };
    let def = schema::table("site_users").unwrap();
    let mut changes = Changes::new(def, batches(false), batches(true));
    assert!(matches!(changes.next(), Some(Err(DiffError::Read("gone")))));
    assert!(changes.next().is_none());
    assert_eq!(changes.counts(), &Counts::of_equal(1));
}

/// `chargers` with one row, of this latitude.
fn charger(latitude: f64) -> Table {
    let def = schema::table("chargers").unwrap();
    let columns = def.columns.iter().map(|column| -> ArrayRef {
        match column.name {
            "charger_id" => Arc::new(StringArray::from(vec!["A"])),
            "latitude" => Arc::new(Float64Array::from(vec![latitude])),
            _ => arrow_array::new_null_array(&column.ty.data_type(), 1),
        }
    });
    let batch = RecordBatch::try_new(def.arrow_schema(), columns.collect()).unwrap();
    Table {
        def,
        batches: vec![batch],
    }
}

#[test]
fn a_zero_has_no_sign_and_what_is_no_number_equals_itself() {
    let differs = |old, new| {
        Changes::of_tables(&charger(old), &charger(new))
            .next()
            .is_some()
    };
    assert!(!differs(0.0, -0.0));
    assert!(!differs(f64::NAN, f64::NAN));
    assert!(differs(f64::NAN, 0.0) && differs(0.0, f64::NAN));
    assert!(differs(0.1, 0.1_f64.next_up()));
}

#[test]
fn cells_as_texts_and_as_json() {
    let cell = |latitude| {
        let table = charger(latitude);
        let row = Row::new(table.def, Arc::new(table.batches[0].clone()), 0);
        let column = table.def.column("latitude").unwrap();
        (row.text(column).unwrap(), row.json(column))
    };
    assert_eq!(cell(-0.0), ("0.0".to_owned(), "0.0".to_owned()));
    assert_eq!(cell(f64::NAN), ("NaN".to_owned(), "\"NaN\"".to_owned()));
    let table = charger(1.5);
    let row = Row::new(table.def, Arc::new(table.batches[0].clone()), 0);
    assert_eq!(
        (row.key(), row.json(row.key_columns()[0])),
        ("A".to_owned(), "\"A\"".to_owned())
    );
    let name = table.def.column("charger_name").unwrap();
    assert_eq!((row.text(name), row.json(name)), (None, "null".to_owned()));
}

#[test]
fn a_summary_is_sorted_by_table() {
    let counts = Counts {
        added: 1,
        removed: 2,
        changed: 3,
        unchanged: 4,
        columns: Vec::new(),
    };
    let none = Counts::of_equal(7);
    let of = |name| schema::table(name).unwrap();
    let table = summary([(of("sites"), &counts), (of("chargers"), &none)]);
    let batch = &table.batches[0];
    let names: Vec<_> = batch
        .column(0)
        .as_string::<i32>()
        .iter()
        .flatten()
        .collect();
    assert_eq!(names, ["chargers", "sites"]);
    let numbers = (1..5).map(|column| batch.column(column).as_primitive::<Int64Type>().value(1));
    assert_eq!(numbers.collect::<Vec<_>>(), [1, 2, 3, 4]);
}

#[test]
fn changes_end_their_batches_and_stay_in_order() {
    let keys: Vec<(i64, i64)> = (0..20_000).map(|id| (id, 1)).collect();
    let def = schema::table("site_users").unwrap();
    let mut rows = ChangeRows::new(def);
    for change in Changes::of_tables(&site_users(&keys), &site_users(&[])) {
        rows.push(&change.unwrap());
    }
    let table = rows.finish();
    assert_eq!((table.rows(), table.batches.len()), (20_000, 3));
    let ids = table
        .batches
        .iter()
        .flat_map(|batch| batch.column(0).as_primitive::<Int64Type>().values());
    assert!(ids.copied().eq(0..20_000));
}

#[test]
#[should_panic(expected = "a change of another table")]
fn a_change_of_another_table_is_not_taken() {
    let table = |name| schema::table(name).unwrap();
    let (old, new) = (site_users(&[]), site_users(&[(1, 2)]));
    let change = Changes::of_tables(&old, &new).next().unwrap();
    ChangeRows::new(table("user_sites")).push(&change.unwrap());
}
