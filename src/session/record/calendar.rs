//! When what is due: sections with a clock, the deployment window, and the last safe moment to go on.

use crate::judge::ramp::Course;
use crate::plan::{Clock, Due, Plan, StageId, StageKind};
use crate::session::state::State;

/// When a section is due; wall-clock times, unix milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueAt {
    /// From when on it is to be done.
    pub from: i64,
    /// Until when; none where nobody said.
    pub until: Option<i64>,
}

impl DueAt {
    /// Whether it should be done by now.
    #[must_use]
    pub fn is_over(self, now: i64) -> bool {
        now >= self.until.unwrap_or(self.from)
    }
}

impl State {
    /// When a section or line with a clock is due; none while neither a planned time nor a start is
    /// known. What comes before the cutover is counted from the plan, what comes after it from what
    /// really happened.
    #[must_use]
    pub fn due(&self, clock: &Clock) -> Option<DueAt> {
        let plan = self.plan();
        let whole = &self.record.whole;
        let began = whole.lap.began;
        let base = match (clock.due, clock.offset < 0) {
            (Due::At, true) => plan.cutover.at.or(began)?,
            (Due::At, false) => began.or(plan.cutover.at)?,
            (Due::By, _) => whole.closed.or(whole.lap.ended)?,
        };
        let at = |seconds: i64| base.saturating_add(seconds.saturating_mul(1000));
        Some(match clock.due {
            Due::At => DueAt { from: at(clock.offset), until: clock.until.map(at) },
            Due::By => DueAt { from: base, until: Some(at(clock.offset)) },
        })
    }

    /// What a clock asks for that is not done: so many open lines of so many. Where some are a duty, what is
    /// optional is not asked for.
    #[must_use]
    pub fn open_of(&self, clock: &Clock) -> (usize, usize) {
        let plan = self.plan();
        let inside = plan.items.iter().enumerate().filter(|(at, item)| match clock.section {
            Some(section) => plan.sections_around(item.section).any(|id| id == section),
            None => clock.item.is_some_and(|id| id.index() == *at),
        });
        let is_duty = |item: &crate::plan::Item| item.duty != crate::plan::Duty::None;
        let has_duties = inside.clone().any(|(_, item)| is_duty(item));
        let asked = inside.filter(|(_, item)| !has_duties || is_duty(item));
        asked.fold((0, 0), |(open, all), (at, _)| (open + usize::from(!self.ramp.done[at]), all + 1))
    }

    /// The last moment at which the next promotion leaves time for every soak that follows and for a
    /// rollback after that, before the window closes.
    #[must_use]
    pub fn last_safe_promotion(&self) -> Option<i64> {
        let plan: &Plan = self.plan();
        let closes = plan.cutover.closes()?;
        if !matches!(self.ramp.course, Course::Before | Course::Running) {
            return None;
        }
        let next = self.next_stage(plan)?;
        let ramp = plan.stages.iter().enumerate().skip(next.index()).filter(|(_, stage)| stage.kind == StageKind::Ramp);
        let (mut count, mut soaks) = (0, 0);
        for (_, stage) in ramp {
            count += 1;
            soaks += stage.soak.map_or(0, |soak| soak.0);
        }
        let back = plan.cutover.rollback.map_or(0, |span| span.0);
        (count > 0).then(|| closes - i64::try_from(soaks + back).unwrap_or(i64::MAX / 4))
    }

    /// The first line beyond which rollback no longer works as written, once it is ticked.
    #[must_use]
    pub fn passed_no_return(&self) -> Option<crate::plan::ItemId> {
        self.plan().cutover.no_return.iter().copied().find(|item| self.ramp.done[item.index()])
    }

    /// Decision points that are asked now: those of the stage that is ready, or of the one before it,
    /// that nobody has answered.
    pub fn asked(&self) -> impl Iterator<Item = crate::plan::DecisionId> {
        let plan = self.plan();
        let current = self.ramp.current;
        let is_ready = |stage: StageId| {
            let track = &self.ramp.stages[stage.index()];
            track.moved_at.is_some() && track.soak_left(plan.stage(stage), self.ramp.now).is_zero()
        };
        let asked = plan.decisions.iter().enumerate().filter(move |(at, decision)| {
            let stage = decision.stage.or(current);
            self.record.decisions[*at].is_none() && stage.is_some() && stage == current && stage.is_some_and(is_ready)
        });
        asked.map(|(at, _)| crate::plan::DecisionId::at(at))
    }
}
