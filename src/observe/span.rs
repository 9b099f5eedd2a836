//! A stretch of the past, looked at step by step, and what a query gave there.

use crate::text::Millis;
use std::collections::BTreeMap;

/// Moments at equal distance, unix milliseconds by the source's clock, both ends among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: i64,
    pub to: i64,
    pub step: Millis,
}

/// One series over a span, in the order of time; where it was not there it has no point.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub labels: BTreeMap<String, String>,
    pub points: Vec<(i64, f64)>,
}

impl Span {
    /// The span from one moment to another, widened so that it begins at a multiple of the step:
    /// servers that move the moments to such multiples have nothing to move then.
    #[must_use]
    pub fn new(from: i64, to: i64, step: Millis) -> Self {
        let step = Millis(step.0.max(1));
        let width = i64::try_from(step.0).unwrap_or(i64::MAX);
        Self { from: from.div_euclid(width).saturating_mul(width), to, step }
    }

    /// Every moment of it.
    pub fn moments(self) -> impl Iterator<Item = i64> {
        let next = move |at: &i64| at.checked_add_unsigned(self.step.0);
        std::iter::successors(Some(self.from), next).take_while(move |at| *at <= self.to)
    }

    /// The part that begins at a moment and has at most so many of them.
    #[must_use]
    pub fn part(self, from: i64, most: u64) -> Self {
        let to = from.saturating_add_unsigned(self.step.0.saturating_mul(most.saturating_sub(1)));
        Self { from, to: to.min(self.to), ..self }
    }

    /// How many moments it has.
    #[must_use]
    pub const fn len(self) -> u64 {
        if self.to < self.from { 0 } else { self.to.abs_diff(self.from) / self.step.0 + 1 }
    }

    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }
}

impl Row {
    /// Its value at a moment.
    #[must_use]
    pub fn at(&self, moment: i64) -> Option<f64> {
        self.points.binary_search_by_key(&moment, |point| point.0).ok().map(|place| self.points[place].1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_multiples_of_the_step() {
        let span = Span::new(12_345, 30_000, Millis::from_secs(5));
        assert_eq!(span.moments().collect::<Vec<_>>(), [10_000, 15_000, 20_000, 25_000, 30_000]);
        assert_eq!(span.len(), 5);
        assert_eq!(span.part(20_000, 2).moments().collect::<Vec<_>>(), [20_000, 25_000]);
        assert_eq!(span.part(25_000, 9).len(), 2);
        assert!(Span::new(50_000, 30_000, Millis::from_secs(5)).is_empty());
    }

    #[test]
    fn a_row_knows_the_moments_it_was_there() {
        let row = Row { labels: BTreeMap::new(), points: vec![(10, 1.0), (30, 3.0)] };
        assert_eq!((row.at(10), row.at(20), row.at(30)), (Some(1.0), None, Some(3.0)));
    }
}
