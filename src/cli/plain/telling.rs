//! What was told already, and what is new.

use super::super::out::Out;
use super::status;
use crate::judge::health::HealthState;
use crate::judge::{Call, GateState, Verdict};
use crate::plan::{Plan, TriggerId};
use crate::room::{Disk, Live};
use crate::session::event::{Event, Seen, show_clock};
use crate::session::tell::tell;
use crate::session::{Fact, Mode};
use std::sync::Arc;

/// Tells each change once. A decision is told when it is on disk, or with NOT SAVED before it.
#[derive(Debug)]
pub(super) struct Telling {
    /// The plan whose gates and triggers these are.
    plan: Arc<Plan>,
    verdict: Option<Verdict>,
    /// Events before this place of the timeline were told.
    told: usize,
    gates: Vec<&'static str>,
    /// The series that each gate was told to miss.
    silent: Vec<Vec<String>>,
    triggers: Vec<&'static str>,
    /// How each endpoint was told to be; none before the first answer.
    endpoints: Vec<Option<bool>>,
    alerts: Vec<String>,
    disk: Disk,
    /// It was said that people must decide.
    by_hand: bool,
    rehearsal: &'static str,
    ended: bool,
}

impl Telling {
    pub(super) fn begin(live: &Live, out: &Out) -> Self {
        let plan = &live.plan;
        let rehearsal = if live.header.mode == Mode::Rehearsal { "REHEARSAL " } else { "" };
        out.line(&format!("{rehearsal}{}", plan.title));
        let ramp: Vec<_> = plan.stages.iter().map(|stage| stage.name.as_str()).collect();
        out.line(&format!("stages: {}", if ramp.is_empty() { "none".to_owned() } else { ramp.join(", ") }));
        out.line(&format!(
            "{} items, {} gates, {} triggers, {} health endpoints; polled every {}",
            plan.items.len(),
            plan.gates.len(),
            plan.triggers.len(),
            plan.health.len(),
            plan.poll,
        ));
        let unbound = plan.conditions.iter().filter(|condition| condition.probe.is_none()).count();
        if unbound > 0 {
            out.line(&format!("{unbound} conditions are not bound to a query: they are boxes to tick"));
        }
        // What happened before the session was resumed was told on its night.
        let is_resumption = |event: &Arc<Event>| matches!(event.fact, Fact::SessionResumed { .. });
        let told = live.state.timeline.iter().rposition(is_resumption).unwrap_or(0);
        Self {
            plan: Arc::clone(plan),
            verdict: None,
            told,
            gates: vec![""; plan.gates.len()],
            silent: vec![Vec::new(); plan.gates.len()],
            triggers: vec![""; plan.triggers.len()],
            endpoints: vec![None; plan.health.len()],
            alerts: Vec::new(),
            disk: Disk::Fine,
            by_hand: false,
            rehearsal,
            ended: false,
        }
    }

    /// The verdict as it was last told: what a decision made now is made on.
    pub(super) fn seen(&self) -> Seen {
        self.verdict.as_ref().map(Verdict::keys).unwrap_or_default()
    }

    /// Whether the close of the session was told.
    pub(super) const fn has_told_the_end(&self) -> bool {
        self.ended
    }

    pub(super) fn tell(&mut self, live: &Live, out: &Out) {
        self.amended(live);
        self.disk(live, out);
        self.events(live, out);
        // What a decision led to is told after it: that is a sync away. A slow disk is not waited for.
        if live.disk == Disk::Fine && !live.is_saved(self.decided(live)) {
            return;
        }
        self.gates(live, out);
        self.silent(live, out);
        self.triggers(live, out);
        self.endpoints(live, out);
        self.alerts(live, out);
        self.verdict(live, out);
        self.blind(live, out);
    }

    fn blind(&mut self, live: &Live, out: &Out) {
        let blind_for = live.state.ramp.blind_too_long();
        if let Some(span) = blind_for.filter(|_| !self.by_hand) {
            line(live, out, &format!("BLIND for {span}: no machine can tell, decide by hand"));
        }
        self.by_hand = blind_for.is_some();
    }

    /// What was told of another plan's gates says nothing of this one's.
    fn amended(&mut self, live: &Live) {
        if Arc::ptr_eq(&self.plan, &live.plan) {
            return;
        }
        self.plan = Arc::clone(&live.plan);
        self.endpoints = vec![None; live.plan.health.len()];
        self.gates = vec![""; live.plan.gates.len()];
        self.silent = vec![Vec::new(); live.plan.gates.len()];
        self.triggers = vec![""; live.plan.triggers.len()];
    }

    /// The newest decision.
    fn decided(&self, live: &Live) -> u64 {
        let untold = live.state.timeline.get(self.told..).unwrap_or_default();
        untold.iter().rev().find(|event| event.fact.is_human()).map_or(0, |event| event.seq)
    }

    fn disk(&mut self, live: &Live, out: &Out) {
        if self.disk == live.disk {
            return;
        }
        match (&self.disk, &live.disk) {
            (Disk::Failing { .. }, Disk::Fine) => {
                line(live, out, "the session log can be written again: all is saved");
            }
            (_, Disk::Failing { why, unsaved }) => {
                line(live, out, &format!("THE SESSION LOG CANNOT BE WRITTEN: {why}; {unsaved} events NOT SAVED"));
            }
            (_, Disk::Slow) => line(live, out, "the disk is slow: saving…"),
            _ => {}
        }
        self.disk = live.disk.clone();
    }

