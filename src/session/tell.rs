//! Events as sentences, the same on every screen, line and page.

use super::event::{Decision, Event, Fact};
use super::state::State;
use crate::judge::Outcome;
use crate::plan::notify::Occasion;
use crate::plan::{GateId, Plan, StageId};
use crate::text::{Millis, number};

/// Says what happened in a session, without when: `Ana started 25%`. None for a poll.
#[must_use]
pub fn tell(state: &State, event: &Event) -> Option<String> {
    let plan: &Plan = state.plan_at(event.seq);
    let who = if event.by.is_empty() { "somebody" } else { event.by.as_str() };
    let stage = |stage: &StageId| plan.stage(*stage).name.as_str();
    let item = |item: &crate::plan::ItemId| plan.item(*item).text.as_str();
    let trigger = |trigger: &crate::plan::TriggerId| plan.trigger(*trigger).text.as_str();
    Some(match &event.fact {
        Fact::Polled(_) => return None,
        Fact::VerdictChanged { call, reasons } => match reasons.first() {
            None => call.word().to_owned(),
            Some(first) if reasons.len() == 1 => format!("{call}: {first}"),
            Some(first) => format!("{call}: {first} (and {} more)", reasons.len() - 1),
        },
        Fact::SessionResumed { host, program } => resumed(&event.by, host, program),
        Fact::LogRecovered { offset, bytes, .. } => recovered(*offset, *bytes),
        Fact::StageStarted { stage: id, decision } => format!("{who} started {}{}", stage(id), against(decision)),
        Fact::TrafficMoved { stage: id, measured } => moved(who, stage(id), *measured),
        Fact::RampCompleted { stage: id, decision } => {
            format!("{who} passed {}, the last stage{}", stage(id), against(decision))
        }
        Fact::HoldSet { reason } => with_reason(format!("{who} said hold"), reason),
        Fact::HoldReleased => format!("{who} ended the hold"),
        Fact::RolledBack { reason, .. } => with_reason(format!("{who} decided to roll back"), reason),
        Fact::ItemTicked { item: id, evidence } => {
            let evidence = evidence.as_ref().map(|seen| format!(" on {}: {}", seen.state, seen.text));
            format!("{who} ticked \"{}\"{}", item(id), evidence.unwrap_or_default())
        }
        Fact::ItemUnticked { item: id } => format!("{who} opened \"{}\" again", item(id)),
        Fact::ItemNotApplicable { item: id, reason } => {
            with_reason(format!("{who} marked \"{}\" as not applicable", item(id)), reason)
        }
        Fact::SectionAttested { section, items, reason } => {
            let title = &plan.sections[section.index()].title;
            with_reason(format!("{who} attested \"{title}\" ({} items)", items.len()), reason)
        }
        Fact::Noted { text } => format!("{who} noted: {text}"),
        Fact::GateWaived { gates, reason, lasts } => {
            with_reason(format!("{who} waived {}{}", names(plan, gates), until(*lasts)), reason)
        }
        Fact::PromotionApproved { stage: id } => format!("{who} approved leaving {}", stage(id)),
        Fact::PromotionRejected { stage: id, reason } => {
            with_reason(format!("{who} rejected leaving {}", stage(id)), reason)
        }
        Fact::TriggerDeclared { trigger: id, reason } => {
            with_reason(format!("{who} declared the trigger \"{}\"", trigger(id)), reason)
        }
        Fact::TriggerDismissed { trigger: id, reason } => {
            with_reason(format!("{who} dismissed the trigger \"{}\"", trigger(id)), reason)
        }
        Fact::PlanAmended { reason, .. } => {
            with_reason(format!("{who} amended the plan ({})", counted(state.changes(event).len())), reason)
        }
        Fact::EntryStarred(star) => format!("{who} starred {}", entry(state, star.entry)),
        Fact::EntryUnstarred(star) => format!("{who} took the star off {}", entry(state, star.entry)),
        Fact::GapBackfilled { credited, .. } => backfilled(*credited),
        Fact::NotificationLost { target, of, why } => untold(target, *of, why),
        Fact::SessionFinished { outcome, said, earned } => finished(who, *outcome, *said, *earned),
        Fact::SessionClosed { outcome, records, head } => closed(*outcome, *records, head),
        fact => format!("{who} {}", fact.paper()?.tell(plan)),
    })
}

/// An earlier entry, by its number and what it tells.
fn entry(state: &State, seq: u64) -> String {
    let found = state.timeline.binary_search_by_key(&seq, |event| event.seq);
    let told = found.ok().and_then(|at| tell(state, &state.timeline[at]));
    told.map_or_else(|| format!("#{seq}"), |told| format!("#{seq}: {told}"))
}

fn finished(who: &str, outcome: Outcome, said: Outcome, earned: Outcome) -> String {
    let lowered = format!(" (said {}, earned {})", said.word(), earned.word());
    let lowered = if outcome == said { "" } else { &lowered };
    format!("{who} closed the session: {}{lowered}", outcome.word())
}

fn untold(target: &str, of: Option<Occasion>, why: &str) -> String {
    match of {
        Some(of) => format!("[notify.{target}] was not told of the {}: {why}", of.word()),
        None => format!("[notify.{target}] cannot be told anything: {why}"),
    }
}

fn backfilled(credited: Millis) -> String {
    if credited.is_zero() {
        return "the gap was looked into afterwards: nothing of it is proven clean".to_owned();
    }
    format!("the gap was looked into afterwards: {credited} of it are proven clean")
}

fn moved(who: &str, stage: &str, measured: Option<f64>) -> String {
    match measured {
        Some(share) => format!("the traffic has moved to {stage}: {} % was measured", number::show(share)),
        None => format!("{who}: the traffic has moved to {stage}"),
    }
}

fn resumed(by: &str, host: &str, program: &str) -> String {
    if by.is_empty() {
        format!("resumed on {host} by {program}")
    } else {
        format!("{by} took over on {host}, {program}")
    }
}

fn recovered(offset: u64, bytes: u64) -> String {
    format!("a torn end of the log was set aside: {bytes} bytes from byte {offset} on")
}

fn closed(outcome: Outcome, records: u64, head: &str) -> String {
    let short = head.get(..12).unwrap_or(head);
    format!("the log is closed: {}, {records} events, head {short}", outcome.word())
}

fn counted(changes: usize) -> String {
    if changes == 1 { "1 change".to_owned() } else { format!("{changes} changes") }
}

fn against(decision: &Decision) -> String {
    match &decision.overrides {
        None => String::new(),
        Some(reason) => format!(", OVERRIDING {} because: {reason}", decision.verdict),
    }
}

fn with_reason(what: String, reason: &str) -> String {
    if reason.is_empty() { what } else { format!("{what}: {reason}") }
}

fn names(plan: &Plan, gates: &[GateId]) -> String {
    let mut names: Vec<&str> = gates.iter().map(|gate| plan.gate(*gate).name.as_str()).collect();
    names.dedup();
    names.join(", ")
}

fn until(lasts: Option<Millis>) -> String {
    lasts.map_or_else(|| " until its stage ends".to_owned(), |lasts| format!(" for {lasts}"))
}
