//! The one place where a command becomes facts, or is refused.
//!
//! Rollback, hold, notes and ticks are never refused for what the verdict is. Decisions that move
//! the cutover on are refused when the verdict is not GO, unless they say that they go against it,
//! and also then when it has got worse than what their maker saw.

mod amend;
mod course;
mod evidence;
mod gates;
mod items;

use super::command::Command;
use super::event::{Decision, Fact, Seen};
use super::names::{NameError, Names, Prefer};
use super::record::note;
use super::state::State;
use crate::judge::ramp::Course;
use crate::judge::{Call, Verdict};
use crate::plan::Plan;

/// A command with who gives it and the verdict they saw.
#[derive(Clone, Debug, PartialEq)]
pub struct Intent {
    pub command: Command,
    /// Empty where nobody said who acts.
    pub by: String,
    /// The reasons on the screen when the command was given; none where nothing was shown.
    pub seen: Option<Seen>,
}

/// Why a command is not carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("{0}")]
    Name(NameError),
    #[error("{what} needs a name: say who acts")]
    NoActor { what: &'static str },
    #[error("{what} needs a reason")]
    NoReason { what: &'static str },
    /// The verdict is not GO.
    #[error("the verdict is {call}: {}; {instead}", .reasons.join("; "))]
    NotGo { call: Call, reasons: Vec<String>, instead: &'static str },
    /// The verdict has got worse since its maker looked.
    #[error("the verdict has got worse since you looked: {}", .news.join("; "))]
    Worse { news: Vec<String> },
    /// It cannot be done as things stand.
    #[error("{0}")]
    NotNow(String),
}

impl From<NameError> for Refusal {
    fn from(error: NameError) -> Self {
        Self::Name(error)
    }
}

pub(super) fn not_now<T>(why: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::NotNow(why.into()))
}

/// Decides what a command makes happen.
///
/// # Errors
/// Why it is refused, with what stands against it or what the name may have meant.
pub fn decide(state: &State, intent: &Intent) -> Result<Vec<Fact>, Refusal> {
    let plan: &Plan = state.plan();
    Case { plan, state, intent, names: Names { plan, state } }.decide()
}

/// A command before its state and plan: what the files of this folder decide by.
#[derive(Debug)]
pub struct Case<'a> {
    pub plan: &'a Plan,
    pub state: &'a State,
    pub intent: &'a Intent,
    pub names: Names<'a>,
}

impl Case<'_> {
    fn decide(&self) -> Result<Vec<Fact>, Refusal> {
        match &self.intent.command {
            Command::Start { stage } => self.start(self.names.stage(stage)?, None),
            Command::StartAnyway { stage_and_reason } => {
                let (stage, reason) = self.names.stage_and_reason(stage_and_reason)?;
                self.start(stage, Some(&reason))
            }
            Command::Moved => self.moved(),
            Command::Promote => self.promote(None),
            Command::PromoteAnyway { reason } => self.promote(Some(reason)),
            Command::Hold { reason } => Ok(Self::hold(reason)),
            Command::Resume => self.resume(),
            Command::Rollback { reason } => Ok(self.roll_back(reason)),
            Command::Finish { outcome } => self.finish(*outcome),
            Command::Tick { item } => Ok(self.tick(self.names.item(item, Prefer::Open)?)),
            Command::Untick { item } => Ok(vec![Fact::ItemUnticked { item: self.names.item(item, Prefer::Done)? }]),
            Command::NotApplicable { item_and_reason } => self.not_applicable(item_and_reason),
            Command::Attest { section_and_reason } => self.attest(section_and_reason),
            Command::Note { text } => note::noted(self.state, text).map(|note| vec![note]),
            Command::Waive { gate_and_reason } => self.waive(gate_and_reason),
            Command::Approve => self.approve(),
            Command::Reject { reason } => self.reject(reason),
            Command::Trip { trigger_and_reason } => self.trip(trigger_and_reason),
            Command::Dismiss { trigger_and_reason } => self.dismiss(trigger_and_reason),
            Command::Reload { reason, amendment } => self.reload(reason, amendment.as_deref()),
            Command::Said(said) => said.decide(self),
        }
    }

    pub(super) fn named(&self, what: &'static str) -> Result<(), Refusal> {
        if self.intent.by.trim().is_empty() { Err(Refusal::NoActor { what }) } else { Ok(()) }
    }

    fn running(&self, what: &str) -> Result<(), Refusal> {
        match &self.state.ramp.course {
            Course::RolledBack { .. } => not_now(format!("{what} is over: it was rolled back")),
            Course::Finished => not_now(format!("{what} is over: the session is closed")),
            Course::Before | Course::Running => Ok(()),
        }
    }

    /// The verdict, where it has not got worse than what the decision's maker saw.
    fn no_worse(&self) -> Result<Verdict, Refusal> {
        let verdict = self.state.verdict();
        let seen = self.intent.seen.as_deref();
        let news = seen.map_or_else(Vec::new, |seen| verdict.news_since(seen));
        let news: Vec<_> = news.into_iter().map(|reason| reason.text.clone()).collect();
        if news.is_empty() { Ok(verdict) } else { Err(Refusal::Worse { news }) }
    }

    /// The verdict a decision is made on, where it may be made.
    fn clear(&self, overrides: Option<&str>, instead: &'static str) -> Result<Decision, Refusal> {
        let verdict = self.no_worse()?;
        match overrides {
            None if verdict.call != Call::Go => Err(not_go(&verdict, instead)),
            Some(reason) if reason.trim().is_empty() => Err(Refusal::NoReason { what: "going against the verdict" }),
            // Saying it on GO goes against nothing.
            _ => Ok(Decision::on(&verdict, overrides.filter(|_| verdict.call != Call::Go).map(str::to_owned))),
        }
    }
}

fn not_go(verdict: &Verdict, instead: &'static str) -> Refusal {
    let reasons = verdict.reasons.iter().map(|reason| reason.text.clone()).collect();
    Refusal::NotGo { call: verdict.call, reasons, instead }
}
