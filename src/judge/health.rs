//! Health endpoints: the endpoint is the subject, so its silence is its failure.

use super::{HealthGot, Moment};
use crate::plan::Health;
use crate::text::Millis;
use std::fmt;

/// An endpoint over time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HealthTrack {
    pub last: Option<(HealthGot, Moment)>,
    /// Failures in a row.
    pub failures: u32,
    counted: bool,
}

impl HealthTrack {
    /// Takes in one answer.
    pub fn observe(&mut self, got: &HealthGot, now: Moment) {
        self.failures = if matches!(got, HealthGot::Down { .. }) { self.failures + 1 } else { 0 };
        self.counted &= self.failures > 0;
        self.last = Some((got.clone(), now));
    }

    /// Says, once a failure, that it has failed often enough in a row to be a confirmed breach.
    pub fn take_confirmed(&mut self, health: &Health) -> bool {
        let confirmed = self.failures >= health.failures.max(1) && !self.counted;
        self.counted |= confirmed;
        confirmed
    }

    /// What it stands at.
    #[must_use]
    pub fn state(&self, max_age: Millis, now: Moment) -> HealthState<'_> {
        match &self.last {
            None => HealthState::Unread,
            Some((HealthGot::Down { why }, _)) => HealthState::Down { why, failures: self.failures },
            Some((_, at)) if now.since(*at) > max_age => HealthState::Stale { age: now.since(*at) },
            Some((HealthGot::Slow { took }, _)) => HealthState::Slow { took: *took },
            Some((HealthGot::Up { took }, _)) => HealthState::Up { took: *took },
        }
    }
}

/// What a health endpoint stands at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HealthState<'t> {
    Up {
        took: Millis,
    },
    Slow {
        took: Millis,
    },
    Down {
        why: &'t str,
        failures: u32,
    },
    /// It was up, and nobody has asked it since.
    Stale {
        age: Millis,
    },
    Unread,
}

impl HealthState<'_> {
    /// The word of screens and records.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Up { .. } => "up",
            Self::Slow { .. } => "slow",
            Self::Down { .. } => "down",
            Self::Stale { .. } => "stale",
            Self::Unread => "not asked yet",
        }
    }

    #[must_use]
    pub const fn is_up(&self) -> bool {
        matches!(self, Self::Up { .. } | Self::Slow { .. })
    }
}

/// `up, 4ms`, or what is wrong with it.
impl fmt::Display for HealthState<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())?;
        match self {
            Self::Up { took } | Self::Slow { took } => write!(f, ", {took}"),
            Self::Down { why, failures: 1 } => write!(f, " once: {why}"),
            Self::Down { why, failures } => write!(f, " {failures} times in a row: {why}"),
            Self::Stale { age } => write!(f, ", last asked {age} ago"),
            Self::Unread => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_believed_up_to_its_age_and_not_beyond() {
        let mut track = HealthTrack::default();
        track.observe(&HealthGot::Up { took: Millis(20) }, Moment(1_000));
        assert!(track.state(Millis(15_000), Moment(16_000)).is_up());
        assert_eq!(track.state(Millis(15_000), Moment(16_001)), HealthState::Stale { age: Millis(15_001) });
        assert!(!track.state(Millis(15_000), Moment(40_000)).is_up());
    }
}
