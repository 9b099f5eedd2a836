//! What people do to a ramp. Each method takes a decision that was already found to be allowed.

use super::{Course, Held, Ramp};
use crate::judge::gate::Waiver;
use crate::judge::{Moment, Status};
use crate::plan::{GateId, ItemId, Plan, StageId, StageKind, TriggerId};

impl Ramp {
    /// Starts a stage: the one before it passes, those between are skipped, a stage gone back to
    /// begins afresh. A stage that moves no traffic is active at once.
    pub fn start(&mut self, plan: &Plan, stage: StageId, now: Moment) {
        self.pass_time(plan, now);
        let share_before = self.current.and_then(|current| plan.stage(current).share);
        let previous = self.current;
        if let Some(previous) = previous {
            let status = if stage > previous { Status::Passed } else { Status::RolledBack };
            self.end_stage(previous, status);
            for between in (previous.index() + 1)..stage.index() {
                self.stages[between].end(Status::Skipped, now);
            }
        }
        if self.course == Course::Before {
            self.beside.alerts.begin();
        }
        self.beside.share.begin();
        self.course = Course::Running;
        self.current = Some(stage);
        self.stages[stage.index()].start(now);
        let next = plan.stage(stage);
        // A cohort has no share, and its flag is switched all the same.
        let moves_traffic = next.kind == StageKind::Ramp && next.share.is_none_or(|share| Some(share) != share_before);
        if !moves_traffic {
            self.moved(plan, now);
        }
        self.judge(plan);
    }

    /// The traffic has moved: soak and warm-up begin, and what was read before does not count.
    pub fn moved(&mut self, plan: &Plan, now: Moment) {
        self.pass_time(plan, now);
        for track in &mut self.gates {
            track.enter_stage();
        }
        if let Some(track) = self.current_track_mut() {
            track.moved(now);
        }
        self.span = self.span_now(plan);
    }

    /// Passes the last stage; judging goes on until the session is finished.
    pub fn pass_last(&mut self, plan: &Plan, now: Moment) {
        self.pass_time(plan, now);
        if let Some(current) = self.current {
            self.end_stage(current, Status::Passed);
        }
    }

    fn end_stage(&mut self, stage: StageId, status: Status) {
        let track = &mut self.stages[stage.index()];
        if track.ended_at.is_none() {
            track.end(status, self.now);
        }
        for gate in &mut self.gates {
            gate.waiver = None;
        }
        self.approvals.clear();
        self.rejections.clear();
    }

    /// The traffic goes back to the old version.
    pub fn roll_back(&mut self, plan: &Plan, by: &str, reason: &str, now: Moment) {
        self.pass_time(plan, now);
        if let Some(current) = self.current {
            self.stages[current.index()].end(Status::RolledBack, now);
        }
        self.course = Course::RolledBack { by: by.to_owned(), reason: reason.to_owned() };
    }

    /// Closes the session: its verdict is the one that it was closed on.
    pub fn close(&mut self, plan: &Plan, now: Moment) {
        self.pass_time(plan, now);
        self.closed_on = self.verdict(plan).reasons;
        self.course = Course::Finished;
    }

    /// Sets gates aside until their stage ends, or until a moment.
    pub fn waive(&mut self, plan: &Plan, gates: &[GateId], waiver: &Waiver) {
        self.exceptions += 1;
        for gate in gates {
            self.gates[gate.index()].waiver = Some(waiver.clone());
        }
        self.span = self.span_now(plan);
    }

    /// A person approves the current stage's promotion; their own rejection falls.
    pub fn approve(&mut self, by: &str) {
        self.rejections.retain(|(who, _)| !is_same_person(who, by));
        if !self.approvals.iter().any(|who| is_same_person(who, by)) {
            self.approvals.push(by.to_owned());
        }
    }

    /// A person rejects the current stage's promotion; their own approval falls.
    pub fn reject(&mut self, by: &str, reason: &str) {
        self.approvals.retain(|who| !is_same_person(who, by));
        self.rejections.retain(|(who, _)| !is_same_person(who, by));
        self.rejections.push((by.to_owned(), reason.to_owned()));
    }

    /// A person declares a trigger.
    pub fn trip(&mut self, plan: &Plan, trigger: TriggerId, by: &str, on: &str, now: Moment) {
        self.triggers[trigger.index()].trip(by, on, now);
        self.span = self.span_now(plan);
    }

    /// A person arms a tripped trigger again.
    pub fn dismiss(&mut self, plan: &Plan, trigger: TriggerId) {
        self.triggers[trigger.index()].dismiss();
        self.span = self.span_now(plan);
    }

    /// A person says hold, or lets it go on with none: the soak stands meanwhile.
    pub fn hold(&mut self, plan: &Plan, held: Option<Held>) {
        self.held = held;
        self.span = self.span_now(plan);
    }

    /// Ticks or opens an item.
    pub fn set_done(&mut self, item: ItemId, done: bool) {
        self.done[item.index()] = done;
    }
}

/// A name is the same person's, however it is typed.
fn is_same_person(left: &str, right: &str) -> bool {
    left.trim().to_lowercase() == right.trim().to_lowercase()
}
