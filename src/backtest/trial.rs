//! One stage, tried over and over.

use super::tally::Tally;
use crate::judge::{Batch, Call, Class, Moment, Ramp, TriggerState, Verdict};
use crate::order;
use crate::plan::{Plan, StageId, StageKind, TriggerId};
use crate::text::Millis;

/// The trials of a stage.
#[derive(Debug)]
pub struct Trials {
    pub stage: StageId,
    /// Those that ended.
    pub ended: Vec<Trial>,
    /// How long the last one has been under way, and what it has earned of its soak.
    pub under_way: Option<(Millis, Millis)>,
    /// One for each gate that counts in the stage.
    pub gates: Vec<Tally>,
    pub trips: Vec<Tripped>,
    /// How long the verdict would have been ROLLBACK, HOLD because something is not good, HOLD because
    /// nobody can tell, and neither.
    pub rollback: Millis,
    pub not_good: Millis,
    pub not_known: Millis,
    pub good: Millis,
    running: Option<Running>,
}

/// A trial that ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// When the stage became active, unix milliseconds.
    pub at: i64,
    pub took: Millis,
    /// How often its soak began again.
    pub resets: u32,
    pub ended: Ended,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Nothing but people stood between it and GO.
    Earned,
    /// An observation period in which a breach was confirmed.
    Failed,
}

/// A rollback trigger that would have tripped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tripped {
    pub trigger: TriggerId,
    /// Unix milliseconds.
    pub at: i64,
    /// What it saw, as a sentence.
    pub on: String,
}

#[derive(Debug)]
struct Running {
    ramp: Ramp,
    began: Moment,
    began_at: i64,
    /// Triggers that are true since they last tripped.
    true_since: Vec<bool>,
}

impl Trials {
    #[must_use]
    pub fn new(plan: &Plan, stage: StageId) -> Self {
        Self {
            stage,
            ended: Vec::new(),
            under_way: None,
            gates: plan.counting(stage).map(|(gate, _)| Tally::new(gate)).collect(),
            trips: Vec::new(),
            rollback: Millis::ZERO,
            not_good: Millis::ZERO,
            not_known: Millis::ZERO,
            good: Millis::ZERO,
            running: None,
        }
    }

    pub(super) fn take(&mut self, plan: &Plan, now: Moment, at: i64, step: Millis, batch: &Batch) {
        let mut running = self.running.take().unwrap_or_else(|| Running::begin(plan, self.stage, now, at));
        running.ramp.advance(plan, now, batch);
        for tally in &mut self.gates {
            tally.take(at, step, &plan.gate(tally.gate).pass, &running.ramp.gates[tally.gate.index()].state);
        }
        let verdict = running.ramp.verdict(plan);
        *self.time_of(&verdict) += step;
        self.trips.extend(running.trips(plan, at));
        let track = running.ramp.current_track();
        self.under_way = track.map(|track| (now.since(running.began), track.soak));
        if self.gates.is_empty() || !is_earned(&verdict) {
            self.running = Some(running);
            return;
        }
        let failed = plan.stage(self.stage).kind == StageKind::Observe && track.is_some_and(|track| track.failed);
        self.ended.push(Trial {
            at: running.began_at,
            took: now.since(running.began),
            resets: track.map_or(0, |track| track.resets),
            ended: if failed { Ended::Failed } else { Ended::Earned },
        });
        self.under_way = None;
    }

    fn time_of(&mut self, verdict: &Verdict) -> &mut Millis {
        let has = |class| verdict.reasons.iter().any(|reason| reason.class == class);
        if verdict.call == Call::Rollback {
            &mut self.rollback
        } else if has(Class::NotKnowing) {
            &mut self.not_known
        } else if has(Class::NotGood) {
            &mut self.not_good
        } else {
            &mut self.good
        }
    }

    /// The trials that earned their soak, the quickest first.
    #[must_use]
    pub fn earned(&self) -> Vec<&Trial> {
        let mut earned: Vec<&Trial> = self.ended.iter().filter(|trial| trial.ended == Ended::Earned).collect();
        order::by_key(&mut earned, |trial| trial.took);
        earned
    }

    /// How often the soak began again, in all trials.
    #[must_use]
    pub fn resets(&self) -> u32 {
        let running = self.running.as_ref().and_then(|running| running.ramp.current_track());
        self.ended.iter().map(|trial| trial.resets).sum::<u32>() + running.map_or(0, |track| track.resets)
    }
}

/// People are not asked about nights that are over.
fn is_earned(verdict: &Verdict) -> bool {
    verdict.reasons.iter().all(|reason| reason.class == Class::Person)
}

impl Running {
    fn begin(plan: &Plan, stage: StageId, now: Moment, at: i64) -> Self {
        let mut ramp = Ramp::new(plan);
        ramp.now = now;
        ramp.start(plan, stage, now);
        ramp.moved(plan, now);
        Self { ramp, began: now, began_at: at, true_since: vec![false; plan.triggers.len()] }
    }

    /// The triggers that have tripped now. Each is dismissed, so that the past goes on behind it, and
    /// trips again only after its condition was false.
    fn trips(&mut self, plan: &Plan, at: i64) -> Vec<Tripped> {
        let mut tripped = Vec::new();
        for (number, was_true) in self.true_since.iter_mut().enumerate() {
            let trigger = TriggerId::at(number);
            match self.ramp.trigger_state(plan, trigger) {
                TriggerState::Tripped(trip) => {
                    if !*was_true {
                        tripped.push(Tripped { trigger, at, on: trip.on });
                    }
                    *was_true = true;
                    self.ramp.dismiss(plan, trigger);
                }
                TriggerState::Armed(_) => *was_true = false,
                TriggerState::Idle | TriggerState::Pending { .. } | TriggerState::Blind(_) => {}
            }
        }
        tripped
    }
}
