//! Which runs are held against each other, and what should come of it.

use super::{
    figure::{Figure, Row},
    process::Run::{self, Bare, Convert, ConvertZstd, Nothing, Unzstd},
};
use crate::{
    bare::Bare::{SerdeIgnored, ToTape, ToTapeReused},
    shape::{
        DISTINCT, DRIFT, NEAR_REPEATS, NESTED_NEAR_REPEATS, OPERATORS_X10, PRETTY, PRETTY_DISTINCT,
        REPEATS, SHARED_PREFIX, SHORT_RECORDS, START_UP, TINY_RECORDS, VOLATILE,
    },
};

/// Two runs, and the lines that they give.
pub(super) struct Experiment {
    pub(super) this: Run,
    pub(super) that: Run,
    pub(super) rows: &'static [Row],
}

const fn row(name: &'static str, figure: Figure, target: f64) -> Row {
    Row {
        name,
        figure,
        target: Some(target),
    }
}

/// A figure without a target of its own.
const fn fact(name: &'static str, figure: Figure) -> Row {
    Row {
        name,
        figure,
        target: None,
    }
}

const CSV: &[&str] = &["--format", "csv"];
const ONE_THREAD: &[&str] = &["--threads", "1"];
const TWO_THREADS: &[&str] = &["--threads", "2"];
const NO_MEMO: &[&str] = &["--no-memo"];

/// A conversion with the memo against one without.
const fn memo(shape: &'static crate::Shape, rows: &'static [Row]) -> Experiment {
    Experiment {
        this: Convert(shape, &[]),
        that: Convert(shape, NO_MEMO),
        rows,
    }
}

/// All that is measured, in the order of the table.
pub(super) const EXPERIMENTS: &[Experiment] = &[
    Experiment {
        this: Convert(&REPEATS, &[]),
        that: Bare(&REPEATS, ToTape),
        rows: &[
            row("repeats against bare to_tape", Figure::Time, 0.30),
            fact("repeats: peak memory", Figure::PeakMib),
        ],
    },
    Experiment {
        this: Convert(&DISTINCT, &[]),
        that: Bare(&DISTINCT, ToTape),
        rows: &[
            row("distinct against bare to_tape", Figure::Time, 1.25),
            fact("distinct: peak memory", Figure::PeakMib),
        ],
    },
    Experiment {
        this: Convert(&DRIFT, &[]),
        that: Convert(&DISTINCT, &[]),
        rows: &[
            fact("drift against distinct, a byte", Figure::TimePerByte),
            fact("drift: peak memory", Figure::PeakMib),
        ],
    },
    Experiment {
        this: Convert(&REPEATS, &[]),
        that: Bare(&REPEATS, ToTapeReused),
        rows: &[fact(
            "repeats against to_tape in warm buffers",
            Figure::Time,
        )],
    },
    Experiment {
        this: Convert(&DISTINCT, &[]),
        that: Bare(&DISTINCT, ToTapeReused),
        rows: &[fact(
            "distinct against to_tape in warm buffers",
            Figure::Time,
        )],
    },
    Experiment {
        this: Convert(&REPEATS, &[]),
        that: Bare(&REPEATS, SerdeIgnored),
        rows: &[fact(
            "repeats against serde_json's IgnoredAny",
            Figure::Time,
        )],
    },
    Experiment {
        this: Convert(&OPERATORS_X10, &[]),
        that: Convert(&REPEATS, &[]),
        rows: &[
            row("10 × the operators", Figure::Time, 10.5),
            row("10 × the operators: peak memory", Figure::Peak, 1.2),
        ],
    },
    Experiment {
        this: Convert(&REPEATS, CSV),
        that: Convert(&REPEATS, &[]),
        rows: &[row("CSV against Parquet, repeats", Figure::Time, 1.2)],
    },
    Experiment {
        this: Convert(&DISTINCT, CSV),
        that: Convert(&DISTINCT, &[]),
        rows: &[row("CSV against Parquet, distinct", Figure::Time, 1.2)],
    },
    Experiment {
        this: Convert(&DISTINCT, TWO_THREADS),
        that: Convert(&DISTINCT, ONE_THREAD),
        rows: &[row("2 threads against 1, distinct", Figure::Speedup, 1.6)],
    },
    Experiment {
        this: Convert(&REPEATS, TWO_THREADS),
        that: Convert(&REPEATS, ONE_THREAD),
        rows: &[fact("2 threads against 1, repeats", Figure::Speedup)],
    },
    Experiment {
        this: ConvertZstd(&REPEATS),
        that: Unzstd(&REPEATS),
        rows: &[row(
            "zstd against decompressor and conversion, repeats",
            Figure::Time,
            1.3,
        )],
    },
    Experiment {
        this: ConvertZstd(&DISTINCT),
        that: Unzstd(&DISTINCT),
        rows: &[row(
            "zstd against decompressor and conversion, distinct",
            Figure::Time,
            1.3,
        )],
    },
    Experiment {
        this: Convert(&START_UP, &[]),
        that: Nothing,
        rows: &[row(
            "start-up on 10 kB, beside --version",
            Figure::Milliseconds,
            15.0,
        )],
    },
    Experiment {
        this: Convert(&VOLATILE, &[]),
        that: Convert(&DISTINCT, &[]),
        rows: &[row(
            "volatile against distinct, a byte",
            Figure::TimePerByte,
            1.0,
        )],
    },
    Experiment {
        this: Convert(&PRETTY, &[]),
        that: Convert(&DISTINCT, &[]),
        rows: &[row(
            "pretty repeats against distinct, a byte",
            Figure::TimePerByte,
            1.0,
        )],
    },
    Experiment {
        this: Convert(&PRETTY_DISTINCT, &[]),
        that: Convert(&DISTINCT, &[]),
        rows: &[row(
            "pretty distinct against distinct, a byte",
            Figure::TimePerByte,
            1.0,
        )],
    },
    memo(
        &REPEATS,
        &[fact("memo against none, repeats", Figure::Time)],
    ),
    memo(
        &DISTINCT,
        &[row("memo against none, distinct", Figure::Time, 1.3)],
    ),
    memo(
        &VOLATILE,
        &[row("memo against none, volatile", Figure::Time, 1.3)],
    ),
    memo(
        &SHARED_PREFIX,
        &[row("memo against none, shared prefix", Figure::Time, 1.3)],
    ),
    memo(
        &NEAR_REPEATS,
        &[row("memo against none, near repeats", Figure::Time, 1.3)],
    ),
    memo(
        &NESTED_NEAR_REPEATS,
        &[row(
            "memo against none, nested near repeats",
            Figure::Time,
            1.3,
        )],
    ),
    memo(
        &TINY_RECORDS,
        &[row("memo against none, tiny records", Figure::Time, 1.3)],
    ),
    memo(
        &SHORT_RECORDS,
        &[row("memo against none, short records", Figure::Time, 1.3)],
    ),
];
