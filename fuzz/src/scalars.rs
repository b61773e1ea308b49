//! Times and numbers, against well-kept crates: jiff, num-bigint and lexical.

mod number;
pub(crate) mod time;
mod written;

use arrow_array::{
    Array, RecordBatch,
    cast::AsArray,
    types::{Float64Type, Int32Type, Int64Type, TimestampMicrosecondType},
};
use voltree_core::{Dataset, Engine, Parser, Table};

use arbitrary::Unstructured;
use number::Integer;
use written::{WrittenNumber, WrittenTime};

/// Panics where a text is read as another time or number than by others: `input` itself as far as it is
/// text, and a time and a number that it stands for.
pub fn check(input: &[u8]) {
    let mut bytes = Unstructured::new(input);
    let time: WrittenTime = bytes.arbitrary().expect("takes any bytes");
    let number: WrittenNumber = bytes.arbitrary().expect("takes any bytes");
    hold(&time.to_string(), &number.to_string());
    if let Ok(text) = std::str::from_utf8(input) {
        hold(text, if number::is_number(text) { text } else { "0" });
    }
}

/// Panics where these are read in another way than by others.
fn hold(time: &str, number: &str) {
    let quoted = serde_json::to_string(time).expect("a text");
    let payload = format!(
        r#"{{"operatorGroups":[{{"id":1,"payerId":{number},"onlineSocket":{number},"groupType":{number},"chargers":[
            {{"chargerId":"A","lastSeen":{quoted},"locationInfo":{{"latitude":{number}}}}},
            {{"chargerId":"B","lastSeen":"1971-02-03T04:05:06.789Z","locationInfo":{{"latitude":0.123}}}},
            {{"chargerId":"B","lastSeen":{quoted},"locationInfo":{{"latitude":{number}}}}}]}}]}}"#
    );
    for engine in [Engine::Fast, Engine::Plain] {
        let dataset = Parser::new().engine(engine).parse_slice(payload.as_bytes());
        let read = Read(dataset.unwrap_or_else(|error| panic!("{engine:?}: {error}\n{payload}")));
        read.hold_integers(number);
        read.hold_float(number);
        read.hold_time(time);
    }
}

/// What was read of the payload above.
struct Read(Dataset);

impl Read {
    fn hold_integers(&self, text: &str) {
        let value = number::integer(text);
        let bounds = [
            ("payerId", "payer_id", i64::MIN, i64::MAX),
            (
                "onlineSocket",
                "online_socket",
                i32::MIN.into(),
                i32::MAX.into(),
            ),
            ("groupType", "group_type", 0, 4),
        ];
        for (field, column, first, last) in bounds {
            let fits = |value: &i64| (first..=last).contains(value);
            let (expected, anomaly) = match &value {
                Integer::Fraction => (None, Some("wrong_type")),
                Integer::Value(value) if fits(value) => (Some(*value), None),
                _ => (None, Some("out_of_range")),
            };
            let column = self
                .batch("sites")
                .column_by_name(column)
                .expect("declared");
            let found = match column.as_primitive_opt::<Int32Type>() {
                Some(column) => column.iter().next().flatten().map(i64::from),
                None => column.as_primitive::<Int64Type>().iter().next().flatten(),
            };
            assert_eq!(found, expected, "{field} {text}");
            assert_eq!(
                self.anomaly("1", field).as_deref(),
                anomaly,
                "{field} {text}"
            );
        }
    }

    fn hold_float(&self, text: &str) {
        let value = number::float(text);
        let column = self
            .batch("chargers")
            .column_by_name("latitude")
            .expect("declared");
        let column = column.as_primitive::<Float64Type>();
        let found = column.is_valid(0).then(|| column.value(0).to_bits());
        assert_eq!(found, value.map(f64::to_bits), "{text}");
        let anomaly = value.is_none().then_some("out_of_range");
        assert_eq!(
            self.anomaly("A", "locationInfo.latitude").as_deref(),
            anomaly,
            "{text}"
        );

        let expected = value.filter(|&value| value != 0.123);
        let other = self.conflict("latitude");
        assert_eq!(other.is_some(), expected.is_some(), "{text}");
        if let (Some(other), Some(value)) = (&other, expected) {
            let back: f64 = lexical_core::parse(other.as_bytes()).expect("a number");
            assert_eq!(back, value, "{text} is written as {other}");
            // Of two texts that are as short and as near, either will do.
            let fewest = number::digits(&format!("{value:e}"));
            assert_eq!(
                number::digits(other),
                fewest,
                "{text} is written as {other}"
            );
        }
    }

    fn hold_time(&self, text: &str) {
        let expected = time::read(text);
        let column = self
            .batch("chargers")
            .column_by_name("last_seen")
            .expect("declared");
        let column = column.as_primitive::<TimestampMicrosecondType>();
        let found = column.is_valid(0).then(|| column.value(0));
        assert_eq!(found, expected.map(time::micros), "{text:?}");
        let anomaly = expected.is_none().then_some("wrong_type");
        assert_eq!(
            self.anomaly("A", "lastSeen").as_deref(),
            anomaly,
            "{text:?}"
        );
        let kept = time::read("1971-02-03T04:05:06.789Z");
        let expected = expected.filter(|&time| Some(time) != kept);
        assert_eq!(
            self.conflict("last_seen"),
            expected.map(time::text),
            "{text:?}"
        );
    }

    fn batch(&self, table: &str) -> &RecordBatch {
        let Table { batches, .. } = self.0.table(table);
        &batches[0]
    }

    /// The kind of the anomaly of a record's field.
    fn anomaly(&self, key: &str, field: &str) -> Option<String> {
        self.find("anomalies", "kind", &[("key", key), ("field", field)])
    }

    /// What conflicts with the value that charger B has.
    fn conflict(&self, column: &str) -> Option<String> {
        self.find("conflicts", "other", &[("key", "B"), ("field", column)])
    }

    /// A text of the row that has these texts.
    fn find(&self, table: &str, column: &str, texts: &[(&str, &str)]) -> Option<String> {
        let batch = self.batch(table);
        let text = |column: &str, row: usize| {
            let column = batch.column_by_name(column).expect("declared");
            column.as_string::<i32>().value(row)
        };
        let is_it = |&row: &usize| {
            texts
                .iter()
                .all(|&(column, value)| text(column, row) == value)
        };
        let row = (0..batch.num_rows()).find(is_it)?;
        Some(text(column, row).to_owned())
    }
}
