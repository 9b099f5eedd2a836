//! The whole judgement over time: what polls found and people did, folded into what it stands at.
//!
//! - `people`: what people do to it.
//! - `amend`: a plan that is amended on the night.
//! - `items`: which lines stand against GO.

mod amend;
mod items;
mod people;

mod old;

use super::against::Against;
use super::alerts::AlertsState;
use super::backfill::Gap;
use super::beside::{Beside, Circumstances};
use super::evidence::{Known, Seen};
use super::gate::{GateState, GateTrack};
use super::health::{HealthState, HealthTrack};
use super::prepared::Prepared;
use super::stage::{Span, StageTrack, Status};
use super::trigger::{TriggerState, TriggerTrack};
use super::{Baseline, Batch, Captured, Moment, Reason};
use crate::plan::{GateId, Plan, ProbeId, SourceId, StageId, TriggerId};
use crate::text::{Millis, Unit};

/// Polls further apart than this many intervals leave a gap that proves nothing.
const GAP_POLLS: u64 = 3;
/// What has not been asked for this long is not known: whether an endpoint is up, whether alerts fire.
const LEAST_ANSWER_AGE: Millis = Millis::from_secs(15);

/// Where the cutover is as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Course {
    /// No stage has started.
    #[default]
    Before,
    Running,
    RolledBack {
        by: String,
        reason: String,
    },
    Finished,
}

/// Somebody said hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub by: String,
    pub reason: String,
}

/// A plan's judgement as it stands at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Ramp {
    pub now: Moment,
    pub course: Course,
    pub current: Option<StageId>,
    pub stages: Vec<StageTrack>,
    pub gates: Vec<GateTrack>,
    pub triggers: Vec<TriggerTrack>,
    pub health: Vec<HealthTrack>,
    pub beside: Beside,
    pub prepared: Prepared,
    /// Decision points whose last word is a no.
    pub against: Vec<Against>,
    /// Which items are done: ticked, not applicable, attested, or `[x]` in the file.
    pub done: Vec<bool>,
    pub held: Option<Held>,
    /// Who has approved the active stage's promotion, each once.
    pub approvals: Vec<String>,
    /// Who has rejected it, and why.
    pub rejections: Vec<(String, String)>,
    /// The clocks stood, or the process did: nothing is believed until every gate is fresh.
    pub gap: Option<Millis>,
    /// Overrides and waivers, and stages that were passed without a gate: the night is partial.
    pub exceptions: u32,
    /// What stood against GO when the session was closed.
    pub closed_on: Vec<Reason>,
    probes: Vec<Option<Seen>>,
    /// What each probe read before the ramp.
    captured: Vec<Option<Baseline>>,
    polled_at: Option<Moment>,
    /// The last poll before a gap that was noticed already.
    missed: Option<Moment>,
    /// What the time until the next poll is for the soak.
    span: Span,
    /// The last gap, where the plan wants it looked into.
    pub(super) unseen: Option<Gap>,
}

