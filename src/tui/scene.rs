//! What is live, at the moment it is looked at.
//!
//! Between two events only time passes, so clocks and ages are carried forward here. The verdict
//! is not: GO comes from the room or not at all, and when nothing has come from the room for too
//! long the screen says that it is old itself.

use crate::clock::Stamp;
use crate::judge::ramp::Course;
use crate::judge::{Moment, Ramp, Status, Verdict};
use crate::plan::{Plan, Stage, StageId};
use crate::room::{Disk, Live, silence};
use crate::session::{Event, State};
use crate::text::Millis;
use std::sync::Arc;

/// What the board is drawn from.
#[derive(Clone, Debug)]
pub struct Scene {
    pub live: Arc<Live>,
    /// The wall clock, unix milliseconds.
    pub at: i64,
    /// The moment of the session.
    pub now: Moment,
    /// The judgement, with the time that has passed since the last event, as far as the room may be
    /// late: no clean time is shown that nobody has seen.
    pub ramp: Ramp,
    /// The room's verdict, with what only this screen knows laid over it.
    pub verdict: Verdict,
    /// Nothing has come from the room for so long.
    pub silent_for: Option<Millis>,
}

impl Scene {
    /// What is live, looked at now. `grace` is what the room may be late by, in the session's time.
    #[must_use]
    pub fn of(live: &Arc<Live>, now: Stamp, grace: Millis) -> Self {
        let live = Arc::clone(live);
        let patience = silence::patience(&live, grace);
        let is_over = live.state.ramp.course == Course::Finished;
        let silent_for = silence::of(&live, now, grace);
        let moment = if is_over { live.state.ramp.now } else { live.moment(now) };
        let mut ramp = live.state.ramp.clone();
        ramp.pass_time(&live.plan, moment.min(ramp.now + patience));
        let verdict = silence::overlay(
            with_figures_of_now(&live, &ramp),
            "this screen",
            silent_for.map(|silence| format!("this screen is old: nothing new for {silence}")),
        );
        Self { live, at: now.at, now: moment, ramp, verdict, silent_for }
    }

    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.live.plan
    }

    #[must_use]
    pub fn state(&self) -> &State {
        &self.live.state
    }

    /// The wall clock at a moment of the session.
    #[must_use]
    pub fn wall(&self, moment: Moment) -> i64 {
        let ahead = i64::try_from(moment.since(self.now).0).unwrap_or(i64::MAX);
        let behind = i64::try_from(self.now.since(moment).0).unwrap_or(i64::MAX);
        self.at.saturating_add(ahead).saturating_sub(behind)
    }

    /// The current stage.
    #[must_use]
    pub fn current(&self) -> Option<(StageId, &Stage)> {
        self.ramp.current.map(|id| (id, self.plan().stage(id)))
    }

    /// The stage that a promotion, or the start, would begin.
    #[must_use]
    pub fn next(&self) -> Option<(StageId, &Stage)> {
        self.state().next_stage(self.plan()).map(|id| (id, self.plan().stage(id)))
    }

    /// The current stage, or the first one before the start: what the gates are shown for.
    #[must_use]
    pub fn stage_in_view(&self) -> Option<StageId> {
        self.ramp.current.or_else(|| self.next().map(|(id, _)| id))
    }

    /// Where the current stage stands.
    #[must_use]
    pub fn status(&self) -> Option<Status> {
        self.ramp.current_track().map(|track| track.status)
    }

    /// Whether the session is closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.ramp.course == Course::Finished
    }

    /// Whether something that a person did is not on disk yet.
    #[must_use]
    pub fn is_saving(&self) -> bool {
        let unsaved = |event: &&Arc<Event>| !self.live.is_saved(event.seq);
        self.state().timeline.iter().rev().take_while(unsaved).any(|event| event.fact.is_human())
    }

    /// How many events could not be written.
    #[must_use]
    pub fn unsaved(&self) -> Option<u64> {
        match &self.live.disk {
            Disk::Failing { unsaved, .. } => Some(*unsaved),
            Disk::Fine | Disk::Slow => None,
        }
    }
}

/// The room's verdict with the countdowns of this moment in its sentences. Which reasons there are,
/// and what is called for, is the room's word alone.
fn with_figures_of_now(live: &Live, ramp: &Ramp) -> Verdict {
    let mut verdict = live.verdict.clone();
    let now = ramp.verdict(&live.plan);
    if now.call == verdict.call && verdict.earliest.is_some() {
        verdict.earliest = now.earliest;
    }
    let mut fresh = now.reasons;
    for reason in &mut verdict.reasons {
        if let Some(at) = fresh.iter().position(|other| other.key() == reason.key()) {
            reason.text = fresh.remove(at).text;
        }
    }
    verdict
}
