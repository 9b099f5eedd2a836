//! From values to rows, for any values.

/// The values between the lowest and the highest that are shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    /// A scale that shows all these values and bounds; all of them are finite.
    pub(super) fn of(values: impl Iterator<Item = f64>, bounds: impl Iterator<Item = f64>) -> Self {
        let (low, high) = values
            .chain(bounds)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        if low <= high { Self { low, high } } else { Self { low: 0.0, high: 0.0 } }
    }

    pub(super) const fn low(&self) -> f64 {
        self.low
    }

    pub(super) const fn high(&self) -> f64 {
        self.high
    }

    /// Which of so many rows a finite value lies in, 0 at the top; the middle where all are the same.
    pub(super) fn row(&self, value: f64, rows: u16) -> u16 {
        let last = rows.saturating_sub(1);
        // Halved first: the span of two finite values need not be finite.
        let span = self.high / 2.0 - self.low / 2.0;
        let part = (value / 2.0 - self.low / 2.0) / span;
        if !part.is_finite() {
            return last / 2;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the last row")]
        let up = (part.clamp(0.0, 1.0) * f64::from(last)).round() as u16;
        last - up.min(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_are_at_the_ends_for_any_values() {
        for (low, high) in [(0.0, 1.0), (f64::MIN, f64::MAX), (0.0, 1e-320), (0.099, 0.099_000_000_000_000_02)] {
            let scale = Scale::of([low, high].into_iter(), std::iter::empty());
            assert_eq!((scale.row(low, 10), scale.row(high, 10)), (9, 0), "{low} {high}");
        }
    }

    #[test]
    fn one_value_stands_in_the_middle_and_none_is_no_panic() {
        assert_eq!(Scale::of([3.0].into_iter(), std::iter::empty()).row(3.0, 9), 4);
        assert_eq!(Scale::of(std::iter::empty(), std::iter::empty()).row(3.0, 9), 4);
        assert_eq!(Scale::of([3.0].into_iter(), std::iter::empty()).row(3.0, 0), 0);
    }
}
