//! The whole night beside the state: what a review draws and a report tells, and the fold does not
//! keep.
//!
//! It is filled while the log is folded, event by event, and holds figures in columns: a day of
//! fifty gates is a few dozen megabytes, and a stretch of it is a slice.
//!
//! - [`series`]: every reading of each metric.
//! - [`judged`]: what each gate stood at where it counted, and its breaches.
//! - [`runs`]: each time that a stage was run.
//! - [`spells`]: verdicts, alerts and endpoints that were down, from when to when.

pub mod judged;
pub mod runs;
pub mod series;
pub mod spells;

pub use judged::{Breach, Judged, Standing};
pub use runs::Run;
pub use series::Series;
pub use spells::{AlertSpell, CallSpell, DownSpell};

use super::event::{Event, Fact};
use super::state::State;
use crate::judge::{Batch, Moment};
use crate::plan::Plan;

/// A moment by both clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Instant {
    pub moment: Moment,
    /// Unix milliseconds.
    pub at: i64,
}

/// A poll, by its place among all of them.
pub type PollIndex = u32;

/// The night, as far as it has been folded.
#[derive(Clone, Debug, Default)]
pub struct Chronicle {
    /// When each poll came, oldest first.
    pub polls: Vec<Instant>,
    /// When each entry of the state's timeline came, one for one.
    pub entries: Vec<Instant>,
    pub series: series::AllSeries,
    pub judged: judged::AllJudged,
    pub runs: Vec<Run>,
    pub calls: Vec<CallSpell>,
    pub alerts: spells::Alerts,
    pub endpoints: spells::Endpoints,
}

impl Chronicle {
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        let mut chronicle = Self::default();
        chronicle.series.adopt(plan);
        chronicle.judged.adopt(plan);
        chronicle
    }

    /// Takes in an event, with the state that it has led to.
    pub fn record(&mut self, event: &Event, state: &State) {
        let now = Instant { moment: state.ramp.now, at: event.at };
        match &event.fact {
            Fact::Polled(batch) => self.poll(now, batch, state),
            Fact::VerdictChanged { call, reasons } => {
                self.calls.push(CallSpell { from: now, seq: event.seq, call: *call, reasons: reasons.clone() });
            }
            Fact::PlanAmended { plan, .. } => {
                self.series.adopt(plan);
                self.judged.adopt(plan);
            }
            _ => {}
        }
        runs::record(&mut self.runs, event, state, now);
        if !matches!(event.fact, Fact::Polled(_)) {
            self.entries.push(now);
        }
    }

    fn poll(&mut self, now: Instant, batch: &Batch, state: &State) {
        let poll = PollIndex::try_from(self.polls.len()).unwrap_or(PollIndex::MAX);
        self.polls.push(now);
        self.series.record(poll, batch);
        self.judged.record(poll, now, state);
        self.alerts.record(now, batch);
        self.endpoints.record(now, batch, state.plan());
    }

    /// When a poll came.
    #[must_use]
    pub fn poll_at(&self, poll: PollIndex) -> Instant {
        self.polls.get(poll as usize).copied().unwrap_or_default()
    }

    /// The verdicts, each with the moment at which it ended; the last one at `end`.
    pub fn calls_until(&self, end: Moment) -> impl Iterator<Item = (&CallSpell, Moment)> {
        let ends = self.calls.iter().skip(1).map(|spell| spell.from.moment).chain([end]);
        self.calls.iter().zip(ends)
    }
}
