//! `status` and `items`: where we are, on request.

use super::super::out::Out;
use crate::judge::alerts::AlertsState;
use crate::judge::build::BuildState;
use crate::judge::share::{self, ShareState};
use crate::judge::skew;
use crate::judge::{GateState, Got};
use crate::plan::{Gate, GateId, SourceId, TriggerId};
use crate::room::Live;

/// Says where we are and what is measured.
pub(super) fn say(live: &Live, out: &Out) {
    let (plan, ramp) = (&live.plan, &live.state.ramp);
    out.line(&format!("verdict: {}", live.verdict.call));
    for reason in &live.verdict.reasons {
        out.line(&format!("  {reason}"));
    }
    stages(live, out);
    gates(live, out);
    for (at, trigger) in plan.triggers.iter().enumerate() {
        let word = ramp.trigger_state(plan, TriggerId::at(at)).word();
        out.line(&format!("trigger {word}: {}", trigger.text));
    }
    for (at, source) in plan.sources.iter().enumerate() {
        if let Some(skew) = ramp.skew(plan, SourceId::at(at)) {
            out.line(&format!("source {}: {}", source.name, skew::say(skew)));
        }
    }
    for (health, state) in plan.health.iter().zip(ramp.health_states(plan)) {
        out.line(&format!("health {}: {state}", health.name));
    }
    beside(live, out);
    for alert in alerts(live) {
        out.line(&alert);
    }
}

/// The measured share, and the build that runs.
fn beside(live: &Live, out: &Out) {
    let (plan, ramp) = (&live.plan, &live.state.ramp);
    if let Some((traffic, state)) = plan.traffic.as_ref().zip(ramp.beside.share.state()) {
        let wanted = ramp.share_wanted(plan).map(|share| format!(" of {share} %")).unwrap_or_default();
        out.line(&match state {
            ShareState::Agrees(weighed) | ShareState::Differs(weighed) => {
                format!("traffic: {}{wanted}", share::show(weighed.value, plan.probe(traffic.probe)))
            }
            ShareState::Unknown(why) => format!("traffic unknown: {}: {}", why.code, why.detail),
        });
    }
    if let Some(state) = ramp.beside.build.state() {
        out.line(&match state {
            BuildState::Same { running } => format!("build: {}", running.join(", ")),
            BuildState::Other { running, expected } => {
                format!("build: {}, NOT {}", running.join(", "), expected.join(", "))
            }
            BuildState::Unknown(why) => format!("build unknown: {}: {}", why.code, why.detail),
        });
    }
}

/// The alerts that fire, each with what it means.
pub(super) fn alerts(live: &Live) -> Vec<String> {
    match live.state.ramp.alerts_state(&live.plan) {
        None => Vec::new(),
        Some(AlertsState::Unknown { why, .. }) => vec![format!("alerts unknown: {}: {}", why.code, why.detail)],
        Some(AlertsState::Known { new, old }) => {
            let new = new.iter().map(|alert| format!("alert {alert} is firing"));
            let old = old.iter().map(|alert| format!("alert {alert} is firing, since before the ramp: does not count"));
            new.chain(old).collect()
        }
    }
}

fn stages(live: &Live, out: &Out) {
    let ramp = &live.state.ramp;
    for (stage, track) in live.plan.stages.iter().zip(&ramp.stages) {
        let soak = stage.soak.map(|soak| {
            let left = track.soak_left(stage, ramp.now);
            format!(", clean {} of {}", (soak - left).clock(), soak.clock())
        });
        let resets = if track.resets > 0 { format!(", {} resets", track.resets) } else { String::new() };
        out.line(&format!("stage {}: {}{}{resets}", stage.name, track.status.word(), soak.unwrap_or_default()));
    }
}

/// The gates that are watched now, and those that are only shown.
fn gates(live: &Live, out: &Out) {
    let ramp = &live.state.ramp;
    let watched: Vec<GateId> = ramp.watched_gates(&live.plan).collect();
    for (at, gate) in live.plan.gates.iter().enumerate() {
        if !watched.contains(&GateId::at(at)) && !gate.advisory {
            continue;
        }
        let track = &ramp.gates[at];
        let shown = match &track.state {
            GateState::Unknown(unknown) => format!("{}: {}", unknown.code, unknown.detail),
            GateState::Pass(weighed) | GateState::Breaching(weighed) | GateState::Failing(weighed) => {
                format!(
                    "{}, {} old{}{}",
                    gate.pass.show(weighed.value),
                    weighed.age,
                    cells(live, gate),
                    silent(&weighed.silent)
                )
            }
        };
        let advisory = if gate.advisory { " (advisory)" } else { "" };
        out.line(&format!("gate {} {}{advisory}: {shown} (limit {})", gate.name, track.word(), gate.pass));
    }
}

/// Each region with its value, where the metric is asked for region by region.
fn cells(live: &Live, gate: &Gate) -> String {
    let Some(Got::Sample(sample)) = live.state.ramp.seen(gate.probe).map(|seen| &seen.reading.got) else {
        return String::new();
    };
    let cells = sample.cells.iter().map(|cell| format!("; {} {}", cell.labels, gate.pass.show(cell.value)));
    cells.collect()
}

fn silent(labels: &[String]) -> String {
    if labels.is_empty() { String::new() } else { format!(", silent: {{{}}}", labels.join("}, {")) }
}

/// Lists the items that stand against GO now.
pub(super) fn items(live: &Live, out: &Out) {
    let mut none = true;
    for id in live.state.ramp.open_items(&live.plan) {
        let item = live.plan.item(id);
        out.line(&format!("open @{}: {}", item.line, item.text));
        none = false;
    }
    if none {
        out.line("no item stands against GO");
    }
}