impl Ramp {
    /// The judgement of a plan before anything was read.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        Self {
            now: Moment::default(),
            course: Course::Before,
            current: None,
            stages: vec![StageTrack::default(); plan.stages.len()],
            gates: vec![GateTrack::default(); plan.gates.len()],
            triggers: vec![TriggerTrack::default(); plan.triggers.len()],
            health: vec![HealthTrack::default(); plan.health.len()],
            beside: Beside::default(),
            prepared: Prepared::default(),
            against: Vec::new(),
            done: plan.items.iter().map(|item| item.ticked).collect(),
            held: None,
            approvals: Vec::new(),
            rejections: Vec::new(),
            gap: None,
            exceptions: 0,
            closed_on: Vec::new(),
            probes: vec![None; plan.probes.len()],
            captured: vec![None; plan.probes.len()],
            polled_at: None,
            missed: None,
            span: Span::NotKnown,
            unseen: None,
        }
    }

    /// Takes in what one poll found at a moment, and judges it.
    pub fn advance(&mut self, plan: &Plan, now: Moment, batch: &Batch) {
        self.pass_time(plan, now);
        self.polled_at = Some(now);
        for reading in &batch.readings {
            if let Some(seen) = self.probes.get_mut(reading.probe.index()) {
                let holds = patience(plan, plan.probe(reading.probe).source);
                *seen = Some(Seen { reading: reading.clone(), at: now, holds });
            }
        }
        for answer in &batch.health {
            if let Some(track) = self.health.get_mut(answer.health.index()) {
                track.observe(&answer.got, now);
            }
        }
        self.beside.observe(batch, now);
        self.capture(&batch.captured);
        self.judge(plan);
        self.count_breaches(plan);
        self.span = self.span_now(plan);
        if let Some(track) = self.current_track_mut() {
            track.settle();
        }
    }

    /// Takes in baselines, which are what was read before the ramp and nothing else.
    fn capture(&mut self, captured: &[Captured]) {
        for Captured { probe, baseline } in captured.iter().filter(|_| self.course == Course::Before) {
            let Some(known) = self.captured.get_mut(probe.index()) else { continue };
            let is_news = matches!(baseline, Baseline::Measured { .. }) || known.is_none();
            if is_news {
                *known = Some(baseline.clone());
            }
        }
    }

    /// The process was away until this moment: down, or asleep.
    pub fn interrupted(&mut self, plan: &Plan, now: Moment) {
        if self.course == Course::Finished {
            return self.pass_time(plan, now);
        }
        let (away, before) = (now.since(self.now), self.before_gap(plan));
        self.now = self.now.max(now);
        self.open_gap(plan, away);
        self.note_gap(before);
        self.polled_at = Some(now);
        self.judge(plan);
    }

    /// Whatever comes first after a sleep finds the gap, a word or a poll: nobody saw that time. Once the
    /// session is finished nobody looks any more: what was seen last stays as it was.
    fn notice_gap(&mut self, plan: &Plan, now: Moment) -> bool {
        let is_looking = self.course != Course::Finished;
        let polled_at = self.polled_at.filter(|polled_at| is_looking && self.missed != Some(*polled_at));
        let Some(polled_at) = polled_at else { return false };
        let away = now.since(polled_at);
        if away <= plan.poll * GAP_POLLS {
            return false;
        }
        self.missed = Some(polled_at);
        let before = self.before_gap(plan);
        self.now = self.now.max(now);
        self.open_gap(plan, away);
        self.note_gap(before);
        self.judge(plan);
        true
    }

    /// The judgement as it stood at the last poll, where a gap in it is to be looked into.
    fn before_gap(&self, plan: &Plan) -> Option<(StageId, Self)> {
        let stage = self.active_stage().filter(|_| plan.backfill)?;
        let mut before = Self { unseen: None, ..self.clone() };
        before.stages[stage.index()].take_back();
        before.now = self.polled_at?.min(self.now);
        Some((stage, before))
    }

    fn note_gap(&mut self, before: Option<(StageId, Self)>) {
        self.unseen = before.map(|(stage, before)| Gap::between(before, stage, self));
    }

    /// The last gap, if nobody has looked into it and the plan wants that: from when to when.
    #[must_use]
    pub fn unseen(&self) -> Option<(Moment, Moment)> {
        self.unseen.as_ref().map(|gap| (gap.from, gap.to))
    }

    fn open_gap(&mut self, plan: &Plan, away: Millis) {
        self.gap = Some(away);
        self.span = Span::NotKnown;
        if let Some(current) = self.active_stage() {
            self.stages[current.index()].gap(plan.stage(current), away);
        }
        self.probes.fill(None);
        for track in &mut self.health {
            track.last = None;
        }
        self.beside.alerts.forget();
    }

    /// Lets time pass up to a moment; what the last poll found holds until then.
    pub fn pass_time(&mut self, plan: &Plan, now: Moment) {
        if self.notice_gap(plan, now) {
            return;
        }
        let span = now.since(self.now);
        self.now = self.now.max(now);
        if let Some(current) = self.active_stage() {
            let kind = self.span;
            self.stages[current.index()].pass(plan.stage(current), span, kind);
            if let Some(gap) = &mut self.unseen {
                gap.follow(plan.stage(current), &self.stages[current.index()], self.now);
            }
        }
    }

    fn judge(&mut self, plan: &Plan) {
        let now = self.now;
        for (at, gate) in plan.gates.iter().enumerate() {
            let warming = self.warm_up_left(plan, GateId::at(at)).is_some_and(|left| !left.is_zero());
            let known = known(plan, &self.probes, &self.captured, gate.probe, now);
            self.gates[at].judge(gate, known, warming);
        }
        for (trigger, track) in plan.triggers.iter().zip(&mut self.triggers) {
            let Some(watch) = trigger.watch.as_ref().filter(|_| self.course != Course::Before) else { continue };
            track.judge(watch, known(plan, &self.probes, &self.captured, watch.probe, now));
        }
        let at = self.circumstances(plan);
        let (probes, captured) = (&self.probes, &self.captured);
        self.beside.judge(plan, |probe| known(plan, probes, captured, probe, now), at);
        if self.counting_gates(plan).all(|gate| !self.gates[gate.index()].is_unknown(plan.gate(gate))) {
            self.gap = None;
        }
    }

    fn count_breaches(&mut self, plan: &Plan) {
        let Some(current) = self.active_stage() else { return };
        let moved_at = self.stages[current.index()].moved_at;
        let mut confirmed = false;
        for gate in self.counting_gates(plan).collect::<Vec<_>>() {
            let warming = self.warm_up_left(plan, gate).is_some_and(|left| !left.is_zero());
            let read_here = self.probes[plan.gate(gate).probe.index()].as_ref().map(|seen| seen.at) >= moved_at;
            let track = &mut self.gates[gate.index()];
            track.proven |= read_here && matches!(track.state, GateState::Pass(_));
            confirmed |= track.take_confirmed(warming);
        }
        for (health, track) in plan.health.iter().zip(&mut self.health) {
            confirmed |= track.take_confirmed(health);
        }
        confirmed |= self.beside.take_confirmed();
        if confirmed {
            self.stages[current.index()].reset();
        }
    }

    /// What the time from now on is for the soak, until the next poll.
    fn span_now(&self, plan: &Plan) -> Span {
        let at = self.circumstances(plan);
        let blind = self.gap.is_some()
            || self.counting_gates(plan).any(|gate| self.gates[gate.index()].is_unknown(plan.gate(gate)))
            || plan.triggers.iter().zip(&self.triggers).any(|(trigger, track)| track.is_blind(trigger))
            || self.health_states(plan).any(|state| matches!(state, HealthState::Unread | HealthState::Stale { .. }))
            || self.beside.is_blind(plan, at);
        let good = self.counting_gates(plan).all(|gate| self.gates[gate.index()].is_clean(plan.gate(gate)))
            && self.health_states(plan).all(|state| state.is_up())
            && self.beside.is_good(plan, at)
            && self.held.is_none()
            && !self.triggers.iter().any(TriggerTrack::is_called);
        match (good, blind) {
            (_, true) => Span::NotKnown,
            (true, false) => Span::Clean,
            (false, false) => Span::Bad,
        }
    }

    /// Whether the time that passes now is earned as clean: every counting gate passes on fresh
    /// data, no trigger is true or tripped, and nobody holds.
    #[must_use]
    pub fn soak_runs(&self) -> bool {
        self.span == Span::Clean && self.active_stage().is_some()
    }

    /// The stage whose clock runs.
    pub(super) fn active_stage(&self) -> Option<StageId> {
        self.current.filter(|stage| self.stages[stage.index()].status == Status::Active)
    }

    fn current_track_mut(&mut self) -> Option<&mut StageTrack> {
        self.current.map(|stage| &mut self.stages[stage.index()])
    }

    /// The current stage's track.
    #[must_use]
    pub fn current_track(&self) -> Option<&StageTrack> {
        self.current.map(|stage| &self.stages[stage.index()])
    }

    /// The gates that count now: those of the current stage.
    pub fn counting_gates<'p>(&self, plan: &'p Plan) -> impl Iterator<Item = GateId> + use<'p> {
        self.current.into_iter().flat_map(|stage| plan.counting(stage).map(|(id, _)| id))
    }

    /// The gates to look at now: those that count, and before the start those of the first stage.
    pub fn watched_gates<'p>(&self, plan: &'p Plan) -> impl Iterator<Item = GateId> + use<'p> {
        let first = (!plan.stages.is_empty()).then_some(StageId(0));
        self.current.or(first).into_iter().flat_map(|stage| plan.counting(stage).map(|(id, _)| id))
    }

    /// What is left of a gate's warm-up in the current stage: its window must lie wholly inside.
    /// None where no stage is active, or the query has no window.
    #[must_use]
    pub fn warm_up_left(&self, plan: &Plan, gate: GateId) -> Option<Millis> {
        let track = self.current_track().filter(|track| track.status == Status::Active)?;
        let window = plan.probe(plan.gate(gate).probe).query.window?;
        Some(window - track.age(self.now))
    }

    /// What the health endpoints stand at.
    pub fn health_states<'r>(&'r self, plan: &Plan) -> impl Iterator<Item = HealthState<'r>> {
        let max_age = answer_age(plan);
        self.health.iter().map(move |track| track.state(max_age, self.now))
    }

    /// What the alerts stand at; none where the plan watches none.
    #[must_use]
    pub fn alerts_state<'r>(&'r self, plan: &Plan) -> Option<AlertsState<'r>> {
        plan.alerts.as_ref()?;
        let at = self.circumstances(plan);
        Some(self.beside.alerts.state(at.max_age, at.now, at.started))
    }

    fn circumstances(&self, plan: &Plan) -> Circumstances {
        let (now, started) = (self.now, self.course != Course::Before);
        Circumstances { now, started, share: self.share_wanted(plan), max_age: alerts_age(plan) }
    }

    /// The share that the current stage says, percent. One that moves no traffic keeps that of the
    /// stage before it.
    #[must_use]
    pub fn share_wanted(&self, plan: &Plan) -> Option<f64> {
        let current = self.current?;
        plan.stages.iter().take(current.index() + 1).rev().find_map(|stage| stage.share)
    }

    /// The stage that the measured share says the traffic has moved to, with that share in percent.
    #[must_use]
    pub fn measured_move(&self, plan: &Plan) -> Option<(StageId, f64)> {
        let stage = self.current.filter(|stage| self.stages[stage.index()].status == Status::Shifting)?;
        let (share, weighed) = (plan.traffic.as_ref()?, self.beside.share.moved()?);
        let percent = plan.probe(share.probe).unit.convert(weighed.value, Unit::Percent)?;
        Some((stage, percent)).filter(|_| self.course == Course::Running)
    }

    /// What a trigger stands at.
    #[must_use]
    pub fn trigger_state(&self, plan: &Plan, trigger: TriggerId) -> TriggerState {
        self.triggers[trigger.index()].state(plan.trigger(trigger), self.course != Course::Before)
    }

    /// The last reading of a probe and when it came in.
    #[must_use]
    pub fn seen(&self, probe: ProbeId) -> Option<&Seen> {
        self.probes.get(probe.index())?.as_ref()
    }
}

/// All that is known of a probe.
fn known<'a>(
    plan: &'a Plan,
    probes: &'a [Option<Seen>],
    captured: &'a [Option<Baseline>],
    probe: ProbeId,
    now: Moment,
) -> Known<'a> {
    let (seen, captured) = (probes[probe.index()].as_ref(), captured[probe.index()].as_ref());
    Known { probe: plan.probe(probe), seen, captured, now }
}

/// How long an answer holds of a source that is asked more seldom than others: until it is due again.
fn patience(plan: &Plan, source: SourceId) -> Millis {
    let every = plan.source(source).every;
    if every > plan.poll { Millis(every.0 + every.0 / 2) } else { Millis::ZERO }
}

/// How old the alerts may be: they are asked for as often as their source is.
fn alerts_age(plan: &Plan) -> Millis {
    let every = plan.alerts.as_ref().map(|alerts| plan.source(alerts.source).every);
    answer_age(plan).max(every.unwrap_or_default() * GAP_POLLS)
}

/// How old an answer may be that says nothing of its data's age.
fn answer_age(plan: &Plan) -> Millis {
    (plan.poll * GAP_POLLS).max(LEAST_ANSWER_AGE)
}

#[cfg(test)]
mod tests;
