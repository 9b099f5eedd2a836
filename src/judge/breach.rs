//! When a value on the wrong side is believed.
//!
//! One bad sample is noise, two are a breach: confirmed is over the limit for the plan's `for`, or,
//! without one, on two consecutive readings whose data is newer each time, or on 2 of the last 12.

use super::{Moment, Weighed, evidence::DataAt};
use crate::text::Millis;

/// How many readings back one over the limit still confirms another.
const REMEMBERED: u16 = 12;

/// What is remembered of one condition's readings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Breach {
    /// One bit a reading with new data, the newest lowest: over the limit or not.
    overs: u16,
    last_data: Option<DataAt>,
    /// The time over the limit, not counting what could not be seen; none while within it.
    over_for: Option<Millis>,
    /// Distinct readings over the limit in this breach.
    readings: u32,
    now: Moment,
    seen: bool,
    /// Somebody has been told that this breach is confirmed.
    told: bool,
}

/// Where a condition stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Within,
    /// Over the limit, and not yet believed.
    Over,
    Confirmed,
}

impl Breach {
    /// Takes in what was weighed at a moment; `over` says on which side it is.
    pub fn observe(&mut self, weighed: &Weighed, over: bool, hold: Option<Millis>, now: Moment) -> Standing {
        let new = weighed.data_at.is_newer_than(self.last_data);
        if new {
            self.overs = (self.overs << 1 | u16::from(over)) & ((1 << REMEMBERED) - 1);
            self.last_data = Some(weighed.data_at);
        }
        let passed = if self.seen { now.since(self.now) } else { Millis::ZERO };
        (self.now, self.seen) = (now, true);
        if !over {
            (self.over_for, self.readings, self.told) = (None, 0, false);
            return Standing::Within;
        }
        let over_for = self.over_for.map_or(Millis::ZERO, |so_far| so_far + passed);
        self.over_for = Some(over_for);
        self.readings += u32::from(new);
        let confirmed = match hold {
            Some(hold) => over_for >= hold,
            None => self.overs.count_ones() >= 2,
        };
        if confirmed { Standing::Confirmed } else { Standing::Over }
    }

    /// Notes that nothing could be seen: a countdown stops, and nothing is forgotten.
    pub fn blind(&mut self) {
        self.seen = false;
    }

    /// Forgets everything but which data was judged: a new stage, or a dismissed trigger.
    pub fn forget(&mut self) {
        *self = Self { last_data: self.last_data, ..Self::default() };
    }

    /// Says, once a breach, that it has not been told of: a breach of several readings is one.
    pub fn tell(&mut self) -> bool {
        !std::mem::replace(&mut self.told, true)
    }

    /// Makes the breach, if there still is one, news again.
    pub fn untell(&mut self) {
        self.told = false;
    }

    /// How long, or on how many readings, the limit has been broken: `for 40s`, `for 3 readings`.
    #[must_use]
    pub fn extent(&self, hold: Option<Millis>) -> String {
        match hold {
            Some(_) => format!("for {}", self.over_for.unwrap_or_default()),
            None if self.readings <= 1 => "for 1 reading".to_owned(),
            None => format!("for {} readings", self.readings),
        }
    }

    /// What is left of a countdown; none without one.
    #[must_use]
    pub fn left(&self, hold: Option<Millis>) -> Option<Millis> {
        Some(hold? - self.over_for?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weighed(data_at: i64) -> Weighed {
        Weighed {
            value: 1.0,
            labels: String::new(),
            age: Millis::ZERO,
            data_at: DataAt::Source { written: data_at, asked: data_at },
            silent: vec![],
        }
    }

    #[test]
    fn polling_twice_between_two_scrapes_is_one_reading() {
        let mut breach = Breach::default();
        assert_eq!(breach.observe(&weighed(1), true, None, Moment(0)), Standing::Over);
        assert_eq!(breach.observe(&weighed(1), true, None, Moment(5_000)), Standing::Over);
        assert_eq!(breach.observe(&weighed(2), true, None, Moment(10_000)), Standing::Confirmed);
    }

    #[test]
    fn two_of_the_last_twelve_confirm_and_thirteen_back_is_forgotten() {
        for (good, want) in [(10, Standing::Confirmed), (11, Standing::Over)] {
            let mut breach = Breach::default();
            breach.observe(&weighed(0), true, None, Moment(0));
            for n in 1..=good {
                assert_eq!(breach.observe(&weighed(n), false, None, Moment(0)), Standing::Within);
            }
            assert_eq!(breach.observe(&weighed(99), true, None, Moment(0)), want);
        }
    }

    #[test]
    fn data_that_was_judged_before_is_no_reading_of_what_begins() {
        let mut breach = Breach::default();
        breach.observe(&weighed(1), true, None, Moment(0));
        breach.forget();
        assert_eq!(breach.observe(&weighed(1), true, None, Moment(1)), Standing::Over);
        assert_eq!(breach.observe(&weighed(2), true, None, Moment(2)), Standing::Over);
        assert_eq!(breach.observe(&weighed(3), true, None, Moment(3)), Standing::Confirmed);
    }

    #[test]
    fn a_countdown_stops_while_blind_and_ends_with_a_good_reading() {
        let hold = Some(Millis::from_secs(30));
        let mut breach = Breach::default();
        assert_eq!(breach.observe(&weighed(0), true, hold, Moment(0)), Standing::Over);
        assert_eq!(breach.observe(&weighed(1), true, hold, Moment(20_000)), Standing::Over);
        breach.blind();
        assert_eq!(breach.observe(&weighed(2), true, hold, Moment(90_000)), Standing::Over);
        assert_eq!(breach.observe(&weighed(3), true, hold, Moment(100_000)), Standing::Confirmed);
        assert_eq!(breach.observe(&weighed(4), false, hold, Moment(101_000)), Standing::Within);
        assert_eq!(breach.observe(&weighed(5), true, hold, Moment(102_000)), Standing::Over);
    }
}
