//! Events that name what their plan does not have: the log is a file, and anybody may have written it.

use super::event::Fact;
use crate::judge::{Batch, Captured, HealthReading, Reading};
use crate::plan::Plan;

impl Fact {
    /// What the event names that the plan in force does not have, if anything: `item 7 of 3`. A fold
    /// may rely on all that it is given being there.
    #[must_use]
    pub fn stranger(&self, plan: &Plan) -> Option<String> {
        let item = |id: &crate::plan::ItemId| beyond("item", id.index(), plan.items.len());
        let stage = |id: &crate::plan::StageId| beyond("stage", id.index(), plan.stages.len());
        let trigger = |id: &crate::plan::TriggerId| beyond("trigger", id.index(), plan.triggers.len());
        match self {
            Self::Polled(batch) => in_batch(batch, plan),
            Self::GapBackfilled { looks, .. } => looks.iter().find_map(|look| in_batch(&look.batch, plan)),
            Self::StageStarted { stage: id, .. }
            | Self::TrafficMoved { stage: id, .. }
            | Self::RampCompleted { stage: id, .. }
            | Self::PromotionApproved { stage: id }
            | Self::PromotionRejected { stage: id, .. } => stage(id),
            Self::ItemTicked { item: id, .. }
            | Self::ItemUnticked { item: id }
            | Self::ItemNotApplicable { item: id, .. } => item(id),
            Self::SectionAttested { section, items, .. } => {
                beyond("section", section.index(), plan.sections.len()).or_else(|| items.iter().find_map(item))
            }
            Self::GateWaived { gates, .. } => {
                gates.iter().find_map(|gate| beyond("gate", gate.index(), plan.gates.len()))
            }
            Self::FieldFilled(fact) => beyond("field", fact.field.index(), plan.fields.len()),
            Self::FieldCleared(fact) => beyond("field", fact.field.index(), plan.fields.len()),
            Self::DecisionMade(fact) => beyond("decision", fact.decision.index(), plan.decisions.len())
                .or_else(|| fact.item.as_ref().and_then(item)),
            Self::SignedOff(fact) => beyond("sign-off", fact.sign_off.index(), plan.sign_offs.len()),
            Self::SignOffWithdrawn(fact) => beyond("sign-off", fact.sign_off.index(), plan.sign_offs.len()),
            Self::Scored(fact) => beyond("score", fact.score.index(), plan.scores.len()),
            Self::TriggerDeclared { trigger: id, .. } | Self::TriggerDismissed { trigger: id, .. } => trigger(id),
            Self::PlanAmended { plan, .. } => plan.check_ids().err().map(|unsound| format!("a plan, and {unsound}")),
            _ => None,
        }
    }
}

fn in_batch(batch: &Batch, plan: &Plan) -> Option<String> {
    let read = batch.readings.iter().map(|Reading { probe, .. }| probe);
    let captured = batch.captured.iter().map(|Captured { probe, .. }| probe);
    let probe = read.chain(captured).find_map(|id| beyond("probe", id.index(), plan.probes.len()));
    let asked = |HealthReading { health, .. }: &HealthReading| beyond("health", health.index(), plan.health.len());
    probe.or_else(|| batch.health.iter().find_map(asked))
}

fn beyond(what: &str, id: usize, count: usize) -> Option<String> {
    (id >= count).then(|| format!("{what} {id} of {count}"))
}
