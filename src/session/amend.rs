//! A plan that is amended on the night.

use super::event::{Event, Fact};
use super::header::Text;
use super::state::State;
use crate::plan::changes::{Change, difference};
use crate::plan::{Plan, StageId, TriggerId, changes::Carried};
use std::sync::Arc;

/// A plan as it was read again, compiled without an error, with the texts it was compiled from.
#[derive(Clone, Debug, PartialEq)]
pub struct Amendment {
    pub checklist: Text,
    pub bindings: Option<Text>,
    pub plan: Arc<Plan>,
}

impl State {
    /// The plan in force at the last event.
    #[must_use]
    pub fn plan(&self) -> &Arc<Plan> {
        let (_, plan) = &self.plans[self.plans.len() - 1];
        plan
    }

    /// The plan that was in force when an event happened: its ids are that plan's.
    #[must_use]
    pub fn plan_at(&self, seq: u64) -> &Arc<Plan> {
        let place = self.plans.partition_point(|(since, _)| *since <= seq);
        &self.plans[place.max(1) - 1].1
    }

    /// What an amendment has changed; nothing for any other event.
    #[must_use]
    pub fn changes(&self, event: &Event) -> Vec<Change> {
        match &event.fact {
            Fact::PlanAmended { plan, .. } => difference(self.plan_at(event.seq.saturating_sub(1)), plan),
            _ => Vec::new(),
        }
    }

    /// The texts of the last amendment; none while the plan is the one the session began with.
    #[must_use]
    pub fn amended_texts(&self) -> Option<(&Text, Option<&Text>)> {
        if self.plans.len() == 1 {
            return None;
        }
        self.timeline.iter().rev().find_map(|event| match &event.fact {
            Fact::PlanAmended { checklist, bindings, .. } => Some((checklist, bindings.as_ref())),
            _ => None,
        })
    }
}

/// What a plan would lose that must not be lost by an amendment.
pub(super) enum Lost {
    Stage(StageId),
    /// A tripped trigger stays until somebody dismisses it.
    Tripped(TriggerId),
}

/// Says what stands against putting a new plan in force.
pub(super) fn lost(state: &State, new: &Plan) -> Option<Lost> {
    let carried = Carried::between(state.plan(), new);
    let current = state.ramp.current;
    if let Some(stage) = current.filter(|stage| carried.stage(*stage).is_none()) {
        return Some(Lost::Stage(stage));
    }
    let tripped = state.ramp.triggers.iter().enumerate().filter(|(_, track)| track.is_tripped());
    let mut gone = tripped.map(|(at, _)| TriggerId::at(at)).filter(|id| !carried.triggers.contains(&Some(*id)));
    gone.next().map(Lost::Tripped)
}
