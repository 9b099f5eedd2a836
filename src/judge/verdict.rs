//! What is said: GO, HOLD or ROLLBACK, with every reason that is true, worst first.

mod beside;

use super::base::InForce;
use super::gate::{GateState, GateTrack};
use super::health::HealthState;
use super::ramp::{Course, Ramp};
use super::skew;
use super::stage::Status;
use super::trigger::TriggerState;
use super::{Class, Code, Moment, Reason, Unknown, Weighed};
use crate::order;
use crate::plan::{Gate, GateId, OnFail, Plan, ProbeId, StageId, TriggerId};
use crate::text::{Millis, number};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Blind for this long, no machine can help: people must decide.
const DECIDE_BY_HAND: Millis = Millis::from_mins(5);
/// This many resets in one stage are more than bad luck.
const FLAPPING_RESETS: u32 = 3;

/// The verdict alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Call {
    Go,
    Hold,
    Rollback,
}

impl Call {
    /// The word of every screen, log and file.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Go => "GO",
            Self::Hold => "HOLD",
            Self::Rollback => "ROLLBACK",
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A verdict with its reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    pub call: Call,
    /// Worst first; empty for GO.
    pub reasons: Vec<Reason>,
    /// The earliest moment at which GO can come, where time alone or a recovery can bring it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earliest: Option<Moment>,
}

impl Verdict {
    /// Says whether this verdict has got worse than the one a person saw: it has a reason that
    /// they did not see.
    #[must_use]
    pub fn news_since(&self, seen: &[(Code, String)]) -> Vec<&Reason> {
        let known = |reason: &Reason| seen.iter().any(|(code, subject)| reason.key() == (*code, subject.as_str()));
        self.reasons.iter().filter(|reason| !known(reason)).collect()
    }

    /// The set of reasons, as a decision carries it.
    #[must_use]
    pub fn keys(&self) -> Vec<(Code, String)> {
        self.reasons.iter().map(|reason| (reason.code, reason.subject.clone())).collect()
    }

    /// Whether two verdicts say the same, whatever their figures are.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.call == other.call && self.reasons.iter().map(Reason::key).eq(other.reasons.iter().map(Reason::key))
    }
}

impl Ramp {
    /// The verdict at this moment.
    #[must_use]
    pub fn verdict(&self, plan: &Plan) -> Verdict {
        let mut reasons = Reasons { plan, ramp: self, list: Vec::new() };
        reasons.collect();
        let mut list = reasons.list;
        order::by_key(&mut list, |reason| reason.class);
        let call = match list.first().map(|reason| reason.class) {
            None => Call::Go,
            Some(Class::Rollback) => Call::Rollback,
            Some(_) => Call::Hold,
        };
        let earliest = self.earliest(plan, &list);
        Verdict { call, reasons: list, earliest }
    }

    /// For how long something has not been known, once that is so long that people must decide.
    #[must_use]
    pub fn blind_too_long(&self) -> Option<Millis> {
        let blind_for = self.current_track()?.blind_for();
        (blind_for >= DECIDE_BY_HAND).then_some(blind_for)
    }

    /// When GO can come at the earliest, if all that is bad became good now.
    fn earliest(&self, plan: &Plan, reasons: &[Reason]) -> Option<Moment> {
        let is_active = |stage: &StageId| self.stages[stage.index()].status == Status::Active;
        let current = self.current.filter(is_active).filter(|_| self.course == Course::Running)?;
        let waits = |reason: &Reason| matches!(reason.class, Class::NotGood | Class::NotYet | Class::Person);
        if reasons.is_empty() || !reasons.iter().all(waits) {
            return None;
        }
        let soak = self.stages[current.index()].soak_left(plan.stage(current), self.now);
        let warm = self.counting_gates(plan).filter_map(|gate| self.warm_up_left(plan, gate)).max();
        Some(self.now + soak.max(warm.unwrap_or_default())).filter(|at| *at > self.now)
    }
}

struct Reasons<'a> {
    plan: &'a Plan,
    ramp: &'a Ramp,
    list: Vec<Reason>,
}

