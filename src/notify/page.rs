//! The session's own state in the exposition format.

use super::Deliveries;
use crate::judge::Call;
use crate::plan::TriggerId;
use crate::room::Live;
use crate::text::Millis;
use std::collections::BTreeMap;
use std::fmt::Write;

/// A name and its value, unescaped.
type Label = (&'static str, String);

/// `/metrics` of what is live.
#[must_use]
pub fn metrics(live: &Live, deliveries: &Deliveries) -> String {
    let mut page = Page(String::new());
    verdict(live, &mut page);
    stages(live, &mut page);
    gates(live, &mut page);
    told(deliveries, &mut page);
    page.0
}

/// The text so far.
struct Page(String);

impl Page {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        let _infallible = writeln!(self.0, "# HELP warroom_{name} {help}\n# TYPE warroom_{name} {kind}");
    }

    fn sample(&mut self, name: &str, labels: &[Label], value: f64) {
        let labels: Vec<String> = labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escape(value))).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let _infallible = writeln!(self.0, "warroom_{name}{labels} {value}");
    }

    /// One sample for each state, 1 for the one that is.
    fn state(&mut self, name: &str, of: &[Label], states: &[&str], is: &str) {
        for state in states {
            let labels = [of, &[("state", (*state).to_owned())]].concat();
            self.sample(name, &labels, f64::from(u8::from(*state == is)));
        }
    }
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[expect(clippy::cast_precision_loss, reason = "what a night counts")]
fn figure(count: u64) -> f64 {
    count as f64
}

fn seconds(span: Millis) -> f64 {
    figure(span.0) / 1_000.0
}

fn verdict(live: &Live, page: &mut Page) {
    page.family("verdict", "gauge", "The verdict: 1 for the one that is shown.");
    let calls = [Call::Go, Call::Hold, Call::Rollback].map(Call::word);
    page.state("verdict", &[], &calls, live.verdict.call.word());
    page.family("reasons", "gauge", "What stands between us and GO, by code.");
    let mut codes: BTreeMap<&str, u64> = BTreeMap::new();
    live.verdict.reasons.iter().for_each(|reason| *codes.entry(reason.code.word()).or_default() += 1);
    for (code, count) in codes {
        page.sample("reasons", &[("code", code.to_owned())], figure(count));
    }
}

fn stages(live: &Live, page: &mut Page) {
    const STATES: [&str; 6] = ["pending", "shifting", "active", "passed", "rolled-back", "skipped"];
    let (stages, ramp) = (&live.plan.stages, &live.state.ramp);
    let tracks = || {
        (1..).zip(stages.iter().zip(&ramp.stages)).map(|(number, (stage, track))| {
            (vec![("stage", stage.name.clone()), ("number", number.to_string())], stage, track)
        })
    };
    page.family("stage", "gauge", "Where each stage stands: 1 for the state that it is in.");
    for (labels, _, track) in tracks() {
        page.state("stage", &labels, &STATES, track.status.word());
    }
    page.family("soak_left_seconds", "gauge", "Clean time that each stage still needs.");
    for (labels, stage, track) in tracks() {
        page.sample("soak_left_seconds", &labels, seconds(track.soak_left(stage, ramp.now)));
    }
    page.family("soak_resets", "gauge", "How often a breach has set the soak of each stage to zero.");
    for (labels, _, track) in tracks() {
        page.sample("soak_resets", &labels, f64::from(track.resets));
    }
}

fn gates(live: &Live, page: &mut Page) {
    const GATES: [&str; 5] = ["pass", "breaching", "failing", "unknown", "waived"];
    const TRIGGERS: [&str; 5] = ["idle", "armed", "pending", "tripped", "blind"];
    let (plan, ramp) = (&live.plan, &live.state.ramp);
    let tracks = || {
        (1..).zip(plan.gates.iter().zip(&ramp.gates)).map(|(number, (gate, track))| {
            let limit = ("limit", gate.pass.to_string());
            (vec![("gate", gate.name.clone()), limit, ("number", number.to_string())], track)
        })
    };
    page.family("gate", "gauge", "What each gate stands at: 1 for the state that it is in.");
    for (labels, track) in tracks() {
        page.state("gate", &labels, &GATES, track.word());
    }
    page.family(
        "gate_value",
        "gauge",
        "What each gate was judged on, as its query says it; absent where that is not known.",
    );
    for (labels, track) in tracks() {
        if let Some(weighed) = track.state.weighed() {
            page.sample("gate_value", &labels, weighed.value);
        }
    }
    page.family("trigger", "gauge", "What each rollback trigger stands at: 1 for the state that it is in.");
    for (at, trigger) in plan.triggers.iter().enumerate() {
        let labels = [("trigger", trigger.text.clone()), ("number", (at + 1).to_string())];
        page.state("trigger", &labels, &TRIGGERS, ramp.trigger_state(plan, TriggerId::at(at)).word());
    }
}

fn told(deliveries: &Deliveries, page: &mut Page) {
    page.family("notifications_total", "counter", "What was told outside, by what became of it.");
    for (name, delivery) in deliveries.all() {
        for (result, count) in [("delivered", delivery.delivered), ("lost", delivery.lost)] {
            page.sample(
                "notifications_total",
                &[("notify", name.clone()), ("result", result.to_owned())],
                figure(count),
            );
        }
    }
}
