//! What is said of gates, triggers and the leaving of a stage.

use super::{Case, Refusal, not_now};
use crate::judge::TriggerState;
use crate::plan::{GateId, StageId, TriggerId};
use crate::session::event::Fact;
use crate::session::names::{NameError, Names};
use crate::text::{Millis, duration};

impl Case<'_> {
    pub(super) fn approve(&self) -> Result<Vec<Fact>, Refusal> {
        Ok(vec![Fact::PromotionApproved { stage: self.stage_to_leave()? }])
    }

    pub(super) fn reject(&self, reason: &str) -> Result<Vec<Fact>, Refusal> {
        Ok(vec![Fact::PromotionRejected { stage: self.stage_to_leave()?, reason: reason.to_owned() }])
    }

    fn stage_to_leave(&self) -> Result<StageId, Refusal> {
        self.named("an approval")?;
        self.running("the ramp")?;
        self.state.ramp.current.map_or_else(|| not_now("no stage has started: there is nothing to approve"), Ok)
    }

    pub(super) fn trip(&self, text: &str) -> Result<Vec<Fact>, Refusal> {
        let (triggers, reason) = match self.names.triggers(text) {
            Ok(triggers) => (triggers, "declared".to_owned()),
            Err(error) => self.names.triggers_and_reason(text).map_err(|_| error)?,
        };
        let declared = triggers.into_iter().map(|trigger| Fact::TriggerDeclared { trigger, reason: reason.clone() });
        Ok(declared.collect())
    }

    pub(super) fn dismiss(&self, text: &str) -> Result<Vec<Fact>, Refusal> {
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

    pub(super) fn waive(&self, text: &str) -> Result<Vec<Fact>, Refusal> {
        self.named("waiving a gate")?;
        self.running("the ramp")?;
        let read = |names: &Names<'_>, text: &str| gates_for(names, text);
        let ((gates, lasts), reason) = self.names.gates_and_reason(text, read)?;
        Ok(vec![Fact::GateWaived { gates, reason, lasts }])
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
