//! Time that nobody saw, looked at afterwards: `backfill = true`.
//!
//! What a source remembers of a gap is judged by the same rules as the night itself, from where the
//! gap began. What that proves clean is credited, and a breach in it counts; what no source remembers,
//! a health endpoint for instance, is not known, and nothing is credited for it.

use super::ramp::Ramp;
use super::{Batch, Moment};
use crate::plan::{Plan, StageId};
use crate::text::Millis;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What was found afterwards of one moment of a gap.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// How long after the gap began.
    pub after: Millis,
    pub batch: Batch,
}

/// A gap that nobody has looked into yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    /// The last poll before it.
    pub from: Moment,
    pub to: Moment,
    /// The judgement as it stood at that poll.
    before: Arc<Ramp>,
    /// What the stage had left of its soak, its resets, and how long nothing had been known, right
    /// behind the gap.
    soak: Millis,
    resets: u32,
    blind: Millis,
}

impl Gap {
    /// A gap that has just been opened, with the judgement before it and behind it.
    pub(super) fn between(before: Ramp, stage: StageId, behind: &Ramp) -> Self {
        let track = &behind.stages[stage.index()];
        let (soak, resets, blind) = (track.soak, track.resets, track.blind_for());
        Self { from: before.now, to: behind.now, before: Arc::new(before), soak, resets, blind }
    }
}

impl Ramp {
    /// Judges what was found of the last gap, and credits what it proves: so much clean time.
    pub fn backfill(&mut self, plan: &Plan, looks: &[Look]) -> Millis {
        let Some((gap, stage)) = self.unseen.take().zip(self.active_stage()) else { return Millis::ZERO };
        let mut past = Self::clone(&gap.before);
        if past.active_stage() != Some(stage)
            || past.stages[stage.index()].moved_at != self.stages[stage.index()].moved_at
        {
            return Millis::ZERO;
        }
        for Look { after, batch } in looks.iter().filter(|look| gap.from + look.after <= gap.to) {
            past.advance(plan, gap.from + *after, batch);
        }
        past.pass_time(plan, gap.to);
        let has_tripped =
            past.triggers.iter().zip(&self.triggers).any(|(then, now)| then.is_tripped() && !now.is_tripped());
        let (then, resets) = (&past.stages[stage.index()], gap.before.stages[stage.index()].resets);
        let track = &mut self.stages[stage.index()];
        // What came behind the gap has started the soak again: nothing before that counts.
        if has_tripped || track.resets != gap.resets || track.soak < gap.soak {
            return Millis::ZERO;
        }
        let unseen_since = self.now.since(gap.to);
        let is_still_blind = track.blind_for() == gap.blind + unseen_since;
        let since = track.soak - gap.soak;
        track.soak = then.soak + since;
        if is_still_blind {
            track.was_blind_for(plan.stage(stage), then.blind_for() + unseen_since);
        }
        track.resets += then.resets - resets;
        track.failed |= then.failed;
        if track.soak.is_zero() { Millis::ZERO } else { then.soak - gap.soak }
    }
}