    fn gates(&mut self, live: &Live, out: &Out) {
        for id in live.state.ramp.watched_gates(&live.plan) {
            let (gate, track) = (live.plan.gate(id), &live.state.ramp.gates[id.index()]);
            let word = track.word();
            if std::mem::replace(&mut self.gates[id.index()], word) == word {
                continue;
            }
            let shown = match &track.state {
                GateState::Unknown(unknown) => format!("{}: {}", unknown.code, unknown.detail),
                state => state.weighed().map(|weighed| gate.pass.show(weighed.value)).unwrap_or_default(),
            };
            line(live, out, &format!("gate {} {word}: {shown} (limit {})", gate.name, gate.pass));
        }
    }

    /// Series that were there and are silent now are named beside their gate.
    fn silent(&mut self, live: &Live, out: &Out) {
        for id in live.state.ramp.watched_gates(&live.plan) {
            let track = &live.state.ramp.gates[id.index()];
            let Some(weighed) = track.state.weighed() else { continue };
            let told = &mut self.silent[id.index()];
            let name = &live.plan.gate(id).name;
            for labels in weighed.silent.iter().filter(|labels| !told.contains(labels)) {
                line(live, out, &format!("gate {name}: {{{labels}}} has gone silent"));
            }
            for labels in told.iter().filter(|labels| !weighed.silent.contains(labels)) {
                line(
                    live,
                    out,
                    &format!(
                        "gate {name}: {{{labels}}} is missed no more: it is back, or has been gone for the whole window"
                    ),
                );
            }
            told.clone_from(&weighed.silent);
        }
    }

    fn triggers(&mut self, live: &Live, out: &Out) {
        for (at, trigger) in live.plan.triggers.iter().enumerate() {
            let word = live.state.ramp.trigger_state(&live.plan, TriggerId::at(at)).word();
            let before = std::mem::replace(&mut self.triggers[at], word);
            if word != before && !matches!((before, word), ("" | "idle", "idle" | "armed")) {
                line(live, out, &format!("trigger {word}: {}", trigger.text));
            }
        }
    }

    fn endpoints(&mut self, live: &Live, out: &Out) {
        let states = live.plan.health.iter().zip(live.state.ramp.health_states(&live.plan));
        for (told, (health, state)) in self.endpoints.iter_mut().zip(states) {
            let now = (state != HealthState::Unread).then(|| state.is_up());
            let before = std::mem::replace(told, now);
            // That all is as it should be from the first answer on is no change.
            if before != now && now.is_some() && (before.is_some() || now == Some(false)) {
                line(live, out, &format!("health {}: {state}", health.name));
            }
        }
    }

    fn alerts(&mut self, live: &Live, out: &Out) {
        let alerts = status::alerts(live);
        for alert in alerts.iter().filter(|alert| !self.alerts.contains(alert)) {
            line(live, out, alert);
        }
        let fired = self.alerts.iter().any(|told| told.starts_with("alert "));
        if alerts.is_empty() && fired {
            line(live, out, "no alert is firing any more");
        }
        self.alerts = alerts;
    }

    fn verdict(&mut self, live: &Live, out: &Out) {
        let verdict = &live.verdict;
        if self.verdict.as_ref().is_some_and(|told| told.says_the_same(verdict)) {
            return;
        }
        line(live, out, &format!("{}{}", self.rehearsal, verdict.call));
        match self.verdict.as_ref().filter(|told| told.call == verdict.call) {
            Some(told) => {
                for reason in verdict.news_since(&told.keys()) {
                    line(live, out, &format!("  + {reason}"));
                }
                for reason in told.news_since(&verdict.keys()) {
                    line(live, out, &format!("  - {}", reason.name()));
                }
            }
            None => verdict.reasons.iter().for_each(|reason| line(live, out, &format!("  {reason}"))),
        }
        if let Some(earliest) = verdict.earliest.filter(|_| verdict.call == Call::Hold) {
            let left = earliest.since(live.state.ramp.now);
            let at = live.now.at.saturating_add_unsigned(left.0);
            line(live, out, &format!("  earliest GO {} (in {})", show_clock(at), left.clock()));
        }
        self.verdict = Some(verdict.clone());
    }

    fn events(&mut self, live: &Live, out: &Out) {
        while let Some(event) = live.state.timeline.get(self.told) {
            let failing = matches!(live.disk, Disk::Failing { .. });
            let told_elsewhere = matches!(event.fact, Fact::VerdictChanged { .. });
            if !told_elsewhere && !live.is_saved(event.seq) && !failing {
                return;
            }
            if !told_elsewhere {
                self.event(live, event, out);
            }
            self.told += 1;
        }
    }

    fn event(&mut self, live: &Live, event: &Event, out: &Out) {
        let Some(sentence) = tell(&live.state, event) else { return };
        let not_saved = if live.is_saved(event.seq) { "" } else { "NOT SAVED: " };
        out.line(&format!("{}  {not_saved}{sentence}", show_clock(event.at)));
        for change in live.state.changes(event) {
            out.line(&format!("{}    {change}", show_clock(event.at)));
        }
        self.ended |= matches!(event.fact, Fact::SessionFinished { .. });
    }
}

fn line(live: &Live, out: &Out, text: &str) {
    out.line(&format!("{}  {text}", show_clock(live.now.at)));
}
