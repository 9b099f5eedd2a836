//! Rollback is a phase: when it began, who decided it, when the old version served everything again,
//! and whether the metrics were back to normal then.

use super::{Entry, Name, Paper};
use crate::judge::ramp::Course;
use crate::plan::{GateId, Item, ItemId, Plan};
use crate::session::command::Word;
use crate::session::command::word::By;
use crate::session::decide::{Case, Refusal, not_now};
use crate::session::event::{Event, Fact};
use crate::session::state::State;
use serde::{Deserialize, Serialize};

pub static RESTORED: Word =
    Word::said("restored", "say that the rollback is complete: the old version serves everything", By::Name, restored);

/// The rollback is complete.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RollbackCompleted {
    /// What the gates said of the old version at that moment.
    pub normal: Vec<Old>,
}

/// What one gate says of the old version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Old {
    pub gate: GateId,
    pub is: Normal,
    /// `0.04 % (limit < 0.1 %)`, or why nobody knows.
    pub text: String,
}

/// Whether a metric of the old version is as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Normal {
    Yes,
    No,
    Unknown,
}

impl Normal {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Yes => "normal",
            Self::No => "not normal",
            Self::Unknown => "unknown",
        }
    }
}

/// The rollback as it stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WayBack {
    /// Who decided it, when, and why.
    pub decided: Option<Entry<String>>,
    pub completed: Option<Entry<Vec<Old>>>,
}

fn restored(case: &Case<'_>, _: &str) -> Result<Vec<Fact>, Refusal> {
    if !matches!(case.state.ramp.course, Course::RolledBack { .. }) && case.state.record.way_back.decided.is_none() {
        return not_now("nobody has decided to roll back: \"rollback REASON\" does");
    }
    if let Some(entry) = &case.state.record.way_back.completed {
        return not_now(format!("{} has said so", entry.by));
    }
    Ok(vec![Fact::RollbackCompleted(RollbackCompleted { normal: case.state.old_version() })])
}

impl State {
    /// The boxes of the way back once it is decided, those of the triggers and of choices left out.
    pub fn steps_back(&self) -> impl Iterator<Item = ItemId> {
        let plan = self.plan();
        let items = self.record.way_back.decided.iter().flat_map(|_| plan.items.iter().enumerate());
        let is_step = |item: &Item| {
            let is_trigger = || plan.triggers.iter().any(|trigger| trigger.line == item.line);
            plan.sections_around(item.section).any(|id| plan.cutover.way_back.contains(&id))
                && item.choice.is_none()
                && !is_trigger()
        };
        items.filter(move |(_, item)| is_step(item)).map(|(at, _)| ItemId::at(at))
    }

    /// Those of them that nobody has done.
    pub fn open_steps_back(&self) -> impl Iterator<Item = ItemId> {
        self.steps_back().filter(|item| !self.ramp.done[item.index()])
    }

    /// What the gates of the last stage say of the old version, each once: judged on its baseline.
    #[must_use]
    pub fn old_version(&self) -> Vec<Old> {
        let plan = self.plan();
        let mut seen = Vec::new();
        let gates = plan.gates.iter().enumerate().filter(|(_, gate)| {
            let is_new = !gate.advisory && !seen.contains(&(gate.probe, gate.pass.to_string()));
            if is_new {
                seen.push((gate.probe, gate.pass.to_string()));
            }
            is_new
        });
        gates.map(|(at, _)| self.old_gate(plan, GateId::at(at))).collect()
    }

    fn old_gate(&self, plan: &Plan, id: GateId) -> Old {
        let gate = plan.gate(id);
        match self.ramp.old_value(plan, id) {
            Ok(value) => {
                let is = if gate.pass.holds(value) { Normal::Yes } else { Normal::No };
                Old { gate: id, is, text: format!("{} (limit {})", gate.pass.show(value), gate.pass) }
            }
            Err(why) => Old { gate: id, is: Normal::Unknown, text: why },
        }
    }
}

impl Paper for RollbackCompleted {
    fn names(&self) -> Vec<Name> {
        self.normal.iter().map(|old| Name::Gate(old.gate)).collect()
    }

    fn fold(&self, state: &mut State, event: &Event) {
        state.record.way_back.completed = Some(Entry::new(self.normal.clone(), event));
    }

    fn tell(&self, plan: &Plan) -> String {
        let off: Vec<_> = self.normal.iter().filter(|old| old.is != Normal::Yes).collect();
        let metrics = match (self.normal.as_slice(), off.as_slice()) {
            ([], _) => "nothing measures the old version".to_owned(),
            (_, []) => "the metrics are back to normal".to_owned(),
            (_, off) => {
                let said = |old: &&Old| format!("{} {}: {}", plan.gate(old.gate).name, old.is.word(), old.text);
                off.iter().map(said).collect::<Vec<_>>().join("; ")
            }
        };
        format!("said that the rollback is complete: {metrics}")
    }
}
