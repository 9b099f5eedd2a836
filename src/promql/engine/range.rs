//! Functions of a window of samples: rates, differences and what happened over time.

use super::aggregate::Fold;
use super::select::Window;

/// What is computed of the samples in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    /// Per second, of a counter.
    Rate,
    /// Of a counter, over the window.
    Increase,
    /// Of a gauge, over the window.
    Delta,
    /// Per second, of a counter, between its last two samples.
    InstantRate,
    Last,
    Time(Fold),
}

impl Over {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "rate" => Self::Rate,
            "increase" => Self::Increase,
            "delta" => Self::Delta,
            "irate" => Self::InstantRate,
            "last_over_time" => Self::Last,
            "avg_over_time" => Self::Time(Fold::Average),
            "min_over_time" => Self::Time(Fold::Least),
            "max_over_time" => Self::Time(Fold::Greatest),
            "sum_over_time" => Self::Time(Fold::Sum),
            "count_over_time" => Self::Time(Fold::Count),
            _ => return None,
        })
    }

    /// Computes it of samples in the order of time; none where they are too few.
    pub(super) fn compute(self, points: &[(i64, f64)], window: Window) -> Option<f64> {
        match self {
            Self::Rate => {
                let increase = extrapolated(points, window, Kind::Counter)?;
                Some(increase / seconds(window.from, window.to))
            }
            Self::Increase => extrapolated(points, window, Kind::Counter),
            Self::Delta => extrapolated(points, window, Kind::Gauge),
            Self::InstantRate => instant_rate(points),
            Self::Last => points.last().map(|&(_, value)| value),
            Self::Time(fold) => fold.of(points.iter().map(|&(_, value)| value)),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Counter,
    Gauge,
}

/// The change over a window, of which the samples cover a part, as Prometheus estimates it.
///
/// What lies between the outermost samples and the ends of the window is taken to go on as between
/// the samples, if it is no longer than the usual distance between two of them and a tenth. If it is
/// longer the series did not reach that end, and half a distance is added. A counter does not reach
/// back beyond the moment it would have been zero.
fn extrapolated(points: &[(i64, f64)], window: Window, kind: Kind) -> Option<f64> {
    let [(first_at, first), .., (last_at, last)] = *points else { return None };
    let change = last - first + if kind == Kind::Counter { lost_in_resets(points) } else { 0.0 };
    let sampled = seconds(first_at, last_at);
    #[expect(clippy::cast_precision_loss, reason = "far fewer samples than 2^52")]
    let distance = sampled / (points.len() - 1) as f64;

    let mut to_start = seconds(window.from, first_at);
    if kind == Kind::Counter && change > 0.0 && first >= 0.0 {
        to_start = to_start.min(sampled * (first / change));
    }
    let reach = |gap: f64| if gap < distance * 1.1 { gap } else { distance / 2.0 };
    let covered = sampled + reach(to_start) + reach(seconds(last_at, window.to));
    Some(change * (covered / sampled))
}

/// What a counter had counted each time it began again.
fn lost_in_resets(points: &[(i64, f64)]) -> f64 {
    let pairs = points.iter().zip(points.iter().skip(1));
    pairs.map(|((_, before), (_, after))| if after < before { *before } else { 0.0 }).sum()
}

fn instant_rate(points: &[(i64, f64)]) -> Option<f64> {
    let [.., (before_at, before), (last_at, last)] = *points else { return None };
    let change = if last < before { last } else { last - before };
    Some(change / seconds(before_at, last_at))
}

fn seconds(from: i64, to: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a span of days, in milliseconds")]
    let millis = (to - from) as f64;
    millis / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Window = Window { from: 0, to: 60_000 };

    fn every(step: i64, values: &[f64]) -> Vec<(i64, f64)> {
        (1..).map(|at| at * step).zip(values.iter().copied()).collect()
    }

    #[test]
    fn a_steady_counter_is_extrapolated_to_both_ends() {
        let points = every(10_000, &[110.0, 120.0, 130.0, 140.0, 150.0]);
        assert_eq!(Over::Increase.compute(&points, WINDOW), Some(60.0));
        assert_eq!(Over::Rate.compute(&points, WINDOW), Some(1.0));
    }

    #[test]
    fn a_series_that_stops_is_taken_half_a_step_further() {
        let points = every(10_000, &[110.0, 120.0, 130.0]);
        assert_eq!(Over::Increase.compute(&points, WINDOW), Some(20.0 * 35.0 / 20.0));
    }

    #[test]
    fn a_counter_does_not_begin_below_zero_and_a_gauge_may() {
        let points = every(10_000, &[2.0, 12.0, 22.0, 32.0, 42.0, 52.0]);
        assert_eq!(Over::Increase.compute(&points, WINDOW), Some(52.0));
        assert_eq!(Over::Delta.compute(&points, WINDOW), Some(60.0));
    }

    #[test]
    fn a_reset_loses_nothing() {
        let points = every(10_000, &[100.0, 110.0, 5.0, 15.0, 25.0, 35.0]);
        assert_eq!(Over::Increase.compute(&points, WINDOW), Some(45.0 * 60.0 / 50.0));
        assert_eq!(Over::InstantRate.compute(&every(10_000, &[100.0, 5.0]), WINDOW), Some(0.5));
    }

    #[test]
    fn one_sample_has_no_rate() {
        for over in [Over::Rate, Over::Increase, Over::Delta, Over::InstantRate] {
            assert_eq!(over.compute(&every(10_000, &[1.0]), WINDOW), None, "{over:?}");
        }
    }
}
