//! From samples to the line of a table.

use super::process::Sample;
use crate::Payload;

/// Bytes in a MiB.
const MIB: f64 = (1 << 20) as f64;

/// What is made of two runs' samples.
#[derive(Clone, Copy)]
pub(super) enum Figure {
    /// This one's time in times of that one's.
    Time,
    /// The same for each byte of the payloads.
    TimePerByte,
    /// How many times as fast this one is as that one.
    Speedup,
    /// This one's peak of memory in peaks of that one's.
    Peak,
    /// This one's time alone.
    Milliseconds,
    /// This one's peak of memory alone; the target follows the payload's distinct content.
    PeakMib,
}

/// A line of the table.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) figure: Figure,
    /// What the figure should be at most; for a [`Figure::Speedup`] at least.
    pub(super) target: Option<f64>,
}

/// What the rounds of two runs gave.
pub(super) struct Samples {
    this: Vec<Sample>,
    that: Vec<Sample>,
    /// Bytes of the one payload for each of the other one.
    bytes: f64,
    /// Bytes of distinct content in the payload of the first.
    distinct: Option<u64>,
}

impl Samples {
    pub(super) fn new(this: Option<&Payload>, that: Option<&Payload>) -> Self {
        let bytes = |payload: Option<&Payload>| payload.map_or(1.0, |payload| payload.bytes as f64);
        Samples {
            this: Vec::new(),
            that: Vec::new(),
            bytes: bytes(this) / bytes(that),
            distinct: this.and_then(|payload| payload.distinct_bytes),
        }
    }

    pub(super) fn push(&mut self, this: Sample, that: Sample) {
        self.this.push(this);
        self.that.push(that);
    }
}

impl Row {
    /// The line in Markdown.
    pub(super) fn markdown(&self, samples: &Samples) -> String {
        let quantity = |sample: &Sample| match self.figure {
            Figure::Peak | Figure::PeakMib => sample.peak_bytes as f64 / MIB,
            _ => sample.seconds,
        };
        let this: Vec<f64> = samples.this.iter().map(quantity).collect();
        let that: Vec<f64> = samples.that.iter().map(quantity).collect();
        let figure = |this: f64, that: f64| match self.figure {
            Figure::Time | Figure::Peak => this / that,
            Figure::TimePerByte => this / that / samples.bytes,
            Figure::Speedup => that / this,
            Figure::Milliseconds => this * 1e3,
            Figure::PeakMib => this,
        };
        let rounds: Vec<f64> = this
            .iter()
            .zip(&that)
            .map(|(a, b)| figure(*a, *b))
            .collect();
        let least = rounds.iter().copied().fold(f64::INFINITY, f64::min);
        let most = rounds.iter().copied().fold(0.0, f64::max);
        let (this, that) = (median(this), median(that));
        let (unit, digits) = match self.figure {
            Figure::Peak | Figure::PeakMib => (" MiB", 1),
            _ => (" s", 3),
        };
        let places = match self.figure {
            Figure::Milliseconds | Figure::PeakMib => 1,
            _ => 2,
        };
        let own = match self.figure {
            Figure::Milliseconds => " ms",
            Figure::PeakMib => " MiB",
            _ => " ×",
        };
        format!(
            "| {} | {this:.digits$}{unit} | {} | {:.places$}{own} | {least:.places$}–{most:.places$} | {} |",
            self.name,
            match self.figure {
                // A bare parser's memory is not measured.
                Figure::PeakMib => String::new(),
                _ => format!("{that:.digits$}{unit}"),
            },
            figure(this, that),
            self.target(samples).map_or_else(String::new, |target| {
                let sign = if matches!(self.figure, Figure::Speedup) {
                    '≥'
                } else {
                    '≤'
                };
                format!("{sign} {target:.places$}{own}")
            }),
        )
    }

    fn target(&self, samples: &Samples) -> Option<f64> {
        match (self.figure, samples.distinct) {
            (Figure::PeakMib, Some(distinct)) => Some(64.0 + 2.5 * distinct as f64 / MIB),
            _ => self.target,
        }
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() % 2 {
        0 => values[middle - 1].midpoint(values[middle]),
        _ => values[middle],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples() -> Samples {
        let payload = |bytes| Payload {
            path: Default::default(),
            bytes,
            distinct_bytes: Some(40 << 20),
        };
        let mut samples = Samples::new(Some(&payload(200)), Some(&payload(100)));
        for (this, that) in [(1.0, 4.0), (2.0, 4.0), (9.0, 4.5)] {
            let [this, that] = [this, that].map(|seconds| Sample {
                seconds,
                peak_bytes: (seconds * MIB) as u64,
            });
            samples.push(this, that);
        }
        samples
    }

    #[test]
    fn a_row_has_medians_and_the_spread_of_the_rounds() {
        let row = |figure, target| {
            let name = "a against b";
            let row = Row {
                name,
                figure,
                target,
            };
            row.markdown(&samples())
        };
        assert_eq!(
            row(Figure::Time, Some(0.3)),
            "| a against b | 2.000 s | 4.000 s | 0.50 × | 0.25–2.00 | ≤ 0.30 × |"
        );
        assert_eq!(
            row(Figure::TimePerByte, None),
            "| a against b | 2.000 s | 4.000 s | 0.25 × | 0.12–1.00 |  |"
        );
        assert_eq!(
            row(Figure::Speedup, Some(1.6)),
            "| a against b | 2.000 s | 4.000 s | 2.00 × | 0.50–4.00 | ≥ 1.60 × |"
        );
        assert_eq!(
            row(Figure::PeakMib, None),
            "| a against b | 2.0 MiB |  | 2.0 MiB | 1.0–9.0 | ≤ 164.0 MiB |"
        );
    }

    #[test]
    fn the_median_of_an_even_number_lies_between() {
        assert_eq!(median(vec![4.0, 1.0, 3.0, 2.0]), 2.5);
    }
}
