//! The samples of one series.

use std::collections::VecDeque;

/// Samples in the order of time, and marks where the series ended.
#[derive(Clone, Debug, Default)]
pub struct Series {
    points: VecDeque<Point>,
}

#[derive(Clone, Copy, Debug)]
struct Point {
    at: i64,
    /// None marks the end of the series, until it is shown again.
    value: Option<f64>,
}

impl Series {
    /// The newest sample of a span with its time, both ends in it; none if the series has ended.
    #[must_use]
    pub fn newest(&self, from: i64, to: i64) -> Option<(i64, f64)> {
        let after = self.points.partition_point(|point| point.at <= to);
        let point = self.points.get(after.checked_sub(1)?)?;
        point.value.filter(|_| point.at >= from).map(|value| (point.at, value))
    }

    /// The samples of a span with their times, both ends in it.
    pub fn within(&self, from: i64, to: i64) -> impl Iterator<Item = (i64, f64)> {
        let start = self.points.partition_point(|point| point.at < from);
        let points = self.points.range(start..).take_while(move |point| point.at <= to);
        points.filter_map(|point| point.value.map(|value| (point.at, value)))
    }

    pub(super) fn push(&mut self, at: i64, value: Option<f64>, most: usize) {
        if self.points.back().is_some_and(|last| last.at >= at) {
            return;
        }
        self.points.push_back(Point { at, value });
        while self.points.len() > most {
            self.points.pop_front();
        }
    }

    /// Drops what is older, and says whether anything is left.
    pub(super) fn drop_before(&mut self, oldest: i64) -> bool {
        while self.points.front().is_some_and(|point| point.at < oldest) {
            self.points.pop_front();
        }
        !self.points.is_empty()
    }
}
