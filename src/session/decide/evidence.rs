//! What a tick sees at its second.

use super::Case;
use crate::judge::alerts::AlertsState;
use crate::judge::{Alert, GateState};
use crate::plan::{GateId, ItemId};
use crate::session::event::Evidence;

impl Case<'_> {
    /// What a tick sees at this second: its gate, or its health endpoint.
    pub(super) fn evidence(&self, item: ItemId) -> Option<Evidence> {
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
