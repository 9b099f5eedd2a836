//! Lines to tick as the judgement sees them: which stand against GO, and which of those are proven.

use super::{Course, Ramp};
use crate::judge::GateState;
use crate::plan::{Duty, GateId, ItemId, Plan};

impl Ramp {
    /// The items that stand against GO now: before the start those of the sections before the
    /// ramp, then those of the current stage; none where there is no GO any more.
    pub fn open_items<'r>(&'r self, plan: &'r Plan) -> impl Iterator<Item = ItemId> + 'r {
        let stage = self.current.filter(|_| self.course == Course::Running);
        let required = move |item: &crate::plan::Item| match item.duty {
            Duty::Start => self.course == Course::Before,
            Duty::Stage => stage.is_some() && item.stage == stage,
            _ => false,
        };
        // Found once: a plan may have as many items as gates, and a look through all of one for each of
        // the other is felt.
        let waived: Vec<ItemId> = self.waived_items(plan).collect();
        plan.items
            .iter()
            .enumerate()
            .filter(move |(_, item)| required(item))
            .map(|(at, _)| ItemId::at(at))
            .filter(move |id| !self.is_answered(plan, *id) && !waived.contains(id))
    }

    /// Those of them that what is measured proves now: a gate that passes, an endpoint that is up, and all
    /// of either that stand on the line.
    pub fn proven_items<'r>(&'r self, plan: &'r Plan) -> impl Iterator<Item = ItemId> + 'r {
        let gates: Vec<GateId> = self.counting_gates(plan).collect();
        let up: Vec<bool> = self.health_states(plan).map(|state| state.is_up()).collect();
        let is_proven = move |item: &ItemId| {
            let passes = |gate: &GateId| matches!(self.gates[gate.index()].state, GateState::Pass(_));
            let gates = gates.iter().filter(|gate| plan.gate(**gate).item == Some(*item)).map(passes);
            let endpoints = plan.health.iter().zip(&up).filter(|(health, _)| health.items.contains(item));
            let mut all = gates.chain(endpoints.map(|(_, is_up)| *is_up)).peekable();
            all.peek().is_some() && all.all(|passes| passes)
        };
        self.open_items(plan).filter(is_proven)
    }

    /// Whether an item needs nobody any more: done, another answer of its choice chosen, or the
    /// line of a gate that is waived.
    #[must_use]
    pub fn is_satisfied(&self, plan: &Plan, id: ItemId) -> bool {
        self.is_answered(plan, id) || self.waived_items(plan).any(|waived| waived == id)
    }

    /// Whether it is done, or another answer of its choice is.
    fn is_answered(&self, plan: &Plan, id: ItemId) -> bool {
        let choice = plan.item(id).choice;
        let chosen = || {
            choice.is_some() && plan.items.iter().zip(&self.done).any(|(other, done)| *done && other.choice == choice)
        };
        self.done[id.index()] || chosen()
    }

    /// The lines of gates that are waived.
    fn waived_items(&self, plan: &Plan) -> impl Iterator<Item = ItemId> {
        plan.gates.iter().zip(&self.gates).filter(|(_, track)| track.waiver.is_some()).filter_map(|(gate, _)| gate.item)
    }
}
