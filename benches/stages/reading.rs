//! From bytes to tables, in parts and as a whole.

use criterion::{BatchSize, Criterion};
use voltree_core::{Parser, bench::Scan};

use crate::{Input, group};

pub(crate) fn bench(criterion: &mut Criterion, input: &Input) {
    let payload = input.bytes.as_slice();
    for (suffix, memo) in [("", true), (" without memo", false)] {
        let mut group = group(criterion, "read", input);
        group.bench_function(format!("scan{suffix}"), |bencher| {
            bencher.iter_with_large_drop(|| Scan::new(payload, memo));
        });
        group.bench_function(format!("parse{suffix}"), |bencher| {
            let scan = Scan::new(payload, memo);
            bencher.iter_with_large_drop(|| scan.parse());
        });
        group.bench_function(format!("tables{suffix}"), |bencher| {
            bencher.iter_batched(
                || {
                    let scan = Scan::new(payload, memo);
                    let parsed = scan.parse();
                    (scan, parsed)
                },
                |(scan, parsed)| scan.tables(parsed),
                BatchSize::PerIteration,
            );
        });
        group.bench_function(format!("all{suffix}"), |bencher| {
            let parser = Parser::new().memo(memo);
            bencher.iter_with_large_drop(|| parser.parse_reader(payload).expect("it is valid"));
        });
        group.finish();
    }
}
