use std::fs;

use proptest::prelude::*;

use super::*;
use crate::write::testing::{dataset, table_of_texts};

fn text_of(table: &Table, options: &CsvOptions) -> Result<String, Error> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("t.csv");
    write(table, options, &path)?;
    Ok(fs::read_to_string(path).unwrap())
}

/// The last field of the first row, as it is written.
fn cell(text: Option<&str>, options: &CsvOptions) -> String {
    let delimiter = char::from(options.delimiter);
    let file = text_of(&table_of_texts(&[text]), options).unwrap();
    let row = file
        .split_once("\r\n")
        .unwrap()
        .1
        .strip_suffix("\r\n")
        .unwrap();
    row.splitn(3, delimiter).nth(2).unwrap().to_owned()
}

#[test]
fn null_and_the_empty_text_stay_apart() {
    let options = CsvOptions::default();
    assert_eq!(cell(None, &options), "");
    assert_eq!(cell(Some(""), &options), "\"\"");
    let options = CsvOptions {
        null: "NULL".to_owned(),
        ..options
    };
    assert_eq!(cell(None, &options), "NULL");
    assert_eq!(cell(Some(""), &options), "\"\"");
    assert_eq!(cell(Some("NULL"), &options), "\"NULL\"");
    assert_eq!(cell(Some("NULLS"), &options), "NULLS");
}

#[test]
fn quotes_stand_where_they_are_needed() {
    let options = CsvOptions {
        delimiter: b';',
        ..CsvOptions::default()
    };
    for (text, written) in [
        ("a,b", "a,b"),
        (" a ", " a "),
        ("a;b", "\"a;b\""),
        ("a\"b", "\"a\"\"b\""),
        ("a\nb", "\"a\nb\""),
        ("a\rb", "\"a\rb\""),
        ("=1+1", "=1+1"),
        ("ä", "ä"),
    ] {
        assert_eq!(cell(Some(text), &options), written);
    }
}

#[test]
fn formulas_are_prefixed_or_refused() {
    let prefix = CsvOptions {
        safety: CsvSafety::Prefix,
        ..CsvOptions::default()
    };
    for (text, written) in [
        ("=1", "'=1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@a", "'@a"),
        ("\ta", "\"'\ta\""),
        ("\ra", "\"'\ra\""),
        ("=\"a\"", "\"'=\"\"a\"\"\""),
        ("a=1", "a=1"),
        ("'a", "'a"),
        ("'=1", "''=1"),
        ("\n=1", "\"'\n=1\""),
        ("\0=1", "'\0=1"),
        ("＝1", "'＝1"),
        ("\u{ff10}", "\u{ff10}"),
        // Where it is split elsewhere, this would be a cell.
        ("x;=1", "\"x;=1\""),
        ("x\t=1", "\"x\t=1\""),
        ("", "\"\""),
    ] {
        assert_eq!(cell(Some(text), &prefix), written);
    }
    let delimited = CsvOptions {
        delimiter: b'\'',
        ..prefix.clone()
    };
    assert_eq!(cell(Some("=1"), &delimited), "\"'=1\"");
    let null = CsvOptions {
        null: "'=1".to_owned(),
        ..prefix
    };
    assert_eq!(cell(Some("=1"), &null), "\"'=1\"");
    assert_eq!(cell(Some("=2"), &null), "'=2");
    let reject = CsvOptions {
        safety: CsvSafety::Reject,
        ..CsvOptions::default()
    };
    let mut rows = vec![Some("a"); 20_000];
    rows.extend([Some("=1"), None, Some("@b")]);
    let error = text_of(&table_of_texts(&rows), &reject).unwrap_err();
    assert!(matches!(
        error,
        Error::Formula {
            table: "charger_capabilities",
            row: 20_001,
            column: "capability"
        }
    ));
}

#[test]
fn every_type_has_its_spelling() {
    let dataset = dataset(4);
    let chargers = text_of(dataset.table("chargers"), &CsvOptions::default()).unwrap();
    let mut reader = csv::Reader::from_reader(chargers.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let field = |row: usize, name: &str| {
        let index = headers.iter().position(|header| header == name).unwrap();
        rows[row][index].to_owned()
    };
    assert_eq!(field(1, "charger_id"), "t000000001");
    assert_eq!(field(1, "id"), "1");
    let longitudes: Vec<String> = (0..4).map(|row| field(row, "longitude")).collect();
    assert!(
        longitudes.contains(&"0.3333333333333333".to_owned()),
        "{longitudes:?}"
    );
    assert!(longitudes.contains(&String::new()));
    let seen: Vec<String> = (0..4).map(|row| field(row, "last_seen")).collect();
    assert!(
        seen.contains(&"1970-01-01T06:51:31.357802Z".to_owned()),
        "{seen:?}"
    );
    let active: Vec<String> = (0..4).map(|row| field(row, "active_connection")).collect();
    assert!(active.contains(&"true".to_owned()) && active.contains(&"false".to_owned()));
}

#[test]
fn zero_has_no_sign() {
    use std::sync::Arc;

    use arrow_array::{ArrayRef, Float64Array};

    let array: ArrayRef = Arc::new(Float64Array::from(vec![-0.0, 1e300]));
    let cells = Cells::new(&array);
    let mut out = Vec::new();
    for row in 0..2 {
        assert!(
            cells
                .put(row, &Style::new(&CsvOptions::default()), &mut out)
                .is_ok()
        );
        out.push(b' ');
    }
    assert_eq!(out, b"0.0 1e+300 ");
}

#[test]
fn bytes_do_not_depend_on_threads() {
    let dataset = dataset(50_000);
    let table = dataset.table("users");
    let with_threads = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| text_of(table, &CsvOptions::default()).unwrap())
    };
    let one = with_threads(1);
    assert_eq!(one.lines().count(), 50_001);
    assert!(one == with_threads(3));
}

proptest! {
    #[test]
    fn texts_read_back(
        texts in prop::collection::vec(prop::option::of("[\",;'=\r\n\t aä\u{0}N]{0,6}"), 1..20),
        delimiter in prop::sample::select(b",;\t| '".to_vec()),
    ) {
        let options = CsvOptions { delimiter, null: "N".to_owned(), ..CsvOptions::default() };
        let rows: Vec<Option<&str>> = texts.iter().map(Option::as_deref).collect();
        let file = text_of(&table_of_texts(&rows), &options).unwrap();
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(file.as_bytes());
        let read: Vec<String> = reader.records().map(|row| row.unwrap()[2].to_owned()).collect();
        let written: Vec<&str> = rows.iter().map(|text| text.unwrap_or("N")).collect();
        prop_assert_eq!(read, written);
    }
}
