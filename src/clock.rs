//! The only clock: real, or running faster so that a night fits into a minute.
//!
//! Everything that waits or asks the time is handed a [`Clock`]; nothing else in the house calls one.
//! Two times stand side by side: [`Stamp::at`] is for people and may jump when the machine's clock
//! is set, [`Stamp::mono`] only ever runs forward and is what spans are measured in.

use crate::text::Millis;
use serde::{Deserialize, Serialize};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::Instant;

/// Nothing outside is given up sooner, in real time, by a clock that runs faster.
const LEAST_PATIENCE: Millis = Millis(500);

/// A moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Unix milliseconds, UTC.
    pub at: i64,
    /// Since the clock was made.
    pub mono: Millis,
}

/// A clock; copies of it show the same time.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    made: Instant,
    made_at: i64,
    /// What [`Stamp::mono`] was then.
    ran: Millis,
    speed: u32,
}

impl Clock {
    /// The time as it is.
    #[must_use]
    pub fn real() -> Self {
        Self { made: Instant::now(), made_at: wall(), ran: Millis::ZERO, speed: 1 }
    }

    /// A clock that starts at the real time and runs so many times faster; at least once.
    #[must_use]
    pub fn faster(speed: u32) -> Self {
        Self { speed: speed.max(1), ..Self::real() }
    }

    /// A clock for a session that another process runs: it shows that one's time, and has run for
    /// so long already.
    #[must_use]
    pub fn joining(at: i64, speed: u32, ran: Millis) -> Self {
        Self { made_at: at, ran, ..Self::faster(speed) }
    }

    /// How many times faster than real it runs.
    #[must_use]
    pub const fn speed(&self) -> u32 {
        self.speed
    }

    #[must_use]
    pub fn now(&self) -> Stamp {
        let mono = self.mono();
        let at = if self.speed == 1 { wall() } else { self.made_at.saturating_add_unsigned((mono - self.ran).0) };
        Stamp { at, mono }
    }

    fn mono(&self) -> Millis {
        self.ran + Millis::from(self.made.elapsed().saturating_mul(self.speed))
    }

    /// Sleeps for a span of this clock's time.
    pub async fn sleep(&self, span: Millis) {
        #[expect(clippy::disallowed_methods, reason = "this is the clock")]
        tokio::time::sleep(self.real_span(span)).await;
    }

    /// Sleeps until [`Stamp::mono`] has reached a moment; not at all if it is past.
    pub async fn sleep_until(&self, mono: Millis) {
        match self.made.checked_add(self.real_span(mono - self.ran)) {
            Some(moment) => tokio::time::sleep_until(moment).await,
            None => std::future::pending().await,
        }
    }

    /// Waits for a future for at most a span of this clock's time; none when it took longer.
    pub async fn within<F: Future>(&self, span: Millis, future: F) -> Option<F::Output> {
        tokio::time::timeout(self.real_span(span), future).await.ok()
    }

    /// How long the outside is waited for, in this clock's time, where a plan says how long: a night that
    /// runs faster makes neither a network nor a busy machine faster.
    #[must_use]
    pub fn patience(&self, timeout: Millis) -> Millis {
        if self.speed == 1 { timeout } else { timeout.max(LEAST_PATIENCE * u64::from(self.speed)) }
    }

    /// A beat that does not drift: the first now, then one every so often.
    #[must_use]
    pub fn every(&self, period: Millis) -> Beat {
        let start = self.mono();
        Beat { clock: *self, start, period: period.max(Millis(1)), awaited: Some(0), given: 0 }
    }

    /// How long a span of this clock's time really takes.
    #[must_use]
    pub fn real_span(&self, span: Millis) -> Duration {
        Duration::from(span) / self.speed
    }
}

/// Moments at equal distance. One that is missed is left out, not made up for.
#[derive(Clone, Debug)]
pub struct Beat {
    clock: Clock,
    start: Millis,
    period: Millis,
    /// The beat that somebody began to wait for.
    awaited: Option<u64>,
    /// The last that was given.
    given: u64,
}

impl Beat {
    /// Waits for the next beat and says its number. Dropping the future loses no beat.
    pub async fn next(&mut self) -> u64 {
        let number = self.awaited.unwrap_or_else(|| self.passed().max(self.given) + 1);
        self.awaited = Some(number);
        self.clock.sleep_until(self.start + self.period * number).await;
        self.awaited = None;
        self.given = self.passed().max(number);
        self.given
    }

    fn passed(&self) -> u64 {
        (self.clock.mono() - self.start).0 / self.period.0
    }
}

fn wall() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    let now = SystemTime::now();
    match now.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |ms| -ms),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_fast_clock_runs_both_times_faster() {
        let clock = Clock::faster(60);
        let before = clock.now();
        tokio::time::advance(Duration::from_secs(2)).await;
        let after = clock.now();
        assert_eq!(after.mono - before.mono, Millis::from_mins(2));
        assert_eq!(after.at - before.at, 120_000);
    }

    #[tokio::test(start_paused = true)]
    async fn it_sleeps_in_its_own_time() {
        let clock = Clock::faster(10);
        let real = Instant::now();
        clock.sleep(Millis::from_secs(10)).await;
        assert_eq!(real.elapsed(), Duration::from_secs(1));
        assert!(clock.within(Millis::from_secs(1), clock.sleep(Millis::from_secs(2))).await.is_none());
        assert!(clock.within(Millis::from_secs(2), clock.sleep(Millis::from_secs(1))).await.is_some());
    }

    #[test]
    fn it_has_no_less_patience_with_others() {
        assert_eq!(Clock::real().patience(Millis(200)), Millis(200));
        assert_eq!(Clock::faster(60).patience(Millis::from_secs(5)), Millis::from_secs(30));
        assert_eq!(Clock::faster(60).patience(Millis::from_mins(2)), Millis::from_mins(2));
    }

    #[tokio::test(start_paused = true)]
    async fn a_beat_does_not_drift_and_leaves_out_what_it_missed() {
        let clock = Clock::real();
        let mut beat = clock.every(Millis::from_secs(5));
        assert_eq!(beat.next().await, 0);
        clock.sleep(Millis::from_secs(2)).await;
        assert_eq!(beat.next().await, 1);
        assert_eq!(clock.now().mono, Millis::from_secs(5));
        clock.sleep(Millis::from_secs(12)).await;
        assert_eq!(beat.next().await, 4);
        assert_eq!(clock.now().mono, Millis::from_secs(20));
    }

    #[tokio::test(start_paused = true)]
    async fn a_beat_that_nobody_waited_for_to_the_end_comes_at_once() {
        let clock = Clock::real();
        let mut beat = clock.every(Millis::from_secs(5));
        assert_eq!(beat.next().await, 0);
        assert!(clock.within(Millis::from_secs(1), beat.next()).await.is_none());
        clock.sleep(Millis::from_secs(5)).await;
        assert_eq!(beat.next().await, 1);
        assert_eq!(clock.now().mono, Millis::from_secs(6));
    }
}
