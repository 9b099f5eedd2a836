//! Making words live: conditions of the checklist meet the metrics of the bindings.
//!
//! A condition whose metric is bound, or that carries its own PromQL block, becomes a gate or a
//! trigger that is measured. Everything else stays a box to tick and is listed as not bound.
//! Nothing is guessed: a limit that cannot be converted to the query's unit, or a unit that nobody
//! stated and no name proves, stops the plan.

mod alone;
mod beside;
mod contradictions;
mod direction;
mod gates;
mod health;
mod metrics;
mod query;
mod sources;
pub(super) mod stages;
mod triggers;

use super::bindings::{Bindings, SourceBinding};
use super::checklist::Checklist;
use super::complaints::Complaints;
use super::condition::Certainty;
use super::conditions::{self, Found};
use super::diagnostic::Severity;
use super::overrides;
use super::{Alerts, Build, Condition, Gate, Health, Probe, Share, Source, Trigger};
use crate::order;
use crate::text::{Millis, Unit};
use metrics::Metrics;

/// How often sources are polled where there are none.
const POLL: Millis = Millis::from_secs(5);

/// The live part of a plan.
#[derive(Debug, Default)]
pub(super) struct Bound {
    pub sources: Vec<Source>,
    pub probes: Vec<Probe>,
    pub conditions: Vec<Condition>,
    /// What reads like a condition, and would be one if it were bound.
    pub suggestions: Vec<Condition>,
    pub gates: Vec<Gate>,
    pub triggers: Vec<Trigger>,
    pub health: Vec<Health>,
    pub alerts: Option<Alerts>,
    pub traffic: Option<Share>,
    pub build: Option<Build>,
}

pub(super) fn bind(list: &Checklist, bindings: &Bindings, complaints: &mut Complaints<'_>) -> Bound {
    let mut found = conditions::read(list);
    overrides::limits(list, &mut found, bindings);
    let mut metrics = Metrics::new(list, &found, bindings, complaints);
    let mut suggestions = Vec::new();
    found.retain_mut(|found| {
        let is_condition = resolve(list, found, &mut metrics, complaints);
        if !is_condition && found.certainty == Certainty::Worded {
            suggestions.push(found.condition.clone());
        }
        is_condition
    });
    direction::backwards(list, &found, bindings, complaints);
    found.extend(metrics.phrased(list, complaints));
    order::by_key(&mut found, |found| found.entry);
    let mut gates = gates::of_lines(list, &found, &metrics, complaints);
    gates.extend(gates::of_bindings(list, &mut metrics, complaints));
    let triggers = triggers::read(list, &found, &metrics, complaints);
    contradictions::find(&gates, &triggers, list, complaints);
    alone::find(&gates, &triggers, &list.stages.list, &metrics, complaints);
    metrics.unused(&found, complaints);
    let health = health::read(list, bindings, complaints);
    let alerts = beside::alerts(list, bindings, complaints);
    let mut probes = metrics.into_probes();
    let traffic = beside::traffic(bindings, &mut probes, complaints);
    let build = beside::build(bindings, &mut probes, complaints);
    Bound {
        sources: bindings.sources.iter().map(source).collect(),
        probes,
        conditions: found.into_iter().map(|found| found.condition).collect(),
        suggestions,
        gates,
        triggers,
        health,
        alerts,
        traffic,
        build,
    }
}

/// The shortest interval of the sources.
pub(super) fn poll(bindings: &Bindings) -> Millis {
    bindings.sources.iter().map(|source| source.every).min().unwrap_or(POLL)
}

fn source(binding: &SourceBinding) -> Source {
    Source {
        name: binding.name.value.clone(),
        kind: binding.kind.clone(),
        every: binding.every,
        timeout: binding.timeout,
        access: binding.access.clone(),
    }
}

/// Finds what measures a condition; says whether the condition is one at all.
fn resolve(list: &Checklist, found: &mut Found, metrics: &mut Metrics<'_>, complaints: &mut Complaints<'_>) -> bool {
    let entry = &list.entries[found.entry];
    if found.certainty == Certainty::Relative && found.condition.limit.relative.is_none() {
        let help = "it stays a box to tick; bind the metric with an absolute limit to have it judged".to_owned();
        let what = found.condition.relative_to.as_deref().filter(|what| !what.is_empty()).unwrap_or("something else");
        complaints.checklist(Severity::Info, entry, format!("a limit relative to {what} cannot be judged"), Some(help));
        return true;
    }
    let condition = &mut found.condition;
    let measure = metrics.measure(&condition.metric, condition.quantile, complaints);
    condition.probe = measure.probe;
    condition.query = measure.query;
    let is_bound = condition.query.is_some();
    match found.certainty {
        Certainty::Relative if !is_bound => {
            let help = format!("it stays a box to tick; bind [metric.\"{}\"] to have it judged", condition.metric);
            complaints.checklist(Severity::Info, entry, "a limit relative to a baseline is not bound", Some(help));
        }
        // `No restarts` reads like a condition in every second line; who wants it measured binds it.
        Certainty::Worded if !is_bound && condition.limit.value == 0.0 => return false,
        Certainty::Worded if !is_bound => {
            let help = format!("bind [metric.\"{}\"] to have it judged", condition.metric);
            complaints.checklist(
                Severity::Info,
                entry,
                "reads like a condition and is not one by its signs",
                Some(help),
            );
            return false;
        }
        _ if is_bound => hold_against_unit(list, found, metrics, complaints),
        _ => {
            let message = format!("not bound: {}", metrics::shown(&condition.metric, condition.quantile));
            complaints.checklist(Severity::Info, entry, message, measure.help);
        }
    }
    true
}

/// Holds a limit against what its query returns.
fn hold_against_unit(list: &Checklist, found: &mut Found, metrics: &Metrics<'_>, complaints: &mut Complaints<'_>) {
    let condition = &mut found.condition;
    let Some(probe) = condition.probe.map(|id| metrics.get(id)) else { return };
    if let Some(limit) = metrics::limit_for(condition.limit, probe.unit, metrics.pass_of(condition.probe)) {
        condition.limit = limit;
        return;
    }
    let message = format!("the limit {} cannot be held against {}", condition.limit, metrics::returned(probe));
    let help = if condition.limit.unit == Unit::Count {
        "the line has no unit: give the metric a `pass` that has one"
    } else {
        "correct the query or its `unit` in the bindings"
    };
    complaints.checklist(Severity::Error, &list.entries[found.entry], message, Some(help.to_owned()));
    condition.probe = None;
}
