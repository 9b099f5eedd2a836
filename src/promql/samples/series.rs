//! The samples of a series to which its target gives times of its own.

use super::columns::{ENDED, shown};
use std::collections::VecDeque;

/// Samples in the order of time, and marks where the series ended.
#[derive(Clone, Debug, Default)]
pub(super) struct Series {
    samples: VecDeque<(i64, f64)>,
}

impl Series {
    /// From samples and marks as [`Columns`](super::columns::Columns) has kept them.
    pub(super) fn of(samples: Vec<(i64, f64)>) -> Self {
        Self { samples: samples.into() }
    }

    /// The newest sample of a span with its time, both ends in it; none if the series has ended.
    pub(super) fn newest(&self, from: i64, to: i64) -> Option<(i64, f64)> {
        let (at, value) = *self.samples.get(self.after(to).checked_sub(1)?)?;
        (at >= from && value.to_bits() != ENDED).then_some((at, value))
    }

    /// The samples of a span with their times, both ends in it.
    pub(super) fn within(&self, from: i64, to: i64) -> impl Iterator<Item = (i64, f64)> {
        let samples = self.samples.range(self.after(from.saturating_sub(1))..self.after(to));
        samples.copied().filter(|(_, value)| value.to_bits() != ENDED)
    }

    /// How many samples lie at a moment or before it.
    fn after(&self, moment: i64) -> usize {
        self.samples.partition_point(|(at, _)| *at <= moment)
    }

    /// Adds a sample, if it is newer than the last.
    pub(super) fn push(&mut self, at: i64, value: f64) {
        self.add(at, shown(value));
    }

    /// Marks that it has ended.
    pub(super) fn end(&mut self, at: i64) {
        self.add(at, f64::from_bits(ENDED));
    }

    fn add(&mut self, at: i64, value: f64) {
        if self.samples.back().is_some_and(|(last, _)| *last >= at) {
            return;
        }
        if self.samples.len() == self.samples.capacity() {
            // Doubling would leave half of the memory empty.
            self.samples.reserve_exact(self.samples.len() / 8 + 4);
        }
        self.samples.push_back((at, value));
    }

    /// Drops what is older, and all but so many; says whether anything is left.
    pub(super) fn drop_before(&mut self, oldest: i64, most: usize) -> bool {
        while self.samples.len() > most || self.samples.front().is_some_and(|(at, _)| *at < oldest) {
            self.samples.pop_front();
        }
        !self.samples.is_empty()
    }
}
