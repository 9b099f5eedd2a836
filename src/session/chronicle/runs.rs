//! Each time that a stage was run: one that was gone back to has several.

use super::Instant;
use crate::judge::Status;
use crate::plan::StageId;
use crate::session::event::{Event, Fact};
use crate::session::state::State;
use crate::text::Millis;

/// One run of a stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// In the plan that was in force at the last event of the run.
    pub stage: StageId,
    /// Its name, whatever the plan is now.
    pub name: String,
    pub started: Instant,
    /// When the traffic had moved.
    pub moved: Option<Instant>,
    pub ended: Option<Instant>,
    pub status: Status,
    /// Clean time that was wanted; clock time for an observation period.
    pub planned: Option<Millis>,
    /// Clean time that was earned.
    pub earned: Millis,
    /// Confirmed breaches that set the soak to zero.
    pub resets: u32,
}

pub(super) fn record(runs: &mut Vec<Run>, event: &Event, state: &State, now: Instant) {
    if let Fact::StageStarted { stage, .. } = event.fact {
        if let Some(last) = runs.last_mut() {
            last.end(state, now);
        }
        let plan = state.plan().stage(stage);
        runs.push(Run {
            stage,
            name: plan.name.clone(),
            started: now,
            moved: None,
            ended: None,
            status: Status::Shifting,
            planned: plan.soak,
            earned: Millis::ZERO,
            resets: 0,
        });
    }
    if let Some(last) = runs.last_mut() {
        last.follow(event, state, now);
    }
}

impl Run {
    /// The stage was left for another one.
    fn end(&mut self, state: &State, now: Instant) {
        if self.ended.is_none() {
            self.ended = Some(now);
            self.status = state.ramp.stages.get(self.stage.index()).map_or(Status::Passed, |track| track.status);
        }
    }

    /// Takes over what the ramp says of the stage that runs.
    fn follow(&mut self, event: &Event, state: &State, now: Instant) {
        let Some(current) = state.ramp.current.filter(|_| self.ended.is_none()) else { return };
        if matches!(event.fact, Fact::PlanAmended { .. }) {
            self.stage = current;
            self.planned = state.plan().stage(current).soak;
        }
        let track = &state.ramp.stages[current.index()];
        if self.moved.is_none() && track.moved_at.is_some() {
            self.moved = Some(now);
        }
        (self.status, self.earned, self.resets) = (track.status, track.soak, track.resets);
        if track.ended_at.is_some() {
            self.ended = Some(now);
        }
    }
}
