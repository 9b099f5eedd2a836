//! The one place where a command becomes facts, or is refused.
//!
//! Rollback, hold, notes and ticks are never refused for what the verdict is. Decisions that move
//! the cutover on are refused when the verdict is not GO, unless they say that they go against it,
//! and also then when it has got worse than what their maker saw.

use super::amend::{Amendment, Lost, lost};
use super::command::Command;
use super::event::{Decision, Evidence, Fact, Seen};
use super::names::{NameError, Names, Prefer};
use super::state::State;
use crate::judge::alerts::AlertsState;
use crate::judge::ramp::Course;
use crate::judge::{Alert, Call, GateState, Outcome, Status, TriggerState, Verdict};
use crate::plan::{Duty, GateId, ItemId, Plan, StageId, TriggerId};
use crate::text::{Millis, duration};
use std::sync::Arc;

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

fn not_now<T>(why: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::NotNow(why.into()))
}

/// Decides what a command makes happen.
///
/// # Errors
/// Why it is refused, with what stands against it or what the name may have meant.
pub fn decide(state: &State, intent: &Intent) -> Result<Vec<Fact>, Refusal> {
    let plan: &Plan = state.plan();
    Deciding { plan, state, intent, names: Names { plan, state } }.decide()
}

struct Deciding<'a> {
    plan: &'a Plan,
    state: &'a State,
    intent: &'a Intent,
    names: Names<'a>,
}

