//! The samples of one series.

use std::collections::VecDeque;

/// Samples in the order of time, and marks where the series ended.
///
/// There are a hundred thousand of these: a sample takes twelve bytes, four for its time after the
/// first one's and eight for its value.
#[derive(Clone, Debug, Default)]
pub struct Series {
    /// What the times are counted from, unix milliseconds.
    base: i64,
    times: VecDeque<u32>,
    values: VecDeque<f64>,
}

/// The value of a mark that the series ended, until it is shown again: the NaN that Prometheus uses,
/// which is none that arithmetic gives.
const ENDED: u64 = 0x7ff0_0000_0000_0002;

impl Series {
    /// The newest sample of a span with its time, both ends in it; none if the series has ended.
    #[must_use]
    pub fn newest(&self, from: i64, to: i64) -> Option<(i64, f64)> {
        let place = self.after(to).checked_sub(1)?;
        let (at, value) = (self.base + i64::from(self.times[place]), self.values[place]);
        (at >= from && value.to_bits() != ENDED).then_some((at, value))
    }

    /// The samples of a span with their times, both ends in it.
    pub fn within(&self, from: i64, to: i64) -> impl Iterator<Item = (i64, f64)> {
        let places = self.after(from.saturating_sub(1))..self.after(to);
        let times = self.times.range(places.clone()).map(|time| self.base + i64::from(*time));
        times.zip(self.values.range(places).copied()).filter(|(_, value)| value.to_bits() != ENDED)
    }

    /// How many samples lie at a moment or before it.
    fn after(&self, moment: i64) -> usize {
        let time = moment.saturating_sub(self.base);
        // Nearly every question is about the newest ones.
        match self.times.back() {
            Some(last) if i64::from(*last) <= time => self.times.len(),
            _ => self.times.partition_point(|known| i64::from(*known) <= time),
        }
    }

    /// Adds a sample, or the mark that the series ended, if it is newer than the last.
    pub(super) fn push(&mut self, at: i64, value: Option<f64>, most: usize) {
        if self.times.is_empty() {
            self.base = at;
        }
        if self.times.back().is_some_and(|last| self.base + i64::from(*last) >= at) {
            return;
        }
        let Ok(time) = u32::try_from(at.saturating_sub(self.base)) else {
            // Seven weeks after its first sample: all that is left begins anew.
            *self = Self::default();
            return self.push(at, value, most);
        };
        let value = match value {
            None => f64::from_bits(ENDED),
            // A target that shows this very NaN means any other.
            Some(value) if value.to_bits() == ENDED => f64::NAN,
            Some(value) => value,
        };
        if self.times.len() == self.times.capacity() {
            // Doubling would leave half of the memory empty.
            let more = self.times.len() / 8 + 4;
            self.times.reserve_exact(more);
            self.values.reserve_exact(more);
        }
        self.times.push_back(time);
        self.values.push_back(value);
        while self.times.len() > most {
            self.times.pop_front();
            self.values.pop_front();
        }
    }

    /// Drops what is older, and says whether anything is left.
    pub(super) fn drop_before(&mut self, oldest: i64) -> bool {
        while self.times.front().is_some_and(|time| self.base + i64::from(*time) < oldest) {
            self.times.pop_front();
            self.values.pop_front();
        }
        !self.times.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_of_months_is_still_told_by_its_newest_samples() {
        let mut series = Series::default();
        let month = 30 * 24 * 3_600_000;
        for at in [0, month, 2 * month, 2 * month + 5_000] {
            series.push(at, Some(1.0), 100);
        }
        assert_eq!(series.within(2 * month, 3 * month).count(), 2);
        assert_eq!(series.newest(0, 3 * month), Some((2 * month + 5_000, 1.0)));
    }

    #[test]
    fn only_our_own_mark_ends_a_series() {
        let mut series = Series::default();
        series.push(1, Some(f64::from_bits(ENDED)), 9);
        assert!(series.newest(0, 9).is_some_and(|(_, value)| value.is_nan()));
        series.push(2, None, 9);
        assert_eq!(series.newest(0, 9), None);
        assert_eq!(series.within(0, 9).count(), 1);
    }
}
