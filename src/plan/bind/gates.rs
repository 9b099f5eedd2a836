//! Gates: bound conditions of the checklist, then those that only the bindings know.

use super::metrics::{self, Metrics};
use crate::plan::bindings::{GateBinding, Manner, MetricBinding, Where};
use crate::plan::checklist::Checklist;
use crate::plan::complaints::Complaints;
use crate::plan::condition;
use crate::plan::conditions::Found;
use crate::plan::diagnostic::Severity;
use crate::plan::limit::Limit;
use crate::plan::{Gate, Probe, Role, Scope, StageKind};

/// One gate for each bound condition that is good when true.
pub(super) fn of_lines(
    list: &Checklist,
    found: &[Found],
    metrics: &Metrics<'_>,
    complaints: &mut Complaints<'_>,
) -> Vec<Gate> {
    let mut gates = Vec::new();
    for Found { entry, condition, .. } in found.iter().filter(|found| found.condition.role == Role::Gate) {
        let Some(id) = condition.probe else { continue };
        let manner = metrics.binding_of(id).map(|binding| binding.manner.clone()).unwrap_or_default();
        let scope = condition.stage.map_or(Scope::Nowhere, |stage| Scope::Stages(list.stages.asking(stage)));
        let advisory = scope == Scope::Nowhere || manner.advisory == Some(true);
        gates.push(Gate {
            name: metrics.get(id).name.clone(),
            probe: id,
            pass: condition.limit,
            scope,
            line: Some(condition.line),
            // Only where the item is the line itself, not one around it.
            item: condition.item.filter(|_| list.entries[*entry].ticked().is_some()),
            target: condition.target,
            // `< 1% for 5 minutes` says how long it must be good, not how long it may be bad.
            hold: manner.hold,
            hard: hard(&manner, None, condition.limit, metrics.get(id), complaints),
            on_fail: manner.on_fail.unwrap_or_default(),
            advisory,
        });
    }
    gates
}

/// The gates of `[[gate]]`.
pub(super) fn of_bindings(list: &Checklist, metrics: &mut Metrics<'_>, complaints: &mut Complaints<'_>) -> Vec<Gate> {
    let bindings = metrics.bindings();
    bindings.gates.iter().filter_map(|binding| of_binding(list, binding, metrics, complaints)).collect()
}

fn of_binding(
    list: &Checklist,
    binding: &GateBinding,
    metrics: &mut Metrics<'_>,
    complaints: &mut Complaints<'_>,
) -> Option<Gate> {
    let (name, quantile) = condition::name(&binding.metric.value);
    let measure = metrics.measure(&name, quantile, complaints);
    let scope = scope(list, binding, complaints);
    if measure.query.is_none() && !metrics.names().any(|known| known == binding.metric.value.to_lowercase()) {
        let help = crate::plan::suggest::did_you_mean(&binding.metric.value, metrics.names()).or(measure.help);
        complaints.error(&binding.metric, format!("unknown metric \"{}\"", binding.metric.value), help);
    }
    let probe = measure.probe?;
    let metric = metrics.binding_of(probe);
    let pass = pass(binding, metric, metrics.get(probe), complaints)?;
    let manner = merged(&binding.manner, metric);
    let advisory = manner.advisory == Some(true) || scope == Scope::Nowhere;
    Some(Gate {
        name: metrics.get(probe).name.clone(),
        probe,
        pass,
        scope,
        line: None,
        item: None,
        target: None,
        hold: manner.hold,
        hard: hard(&manner, Some(binding), pass, metrics.get(probe), complaints),
        on_fail: manner.on_fail.unwrap_or_default(),
        advisory,
    })
}

fn pass(
    gate: &GateBinding,
    metric: Option<&MetricBinding>,
    probe: &Probe,
    complaints: &mut Complaints<'_>,
) -> Option<Limit> {
    let Some(limit) = gate.limit.as_ref().or_else(|| metric?.pass.as_ref()) else {
        let help = Some("give it: limit = \"< 1%\"".to_owned());
        let message = format!("a gate on \"{}\" without a limit is not started", gate.metric.value);
        complaints.bindings(Severity::Error, &gate.span, message, help);
        return None;
    };
    let held = metrics::limit_for(limit.value, probe.unit, None);
    if held.is_none() {
        let message = format!("the limit {} cannot be held against {}", limit.value, metrics::returned(probe));
        complaints.error(limit, message, None);
    }
    held
}

/// What the gate itself says goes before what its metric says.
fn merged(own: &Manner, metric: Option<&MetricBinding>) -> Manner {
    let of_metric = metric.map(|metric| metric.manner.clone()).unwrap_or_default();
    Manner {
        hold: own.hold.or(of_metric.hold),
        hard: own.hard.clone().or(of_metric.hard),
        on_fail: own.on_fail.or(of_metric.on_fail),
        advisory: own.advisory.or(of_metric.advisory),
    }
}

/// The hard limit, bad when true, which must not be reached while the gate passes.
fn hard(
    manner: &Manner,
    gate: Option<&GateBinding>,
    pass: Limit,
    probe: &Probe,
    complaints: &mut Complaints<'_>,
) -> Option<Limit> {
    let hard = manner.hard.as_ref()?;
    let Some(limit) = metrics::limit_for(hard.value, probe.unit, None) else {
        let message = format!("the hard limit {} cannot be held against {}", hard.value, metrics::returned(probe));
        complaints.error(hard, message, None);
        return None;
    };
    if limit.meets(&pass) {
        let of = gate.map_or("the checklist's", |_| "the gate's");
        let message = format!("the hard limit {limit} is reached while {of} limit {pass} still passes");
        complaints.error(
            hard,
            message,
            Some("a hard limit is bad when true, and farther out than the limit".to_owned()),
        );
    }
    Some(limit)
}

fn scope(list: &Checklist, binding: &GateBinding, complaints: &mut Complaints<'_>) -> Scope {
    let stages = &list.stages;
    let ids = match &binding.stages {
        Where::Ramp => stages.ids().filter(|id| stages.list[id.index()].kind == StageKind::Ramp).collect(),
        Where::Named(names) => {
            let mut ids = Vec::new();
            for name in names {
                match stages.named(&name.value) {
                    Some(id) => ids.push(id),
                    None => complaints.error(
                        name,
                        format!("unknown stage \"{}\"", name.value),
                        super::stages::known(stages, &name.value),
                    ),
                }
            }
            ids.sort_unstable();
            ids.dedup();
            ids
        }
    };
    if ids.is_empty() {
        if matches!(binding.stages, Where::Ramp) {
            let message = format!("the gate on \"{}\" counts nowhere: the checklist has no ramp", binding.metric.value);
            complaints.warning(&binding.metric, message, None);
        }
        return Scope::Nowhere;
    }
    Scope::Stages(ids)
}
