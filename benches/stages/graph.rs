//! From tables to the graph.

use criterion::Criterion;
use voltree_core::{Parser, graph::OperatorGraph};

use crate::{Input, group};

pub(crate) fn bench(criterion: &mut Criterion, input: &Input) {
    let mut group = group(criterion, "graph", input);
    group.bench_function("new", |bencher| {
        let dataset = Parser::new()
            .parse_slice(&input.bytes)
            .expect("it is valid");
        bencher.iter_with_large_drop(|| OperatorGraph::new(&dataset));
    });
    group.finish();
}
