//! How often data comes, learnt from its coming.

use crate::text::Millis;
use std::collections::VecDeque;

/// How many steps are remembered.
const STEPS: usize = 8;

/// The times of the newest samples of one selector, as far as they were seen.
#[derive(Clone, Debug, Default)]
pub(super) struct Cadence {
    newest: Option<i64>,
    steps: VecDeque<Millis>,
}

impl Cadence {
    /// The newest sample that was ever seen, unix milliseconds by the source's clock.
    pub(super) const fn newest(&self) -> Option<i64> {
        self.newest
    }

    pub(super) fn note(&mut self, newest: i64) {
        if let Some(step) = self.newest.map(|last| newest.saturating_sub(last)).filter(|step| *step > 0) {
            self.steps.push_back(Millis(step.unsigned_abs()));
            if self.steps.len() > STEPS {
                self.steps.pop_front();
            }
        }
        self.newest = self.newest.max(Some(newest));
    }

    /// The scrape interval, as far as it can be told; never less than it is.
    ///
    /// Two measures are each too large at times: steps between newest samples when we poll more
    /// slowly than is scraped, samples in the window when the series is younger than the window.
    /// The smaller one holds. The largest of several steps is left out: it may be an outage.
    pub(super) fn interval(&self, window: Millis, samples: u64) -> Option<Millis> {
        let mut steps: Vec<Millis> = self.steps.iter().copied().collect();
        steps.sort_unstable();
        if steps.len() > 2 {
            steps.pop();
        }
        let counted = (samples > 1).then(|| Millis(window.0 / samples));
        [steps.pop(), counted].into_iter().flatten().min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Millis = Millis::from_secs(60);

    fn seen(seconds: &[i64]) -> Cadence {
        let mut cadence = Cadence::default();
        for second in seconds {
            cadence.note(second * 1_000);
        }
        cadence
    }

    #[test]
    fn nothing_is_guessed_from_one_sample() {
        assert_eq!(seen(&[]).interval(WINDOW, 0), None);
        assert_eq!(seen(&[5, 5, 5]).interval(WINDOW, 1), None);
    }

    #[test]
    fn a_young_series_is_measured_by_its_steps() {
        assert_eq!(seen(&[0, 0, 15, 15, 15]).interval(Millis::from_mins(5), 2), Some(Millis::from_secs(15)));
    }

    #[test]
    fn what_is_scraped_more_often_than_polled_is_counted() {
        assert_eq!(seen(&[0, 5, 10]).interval(WINDOW, 60), Some(Millis::from_secs(1)));
    }

    #[test]
    fn one_outage_does_not_stretch_the_interval() {
        assert_eq!(seen(&[0, 15, 30, 630, 645]).interval(Millis::from_mins(10), 2), Some(Millis::from_secs(15)));
    }

    #[test]
    fn time_that_runs_back_is_no_step() {
        let cadence = seen(&[30, 15, 45]);
        assert_eq!(cadence.newest(), Some(45_000));
        assert_eq!(cadence.interval(WINDOW, 0), Some(Millis::from_secs(15)));
    }
}
