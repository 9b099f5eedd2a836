//! What would have been said with another limit: the same night, folded with a plan that differs in
//! one figure.

use super::Result;
use super::archive::Archive;
use crate::judge::{Call, Reason};
use crate::plan::{Limit, Plan};
use crate::session::chronicle::Instant;
use crate::session::event::{Event, Fact};
use crate::session::log::Reader;
use crate::session::state::State;
use std::sync::Arc;

/// A stretch of the night in which the verdict would have been another one.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    pub from: Instant,
    /// None where it would have lasted to the end.
    pub until: Option<Instant>,
    pub was: Call,
    pub would: Call,
    /// Why, at its beginning; empty for GO.
    pub reasons: Vec<Reason>,
}

/// A limit that cannot be put in the place of a gate's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoSuchLimit {
    #[error("expected a gate and its limit, such as \"error rate < 1 %\", got \"{0}\"")]
    NotRead(String),
    #[error("no gate is called \"{name}\"; there are: {}", .known.join(", "))]
    NoGate { name: String, known: Vec<String> },
    #[error("{gate} is measured in another unit than \"{limit}\" is written in")]
    OtherUnit { gate: String, limit: String },
}

/// A gate with the limit to try.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    pub gate: String,
    pub limit: Limit,
}

impl Trial {
    /// Reads `error rate < 1 %` for a plan.
    ///
    /// # Errors
    /// What of it the plan does not have.
    pub fn read(plan: &Plan, text: &str) -> std::result::Result<Self, NoSuchLimit> {
        let wanted = text.trim().to_lowercase();
        let named = plan.gates.iter().filter(|gate| wanted.starts_with(&gate.name.to_lowercase()));
        let Some(gate) = named.max_by_key(|gate| gate.name.len()) else {
            let mut known: Vec<String> = plan.gates.iter().map(|gate| gate.name.clone()).collect();
            known.dedup();
            return Err(NoSuchLimit::NoGate { name: text.to_owned(), known });
        };
        let rest: String = wanted.chars().skip(gate.name.chars().count()).collect();
        let limit = Limit::read(rest.trim()).ok_or_else(|| NoSuchLimit::NotRead(text.to_owned()))?;
        let other = || NoSuchLimit::OtherUnit { gate: gate.name.clone(), limit: limit.to_string() };
        let limit = limit.against(plan.probe(gate.probe).unit).ok_or_else(other)?;
        Ok(Self { gate: gate.name.clone(), limit })
    }

    /// A plan with the limit in the place of the gate's own.
    #[must_use]
    pub fn put_into(&self, plan: &Plan) -> Plan {
        let mut plan = plan.clone();
        for gate in plan.gates.iter_mut().filter(|gate| gate.name == self.gate) {
            gate.pass = self.limit;
        }
        plan
    }
}

/// Folds a night again with another limit and says where the verdict would have differed. What
/// people did stays what they did.
///
/// # Errors
/// Where the log cannot be read any more.
pub fn differences(archive: &Archive, trial: &Trial) -> Result<Vec<Difference>> {
    let mut reader = Reader::open(&archive.path)?;
    let plan = Arc::new(trial.put_into(&archive.header.plan));
    let mut state = State::new(plan, archive.header.began_at);
    let mut differences: Vec<Difference> = Vec::new();
    let mut was = None;
    while let Some(line) = reader.next_line()?.filter(|line| line.seq <= archive.records) {
        // What a later version wrote is passed over, as everywhere.
        let Ok(mut event) = Event::from_json(line.text) else { continue };
        match &mut event.fact {
            Fact::PlanAmended { plan, .. } => *plan = Arc::new(trial.put_into(plan)),
            Fact::VerdictChanged { call, .. } => was = Some(*call),
            _ => {}
        }
        state.apply(&event);
        let Some(was) = was else { continue };
        let now = Instant { moment: state.ramp.now, at: event.at };
        take(&mut differences, now, was, &state);
    }
    Ok(differences)
}

fn take(differences: &mut Vec<Difference>, now: Instant, was: Call, state: &State) {
    let verdict = state.verdict();
    let open = differences.last_mut().filter(|last| last.until.is_none());
    match open {
        Some(open) if open.was == was && open.would == verdict.call => return,
        Some(open) => open.until = Some(now),
        None => {}
    }
    if verdict.call != was {
        let (would, reasons) = (verdict.call, verdict.reasons);
        differences.push(Difference { from: now, until: None, was, would, reasons });
    }
    // A verdict follows the event that changes it: what differs for no time at all differs nowhere.
    differences.retain(|known| known.until.is_none_or(|until| until.moment > known.from.moment));
}
