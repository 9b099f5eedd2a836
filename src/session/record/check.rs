//! What is looked at again and again: `done Check metrics`, and when it is due next.

use super::{Entry, Name, Paper};
use crate::plan::{CheckId, Plan, StageId};
use crate::session::command::Word;
use crate::session::command::word::By;
use crate::session::decide::{Case, Refusal};
use crate::session::event::{Event, Fact};
use crate::session::state::{Mark, State};
use serde::{Deserialize, Serialize};

pub static DONE: Word = Word::said("done CHECK", "say that a recurring check was made", By::Anybody, done);

/// A recurring check was made once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckDone {
    pub check: CheckId,
}

fn done(case: &Case<'_>, text: &str) -> Result<Vec<Fact>, Refusal> {
    let check = case.names.check(text)?;
    Ok(vec![Fact::CheckDone(CheckDone { check })])
}

impl Paper for CheckDone {
    fn names(&self) -> Vec<Name> {
        vec![Name::Check(self.check)]
    }

    fn fold(&self, state: &mut State, event: &Event) {
        state.record.checks[self.check.index()].push(Entry::new((), event));
        // The last one of its window ticks its line.
        let plan = std::sync::Arc::clone(state.plan());
        let Some(item) = plan.recurring[self.check.index()].item else { return };
        if state.rhythm(self.check).is_some_and(|rhythm| rhythm.next.is_none()) {
            state.mark(event, item, true, Mark::Ticked { evidence: None });
        }
    }

    fn tell(&self, plan: &Plan) -> String {
        format!("checked \"{}\"", plan.recurring[self.check.index()].text)
    }
}

/// Where a recurring check stands; wall-clock times, unix milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rhythm {
    pub from: i64,
    /// None where nobody said for how long.
    pub until: Option<i64>,
    /// When it is due next; none when its window is over.
    pub next: Option<i64>,
    pub times: usize,
}

impl State {
    /// Where a recurring check stands; none before what it watches has begun. Checks that follow one
    /// another in the checklist, each for so long, follow one another in time: `first 2 hours`,
    /// `next 6 hours`.
    #[must_use]
    pub fn rhythm(&self, check: CheckId) -> Option<Rhythm> {
        let plan = self.plan();
        let recurring = &plan.recurring[check.index()];
        let section = plan.section_at(recurring.line);
        let before = plan.recurring[..check.index()].iter().rev();
        let before = before.take_while(|other| plan.section_at(other.line) == section);
        let skipped: i64 = before.filter_map(|other| other.span).map(|span| signed(span.0)).sum();
        let from = self.watch_began(recurring.line)? + skipped;
        let until = recurring.span.map(|span| from + signed(span.0));
        let made = &self.record.checks[check.index()];
        let last = made.last().map_or(from, |entry| entry.at.max(from));
        let due = last + signed(recurring.every.0);
        // What a stage asks for, and what nobody gave an end, ends with the session; the days after go on.
        let is_of_the_night = self.stage_at(recurring.line).is_some() || until.is_none();
        let is_over = until.is_some_and(|until| due > until) || (is_of_the_night && self.outcome.is_some());
        let next = if is_over { None } else { Some(due) };
        Some(Rhythm { from, until, next, times: made.len() })
    }

    /// When what a line watches began: the stage that it stands in, else the whole traffic.
    fn watch_began(&self, line: u32) -> Option<i64> {
        match self.stage_at(line) {
            Some(stage) => self.record.laps[stage.index()].began,
            None => self.record.whole_traffic(self.plan()),
        }
    }

    /// The stage that the item of a line stands in.
    fn stage_at(&self, line: u32) -> Option<StageId> {
        self.plan().items.iter().find(|item| item.line == line)?.stage
    }
}

fn signed(span: u64) -> i64 {
    i64::try_from(span).unwrap_or(i64::MAX / 4)
}
