//! Sums that do not lose what is small beside what is large, as Prometheus adds up samples.

/// A sum with what rounding took from it (Kahan, Neumaier).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sum {
    sum: f64,
    lost: f64,
}

impl Sum {
    pub(super) fn add(&mut self, value: f64) {
        let sum = self.sum + value;
        if sum.is_infinite() {
            // What was lost is nothing beside it.
            self.lost = 0.0;
        } else if self.sum.abs() >= value.abs() {
            self.lost += (self.sum - sum) + value;
        } else {
            self.lost += (value - sum) + self.sum;
        }
        self.sum = sum;
    }

    pub(super) fn total(self) -> f64 {
        self.sum + self.lost
    }
}

impl FromIterator<f64> for Sum {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut sum = Self::default();
        values.into_iter().for_each(|value| sum.add(value));
        sum
    }
}

/// The mean, moved by each value, so that no sum overflows; not a number of nothing.
pub(super) fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (mut mean, mut count) = (Sum::default(), 0.0);
    for value in values {
        count += 1.0;
        let known = mean.sum;
        // Infinities of the same sign cannot be subtracted, and beside one nothing finite counts.
        let is_settled = known.is_infinite() && !value.is_nan();
        #[expect(clippy::float_cmp, reason = "the same infinity")]
        if is_settled && (value == known || value.is_finite()) {
            continue;
        }
        mean.add(value / count - known / count);
    }
    match (count > 0.0, mean.sum.is_infinite()) {
        (false, _) => f64::NAN,
        (true, true) => mean.sum,
        (true, false) => mean.total(),
    }
}

/// The mean of the squared distances from the mean (Welford); not a number of nothing.
pub(super) fn variance(values: impl Iterator<Item = f64>) -> f64 {
    let (mut mean, mut squares, mut count) = (Sum::default(), Sum::default(), 0.0);
    for value in values {
        count += 1.0;
        let distance = value - mean.total();
        mean.add(distance / count);
        squares.add(distance * (value - mean.total()));
    }
    squares.total() / count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_small_is_lost() {
        let mean = |values: &[f64]| Some(mean(values.iter().copied()));
        assert_eq!(Some([1e100, 1.0, -1e100].into_iter().collect::<Sum>().total()), Some(1.0));
        assert_eq!(mean(&[f64::MAX, f64::MAX]), Some(f64::MAX));
        assert_eq!(mean(&[f64::INFINITY, 1.0, f64::INFINITY]), Some(f64::INFINITY));
        assert!(mean(&[f64::INFINITY, f64::NEG_INFINITY]).is_some_and(f64::is_nan));
        assert!(mean(&[]).is_some_and(f64::is_nan) && variance(std::iter::empty()).is_nan());
        assert_eq!(Some(variance([2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0].into_iter())), Some(4.0));
    }
}
