//! What others take to pass over the same bytes, and what the disk takes to give them.

use std::fs::File;

use criterion::{BatchSize, Criterion};
use voltree_benches::bare::{self, Reused};

use crate::{Input, group};

pub(crate) fn bench(criterion: &mut Criterion, input: &Input) {
    let mut group = group(criterion, "reference", input);
    group.bench_function("read the file", |bencher| {
        let mut buffer = vec![0; bare::READ_BUFFER];
        bencher.iter(|| {
            let file = File::open(&input.path).expect("it is there");
            bare::read(file, &mut buffer).expect("it can be read");
        });
    });
    group.bench_function("simd-json to_tape", |bencher| {
        bencher.iter_batched_ref(
            || input.bytes.clone(),
            |bytes| bare::to_tape(bytes).expect("it is JSON"),
            BatchSize::PerIteration,
        );
    });
    group.bench_function("simd-json to_tape, warm buffers", |bencher| {
        let mut reused = Reused::new(&input.bytes);
        bencher.iter_custom(|rounds| {
            let times = (0..rounds).map(|_| {
                reused.refill(&input.bytes);
                let started = std::time::Instant::now();
                reused.to_tape().expect("it is JSON");
                started.elapsed()
            });
            times.sum()
        });
    });
    group.bench_function("serde_json IgnoredAny", |bencher| {
        bencher.iter(|| bare::serde_ignored(&input.bytes).expect("it is JSON"));
    });
    group.bench_function("sonic-rs Value", |bencher| {
        bencher.iter(|| bare::sonic_value(&input.bytes).expect("it is JSON"));
    });
    group.finish();
}
