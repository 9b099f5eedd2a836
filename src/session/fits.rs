//! Whether an event speaks of a plan that it can mean.
//!
//! Ids are places in the plan in force. A line that the chain vouches for can still name a place
//! that the plan does not have: another hand has written it, and nothing is folded from it.

use super::event::Fact;
use super::record::Paper;
use crate::judge::Batch;
use crate::plan::{
    CheckId, DecisionId, FieldId, GateId, HealthId, ItemId, Plan, ProbeId, QuestionId, ScoreId, SectionId, SignOffId,
    StageId, TriggerId,
};

/// Says what an event names that its plan does not have.
#[must_use]
pub(super) fn misfit(plan: &Plan, fact: &Fact) -> Option<String> {
    if let Fact::PlanAmended { plan, .. } = fact
        && let Err(unsound) = plan.check_ids()
    {
        return Some(format!("the plan it puts in force is none: {unsound}"));
    }
    let mut strange = None;
    each_name(fact, &mut |name| {
        if strange.is_none() && !name.is_in(plan) {
            strange = Some(name.say());
        }
    });
    strange
}

/// A place in a plan.
#[derive(Clone, Copy, Debug)]
pub enum Name {
    Stage(StageId),
    Item(ItemId),
    Section(SectionId),
    Gate(GateId),
    Trigger(TriggerId),
    Probe(ProbeId),
    Health(HealthId),
    Field(FieldId),
    Decision(DecisionId),
    SignOff(SignOffId),
    Score(ScoreId),
    Check(CheckId),
    Question(QuestionId),
    Region(u32),
}

impl Name {
    fn is_in(self, plan: &Plan) -> bool {
        match self {
            Self::Stage(id) => id.index() < plan.stages.len(),
            Self::Item(id) => id.index() < plan.items.len(),
            Self::Section(id) => id.index() < plan.sections.len(),
            Self::Gate(id) => id.index() < plan.gates.len(),
            Self::Trigger(id) => id.index() < plan.triggers.len(),
            Self::Probe(id) => id.index() < plan.probes.len(),
            Self::Health(id) => id.index() < plan.health.len(),
            Self::Field(id) => id.index() < plan.fields.len(),
            Self::Decision(id) => id.index() < plan.decisions.len(),
            Self::SignOff(id) => id.index() < plan.sign_offs.len(),
            Self::Score(id) => id.index() < plan.scores.len(),
            Self::Check(id) => id.index() < plan.recurring.len(),
            Self::Question(id) => id.index() < plan.questions.len(),
            Self::Region(at) => (at as usize) < plan.regions.len(),
        }
    }

    fn say(self) -> String {
        let (what, index) = match self {
            Self::Stage(id) => ("stage", id.index()),
            Self::Item(id) => ("item", id.index()),
            Self::Section(id) => ("section", id.index()),
            Self::Gate(id) => ("gate", id.index()),
            Self::Trigger(id) => ("trigger", id.index()),
            Self::Probe(id) => ("metric", id.index()),
            Self::Health(id) => ("health endpoint", id.index()),
            Self::Field(id) => ("field", id.index()),
            Self::Decision(id) => ("decision", id.index()),
            Self::SignOff(id) => ("sign-off", id.index()),
            Self::Score(id) => ("score", id.index()),
            Self::Check(id) => ("recurring check", id.index()),
            Self::Question(id) => ("question", id.index()),
            Self::Region(at) => ("region", at as usize),
        };
        format!("it names {what} {index}, and the plan has none such")
    }
}

fn each_name(fact: &Fact, take: &mut impl FnMut(Name)) {
    match fact {
        Fact::Polled(batch) => each_in(batch, take),
        Fact::GapBackfilled { looks, .. } => looks.iter().for_each(|look| each_in(&look.batch, take)),
        Fact::StageStarted { stage, .. }
        | Fact::TrafficMoved { stage, .. }
        | Fact::RampCompleted { stage, .. }
        | Fact::PromotionApproved { stage }
        | Fact::PromotionRejected { stage, .. } => take(Name::Stage(*stage)),
        Fact::ItemTicked { item, .. } | Fact::ItemUnticked { item } | Fact::ItemNotApplicable { item, .. } => {
            take(Name::Item(*item));
        }
        Fact::SectionAttested { section, items, .. } => {
            take(Name::Section(*section));
            for item in items {
                take(Name::Item(*item));
            }
        }
        Fact::GateWaived { gates, .. } => {
            for gate in gates {
                take(Name::Gate(*gate));
            }
        }
        Fact::TriggerDeclared { trigger, .. } | Fact::TriggerDismissed { trigger, .. } => take(Name::Trigger(*trigger)),
        Fact::VerdictChanged { .. }
        | Fact::SessionResumed { .. }
        | Fact::LogRecovered { .. }
        | Fact::HoldSet { .. }
        | Fact::HoldReleased
        | Fact::RolledBack { .. }
        | Fact::Noted { .. }
        | Fact::PlanAmended { .. }
        | Fact::SessionFinished { .. }
        | Fact::SessionClosed { .. }
        | Fact::NotificationLost { .. } => {}
        Fact::FieldFilled(_)
        | Fact::FieldCleared(_)
        | Fact::DecisionMade(_)
        | Fact::SignedOff(_)
        | Fact::SignOffWithdrawn(_)
        | Fact::Scored(_)
        | Fact::Remarked(_)
        | Fact::QuestionAnswered(_)
        | Fact::CheckDone(_)
        | Fact::RegionTicked(_)
        | Fact::RegionUnticked(_)
        | Fact::SectionNotApplicable(_)
        | Fact::RollbackCompleted(_)
        | Fact::EntryStarred(_)
        | Fact::EntryUnstarred(_)
        | Fact::NoteBackdated(_) => fact.paper().map(Paper::names).into_iter().flatten().for_each(take),
    }
}

fn each_in(batch: &Batch, take: &mut impl FnMut(Name)) {
    for reading in &batch.readings {
        take(Name::Probe(reading.probe));
    }
    for captured in &batch.captured {
        take(Name::Probe(captured.probe));
    }
    for answer in &batch.health {
        take(Name::Health(answer.health));
    }
}
