//! What moves the cutover on, holds it or turns it back.

use super::{Case, Refusal, not_now};
use crate::judge::{Outcome, Status};
use crate::plan::StageId;
use crate::session::event::{Decision, Fact};

impl Case<'_> {
    pub(super) fn start(&self, stage: StageId, overrides: Option<&str>) -> Result<Vec<Fact>, Refusal> {
        self.named("starting a stage")?;
        self.running("the ramp")?;
        let name = &self.plan.stage(stage).name;
        if self.state.ramp.current == Some(stage) {
            return not_now(format!("{name} has started"));
        }
        // Going back takes traffic away from the new version: no verdict stands against that.
        let goes_back = self.state.ramp.current.is_some_and(|current| stage < current);
        let decision = if goes_back {
            Decision::on(&self.state.verdict(), None)
        } else {
            self.clear(overrides, "\"start! STAGE: REASON\" starts it against the verdict")?
        };
        Ok(vec![Fact::StageStarted { stage, decision }])
    }

    pub(super) fn moved(&self) -> Result<Vec<Fact>, Refusal> {
        match (self.state.ramp.current, self.state.ramp.current_track().map(|track| track.status)) {
            (Some(stage), Some(Status::Shifting)) => Ok(vec![Fact::TrafficMoved { stage, measured: None }]),
            (None, _) => not_now("no stage has started: there is nothing to have moved"),
            _ => not_now("no traffic is being moved"),
        }
    }

    pub(super) fn promote(&self, overrides: Option<&str>) -> Result<Vec<Fact>, Refusal> {
        self.named("promoting")?;
        self.running("the ramp")?;
        let Some(current) = self.state.ramp.current else {
            return not_now("no stage has started: \"start STAGE\" begins the ramp");
        };
        let next = self.state.next_stage(self.plan);
        if next.is_none() && self.state.ramp.stages[current.index()].status == Status::Passed {
            return not_now("the last stage is passed: \"finish OUTCOME\" closes the session");
        }
        let decision = self.clear(overrides, "\"promote! REASON\" promotes against the verdict")?;
        Ok(vec![match next {
            Some(stage) => Fact::StageStarted { stage, decision },
            None => Fact::RampCompleted { stage: current, decision },
        }])
    }

    pub(super) fn finish(&self, said: Outcome) -> Result<Vec<Fact>, Refusal> {
        self.named("finishing")?;
        if self.state.outcome.is_some() {
            return not_now("the session is closed");
        }
        self.no_worse()?;
        let earned = self.state.ramp.earned(self.plan);
        Ok(vec![Fact::SessionFinished { outcome: said.lower(earned), said, earned }])
    }

    /// Nothing can stand against these two.
    pub(super) fn hold(reason: &str) -> Vec<Fact> {
        vec![Fact::HoldSet { reason: reason.to_owned() }]
    }

    pub(super) fn roll_back(&self, reason: &str) -> Vec<Fact> {
        let decision = Decision::on(&self.state.verdict(), None);
        vec![Fact::RolledBack { reason: reason.to_owned(), decision }]
    }

    pub(super) fn resume(&self) -> Result<Vec<Fact>, Refusal> {
        self.named("ending a hold")?;
        if self.state.ramp.held.is_none() {
            return not_now("nothing is held");
        }
        Ok(vec![Fact::HoldReleased])
    }
}
