//! What a session has earned when it is closed. The person who closes it can only lower it.

use super::ramp::{Course, Ramp};
use super::{Call, GateState, Status};
use crate::plan::{Plan, StageKind};
use serde::{Deserialize, Serialize};

/// How a session ends, from high to low.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Succeeded,
    /// Overrides or waivers were used, or stages were left out.
    Partial,
    /// The last stage never had a fresh pass of every gate.
    Inconclusive,
    /// A trigger was tripped, or a gate failing, at the close.
    Failed,
    RolledBack,
}

impl Outcome {
    pub const ALL: [Self; 5] = [Self::Succeeded, Self::Partial, Self::Inconclusive, Self::Failed, Self::RolledBack];

    /// The word of commands, logs and reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Partial => "partial",
            Self::Inconclusive => "inconclusive",
            Self::Failed => "failed",
            Self::RolledBack => "rolled-back",
        }
    }

    /// The outcome of a word; none where there is no such outcome.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.word() == word)
    }

    /// The lower of two outcomes.
    #[must_use]
    pub fn lower(self, other: Self) -> Self {
        self.max(other)
    }
}

impl Ramp {
    /// What the session has earned so far.
    #[must_use]
    pub fn earned(&self, plan: &Plan) -> Outcome {
        if matches!(self.course, Course::RolledBack { .. }) {
            return Outcome::RolledBack;
        }
        let failing = |gate: &GateState| matches!(gate, GateState::Failing(_));
        let gates = || self.counting_gates(plan).map(|gate| &self.gates[gate.index()]);
        if self.triggers.iter().any(super::trigger::TriggerTrack::is_tripped)
            || gates().any(|gate| gate.waiver.is_none() && failing(&gate.state))
        {
            return Outcome::Failed;
        }
        if self.current.is_none() || gates().any(|gate| gate.waiver.is_none() && !gate.proven) {
            return Outcome::Inconclusive;
        }
        let is_last_done = self.current_track().is_some_and(|track| track.status == Status::Passed)
            || self.verdict(plan).call == Call::Go;
        let skipped = self.stages.iter().any(|track| matches!(track.status, Status::Pending | Status::Skipped));
        let failed_observation =
            self.stages.iter().zip(&plan.stages).any(|(track, stage)| stage.kind == StageKind::Observe && track.failed);
        if self.exceptions > 0 || skipped || failed_observation || !is_last_done {
            return Outcome::Partial;
        }
        Outcome::Succeeded
    }
}
