//! What happened over a window of samples.

use super::{Function, Samples, Table};
use crate::promql::engine::aggregate::quantile;
use crate::promql::engine::sum::{Sum, mean, variance};

pub(super) const TABLE: Table = &[
    ("avg_over_time", Function::Window(|samples, _| Some(mean(values(samples))))),
    ("min_over_time", Function::Window(|samples, _| values(samples).reduce(f64::min))),
    ("max_over_time", Function::Window(|samples, _| values(samples).reduce(f64::max))),
    ("sum_over_time", Function::Window(|samples, _| Some(values(samples).collect::<Sum>().total()))),
    ("count_over_time", Function::Window(|samples, _| Some(count(samples)))),
    ("present_over_time", Function::Window(|_, _| Some(1.0))),
    ("stddev_over_time", Function::Window(|samples, _| Some(variance(values(samples)).sqrt()))),
    ("stdvar_over_time", Function::Window(|samples, _| Some(variance(values(samples))))),
    ("quantile_over_time", Function::WindowWith(|share, samples, _| Some(quantile(share, values(samples).collect())))),
    ("last_over_time", Function::Sample(|samples, _| samples.last().map(|(_, value)| *value))),
];

fn values(samples: Samples<'_>) -> impl Iterator<Item = f64> {
    samples.iter().map(|(_, value)| *value)
}

#[expect(clippy::cast_precision_loss, reason = "far fewer samples than 2^52")]
fn count(samples: Samples<'_>) -> f64 {
    samples.len() as f64
}