impl Reasons<'_> {
    /// Lists what is true in the plan's order, and what has no line in the plan in the order of the
    /// codes; sorting by class keeps that order within a class.
    fn collect(&mut self) {
        match &self.ramp.course {
            Course::Finished => {
                self.list.clone_from(&self.ramp.closed_on);
                return;
            }
            Course::Before => self.before(),
            Course::Running => self.running(),
            Course::RolledBack { by, reason } => {
                let text = format!("{} rolled back: {reason}", named(by));
                self.push(Code::RolledBack, Class::Rollback, "", "", text);
                self.tripped();
            }
        }
        if let Some(held) = &self.ramp.held {
            let text = format!("{} said hold: {}", named(&held.by), held.reason);
            self.push(Code::Held, Class::Person, "", "", text);
        }
    }

    fn before(&mut self) {
        self.triggers();
        self.items();
        self.decisions();
        if self.plan.stages.is_empty() {
            let text = "the checklist has no stage: there is nothing to start".to_owned();
            self.push(Code::NoGates, Class::Person, "", "", text);
        }
        self.papers();
    }

    /// What must be signed and scored before the start.
    fn papers(&mut self) {
        let ramp = self.ramp;
        for sign_off in ramp.missing_sign_offs(self.plan) {
            let text = format!("nobody has signed as {} (line {})", sign_off.role, sign_off.line);
            self.push(Code::SignOffMissing, Class::Person, &sign_off.role, "", text);
        }
        let Some(least) = ramp.missing_score(self.plan) else { return };
        let least = number::show_exact(least);
        let text = match ramp.prepared.score {
            Some(score) => format!("the readiness score is {}, at least {least} is wanted", number::show(score)),
            None => {
                let (scored, all) = (ramp.prepared.scored, self.plan.scores.len());
                format!("the readiness score is not known, {scored} of {all} are scored; at least {least} is wanted")
            }
        };
        self.push(Code::ScoreTooLow, Class::Person, "readiness score", "", text);
    }

    fn running(&mut self) {
        let Some(current) = self.ramp.current else { return };
        let status = self.ramp.stages[current.index()].status;
        if status == Status::Shifting {
            let stage = self.plan.stage(current);
            let measured = self.measured_so_far();
            let text =
                format!("waiting for the traffic to move to {}{measured}: say \"moved\" when it has", stage.name);
            self.push(Code::Shifting, Class::NotYet, "", "", text);
        } else {
            self.gates(status);
            self.beside();
            self.health();
            if status == Status::Active {
                self.stage(current);
            }
        }
        self.triggers();
        if let Some(away) = self.ramp.gap {
            let text = format!("nothing was seen for {away}: waiting until every gate is fresh again");
            self.push(Code::ClockGap, Class::NotKnowing, "", "", text);
        }
        self.items();
        if status == Status::Active {
            self.people(current);
        }
        self.decisions();
        if status != Status::Shifting {
            self.unmeasured();
        }
    }

    fn gates(&mut self, status: Status) {
        for id in self.ramp.counting_gates(self.plan) {
            self.gate(id, status);
        }
    }

    fn unmeasured(&mut self) {
        let is_gated = self.ramp.counting_gates(self.plan).next().is_some();
        if !is_gated && self.plan.health.is_empty() && self.plan.alerts.is_none() {
            let text = "nothing is measured on this stage: no gate is bound here".to_owned();
            self.push(Code::NoGates, Class::Person, "", "", text);
        }
    }

    fn gate(&mut self, id: GateId, status: Status) {
        let (gate, track) = (self.plan.gate(id), &self.ramp.gates[id.index()]);
        let source = self.plan.source(self.plan.probe(gate.probe).source).name.clone();
        if track.hard
            && let (Some(hard), Some(weighed)) = (gate.hard, track.state.weighed())
        {
            let text = format!(
                "{} {} {hard}, its hard limit{}",
                gate.name,
                hard.show(weighed.value),
                self.seen(gate.probe, weighed)
            );
            self.push(Code::HardLimit, Class::Rollback, &gate.name, &source, text);
        }
        let is_waived = track.waiver.is_some();
        match &track.state {
            GateState::Breaching(weighed) if !is_waived => {
                let text = self.over(gate, track, weighed);
                self.push(Code::Breaching, Class::NotGood, &gate.name, &source, text);
            }
            GateState::Failing(weighed) if !is_waived => {
                let text = self.over(gate, track, weighed);
                let warming = self.ramp.warm_up_left(self.plan, id).is_some_and(|left| !left.is_zero());
                let rolls_back = gate.on_fail == OnFail::Rollback && !warming;
                let class = if rolls_back { Class::Rollback } else { Class::NotGood };
                self.push(Code::Failing, class, &gate.name, &source, text);
            }
            GateState::Unknown(unknown) if track.is_unknown(gate) => {
                let text = self.unknown(&gate.name, unknown, track.last_known_failing.then_some("failing"));
                let text = text + &self.clock(gate.probe, unknown);
                self.push(unknown.code, Class::NotKnowing, &gate.name, &source, text);
            }
            _ => {}
        }
        if status == Status::Active && !is_waived {
            self.warm_up(id, track, &source);
        }
    }

    fn warm_up(&mut self, id: GateId, track: &GateTrack, source: &str) {
        let gate = self.plan.gate(id);
        let left = self.ramp.warm_up_left(self.plan, id).filter(|left| !left.is_zero());
        let text = match left {
            Some(left) => format!("{}: its window still holds the stage before for {}", gate.name, left.clock()),
            None if !track.proven && matches!(track.state, GateState::Pass(_)) => {
                format!("{}: not read since the traffic moved or its rule changed", gate.name)
            }
            None => return,
        };
        self.push(Code::WarmUp, Class::NotYet, &gate.name, source, text);
    }

    /// `error rate 1.42 % > 1 % for 3 readings (5m window, 6s old)`.
    fn over(&self, gate: &Gate, track: &GateTrack, weighed: &Weighed) -> String {
        let InForce { limit, made_from } =
            track.in_force.clone().unwrap_or(InForce { limit: gate.pass, made_from: None });
        let broken = match limit.op.opposite() {
            Some(sign) => format!("{sign} {}", limit.bound()),
            None => format!("outside {}", limit.bound()),
        };
        let made_from = made_from.map(|from| format!(" ({from})")).unwrap_or_default();
        let extent = track.breach.extent(gate.hold);
        let value = limit.show(weighed.value);
        format!("{} {value} {broken}{made_from} {extent}{}", gate.name, self.seen(gate.probe, weighed))
    }

    /// Where, over which window, how old, and who is silent beside it.
    fn seen(&self, probe: ProbeId, weighed: &Weighed) -> String {
        let place = if weighed.labels.is_empty() { String::new() } else { format!(" in {{{}}}", weighed.labels) };
        let window = self.plan.probe(probe).query.window.map(|window| format!("{window} window, "));
        let silent = match weighed.silent.as_slice() {
            [] => String::new(),
            silent => format!("; silent: {{{}}}", silent.join("}, {")),
        };
        format!("{place} ({}{} old){silent}", window.unwrap_or_default(), weighed.age)
    }

    /// `; prod: its clock is 1m ahead of ours`, beside data that came at a wrong time.
    fn clock(&self, probe: ProbeId, unknown: &Unknown) -> String {
        let source = self.plan.probe(probe).source;
        let skew = self.ramp.skew(self.plan, source).filter(|_| matches!(unknown.code, Code::Stale | Code::Skew));
        let say = |ahead| format!("; {}: {}", self.plan.source(source).name, skew::say(ahead));
        skew.map(say).unwrap_or_default()
    }

    fn unknown(&self, name: &str, unknown: &Unknown, last_known: Option<&str>) -> String {
        let last_known = last_known.map(|word| format!("; last known: {word}")).unwrap_or_default();
        let by_hand = self.ramp.blind_too_long().map(|span| format!("; blind for {span}: decide by hand"));
        let by_hand = by_hand.unwrap_or_default();
        format!("{name}: {}{last_known}{by_hand}", unknown.detail)
    }

    fn health(&mut self) {
        let states: Vec<_> = self.ramp.health_states(self.plan).collect();
        for (health, state) in self.plan.health.iter().zip(states) {
            let (code, class, text) = match state {
                HealthState::Up { .. } | HealthState::Slow { .. } => continue,
                HealthState::Down { why, failures } => {
                    let times = if failures == 1 { "once".to_owned() } else { format!("{failures} times in a row") };
                    (Code::Unhealthy, Class::NotGood, format!("{} is unhealthy, {times}: {why}", health.name))
                }
                HealthState::Stale { age } => {
                    (Code::Stale, Class::NotKnowing, format!("{}: last asked {age} ago", health.name))
                }
                HealthState::Unread => (Code::NoData, Class::NotKnowing, format!("{}: not asked yet", health.name)),
            };
            self.push(code, class, &health.name, "", text);
        }
    }

    /// After a rollback only what called for it is listed: the new version is no longer watched.
    fn tripped(&mut self) {
        for at in 0..self.plan.triggers.len() {
            if self.ramp.triggers[at].is_tripped() {
                self.trigger(TriggerId::at(at));
            }
        }
    }

    fn triggers(&mut self) {
        for at in 0..self.plan.triggers.len() {
            self.trigger(TriggerId::at(at));
        }
    }

    fn trigger(&mut self, id: TriggerId) {
        let trigger = self.plan.trigger(id);
        let name = trigger.name.as_str();
        match self.ramp.trigger_state(self.plan, id) {
            TriggerState::Idle | TriggerState::Armed(_) => {}
            TriggerState::Tripped(trip) => match (&trip.by, &trip.blind) {
                (None, Some(unknown)) => {
                    let text = self.unknown(name, unknown, Some("tripped"));
                    self.push(Code::BlindTrigger, Class::NotKnowing, name, "", text);
                }
                (by, _) => {
                    let who = by.as_deref().map(|by| format!("{} declared it: ", named(by))).unwrap_or_default();
                    self.push(Code::TriggerTripped, Class::Rollback, name, "", format!("{name}: {who}{}", trip.on));
                }
            },
            TriggerState::Pending { weighed, left } => {
                let Some(watch) = &trigger.watch else { return };
                let left = left.map(|left| format!("rollback in {}: ", left.clock())).unwrap_or_default();
                // Its gate says that it is bad where the metric has one; how long there is left, it does not.
                if let Some(judged) = self.gate_reason(name) {
                    judged.text.insert_str(0, &left);
                    return;
                }
                let said = self.ramp.triggers[id.index()].say(watch, &weighed);
                let text = format!("{left}{name}: {said}, not confirmed");
                self.push(Code::Breaching, Class::NotGood, name, "", text);
            }
            TriggerState::Blind(unknown) => {
                let text = self.unknown(name, &unknown, None);
                self.push(Code::BlindTrigger, Class::NotKnowing, name, "", text);
            }
        }
    }

    fn gate_reason(&mut self, name: &str) -> Option<&mut Reason> {
        let judged = |reason: &Reason| matches!(reason.code, Code::Failing | Code::Breaching | Code::HardLimit);
        self.list.iter_mut().find(|reason| judged(reason) && reason.subject == name)
    }

    fn stage(&mut self, current: StageId) {
        let (stage, track) = (self.plan.stage(current), &self.ramp.stages[current.index()]);
        let left = track.soak_left(stage, self.ramp.now);
        if left.is_zero() {
            return;
        }
        let what = if stage.kind == crate::plan::StageKind::Observe { "on the clock" } else { "of clean time" };
        let text = format!("{} {what} left on {}", left.clock(), stage.name);
        self.push(Code::Soaking, Class::NotYet, "", "", text);
        if track.resets >= FLAPPING_RESETS {
            let text = format!("the soak of {} has been reset {} times", stage.name, track.resets);
            self.push(Code::Flapping, Class::NotYet, "", "", text);
        }
    }

    fn items(&mut self) {
        for id in self.ramp.open_items(self.plan) {
            let item = self.plan.item(id);
            // A box to sign is said to be not signed.
            if self.ramp.missing_sign_offs(self.plan).any(|sign_off| sign_off.line == item.line) {
                continue;
            }
            let text = format!("\"{}\" is open (line {})", item.text, item.line);
            self.push(Code::ItemOpen, Class::Person, &item.text, "", text);
        }
    }

    fn decisions(&mut self) {
        for against in self.ramp.decided_against(self.plan) {
            let decision = self.plan.decision(against.decision);
            let (answer, line) = (&against.answer, decision.line);
            let who = match against.by.as_str() {
                "" => "the checklist itself says".to_owned(),
                by => format!("{by} decided at {}:", against.at),
            };
            self.push(
                Code::DecidedAgainst,
                Class::Person,
                &decision.text,
                "",
                format!("{who} {answer} (line {line}: {})", decision.text),
            );
        }
    }

    fn people(&mut self, current: StageId) {
        let (needed, given) = (self.plan.stage(current).approvals as usize, self.ramp.approvals.len());
        if given < needed {
            let text = format!("{given} of {needed} approvals for leaving {}", self.plan.stage(current).name);
            self.push(Code::ApprovalMissing, Class::Person, "", "", text);
        }
        for (by, reason) in &self.ramp.rejections {
            self.push(Code::Rejected, Class::Person, by, "", format!("{by} rejected it: {reason}"));
        }
    }

    fn push(&mut self, code: Code, class: Class, subject: &str, source: &str, text: String) {
        let (subject, source) = (subject.to_owned(), source.to_owned());
        self.list.push(Reason { code, class, subject, source, text });
    }
}

fn named(by: &str) -> &str {
    if by.is_empty() { "somebody" } else { by }
}
