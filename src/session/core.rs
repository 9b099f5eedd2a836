//! A session without its log: facts in, events out, and the state they fold to.
//!
//! Live, rehearsed and resumed sessions all go through here, so that there is one place in which
//! events are numbered and the shown verdict is recorded.

use super::decide::{Intent, Refusal, decide};
use super::event::{Event, Fact};
use super::state::State;
use crate::judge::{Batch, Look, Verdict};
use crate::plan::Plan;
use crate::text::Millis;
use std::sync::Arc;

/// When something happens, by both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    /// The wall clock, unix milliseconds.
    pub at: i64,
    /// Since the process began.
    pub mono: Millis,
}

/// A session as it runs.
#[derive(Clone, Debug)]
pub struct Core {
    state: Arc<State>,
}

impl Core {
    /// A session that begins now.
    #[must_use]
    pub fn new(plan: Arc<Plan>, began_at: i64) -> Self {
        Self { state: Arc::new(State::new(plan, began_at)) }
    }

    /// The plan in force.
    #[must_use]
    pub fn plan(&self) -> &Arc<Plan> {
        self.state.plan()
    }

    #[must_use]
    pub fn state(&self) -> &Arc<State> {
        &self.state
    }

    /// Whether the session is finished: what still comes are follow-ups.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.state.outcome.is_some()
    }

    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.state.verdict()
    }

    /// Takes in an event that is already in the log.
    pub fn replay(&mut self, event: &Event) {
        Arc::make_mut(&mut self.state).apply(event);
    }

    /// Records what one poll found.
    pub fn poll(&mut self, when: When, batch: Batch) -> Vec<Event> {
        let polled = self.push(when, "", Fact::Polled(batch));
        // What the poll proves beyond a reading is a fact of its own: a fold finds it in the log
        // and decides nothing.
        let moved = self.state.ramp.measured_move(self.plan());
        let moved = moved.map(|(stage, share)| Fact::TrafficMoved { stage, measured: Some(share) });
        let mut events = vec![polled];
        events.extend(self.record(when, "", moved.into_iter().collect()));
        events
    }

    /// Records what the sources remember of a gap.
    pub fn backfill(&mut self, when: When, looks: Vec<Look>) -> Vec<Event> {
        let credited = self.state_at(when).ramp.backfill(self.plan(), &looks);
        self.record(when, "", vec![Fact::GapBackfilled { looks, credited }])
    }

    /// The state at a moment: time has passed since the last event, and waivers and soaks with it.
    #[must_use]
    pub fn state_at(&self, when: When) -> State {
        let mut state = State::clone(&self.state);
        let now = state.moment_of(&Event {
            seq: 0,
            at: when.at,
            mono: when.mono,
            by: String::new(),
            fact: Fact::HoldReleased,
        });
        state.ramp.pass_time(self.plan(), now);
        state
    }

    /// Carries out a command.
    ///
    /// # Errors
    /// Why it is refused; nothing is changed then.
    pub fn intend(&mut self, when: When, intent: &Intent) -> Result<Vec<Event>, Refusal> {
        let facts = decide(&self.state_at(when), intent)?;
        Ok(self.record(when, &intent.by, facts))
    }

    /// Closes the log of a finished session behind its last event, whose hash is its head; none
    /// where the session goes on, or is closed there already.
    pub fn close(&mut self, when: When, head: &str) -> Option<Event> {
        let outcome = self.state.outcome?;
        let last = self.state.timeline.last()?;
        if matches!(last.fact, Fact::SessionClosed { .. }) && last.seq == self.state.seq {
            return None;
        }
        let records = self.state.seq;
        Some(self.push(when, "", Fact::SessionClosed { outcome, records, head: head.to_owned() }))
    }

    /// Numbers facts, folds them, and records the verdict where it has changed.
    pub fn record(&mut self, when: When, by: &str, facts: Vec<Fact>) -> Vec<Event> {
        let mut events: Vec<Event> = facts.into_iter().map(|fact| self.push(when, by, fact)).collect();
        let verdict = self.verdict();
        if !self.state.shown.as_ref().is_some_and(|shown| shown.says_the_same(&verdict)) {
            let Verdict { call, reasons, .. } = verdict;
            events.push(self.push(when, "", Fact::VerdictChanged { call, reasons }));
        }
        events
    }

    fn push(&mut self, when: When, by: &str, fact: Fact) -> Event {
        let event = Event { seq: self.state.seq + 1, at: when.at, mono: when.mono, by: by.to_owned(), fact };
        self.replay(&event);
        event
    }
}
