//! When stages and the night itself began and ended, by the wall clock: what people write behind
//! "Start Time".

use super::Record;
use crate::judge::Status;
use crate::plan::{Plan, SectionId, StageId, StageKind};
use crate::session::event::{Event, Fact, show_span};
use crate::session::state::State;
use crate::text::Millis;
use std::fmt;

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

/// How long a phase takes, beside how long it was to take; milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    pub took: i64,
    /// As planned: at least and at most.
    pub least: i64,
    pub most: i64,
    pub goes_on: bool,
}

impl Pace {
    /// How much longer than planned; negative while there is time left.
    #[must_use]
    pub const fn over(self) -> i64 {
        self.took - self.most
    }
}

/// `08m of 10m to 15m`, `took 19m, 4m over`.
impl fmt::Display for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let took = show_span(self.took);
        match (self.goes_on, self.over() > 0) {
            (true, false) if self.least == self.most => write!(f, "{took} of {}", show_span(self.most)),
            (true, false) => write!(f, "{took} of {} to {}", show_span(self.least), show_span(self.most)),
            (true, true) => write!(f, "{took}, {} over", show_span(self.over())),
            (false, true) => write!(f, "took {took}, {} over", show_span(self.over())),
            (false, false) => write!(f, "took {took}"),
        }
    }
}

impl State {
    /// How a section keeps to its planned duration at a moment of the wall clock; none where nothing is
    /// planned, or nothing has begun.
    #[must_use]
    pub fn pace_of(&self, section: SectionId, now: i64) -> Option<Pace> {
        let plan = self.plan();
        let planned = plan.durations.iter().find(|planned| plan.section_at(planned.line) == Some(section))?;
        let lap = self.lap_of(plan, section)?;
        let ended = lap.ended.or(self.record.whole.closed);
        let span = |span: Millis| i64::try_from(span.0).unwrap_or(i64::MAX);
        Some(Pace {
            took: ended.unwrap_or(now) - lap.began?,
            least: span(planned.least),
            most: span(planned.most),
            goes_on: ended.is_none(),
        })
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
