//! A table made of a fuzzer's bytes.

use std::sync::Arc;

use arbitrary::Unstructured;
use arrow_array::{
    ArrayRef, BooleanArray, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use voltree_core::Table;
use voltree_core::schema::{Column, Type, tables};

/// Rows with values of their own, at most; they may be repeated.
const ROWS: u8 = 12;
/// The years 1 to 9999, in microseconds since the start of 1970.
const TIMES: std::ops::RangeInclusive<i64> = -62_135_596_800_000_000..=253_402_300_799_999_999;

/// The table that the bytes stand for, in one or two batches.
pub(super) fn table(bytes: &mut Unstructured<'_>) -> Table {
    let def = &tables()[usize::from(byte(bytes)) % tables().len()];
    let rows = usize::from(byte(bytes) % (ROWS + 1));
    let times = usize::from(byte(bytes) % 32);
    let split = usize::from(byte(bytes));
    let columns: Vec<ArrayRef> = def
        .columns
        .iter()
        .map(|column| values(bytes, column, rows, times + 1))
        .collect();
    let batch = RecordBatch::try_new(def.arrow_schema(), columns).expect("as declared");
    let split = split % (batch.num_rows() + 1);
    Table {
        def,
        batches: vec![
            batch.slice(0, split),
            batch.slice(split, batch.num_rows() - split),
        ],
    }
}

/// The next byte; 0 where there is none.
fn byte(bytes: &mut Unstructured<'_>) -> u8 {
    bytes.arbitrary().unwrap_or(0)
}

/// Values of a column, one a row, all of them so many times.
fn values(bytes: &mut Unstructured<'_>, column: &Column, rows: usize, times: usize) -> ArrayRef {
    match column.ty {
        Type::Int64 => Arc::new(some(bytes, column, rows, times, int).collect::<Int64Array>()),
        Type::Int32 | Type::Enum(_) => {
            let int = |bytes: &mut Unstructured<'_>| int(bytes) as i32;
            Arc::new(some(bytes, column, rows, times, int).collect::<Int32Array>())
        }
        Type::Float64 => {
            Arc::new(some(bytes, column, rows, times, float).collect::<Float64Array>())
        }
        Type::Bool => {
            let bool = |bytes: &mut Unstructured<'_>| byte(bytes) % 2 == 1;
            Arc::new(some(bytes, column, rows, times, bool).collect::<BooleanArray>())
        }
        Type::Time => {
            let time = |bytes: &mut Unstructured<'_>| bytes.int_in_range(TIMES).unwrap_or(0);
            let times = some(bytes, column, rows, times, time);
            Arc::new(
                times
                    .collect::<TimestampMicrosecondArray>()
                    .with_timezone("UTC"),
            )
        }
        Type::Text => Arc::new(some(bytes, column, rows, times, text).collect::<StringArray>()),
    }
}

/// Values, of which some are null where the column may be.
fn some<T: Clone>(
    bytes: &mut Unstructured<'_>,
    column: &Column,
    rows: usize,
    times: usize,
    mut value: impl FnMut(&mut Unstructured<'_>) -> T,
) -> impl Iterator<Item = Option<T>> {
    let values: Vec<Option<T>> = (0..rows)
        .map(|_| {
            let null = column.nullable && byte(bytes).is_multiple_of(4);
            (!null).then(|| value(bytes))
        })
        .collect();
    std::iter::repeat_n(values, times).flatten()
}

/// Small or large.
fn int(bytes: &mut Unstructured<'_>) -> i64 {
    match byte(bytes) {
        small @ 0..192 => i64::from(small) - 64,
        192..224 => i64::MIN + i64::from(byte(bytes)),
        _ => bytes.arbitrary().unwrap_or(0),
    }
}

/// Any finite double.
fn float(bytes: &mut Unstructured<'_>) -> f64 {
    let float: f64 = bytes.arbitrary().unwrap_or(0.0);
    if float.is_finite() { float } else { -0.0 }
}

/// What means something to CSV, to spreadsheets, or to nobody.
const CHARS: [char; 24] = [
    '"',
    ',',
    ';',
    '\t',
    '|',
    ' ',
    '\'',
    '\r',
    '\n',
    '=',
    '+',
    '-',
    '@',
    'N',
    '\\',
    '\0',
    'a',
    '0',
    'é',
    '\u{feff}',
    '\u{2028}',
    '\u{85}',
    '🔌',
    '\u{10ffff}',
];

fn text(bytes: &mut Unstructured<'_>) -> String {
    let length = byte(bytes) % 8;
    let char = |_| match byte(bytes) {
        choice @ 0..192 => CHARS[usize::from(choice) % CHARS.len()],
        _ => bytes.arbitrary().unwrap_or('x'),
    };
    (0..length).map(char).collect()
}
