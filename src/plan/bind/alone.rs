//! Comparisons with an old version that nothing runs on any more.

use super::metrics::Metrics;
use crate::plan::complaints::Complaints;
use crate::plan::{Gate, ProbeId, Scope, Stage};
use std::collections::BTreeSet;

/// The share at which the old version has no traffic left to be measured, percent.
const ALL: f64 = 100.0;

/// Complains of each `baseline` query that a gate of a stage with all the traffic is held against.
pub(super) fn find(gates: &[Gate], stages: &[Stage], metrics: &Metrics<'_>, complaints: &mut Complaints<'_>) {
    let mut told: BTreeSet<ProbeId> = BTreeSet::new();
    for gate in gates.iter().filter(|gate| !gate.advisory && gate.pass.relative.is_some()) {
        let baseline = metrics.binding_of(gate.probe).and_then(|binding| binding.baseline.as_ref());
        let (Some(baseline), Scope::Stages(counts)) = (baseline, &gate.scope) else { continue };
        let alone = counts.iter().map(|stage| &stages[stage.index()]).find(|stage| stage.share >= Some(ALL));
        if let Some(stage) = alone.filter(|_| told.insert(gate.probe)) {
            let message =
                format!("{} {} in {}, where nothing runs on the old version", gate.name, gate.pass, stage.name);
            let help = "once it has no data the gate is HOLD no-baseline; without this query the limit is held against \
                        what was read before the ramp";
            complaints.warning(baseline, message, Some(help.to_owned()));
        }
    }
}
