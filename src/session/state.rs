//! What a session stands at: a pure fold over its events.

mod items;

pub use items::{ItemRecord, Mark};

use super::event::{Event, Fact};
use super::record::{Entry, Record};
use crate::judge::gate::Waiver;
use crate::judge::prepared::Prepared;
use crate::judge::ramp::Held;
use crate::judge::{Moment, Outcome, Ramp, Verdict};
use crate::plan::changes::Carried;
use crate::plan::{ItemId, Plan, StageId};
use crate::text::Millis;
use std::sync::Arc;

/// A session as it stands after an event. Holds no series; cloning it is cheap.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// The plans that were in force, each with the event since which it was; 0 for the first.
    pub(super) plans: Vec<(u64, Arc<Plan>)>,
    pub ramp: Ramp,
    /// Of the last event; 0 before the first.
    pub seq: u64,
    /// The wall clock of the last event, unix milliseconds.
    pub at: i64,
    /// The wall clock when the session began.
    pub began_at: i64,
    mono: Millis,
    /// What is known of each item beside whether it is done.
    pub items: Vec<ItemRecord>,
    /// The paperwork: what was filled in, decided, signed.
    pub record: Record,
    /// Everything but polls, oldest first.
    pub timeline: Vec<Arc<Event>>,
    /// The verdict as it was last recorded.
    pub shown: Option<Verdict>,
    pub outcome: Option<Outcome>,
}

impl State {
    /// A session that began at a wall-clock time, before its first event.
    #[must_use]
    pub fn new(plan: Arc<Plan>, began_at: i64) -> Self {
        let mut state = Self {
            ramp: Ramp::new(&plan),
            seq: 0,
            at: began_at,
            began_at,
            mono: Millis::ZERO,
            items: vec![ItemRecord::default(); plan.items.len()],
            record: Record::new(&plan),
            plans: vec![(0, plan)],
            timeline: Vec::new(),
            shown: None,
            outcome: None,
        };
        state.prepare();
        state
    }

    /// Takes in the next event.
    pub fn apply(&mut self, event: &Event) {
        let now = self.moment_of(event);
        let plan = Arc::clone(self.plan());
        (self.seq, self.at, self.mono) = (event.seq, event.at, event.mono);
        self.apply_fact(&plan, event, now);
        self.tick_by_stage(event);
        self.keep_time(event);
        if !matches!(event.fact, Fact::Polled(_)) {
            self.timeline.push(Arc::new(event.clone()));
        }
    }

    /// The steady clock of the process that wrote the last event, at that event.
    #[must_use]
    pub const fn mono(&self) -> Millis {
        self.mono
    }

    /// The moment of session time at which an event would come.
    #[must_use]
    pub fn moment_of(&self, event: &Event) -> Moment {
        self.ramp.now + event.elapsed_since(self.at, self.mono)
    }

    fn apply_fact(&mut self, plan: &Plan, event: &Event, now: Moment) {
        let by = event.by.as_str();
        match &event.fact {
            Fact::Polled(batch) => self.ramp.advance(plan, now, batch),
            Fact::VerdictChanged { call, reasons } => {
                self.ramp.pass_time(plan, now);
                self.shown = Some(Verdict { call: *call, reasons: reasons.clone(), earliest: None });
            }
            Fact::GapBackfilled { looks, .. } => {
                self.ramp.pass_time(plan, now);
                self.ramp.backfill(plan, looks);
            }
            Fact::SessionResumed { .. } => self.ramp.interrupted(plan, now),
            Fact::LogRecovered { .. }
            | Fact::Noted { .. }
            | Fact::SessionClosed { .. }
            | Fact::NotificationLost { .. } => {
                self.ramp.pass_time(plan, now);
            }
            Fact::StageStarted { .. }
            | Fact::TrafficMoved { .. }
            | Fact::RampCompleted { .. }
            | Fact::RolledBack { .. }
            | Fact::SessionFinished { .. } => self.apply_course(plan, event, now),
            Fact::ItemTicked { .. }
            | Fact::ItemUnticked { .. }
            | Fact::ItemNotApplicable { .. }
            | Fact::SectionAttested { .. } => {
                self.ramp.pass_time(plan, now);
                self.apply_item(event);
                self.prepare();
            }
            Fact::PlanAmended { plan: new, .. } => self.amend(event.seq, plan, new, now),
            fact => match fact.paper() {
                Some(paper) => {
                    self.ramp.pass_time(plan, now);
                    paper.fold(self, event);
                    self.prepare();
                }
                None => self.apply_word(plan, fact, by, now),
            },
        }
    }

