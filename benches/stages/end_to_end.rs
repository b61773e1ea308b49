//! From a payload on disk to a durable directory of tables: what the command does.

use criterion::{BatchSize, Criterion};
use voltree::{Convert, CsvOptions, Format, ParquetOptions, convert};
use voltree_benches::payload::scratch;

use crate::{Input, group};

pub(crate) fn bench(criterion: &mut Criterion, input: &Input) {
    let mut group = group(criterion, "end to end", input);
    let formats = [
        Format::Parquet(ParquetOptions::default()),
        Format::Csv(CsvOptions::default()),
    ];
    for format in formats {
        group.bench_function(format.name(), |bencher| {
            bencher.iter_batched_ref(
                || {
                    scratch("out")
                        .and_then(tempfile::tempdir_in)
                        .expect("a folder")
                },
                |out| {
                    let payload = voltree::Input::File(input.path.clone());
                    let mut job = Convert::new(payload, out.path().join("tables"));
                    job.format = format.clone();
                    convert(&job).expect("it can be converted")
                },
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}
