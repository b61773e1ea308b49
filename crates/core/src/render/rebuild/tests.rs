use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray};
use proptest::prelude::*;

use super::*;
use crate::schema::Type;
use crate::{Dataset, Parser, Render};

const PAYLOAD: &str = r#"{"operatorGroups":[{"id":1.0,"chargers":[{"chargerId":"A","sockets":[{"id":1}],"x":1}],"users":[{"id":3,"tags":[{"id":4,"idTag":"a"}]}]}]}"#;

fn dataset() -> Dataset {
    let parser = Parser::new().lineage(true);
    parser.parse_slice(PAYLOAD.as_bytes()).unwrap()
}

fn rendered(dataset: &Dataset) -> Result<String, String> {
    let rendering = Render::new()
        .of(dataset)
        .map_err(|error| error.to_string())?;
    let mut out = Vec::new();
    rendering.write(&mut out).unwrap();
    Ok(String::from_utf8(out).unwrap())
}

/// The dataset with another value in a row of a table of the lineage.
fn with(table: &str, row: usize, column: &str, value: &str) -> Dataset {
    let mut dataset = dataset();
    let table = dataset
        .lineage
        .iter_mut()
        .find(|found| found.def.name == table)
        .unwrap();
    let index = table.def.column(column).unwrap();
    let batch = &table.batches[0];
    let old = TableRows::new(table).unwrap();
    let values = (0..batch.num_rows()).map(|at| match old.cell(at as u32, index) {
        _ if at == row => value.to_owned(),
        Value::Int(value) => value.to_string(),
        Value::Text(text) => text.to_owned(),
        _ => "[]".to_owned(),
    });
    let array: ArrayRef = match table.def.columns[index].ty {
        Type::Text => Arc::new(values.map(Some).collect::<StringArray>()),
        Type::Int32 => Arc::new(Int32Array::from_iter_values(
            values.map(|v| v.parse().unwrap()),
        )),
        _ => Arc::new(Int64Array::from_iter_values(
            values.map(|v| v.parse().unwrap()),
        )),
    };
    let mut columns = batch.columns().to_vec();
    columns[index] = array;
    table.batches = vec![RecordBatch::try_new(table.def.arrow_schema(), columns).unwrap()];
    dataset
}

#[test]
fn the_tables_say_it_all() {
    let dataset = dataset();
    assert_eq!(
        rendered(&dataset).unwrap(),
        PAYLOAD.replace(
            r#"{"id":1.0,"chargers":[{"chargerId":"A","sockets":[{"id":1}],"x":1}],"#,
            r#"{"chargers":[{"chargerId":"A","sockets":[{"id":1}],"x":1}],"id":1.0,"#
        )
    );
    let records = TableRows::new(dataset.table(RECORDS)).unwrap();
    let shapes = TableRows::new(dataset.table(SHAPES)).unwrap();
    let lines = records.numbers().map(|record| {
        format!(
            "{} {} {} {}",
            records.text(record, ENTITY),
            records.text(record, KEY),
            shapes.text(records.int(record, SHAPE) as u32, 1),
            records.text(record, OWN_VALUES)
        )
    });
    assert_eq!(
        lines.collect::<Vec<_>>(),
        [
            r#"chargers A {"chargerId":=,"sockets":[{"id":=}],"x":=} "#,
            r#"users 3 {"id":=,"tags":[{"id":?,"idTag":=}]} [4]"#,
            r#"sites 1 {"chargers":[@],"id":?,"users":[@]} [1.0]"#,
            r#"root  {"operatorGroups":[@]} "#,
        ]
    );
}

#[test]
fn a_table_that_is_missing_is_named() {
    for name in [SHAPES, RECORDS, CHILDREN] {
        let mut dataset = dataset();
        dataset.lineage.retain(|table| table.def.name != name);
        assert_eq!(
            rendered(&dataset),
            Err(format!("table {name}: it is missing"))
        );
    }
    let mut dataset = dataset();
    dataset.tables.retain(|table| table.def.name != "sites");
    assert_eq!(
        rendered(&dataset),
        Err("table sites: it is missing".to_owned())
    );
}

/// Tables of a payload, with another column.
fn edited(parser: &Parser, payload: &str, name: &str, column: &str, values: ArrayRef) -> Dataset {
    let mut dataset = parser.parse_slice(payload.as_bytes()).unwrap();
    let mut tables = dataset.tables.iter_mut();
    let table = tables.find(|table| table.def.name == name).unwrap();
    let mut columns = table.batches[0].columns().to_vec();
    columns[table.def.column(column).unwrap()] = values;
    table.batches = vec![RecordBatch::try_new(table.def.arrow_schema(), columns).unwrap()];
    dataset
}

#[test]
fn what_json_has_no_number_for_is_refused() {
    let payload = r#"{"operatorGroups":[{"id":1,"chargers":[
        {"chargerId":"A","locationInfo":{"latitude":1.5}},{"chargerId":"B"}]}]}"#;
    for (number, lineage) in [(f64::NAN, false), (f64::INFINITY, true)] {
        let parser = Parser::new().lineage(lineage);
        let values = Arc::new(Float64Array::from(vec![1.5, number]));
        assert_eq!(
            rendered(&edited(&parser, payload, "chargers", "latitude", values)),
            Err("table chargers: row 2 has a latitude that is no number".to_owned())
        );
    }
}

