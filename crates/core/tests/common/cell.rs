//! One cell of a table.

use arrow_array::{
    Array,
    cast::AsArray,
    types::{Float64Type, Int32Type, Int64Type, TimestampMicrosecondType},
};
use arrow_schema::DataType;
use chrono::DateTime;

/// A cell as text; nothing for null.
pub fn cell(array: &dyn Array, row: usize) -> Option<String> {
    array.is_valid(row).then(|| match array.data_type() {
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Int32 => array.as_primitive::<Int32Type>().value(row).to_string(),
        DataType::Float64 => format!("{:?}", array.as_primitive::<Float64Type>().value(row)),
        DataType::Boolean => array.as_boolean().value(row).to_string(),
        DataType::Timestamp(..) => {
            time(array.as_primitive::<TimestampMicrosecondType>().value(row))
        }
        DataType::Utf8 => array.as_string::<i32>().value(row).to_owned(),
        other => panic!("no column is {other}"),
    })
}

/// As in `conflicts`, without zeros at the end of the fraction.
fn time(micros: i64) -> String {
    let text = format!("{:?}", DateTime::from_timestamp_micros(micros).unwrap());
    match text.split_once('.') {
        Some((whole, fraction)) => {
            let fraction = fraction.trim_end_matches(['0', 'Z']);
            format!("{whole}.{fraction}Z")
        }
        None => text,
    }
}
