//! The fast engine against the plain one.

use arrow_select::concat::concat_batches;
use voltree_core::{Dataset, Engine, Error, Parser, Table};

/// Columns whose values follow the text, not the value of the payload.
pub const FOLLOW_TEXT: [&str; 4] = ["path", "byte_offset", "line", "column"];

/// Every row of every table as text; with or without the columns that follow the text.
pub fn rows(dataset: &Dataset, with_places: bool) -> Vec<String> {
    let mut rows = Vec::new();
    for table in dataset.all_tables() {
        for batch in &table.batches {
            assert_eq!(batch.schema(), table.def.arrow_schema());
            let kept = (0..batch.num_columns()).filter(|&column| {
                with_places || !FOLLOW_TEXT.contains(&table.def.columns[column].name)
            });
            let columns: Vec<_> = kept.map(|column| batch.column(column)).collect();
            for row in 0..batch.num_rows() {
                let cells = columns.iter().map(|column| {
                    if column.is_null(row) {
                        return "NULL".to_owned();
                    }
                    format!("{:?}", column.slice(row, 1)).replace(['\n', ' '], "")
                });
                rows.push(format!(
                    "{}: {}",
                    table.def.name,
                    cells.collect::<Vec<_>>().join(" ")
                ));
            }
        }
    }
    rows
}

/// Panics where the fast engine does not agree with the plain one on a payload.
pub fn agree(payload: &[u8], max_depth: u32) {
    let ways = [
        Parser::new(),
        Parser::new().memo(false),
        Parser::new().read_chunk(1),
    ];
    agree_in(&ways, payload, max_depth);
}

/// Panics where the fast engine, in any of these ways, does not agree with the plain one on a payload:
/// the same tables and counts, or the same error in all its parts. The ways are all with lineage, or none.
pub fn agree_in(ways: &[Parser], payload: &[u8], max_depth: u32) {
    agree_reading(ways, payload, max_depth, |parser| {
        vec![parser.parse_slice(payload)]
    });
}

/// As [`agree_in`], on all payloads of an input; gives them.
pub fn agree_on_documents(
    ways: &[Parser],
    input: &[u8],
    max_depth: u32,
) -> Vec<Result<Dataset, Error>> {
    agree_reading(ways, input, max_depth, |parser| {
        parser.documents(input).collect()
    })
}

type Outcome = Result<Dataset, Error>;

/// As [`agree_in`], where the input is read like this.
pub fn agree_reading(
    ways: &[Parser],
    input: &[u8],
    max_depth: u32,
    read: impl Fn(&Parser) -> Vec<Outcome>,
) -> Vec<Outcome> {
    let plain = ways[0].clone().engine(Engine::Plain).max_depth(max_depth);
    let expected = read(&plain);
    for parser in ways {
        let parser = parser.clone().max_depth(max_depth);
        let found = read(&parser);
        let text = String::from_utf8_lossy(input);
        assert_eq!(found.len(), expected.len(), "{parser:?}\n{text}");
        for (expected, found) in expected.iter().zip(&found) {
            match (expected, found) {
                (Ok(expected), Ok(found)) if equal(expected, found) => {}
                (Ok(expected), Ok(found)) => panic!(
                    "{parser:?}\n{text}\nonly plain:\n{}\nonly fast:\n{}\nplain: {:?}\nfast: {:?}",
                    only(expected, found),
                    only(found, expected),
                    expected.stats,
                    found.stats
                ),
                (Err(expected), Err(found)) if describe(expected) == describe(found) => {}
                _ => {
                    let outcome = |result: &Outcome| match result {
                        Ok(dataset) => rows(dataset, true).join("\n"),
                        Err(error) => describe(error),
                    };
                    let (expected, found) = (outcome(expected), outcome(found));
                    panic!("{parser:?}\n{text}\nplain: {expected}\nfast: {found}")
                }
            }
        }
    }
    expected
}

/// All of an error.
pub fn describe(error: &Error) -> String {
    format!("{:?} {:?}", error.kind(), error.place())
}

fn equal(one: &Dataset, other: &Dataset) -> bool {
    let counts = |dataset: &Dataset| {
        let stats = &dataset.stats;
        let records: Vec<_> = stats
            .records
            .iter()
            .map(|count| (count.kind, count.occurrences))
            .collect();
        (stats.bytes, stats.depth, records)
    };
    let whole = |table: &Table| match &table.batches[..] {
        [batch] => batch.clone(),
        batches => concat_batches(&table.def.arrow_schema(), batches).expect("one schema"),
    };
    counts(one) == counts(other)
        && (one.all_tables().zip(other.all_tables())).all(|(one, other)| whole(one) == whole(other))
}

/// The rows that only one of two datasets has.
fn only(one: &Dataset, other: &Dataset) -> String {
    let other = rows(other, true);
    let mut rows = rows(one, true);
    rows.retain(|row| !other.contains(row));
    rows.join("\n")
}
