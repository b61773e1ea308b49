//! One bench for each stage and one from end to end, beside bare parsers. See `benches/README.md`.

mod end_to_end;
mod graph;
mod reading;
mod reference;
mod write;

use std::{fs, io, path::PathBuf, time::Duration};

use criterion::{
    BenchmarkGroup, Criterion, SamplingMode, Throughput, criterion_group, criterion_main,
    measurement::WallTime,
};
use voltree_benches::shape;

/// A payload on disk and in memory.
struct Input {
    name: &'static str,
    path: PathBuf,
    bytes: Vec<u8>,
}

/// What every stage is measured on.
fn inputs() -> io::Result<Vec<Input>> {
    let shapes = [&shape::REPEATS, &shape::DISTINCT].into_iter();
    shapes
        .map(|shape| {
            let path = shape.payload()?.path;
            let bytes = fs::read(&path)?;
            Ok(Input {
                name: shape.name,
                path,
                bytes,
            })
        })
        .collect()
}

/// A group whose throughput is in bytes of the payload, whatever the stage takes in.
fn group<'a>(
    criterion: &'a mut Criterion,
    name: &str,
    input: &Input,
) -> BenchmarkGroup<'a, WallTime> {
    let mut group = criterion.benchmark_group(format!("{name}/{}", input.name));
    group
        .throughput(Throughput::Bytes(input.bytes.len() as u64))
        .sampling_mode(SamplingMode::Flat)
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3));
    group
}

fn stages(criterion: &mut Criterion) {
    for input in inputs().expect("the payloads can be made") {
        reference::bench(criterion, &input);
        reading::bench(criterion, &input);
        graph::bench(criterion, &input);
        write::bench(criterion, &input);
        end_to_end::bench(criterion, &input);
    }
}

criterion_group!(benches, stages);
criterion_main!(benches);
