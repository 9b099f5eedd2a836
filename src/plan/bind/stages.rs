//! What the bindings say about stages, and stages that only they know.

use crate::plan::StageKind;
use crate::plan::bindings::{Bindings, Observe, StageBinding};
use crate::plan::complaints::Complaints;
use crate::plan::stages::Stages;
use crate::plan::suggest;

/// Applies `[stage.NAME]`: before anything refers to a stage, because new ones move the others.
pub(in crate::plan) fn apply(stages: &mut Stages, bindings: &Bindings, complaints: &mut Complaints<'_>) {
    for binding in &bindings.stages {
        match (stages.named(&binding.name.value), binding.share) {
            (Some(id), _) => amend(&mut stages.list[id.index()], binding),
            (None, Some(share)) => {
                let id = stages.add(&binding.name.value, share);
                amend(&mut stages.list[id.index()], binding);
            }
            (None, None) => {
                let help = known(stages, &binding.name.value)
                    .or_else(|| Some("a stage that the checklist does not have needs traffic_percent".to_owned()));
                complaints.error(&binding.name, format!("unknown stage \"{}\"", binding.name.value), help);
            }
        }
    }
}

fn amend(stage: &mut crate::plan::Stage, binding: &StageBinding) {
    if let Some(soak) = binding.soak {
        stage.soak = Some(soak);
        stage.soak_max = None;
    }
    match binding.observe {
        None => {}
        Some(Observe::Said(observe)) => stage.kind = if observe { StageKind::Observe } else { StageKind::Ramp },
        Some(Observe::For(span)) => (stage.kind, stage.soak) = (StageKind::Observe, Some(span)),
    }
    stage.max_gap = binding.max_gap.unwrap_or(stage.max_gap);
    stage.share = binding.share.or(stage.share);
    stage.approvals = binding.approvals.unwrap_or(stage.approvals);
}

/// What somebody who wrote an unknown stage can have meant.
pub(super) fn known(stages: &Stages, wrong: &str) -> Option<String> {
    let names: Vec<_> = stages.list.iter().map(|stage| stage.name.as_str()).collect();
    let near = suggest::did_you_mean(wrong, names.iter().copied());
    near.or_else(|| (!names.is_empty()).then(|| format!("stages are {}", names.join(", "))))
}
