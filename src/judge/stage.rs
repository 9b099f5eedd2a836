//! A stage over time: where it stands, and how much of its soak is earned.
//!
//! The soak counts only time in which everything was known and good. A pause keeps it, a confirmed
//! breach or too long a time of not knowing sets it to zero.

use super::Moment;
use crate::plan::{Stage, StageKind};
use crate::text::Millis;

/// Where a stage stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    #[default]
    Pending,
    /// Decided; the traffic has not moved yet.
    Shifting,
    Active,
    Passed,
    RolledBack,
    Skipped,
}

impl Status {
    /// The word of screens and reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Shifting => "shifting",
            Self::Active => "active",
            Self::Passed => "passed",
            Self::RolledBack => "rolled-back",
            Self::Skipped => "skipped",
        }
    }
}

/// A stage over time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StageTrack {
    pub status: Status,
    pub started_at: Option<Moment>,
    /// When the traffic had moved: the soak and every warm-up begin here.
    pub moved_at: Option<Moment>,
    pub ended_at: Option<Moment>,
    /// Clean time earned.
    pub soak: Millis,
    /// Confirmed breaches that set the soak to zero.
    pub resets: u32,
    /// An observation period in which a breach was confirmed.
    pub failed: bool,
    /// How long something has not been known, without a break.
    blind_for: Millis,
    /// What was credited since the last poll: taken back where the poll never came.
    since_poll: Millis,
}

/// What a span of time was for the soak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    Clean,
    /// Known, and not good.
    Bad,
    NotKnown,
}

impl StageTrack {
    /// Begins the stage afresh: decided, the traffic not yet moved.
    pub fn start(&mut self, now: Moment) {
        *self = Self { status: Status::Shifting, started_at: Some(now), ..Self::default() };
    }

    /// The traffic has moved: the clocks begin.
    pub fn moved(&mut self, now: Moment) {
        self.status = Status::Active;
        self.moved_at = Some(now);
    }

    /// Ends the stage.
    pub fn end(&mut self, status: Status, now: Moment) {
        self.status = status;
        self.ended_at = Some(now);
    }

    /// Lets time pass that was of one kind.
    pub fn pass(&mut self, stage: &Stage, span: Millis, kind: Span) {
        match kind {
            Span::Clean => {
                self.soak += span;
                self.since_poll += span;
                self.blind_for = Millis::ZERO;
            }
            Span::Bad => self.blind_for = Millis::ZERO,
            Span::NotKnown => self.not_know(stage, span),
        }
    }

    /// A poll came in on time: what was credited on its way stands.
    pub fn settle(&mut self) {
        self.since_poll = Millis::ZERO;
    }

    /// No poll came for too long: what was credited meanwhile is taken back, and the whole gap was
    /// time of not knowing.
    pub fn gap(&mut self, stage: &Stage, gap: Millis) {
        self.take_back();
        self.not_know(stage, gap);
    }

    /// Takes back what was credited since the last poll.
    pub fn take_back(&mut self) {
        self.soak -= self.since_poll;
        self.since_poll = Millis::ZERO;
    }

    fn not_know(&mut self, stage: &Stage, span: Millis) {
        self.was_blind_for(stage, self.blind_for + span);
    }

    /// The stage is judged otherwise from here on: what was earned proves nothing of that.
    pub fn start_over(&mut self) {
        self.soak = Millis::ZERO;
        self.since_poll = Millis::ZERO;
    }

    /// A confirmed breach: the soak starts again.
    pub fn reset(&mut self) {
        self.start_over();
        self.resets += 1;
        self.failed = true;
    }

    /// What is left of the soak, or of an observation period's clock.
    #[must_use]
    pub fn soak_left(&self, stage: &Stage, now: Moment) -> Millis {
        let whole = stage.soak.unwrap_or_default();
        match stage.kind {
            StageKind::Ramp => whole - self.soak,
            StageKind::Observe => whole - self.age(now),
        }
    }

    /// How long the stage has been active.
    #[must_use]
    pub fn age(&self, now: Moment) -> Millis {
        self.moved_at.map_or(Millis::ZERO, |moved| now.since(moved))
    }

    /// So long something has not been known, as may turn out afterwards: too long, and nothing is proven.
    pub(super) fn was_blind_for(&mut self, stage: &Stage, span: Millis) {
        self.blind_for = span;
        if span > stage.max_gap {
            self.soak = Millis::ZERO;
        }
    }

    /// How long something has not been known, without a break.
    #[must_use]
    pub const fn blind_for(&self) -> Millis {
        self.blind_for
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Input, Text, compile};

    #[test]
    fn what_was_credited_on_the_way_to_a_gap_is_taken_back() {
        let list = Text { name: "a.md", text: "- [ ] 10% traffic - monitor 1 minute\n" };
        let plan = compile(Input { checklist: list, bindings: None }).plan;
        let (stage, mut track) = (&plan.stages[0], StageTrack::default());
        let five = Millis::from_secs(5);
        track.pass(stage, five, Span::Clean);
        track.settle();
        track.pass(stage, five, Span::Clean);
        assert_eq!(track.soak, five + five);
        track.gap(stage, Millis::from_secs(20));
        assert_eq!((track.soak, track.blind_for()), (five, Millis::from_secs(20)));
        track.gap(stage, Millis::from_secs(10));
        assert_eq!((track.soak, track.blind_for()), (five, Millis::from_secs(30)), "once");
    }
}
