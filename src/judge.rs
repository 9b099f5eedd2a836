//! What it means: a plan, readings and what people did become a verdict.
//!
//! One rule stands above all others: GO is given only when fresh evidence proves it. Not knowing
//! is never green, and it is never red either: a monitoring outage is not a bad release.
//!
//! Pure: no clock, no I/O, no order that a hash map chose. Time comes in as a [`Moment`] of the
//! session, so that a night can be judged again next week, or before it has happened. The way in
//! is [`Ramp::advance`] with what one poll found; the way out is [`Ramp::verdict`].
//!
//! - [`reading`]: raw facts from the sources.
//! - [`evidence`]: a raw fact weighed now: a value, or the reason why it proves nothing.
//! - [`skew`]: clocks that disagree.
//! - [`silence`]: bad series that died.
//! - [`base`]: what relative limits are relative to.
//! - [`breach`]: when a value on the wrong side is confirmed.
//! - [`gate`], [`trigger`], [`health`], [`beside`] ([`alerts`], [`share`], [`build`]): what each of them stands at.
//! - [`prepared`]: what must be signed and scored before the start; [`against`]: what was answered with a no.
//! - [`stage`]: the soak and its clock.
//! - [`ramp`]: all of it together, and what people may do to it.
//! - [`backfill`]: gaps that are looked into afterwards.
//! - [`verdict`], [`reason`]: what is said, and in which order.
//! - [`outcome`]: what a session has earned when it is closed.

pub mod against;
pub mod alerts;
pub mod backfill;
pub mod base;
pub mod beside;
pub mod breach;
pub mod build;
pub mod evidence;
pub mod gate;
pub mod health;
pub mod outcome;
pub mod prepared;
pub mod ramp;
pub mod reading;
pub mod reason;
pub mod share;
pub mod silence;
pub mod skew;
pub mod stage;
pub mod trigger;
pub mod verdict;

pub use backfill::Look;
pub use evidence::{Unknown, Weighed};
pub use gate::GateState;
pub use outcome::Outcome;
pub use ramp::Ramp;
pub use reading::{
    Alert, Alerts, Baseline, Batch, Captured, Got, HealthGot, HealthReading, Miss, Point, Reading, Sample, Silent,
    Traffic, Why,
};
pub use reason::{Class, Code, Reason};
pub use stage::Status;
pub use trigger::TriggerState;
pub use verdict::{Call, Verdict};

use crate::text::Millis;
use serde::{Deserialize, Serialize};
use std::ops::Add;

/// A moment of the session: milliseconds of its own time since it began.
///
/// Session time runs with the process's steady clock and takes in the wall clock's jump where the
/// process slept or was away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(pub u64);

impl Moment {
    /// How long ago `earlier` was; zero where it is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Millis {
        Millis(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Millis> for Moment {
    type Output = Self;
    fn add(self, span: Millis) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}
