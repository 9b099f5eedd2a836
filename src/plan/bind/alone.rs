//! Comparisons with an old version that nothing runs on any more.

use super::metrics::Metrics;
use crate::plan::complaints::Complaints;
use crate::plan::{Gate, Limit, ProbeId, Stage, StageId, Trigger};
use std::collections::BTreeSet;

/// The share at which the old version has no traffic left to be measured, percent.
const ALL: f64 = 100.0;

/// What is held against the old version.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Held {
    Gate,
    Hard,
    Trigger,
}

impl Held {
    /// What is said of its limit, and what becomes of it on the night.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Gate => ("", "the gate is HOLD no-baseline"),
            Self::Hard => (", its hard limit,", "the gate is HOLD no-baseline"),
            Self::Trigger => (", a trigger,", "the trigger is HOLD blind-trigger"),
        }
    }
}

/// Complains of each `baseline` query that something is held against in a stage with all the traffic: the
/// limit of a gate that counts there, or its hard one, or a trigger, which is armed in every stage.
pub(super) fn find(
    gates: &[Gate],
    triggers: &[Trigger],
    stages: &[Stage],
    metrics: &Metrics<'_>,
    complaints: &mut Complaints<'_>,
) {
    let is_alone = |at: &usize| share_in(stages, *at) >= Some(ALL);
    let anywhere = (0..stages.len()).find(is_alone);
    let of_gates = gates.iter().filter(|gate| !gate.advisory).flat_map(|gate| {
        let counts = (0..stages.len()).find(|at| is_alone(at) && gate.scope.holds(StageId::at(*at)));
        [(Held::Gate, Some(gate.pass)), (Held::Hard, gate.hard)].map(|(held, limit)| (held, gate.probe, limit, counts))
    });
    let of_triggers = triggers.iter().filter_map(|trigger| trigger.watch.as_ref());
    let of_triggers = of_triggers.map(|watch| (Held::Trigger, watch.probe, Some(watch.bad), anywhere));
    let mut told: BTreeSet<(ProbeId, Held)> = BTreeSet::new();
    for (held, probe, limit, at) in of_gates.chain(of_triggers) {
        let baseline = metrics.binding_of(probe).and_then(|binding| binding.baseline.as_ref());
        let limit = limit.filter(|limit: &Limit| limit.relative.is_some());
        let (Some(baseline), Some(limit), Some(at)) = (baseline, limit, at) else { continue };
        if told.insert((probe, held)) {
            let ((what, then), name) = (held.words(), &metrics.get(probe).name);
            let stage = &stages[at].name;
            let message = format!("{name} {limit}{what} in {stage}, where nothing runs on the old version");
            let help = format!(
                "once it has no data {then}; without this query the limit is held against what was read before the ramp"
            );
            complaints.warning(baseline, message, Some(help));
        }
    }
}

/// The share of the traffic in a stage; one that moves none keeps that of the stage before it.
fn share_in(stages: &[Stage], at: usize) -> Option<f64> {
    stages[..=at].iter().rev().find_map(|stage| stage.share)
}
