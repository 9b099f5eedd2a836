//! How fast something changes in a window of samples.

use super::{Function, Samples, Table, seconds};
use crate::promql::engine::select::Window;
use crate::promql::engine::sum::Sum;

pub(super) const TABLE: Table = &[
    ("rate", Function::Window(rate)),
    ("increase", Function::Window(|samples, window| extrapolated(samples, window, Kind::Counter))),
    ("delta", Function::Window(|samples, window| extrapolated(samples, window, Kind::Gauge))),
    ("irate", Function::Window(|samples, _| instant_rate(samples))),
    ("idelta", Function::Window(|samples, _| instant_delta(samples))),
    ("deriv", Function::Window(|samples, _| line(samples, samples.first()?.0).map(|(slope, _)| slope))),
    ("predict_linear", Function::WindowWith(predict)),
    ("resets", Function::Window(|samples, _| Some(count(samples, |before, after| after < before)))),
    ("changes", Function::Window(|samples, _| Some(count(samples, is_change)))),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Counter,
    Gauge,
}

fn rate(samples: Samples<'_>, window: Window) -> Option<f64> {
    Some(extrapolated(samples, window, Kind::Counter)? / seconds(window.to - window.from))
}

/// The change over a window, of which the samples cover a part, as Prometheus estimates it.
///
/// What lies between the outermost samples and the ends of the window is taken to go on as between
/// the samples, if it is no longer than the usual distance between two of them and a tenth. If it is
/// longer the series did not reach that end, and half a distance is added. A counter does not reach
/// back beyond the moment it would have been zero.
fn extrapolated(samples: Samples<'_>, window: Window, kind: Kind) -> Option<f64> {
    let [(first_at, first), .., (last_at, last)] = *samples else { return None };
    let change = last - first + if kind == Kind::Counter { lost_in_resets(samples) } else { 0.0 };
    let sampled = seconds(last_at - first_at);
    #[expect(clippy::cast_precision_loss, reason = "far fewer samples than 2^52")]
    let distance = sampled / (samples.len() - 1) as f64;

    let mut to_start = seconds(first_at - window.from);
    if kind == Kind::Counter && change > 0.0 && first >= 0.0 {
        to_start = to_start.min(sampled * (first / change));
    }
    let reach = |gap: f64| if gap < distance * 1.1 { gap } else { distance / 2.0 };
    let covered = sampled + reach(to_start) + reach(seconds(window.to - last_at));
    Some(change * (covered / sampled))
}

/// What a counter had counted each time it began again.
fn lost_in_resets(samples: Samples<'_>) -> f64 {
    // Nearly no step is one: adding a zero for each of the others takes longer than looking.
    steps(samples).filter(|(before, after)| after < before).map(|(before, _)| before).sum()
}

fn steps(samples: Samples<'_>) -> impl Iterator<Item = (f64, f64)> {
    samples.iter().zip(samples.iter().skip(1)).map(|((_, before), (_, after))| (*before, *after))
}

fn count(samples: Samples<'_>, counts: impl Fn(f64, f64) -> bool) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "far fewer samples than 2^52")]
    let count = steps(samples).filter(|(before, after)| counts(*before, *after)).count() as f64;
    count
}

#[expect(clippy::float_cmp, reason = "the query asks for exactly this")]
fn is_change(before: f64, after: f64) -> bool {
    before != after && !(before.is_nan() && after.is_nan())
}

fn instant_rate(samples: Samples<'_>) -> Option<f64> {
    let [.., (before_at, before), (last_at, last)] = *samples else { return None };
    let change = if last < before { last } else { last - before };
    Some(change / seconds(last_at - before_at))
}

fn instant_delta(samples: Samples<'_>) -> Option<f64> {
    let [.., (_, before), (_, last)] = *samples else { return None };
    Some(last - before)
}

/// Where the line through the samples will be so many seconds from now.
fn predict(ahead: f64, samples: Samples<'_>, window: Window) -> Option<f64> {
    // With an offset the line is still drawn to now.
    let (slope, level) = line(samples, window.now)?;
    Some(slope * ahead + level)
}

/// The line that lies closest to the samples: its slope a second, and its value at a moment.
fn line(samples: Samples<'_>, at: i64) -> Option<(f64, f64)> {
    let [(_, first), _, ..] = *samples else { return None };
    if steps(samples).all(|(before, after)| !is_change(before, after)) && !first.is_nan() {
        return Some(if first.is_infinite() { (f64::NAN, f64::NAN) } else { (0.0, first) });
    }
    let (mut x, mut y, mut xy, mut xx) = (Sum::default(), Sum::default(), Sum::default(), Sum::default());
    for (time, value) in samples {
        let time = seconds(time - at);
        x.add(time);
        y.add(*value);
        xy.add(time * value);
        xx.add(time * time);
    }
    #[expect(clippy::cast_precision_loss, reason = "far fewer samples than 2^52")]
    let count = samples.len() as f64;
    let (x, y) = (x.total(), y.total());
    let slope = (xy.total() - x * y / count) / (xx.total() - x * x / count);
    Some((slope, y / count - slope * x / count))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Window = Window { from: 0, to: 60_000, now: 60_000 };

    fn every(step: i64, values: &[f64]) -> Vec<(i64, f64)> {
        (1..).map(|at| at * step).zip(values.iter().copied()).collect()
    }

    fn increase(samples: Samples<'_>) -> Option<f64> {
        extrapolated(samples, WINDOW, Kind::Counter)
    }

    #[test]
    fn a_steady_counter_is_extrapolated_to_both_ends() {
        let samples = every(10_000, &[110.0, 120.0, 130.0, 140.0, 150.0]);
        assert_eq!(increase(&samples), Some(60.0));
        assert_eq!(rate(&samples, WINDOW), Some(1.0));
    }

    #[test]
    fn a_series_that_stops_is_taken_half_a_step_further() {
        assert_eq!(increase(&every(10_000, &[110.0, 120.0, 130.0])), Some(20.0 * 35.0 / 20.0));
    }

    #[test]
    fn a_counter_does_not_begin_below_zero_and_a_gauge_may() {
        let samples = every(10_000, &[2.0, 12.0, 22.0, 32.0, 42.0, 52.0]);
        assert_eq!(increase(&samples), Some(52.0));
        assert_eq!(extrapolated(&samples, WINDOW, Kind::Gauge), Some(60.0));
    }

    #[test]
    fn a_reset_loses_nothing() {
        let samples = every(10_000, &[100.0, 110.0, 5.0, 15.0, 25.0, 35.0]);
        assert_eq!(increase(&samples), Some(45.0 * 60.0 / 50.0));
        assert_eq!(instant_rate(&every(10_000, &[100.0, 5.0])), Some(0.5));
        assert_eq!(Some(count(&samples, |before, after| after < before)), Some(1.0));
    }

    #[test]
    fn a_line_is_drawn_through_what_is_not_quite_one() {
        let samples = every(10_000, &[10.0, 20.0, 30.0, 40.0]);
        assert_eq!(line(&samples, 0), Some((1.0, 0.0)));
        assert_eq!(predict(40.0, &samples, WINDOW), Some(100.0));
        assert_eq!(line(&every(10_000, &[7.0, 7.0, 7.0]), 0), Some((0.0, 7.0)));
    }

    #[test]
    fn one_sample_has_no_rate() {
        let one = every(10_000, &[1.0]);
        assert_eq!((increase(&one), instant_rate(&one), instant_delta(&one), line(&one, 0)), (None, None, None, None));
    }
}