impl Deciding<'_> {
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
            Command::Finish { outcome } => self.finish(*outcome),
            Command::Hold { .. } | Command::Resume | Command::Rollback { .. } | Command::Note { .. } => self.word(),
            Command::Approve | Command::Reject { .. } => self.approval(),
            Command::Trip { trigger_and_reason } => self.trip(trigger_and_reason),
            Command::Dismiss { trigger_and_reason } => self.dismiss(trigger_and_reason),
            Command::Waive { gate_and_reason } => self.waive(gate_and_reason),
            Command::Reload { reason, amendment } => self.reload(reason, amendment.as_deref()),
            _ => self.item(),
        }
    }

    fn named(&self, what: &'static str) -> Result<(), Refusal> {
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

    fn start(&self, stage: StageId, overrides: Option<&str>) -> Result<Vec<Fact>, Refusal> {
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

    fn moved(&self) -> Result<Vec<Fact>, Refusal> {
        match (self.state.ramp.current, self.state.ramp.current_track().map(|track| track.status)) {
            (Some(stage), Some(Status::Shifting)) => Ok(vec![Fact::TrafficMoved { stage, measured: None }]),
            (None, _) => not_now("no stage has started: there is nothing to have moved"),
            _ => not_now("no traffic is being moved"),
        }
    }

    fn promote(&self, overrides: Option<&str>) -> Result<Vec<Fact>, Refusal> {
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

    fn finish(&self, said: Outcome) -> Result<Vec<Fact>, Refusal> {
        self.named("finishing")?;
        if self.state.outcome.is_some() {
            return not_now("the session is closed");
        }
        self.no_worse()?;
        let earned = self.state.ramp.earned(self.plan);
        Ok(vec![Fact::SessionFinished { outcome: said.lower(earned), said, earned }])
    }

    /// Words that nothing can stand against.
    fn word(&self) -> Result<Vec<Fact>, Refusal> {
        Ok(vec![match &self.intent.command {
            Command::Hold { reason } => Fact::HoldSet { reason: reason.clone() },
            Command::Rollback { reason } => {
                let decision = Decision::on(&self.state.verdict(), None);
                Fact::RolledBack { reason: reason.clone(), decision }
            }
            Command::Note { text } => Fact::Noted { text: text.clone() },
            _ => {
                self.named("ending a hold")?;
                if self.state.ramp.held.is_none() {
                    return not_now("nothing is held");
                }
                Fact::HoldReleased
            }
        }])
    }

    fn approval(&self) -> Result<Vec<Fact>, Refusal> {
        self.named("an approval")?;
        self.running("the ramp")?;
        let Some(stage) = self.state.ramp.current else {
            return not_now("no stage has started: there is nothing to approve");
        };
        Ok(vec![match &self.intent.command {
            Command::Reject { reason } => Fact::PromotionRejected { stage, reason: reason.clone() },
            _ => Fact::PromotionApproved { stage },
        }])
    }

    fn trip(&self, text: &str) -> Result<Vec<Fact>, Refusal> {
        let (triggers, reason) = match self.names.triggers(text) {
            Ok(triggers) => (triggers, "declared".to_owned()),
            Err(error) => self.names.triggers_and_reason(text).map_err(|_| error)?,
        };
        let declared = triggers.into_iter().map(|trigger| Fact::TriggerDeclared { trigger, reason: reason.clone() });
        Ok(declared.collect())
    }

    fn dismiss(&self, text: &str) -> Result<Vec<Fact>, Refusal> {
        self.named("dismissing a trigger")?;
        let (triggers, reason) = self.names.triggers_and_reason(text)?;
        if let Some(fixed) = triggers.iter().map(|id| self.plan.trigger(*id)).find(|trigger| !trigger.dismissable) {
            return not_now(format!("the plan lets nobody dismiss \"{}\"", fixed.text));
        }
        let state = |id: TriggerId| self.state.ramp.trigger_state(self.plan, id);
        let tripped = triggers.iter().filter(|id| matches!(state(**id), TriggerState::Tripped(_)));
        let facts: Vec<Fact> =
            tripped.map(|trigger| Fact::TriggerDismissed { trigger: *trigger, reason: reason.clone() }).collect();
        match triggers.first() {
            Some(first) if facts.is_empty() => {
                not_now(format!("\"{}\" is {}, not tripped", self.plan.trigger(*first).text, state(*first).word()))
            }
            _ => Ok(facts),
        }
    }

    fn waive(&self, text: &str) -> Result<Vec<Fact>, Refusal> {
        self.named("waiving a gate")?;
        self.running("the ramp")?;
        let read = |names: &Names<'_>, text: &str| gates_for(names, text);
        let ((gates, lasts), reason) = self.names.gates_and_reason(text, read)?;
        Ok(vec![Fact::GateWaived { gates, reason, lasts }])
    }

    fn reload(&self, reason: &str, amendment: Option<&Amendment>) -> Result<Vec<Fact>, Refusal> {
        self.named("amending the plan")?;
        if reason.trim().is_empty() {
            return Err(Refusal::NoReason { what: "amending the plan" });
        }
        let Some(Amendment { checklist, bindings, plan }) = amendment else {
            return not_now("the plan's files were not read again");
        };
        if self.state.ramp.course == Course::Finished {
            return not_now("the session is closed");
        }
        if **plan == *self.plan {
            return not_now("nothing has changed in the plan");
        }
        match lost(self.state, plan) {
            Some(Lost::Stage(stage)) => {
                return not_now(format!("the new plan has no stage {}, and it runs", self.plan.stage(stage).name));
            }
            Some(Lost::Tripped(trigger)) => {
                let text = &self.plan.trigger(trigger).text;
                return not_now(format!("the new plan has no trigger \"{text}\", and it is tripped: dismiss it first"));
            }
            None => {}
        }
        let (checklist, bindings, plan) = (checklist.clone(), bindings.clone(), Arc::clone(plan));
        Ok(vec![Fact::PlanAmended { reason: reason.to_owned(), checklist, bindings, plan }])
    }

    fn item(&self) -> Result<Vec<Fact>, Refusal> {
        match &self.intent.command {
            Command::Tick { item } => Ok(self.tick(self.names.item(item, Prefer::Open)?)),
            Command::Untick { item } => Ok(vec![Fact::ItemUnticked { item: self.names.item(item, Prefer::Done)? }]),
            Command::NotApplicable { item_and_reason } => self.not_applicable(item_and_reason),
            Command::Attest { section_and_reason } => self.attest(section_and_reason),
            other => not_now(format!("{other:?} is decided elsewhere")),
        }
    }

    /// Ticking a trigger's box says that it happened.
    fn tick(&self, item: ItemId) -> Vec<Fact> {
        let mut facts = vec![Fact::ItemTicked { item, evidence: self.evidence(item) }];
        let declared = self.plan.triggers.iter().position(|trigger| trigger.item == Some(item));
        facts.extend(
            declared.map(|at| Fact::TriggerDeclared {
                trigger: TriggerId::at(at),
                reason: "its box was ticked".to_owned(),
            }),
        );
        facts
    }

    fn not_applicable(&self, text: &str) -> Result<Vec<Fact>, Refusal> {
        let (item, reason) = match self.names.item_and_reason(text) {
            Ok(found) => found,
            Err(error) => {
                let item = self.names.item(text, Prefer::Open).map_err(|_| error)?;
                (item, String::new())
            }
        };
        let required = matches!(self.plan.item(item).duty, Duty::Start | Duty::Stage);
        if required && reason.is_empty() {
            return Err(Refusal::NoReason { what: "leaving out a required item" });
        }
        Ok(vec![Fact::ItemNotApplicable { item, reason }])
    }

    fn attest(&self, text: &str) -> Result<Vec<Fact>, Refusal> {
        self.named("attesting a section")?;
        let (section, reason) = self.names.section_and_reason(text)?;
        let inside = |mut at: Option<crate::plan::SectionId>| {
            while let Some(id) = at {
                if id == section {
                    return true;
                }
                at = self.plan.sections[id.index()].parent;
            }
            false
        };
        // A trigger's box says that it happened, and a choice is made for one answer: neither is attested.
        let is_trigger = |at: usize| self.plan.triggers.iter().any(|trigger| trigger.item == Some(ItemId::at(at)));
        let open = |(at, item): &(usize, &crate::plan::Item)| {
            inside(item.section) && item.choice.is_none() && !is_trigger(*at) && !self.state.ramp.done[*at]
        };
        let items = self.plan.items.iter().enumerate().filter(open).map(|(at, _)| ItemId::at(at)).collect();
        Ok(vec![Fact::SectionAttested { section, items, reason }])
    }

    /// What a tick sees at this second: its gate, or its health endpoint.
    fn evidence(&self, item: ItemId) -> Option<Evidence> {
        let gate = self.plan.gates.iter().position(|gate| gate.item == Some(item));
        if let Some(at) = gate {
            return Some(self.gate_evidence(GateId::at(at)));
        }
        if self.plan.alerts.as_ref().is_some_and(|alerts| alerts.items.contains(&item)) {
            return self.alerts_evidence();
        }
        let at = self.plan.health.iter().position(|health| health.items.contains(&item))?;
        let state = self.state.ramp.health_states(self.plan).nth(at)?;
        let text = format!("{} {state}", self.plan.health[at].name);
        Some(Evidence { state: state.word().to_owned(), text, value: None, age: None })
    }

    fn alerts_evidence(&self) -> Option<Evidence> {
        let named = |alerts: &[&Alert]| alerts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let (state, text) = match self.state.ramp.alerts_state(self.plan)? {
            AlertsState::Known { new, .. } if !new.is_empty() => ("firing", named(&new)),
            AlertsState::Known { old, .. } if old.is_empty() => ("quiet", "no alert fires".to_owned()),
            AlertsState::Known { old, .. } => ("quiet", format!("firing since before the ramp: {}", named(&old))),
            AlertsState::Unknown { why, .. } => ("unknown", format!("{}: {}", why.code, why.detail)),
        };
        Some(Evidence { state: state.to_owned(), text, value: None, age: None })
    }

    fn gate_evidence(&self, id: GateId) -> Evidence {
        let (gate, track) = (self.plan.gate(id), &self.state.ramp.gates[id.index()]);
        let state = track.word().to_owned();
        match &track.state {
            GateState::Unknown(unknown) => {
                Evidence { state, text: format!("{}: {}", unknown.code, unknown.detail), value: None, age: None }
            }
            GateState::Pass(weighed) | GateState::Breaching(weighed) | GateState::Failing(weighed) => Evidence {
                state,
                text: format!("{} (limit {})", gate.pass.show(weighed.value), gate.pass),
                value: Some(weighed.value),
                age: Some(weighed.age),
            },
        }
    }
}

/// `METRIC`, or `METRIC 30m`.
fn gates_for(names: &Names<'_>, text: &str) -> Result<(Vec<GateId>, Option<Millis>), NameError> {
    if let Some((metric, last)) = text.rsplit_once(' ')
        && let Ok(lasts) = duration::parse(last)
    {
        return Ok((names.gates(metric)?, Some(lasts)));
    }
    Ok((names.gates(text)?, None))
}

fn not_go(verdict: &Verdict, instead: &'static str) -> Refusal {
    let reasons = verdict.reasons.iter().map(|reason| reason.text.clone()).collect();
    Refusal::NotGo { call: verdict.call, reasons, instead }
}