    /// Puts a new plan in force. What is known of items goes with them.
    fn amend(&mut self, seq: u64, old: &Plan, new: &Arc<Plan>, now: Moment) {
        let carried = Carried::between(old, new);
        self.ramp.amend(old, new, &carried, now);
        let known = |from: Option<ItemId>| from.map(|from| self.items[from.index()].clone()).unwrap_or_default();
        self.items = carried.as_marked(old, new).into_iter().map(known).collect();
        self.record.amend(old, new, &carried);
        self.plans.push((seq, Arc::clone(new)));
        self.prepare();
    }

    /// Tells the judgement what is signed, scored and decided against.
    fn prepare(&mut self) {
        let signed = self.record.sign_offs.iter().map(Option::is_some).collect();
        let readiness = self.record.readiness(self.plan());
        let (score, scored) = readiness.map_or((None, 0), |readiness| (readiness.total, readiness.scored));
        self.ramp.prepared = Prepared { signed, score, scored };
        self.ramp.against = self.decided_against();
    }

    /// What moves the cutover on.
    fn apply_course(&mut self, plan: &Plan, event: &Event, now: Moment) {
        let by = event.by.as_str();
        match &event.fact {
            Fact::StageStarted { stage, decision } => {
                self.ramp.exceptions += u32::from(decision.overrides.is_some());
                self.ramp.start(plan, *stage, now);
            }
            Fact::TrafficMoved { .. } => self.ramp.moved(plan, now),
            Fact::RampCompleted { decision, .. } => {
                self.ramp.exceptions += u32::from(decision.overrides.is_some());
                self.ramp.pass_last(plan, now);
            }
            Fact::RolledBack { reason, .. } => {
                self.ramp.roll_back(plan, by, reason, now);
                self.record.way_back.decided.get_or_insert_with(|| Entry::new(reason.clone(), event));
                self.outcome = self.outcome.map(|outcome| outcome.lower(Outcome::RolledBack));
            }
            Fact::SessionFinished { outcome, .. } => {
                self.ramp.close(plan, now);
                self.outcome = Some(*outcome);
            }
            _ => {}
        }
    }

    /// What people say of the current stage, its gates and the triggers.
    fn apply_word(&mut self, plan: &Plan, fact: &Fact, by: &str, now: Moment) {
        self.ramp.pass_time(plan, now);
        match fact {
            Fact::HoldSet { reason } => {
                let held = Held { by: by.to_owned(), reason: reason.clone() };
                self.ramp.hold(plan, Some(held));
            }
            Fact::HoldReleased => self.ramp.hold(plan, None),
            Fact::GateWaived { gates, reason, lasts } => {
                let until = lasts.map(|lasts| now + lasts);
                let waiver = Waiver { by: by.to_owned(), reason: reason.clone(), until };
                self.ramp.waive(plan, gates, &waiver);
            }
            Fact::PromotionApproved { .. } => self.ramp.approve(by),
            Fact::PromotionRejected { reason, .. } => self.ramp.reject(by, reason),
            Fact::TriggerDeclared { trigger, reason } => self.ramp.trip(plan, *trigger, by, reason, now),
            Fact::TriggerDismissed { trigger, .. } => self.ramp.dismiss(plan, *trigger),
            _ => {}
        }
    }

    /// The verdict at the last event.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.ramp.verdict(self.plan())
    }

    /// The stage that comes after the current one; the first before the start.
    #[must_use]
    pub fn next_stage(&self, plan: &Plan) -> Option<StageId> {
        let next = self.ramp.current.map_or(0, |current| current.index() + 1);
        (next < plan.stages.len()).then(|| StageId::at(next))
    }
}
