//! When stages and the night itself began and ended, by the wall clock: what people write behind
//! "Start Time".

use super::Record;
use crate::judge::Status;
use crate::plan::{Plan, StageId, StageKind};
use crate::session::event::{Event, Fact};
use crate::session::state::State;

/// Wall-clock times, unix milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lap {
    pub began: Option<i64>,
    pub ended: Option<i64>,
}

impl Lap {
    /// How long it took, milliseconds; none while it goes on.
    #[must_use]
    pub fn took(self) -> Option<i64> {
        Some(self.ended? - self.began?)
    }
}

/// The whole: from the first start to the last promotion or the close.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whole {
    pub lap: Lap,
    /// Who started the first stage.
    pub by: String,
    /// When the session was finished.
    pub closed: Option<i64>,
}

impl State {
    /// Takes the times of an event that was folded.
    pub(in crate::session) fn keep_time(&mut self, event: &Event) {
        for (at, track) in self.ramp.stages.iter().enumerate() {
            let lap = &mut self.record.laps[at];
            match track.status {
                Status::Shifting | Status::Active if lap.began.is_none() || lap.ended.is_some() => {
                    *lap = Lap { began: lap.began.or(Some(event.at)), ended: None };
                }
                Status::Passed | Status::RolledBack if lap.ended.is_none() => lap.ended = Some(event.at),
                _ => {}
            }
        }
        let whole = &mut self.record.whole;
        match &event.fact {
            Fact::StageStarted { .. } if whole.lap.began.is_none() => {
                whole.lap.began = Some(event.at);
                whole.by.clone_from(&event.by);
            }
            Fact::RampCompleted { .. } | Fact::RolledBack { .. } => whole.lap.ended = Some(event.at),
            Fact::SessionFinished { .. } => {
                whole.closed = Some(event.at);
                whole.lap.ended = whole.lap.ended.or(Some(event.at));
            }
            _ => {}
        }
    }
}

impl Record {
    /// When the new version first had the whole traffic, as far as the stages know; else when the
    /// last stage was passed.
    #[must_use]
    pub fn whole_traffic(&self, plan: &Plan) -> Option<i64> {
        let last = plan.stages.iter().rposition(|stage| stage.kind == StageKind::Ramp);
        last.map(StageId::at).and_then(|id| self.laps[id.index()].began).or(self.whole.lap.ended)
    }
}