#[test]
fn elements_that_no_table_tells_of_are_bounded() {
    let payload = r#"{"operatorGroups":[{"id":1,"chargers":[{"chargerId":"A","sockets":[{"id":1},{"id":2}]}]}]}"#;
    let at = |position| {
        let values = Arc::new(Int32Array::from(vec![1, position]));
        rendered(&edited(
            &Parser::new(),
            payload,
            "sockets",
            "position",
            values,
        ))
    };
    let sockets = r#""sockets":[null,{"id":1},null,{"id":2}]"#;
    assert!(at(3).unwrap().contains(sockets));
    let refused = "the tables make a tree that is too large to be written";
    assert_eq!(at(2_000_000_000), Err(refused.to_owned()));
}

#[test]
fn a_shape_of_more_elements_than_there_are_takes_no_more_memory() {
    for (template, lacking) in [
        (r#"{"sockets":[?*4000000000]}"#, "as many own values"),
        (r#"{"sockets":[{"id":=}*4000000000]}"#, "a row"),
        (r#"{"capabilities":[=*4000000000]}"#, "a text"),
    ] {
        let refused = rendered(&with(SHAPES, 0, "template", template));
        let expected = format!("table {RECORDS}: record 0 lacks {lacking} that its shape wants");
        assert_eq!(refused, Err(expected));
    }
}

#[test]
fn what_does_not_hold_is_refused() {
    for (table, row, column, value, expected) in [
        (SHAPES, 0, "template", "{", "shape 0 is none of chargers"),
        (
            SHAPES,
            0,
            "template",
            r#"{"id":@}"#,
            "shape 0 is none of chargers",
        ),
        (
            SHAPES,
            0,
            "template",
            r#"{"sockets":[@]}"#,
            "shape 0 is none of chargers",
        ),
        (
            SHAPES,
            1,
            "template",
            r#"{"tags":[{"id":=}]}"#,
            "shape 1 is none of users",
        ),
        (
            SHAPES,
            0,
            "template",
            r#"{"y":=}"#,
            "record 0 lacks an extra that its shape wants",
        ),
        (
            SHAPES,
            0,
            "template",
            r#"{"sockets":[null,{"id":=}]}"#,
            "record 0 lacks a row that its shape wants",
        ),
        (
            SHAPES,
            0,
            "template",
            r#"{"capabilities":[=]}"#,
            "record 0 lacks a text that its shape wants",
        ),
        (
            SHAPES,
            0,
            "template",
            r#"{"customProperties":{"a":=}}"#,
            "record 0 lacks a custom property that its shape wants",
        ),
        (
            SHAPES,
            2,
            "template",
            r#"{"chargers":[@*9],"id":?}"#,
            "record 2 lacks as many children that its shape wants",
        ),
        (
            SHAPES,
            1,
            "shape",
            "7",
            "row 3 is not in the order of the key",
        ),
        (SHAPES, 3, "shape", "7", "row 4 has another number"),
        (
            RECORDS,
            0,
            "entity",
            "sockets",
            "record 0 is of no known entity",
        ),
        (RECORDS, 0, "key", "B", "record 0 has no row"),
        (RECORDS, 0, "shape", "9", "record 0 has no shape"),
        (RECORDS, 0, "shape", "-1", "record 0 has no shape"),
        (
            RECORDS,
            2,
            "own_values",
            "[1,]",
            "record 2 has own values that are no JSON list",
        ),
        (
            RECORDS,
            2,
            "own_values",
            "[]",
            "record 2 lacks as many own values that its shape wants",
        ),
        (
            RECORDS,
            1,
            "own_values",
            "[5]",
            "record 1 lacks a row that its shape wants",
        ),
        (
            RECORDS,
            3,
            "entity",
            "sites",
            "the last record is not the payload itself",
        ),
        (
            CHILDREN,
            2,
            "child",
            "3",
            "row 3 does not lead from a record to an earlier one",
        ),
        (
            CHILDREN,
            0,
            "child",
            "-1",
            "row 1 does not lead from a record to an earlier one",
        ),
        (
            CHILDREN,
            2,
            "record",
            "4",
            "row 3 does not lead from a record to an earlier one",
        ),
        (
            CHILDREN,
            0,
            "position",
            "-1",
            "row 1 does not lead from a record to an earlier one",
        ),
    ] {
        let refused = rendered(&with(table, row, column, value)).unwrap_err();
        assert!(refused.ends_with(expected), "{value}: {refused}");
    }
}

proptest! {
    #[test]
    fn no_shape_makes_it_panic(
        shape in r#"\{("(id|x|sockets|tags|subgroups|locationInfo|customProperties|capabilities|groups)":(=|\?|@|null|\[\]|\[[=?@](\*[0-9])?(,null)?\]|\[?\{("(id|x)":[=?])?\}\]?),?){0,3}\}?"#,
        row in 0_usize..4,
    ) {
        let _ = rendered(&with(SHAPES, row, "template", &shape));
    }

    #[test]
    fn no_own_values_make_it_panic(values in r#"[\[\]{}",:\\0-9eu. tn]{0,8}"#) {
        let _ = rendered(&with(RECORDS, 2, "own_values", &values));
    }
}
