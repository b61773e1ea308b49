//! From tables to files, not yet durable.

use criterion::Criterion;
use voltree::{CsvOptions, Format, ParquetOptions, write_tables};
use voltree_benches::payload::scratch;
use voltree_core::Parser;

use crate::{Input, group};

pub(crate) fn bench(criterion: &mut Criterion, input: &Input) {
    let mut group = group(criterion, "write", input);
    let formats = [
        Format::Parquet(ParquetOptions::default()),
        Format::Csv(CsvOptions::default()),
    ];
    for format in formats {
        group.bench_function(format.name(), |bencher| {
            let dataset = Parser::new()
                .parse_slice(&input.bytes)
                .expect("it is valid");
            bencher.iter_with_large_drop(|| {
                let out = scratch("out")
                    .and_then(tempfile::tempdir_in)
                    .expect("a folder");
                write_tables(&dataset, out.path(), &format).expect("it can be written");
                out
            });
        });
    }
    group.finish();
}
