//! What is watched beside the gates: alerts, the measured share, the build.

use super::alerts::{AlertsState, AlertsTrack};
use super::build::{BuildState, BuildTrack};
use super::evidence::Known;
use super::share::{ShareState, ShareTrack};
use super::{Batch, Moment};
use crate::plan::{Plan, ProbeId, changes};
use crate::text::Millis;

/// All of it over time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Beside {
    pub alerts: AlertsTrack,
    pub share: ShareTrack,
    pub build: BuildTrack,
}

/// The moment at which it is judged.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances {
    pub now: Moment,
    /// The first stage has started.
    pub started: bool,
    /// The share that the stage says, percent; none where none says any.
    pub share: Option<f64>,
    /// How old an answer may be that says nothing of its data's age.
    pub max_age: Millis,
}

impl Beside {
    /// Takes in what one poll found beside readings.
    pub fn observe(&mut self, batch: &Batch, now: Moment) {
        if let Some(alerts) = &batch.alerts {
            self.alerts.observe(alerts, now);
        }
    }

    /// Goes on with an amended plan: what is watched otherwise is watched afresh.
    pub fn amend(&mut self, old: &Plan, new: &Plan) {
        if !changes::watches_the_same_alerts(old, new) {
            self.alerts = AlertsTrack::default();
        }
        if !changes::measures_the_same_share(old, new) {
            self.share = ShareTrack::default();
        }
        if !changes::reads_the_same_build(old, new) {
            self.build = BuildTrack::default();
        }
    }

    /// Judges what was read.
    pub fn judge<'s>(&mut self, plan: &Plan, known: impl Fn(ProbeId) -> Known<'s>, at: Circumstances) {
        if let (Some(share), Some(wanted)) = (&plan.traffic, at.share) {
            self.share.judge(share, wanted, known(share.probe));
        }
        if let Some(build) = &plan.build {
            self.build.judge(build, known(build.probe), at.started);
        }
    }

    /// Whether something of it is not known, or shows that the gates measure something else.
    #[must_use]
    pub fn is_blind(&self, plan: &Plan, at: Circumstances) -> bool {
        let alerts = plan.alerts.as_ref().map(|_| self.alerts.state(at.max_age, at.now, at.started));
        matches!(alerts, Some(AlertsState::Unknown { .. }))
            || matches!(self.share.state(), Some(ShareState::Unknown(_) | ShareState::Differs(_)))
            || matches!(self.build.state(), Some(BuildState::Unknown(_) | BuildState::Other { .. }))
    }

    /// Whether nothing of it is bad.
    #[must_use]
    pub fn is_good(&self, plan: &Plan, at: Circumstances) -> bool {
        plan.alerts.is_none() || self.alerts.state(at.max_age, at.now, at.started).is_quiet()
    }

    /// Says, once a finding, that something sets the soak to zero.
    pub fn take_confirmed(&mut self) -> bool {
        let (alerts, build) = (self.alerts.take_confirmed(), self.build.take_confirmed());
        alerts || build
    }
}
