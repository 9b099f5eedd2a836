//! Time that nobody saw, looked at afterwards: `backfill = true`.
//!
//! What a source remembers of a gap is judged by the same rules as the night itself, from where the
//! gap began. What that proves clean is credited, and a breach in it counts; what no source remembers,
//! a health endpoint for instance, is not known, and nothing is credited for it.

use super::ramp::Ramp;
use super::stage::StageTrack;
use super::{Batch, Moment};
use crate::plan::{Plan, Stage, StageId};
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
    /// For how long behind the gap nothing went on to be known.
    went_on: Millis,
    /// Too little was known for too long once more, behind the gap.
    is_lost: bool,
}

impl Gap {
    /// A gap that has just been opened, with the judgement before it and behind it.
    pub(super) fn between(before: Ramp, stage: StageId, behind: &Ramp) -> Self {
        let track = &behind.stages[stage.index()];
        let (soak, resets, blind) = (track.soak, track.resets, track.blind_for());
        let (from, to) = (before.now, behind.now);
        Self { from, to, before: Arc::new(before), soak, resets, blind, went_on: Millis::ZERO, is_lost: false }
    }

    /// Takes in how the stage stands a while later.
    pub(super) fn follow(&mut self, stage: &Stage, track: &StageTrack, now: Moment) {
        let since = now.since(self.to);
        if track.blind_for() == self.blind + since {
            self.went_on = since;
        } else {
            self.is_lost |= track.blind_for() > stage.max_gap;
        }
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
        if has_tripped || track.resets != gap.resets || track.soak < gap.soak || gap.is_lost {
            return Millis::ZERO;
        }
        let unseen_since = self.now.since(gap.to);
        let is_still_blind = track.blind_for() == gap.blind + unseen_since;
        // What the gap ended with may have gone on until it was too long.
        let is_too_long = !then.blind_for().is_zero() && then.blind_for() + gap.went_on > plan.stage(stage).max_gap;
        let proven = if is_too_long { Millis::ZERO } else { then.soak };
        track.soak = proven + (track.soak - gap.soak);
        if is_still_blind {
            track.was_blind_for(plan.stage(stage), then.blind_for() + unseen_since);
        }
        track.resets += then.resets - resets;
        track.failed |= then.failed;
        if track.soak.is_zero() { Millis::ZERO } else { proven - gap.soak }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::{Got, Miss, Reading, Sample, Why};
    use crate::plan::{Input, ProbeId, Text, compile};

    const STAGE: StageId = StageId(0);

    fn plan() -> Plan {
        let list = "## Ramp\n- [ ] 10% traffic - monitor 10 minutes\n  - [ ] Errors < 1%\n- [ ] 50% traffic\n";
        let bindings = "backfill = true\n[source.prom]\nkind = \"prometheus\"\nurl = \"http://127.0.0.1:1\"\n\
                        every = \"5s\"\n[metric.errors]\nquery = \"errors\"\nunit = \"percent\"\n";
        let bindings = Some(Text { name: "b.toml", text: bindings });
        compile(Input { checklist: Text { name: "a.md", text: list }, bindings }).plan
    }

    /// What a poll at a second finds; none where the source does not answer.
    fn found(second: u64, value: Option<f64>) -> Batch {
        let data_at = i64::try_from(second * 1_000).expect("a night");
        let down = || Got::Miss(Miss { why: Why::SourceDown, detail: "refused".to_owned() });
        let got = value.map_or_else(down, |value| Got::Sample(Sample { value, data_at, ..Sample::default() }));
        let reading = Reading { probe: ProbeId(0), got, traffic: None, baseline: None };
        Batch { readings: vec![reading], ..Batch::default() }
    }

    /// Polls every five seconds.
    fn poll(ramp: &mut Ramp, plan: &Plan, seconds: std::ops::RangeInclusive<u64>, value: Option<f64>) {
        for second in seconds.step_by(5) {
            ramp.advance(plan, Moment(second * 1_000), &found(second, value));
        }
    }

    /// Half a minute clean, then twenty seconds that nobody saw, then a poll.
    fn awake_again(plan: &Plan, behind: Option<f64>) -> Ramp {
        awake_after(plan, Some(0.1), behind)
    }

    fn awake_after(plan: &Plan, before: Option<f64>, behind: Option<f64>) -> Ramp {
        let mut ramp = Ramp::new(plan);
        ramp.start(plan, STAGE, Moment(0));
        ramp.moved(plan, Moment(0));
        poll(&mut ramp, plan, 0..=30, before);
        poll(&mut ramp, plan, 50..=50, behind);
        assert_eq!(ramp.unseen(), Some((Moment(30_000), Moment(50_000))));
        ramp
    }

    /// What the source remembers of the gap, asked for every five seconds.
    fn looks(value: Option<f64>) -> Vec<Look> {
        let look = |after: u64| Look { after: Millis::from_secs(after), batch: found(30 + after, value) };
        [5, 10, 15].map(look).into()
    }

    fn soak(ramp: &Ramp) -> u64 {
        ramp.stages[STAGE.index()].soak.as_secs()
    }

    #[test]
    fn nothing_is_credited_where_too_little_was_known_for_too_long_behind_the_gap() {
        let plan = plan();
        let mut ramp = awake_after(&plan, None, Some(0.1));
        let too_long = plan.stage(STAGE).max_gap.as_secs() + 5;
        poll(&mut ramp, &plan, 55..=60 + too_long, None);
        assert_eq!(soak(&ramp), 0);
        let mut known_again = ramp.clone();
        assert_eq!((ramp.backfill(&plan, &looks(Some(0.1))), soak(&ramp)), (Millis::ZERO, 0));
        poll(&mut known_again, &plan, 65 + too_long..=75 + too_long, Some(0.1));
        assert_eq!((known_again.backfill(&plan, &looks(Some(0.1))), soak(&known_again)), (Millis::ZERO, 10));
    }

    /// The end of the gap and what came behind it: neither is too long by itself.
    #[test]
    fn what_the_gap_ended_with_goes_on_behind_it() {
        let plan = plan();
        let almost = plan.stage(STAGE).max_gap.as_secs() - 5;
        let mut ramp = awake_after(&plan, None, None);
        poll(&mut ramp, &plan, 55..=50 + almost, None);
        poll(&mut ramp, &plan, 55 + almost..=55 + almost, Some(0.1));
        let mut looks = looks(None);
        looks[0].batch = found(35, Some(0.1));
        assert_eq!((ramp.backfill(&plan, &looks), soak(&ramp)), (Millis::ZERO, 0));
    }

    #[test]
    fn what_came_behind_the_gap_meanwhile_is_kept_beside_what_is_credited() {
        let plan = plan();
        let mut ramp = awake_again(&plan, Some(0.1));
        poll(&mut ramp, &plan, 55..=70, Some(0.1));
        assert_eq!(soak(&ramp), 50);
        assert_eq!(ramp.backfill(&plan, &looks(Some(0.1))), Millis::from_secs(20));
        assert_eq!((soak(&ramp), ramp.stages[0].resets), (70, 0));
        assert_eq!(ramp.stages[0].blind_for(), Millis::ZERO);
    }

    #[test]
    fn nothing_is_credited_where_what_came_behind_the_gap_lost_it() {
        let plan = plan();
        let mut ramp = awake_again(&plan, Some(0.1));
        poll(&mut ramp, &plan, 55..=60, Some(2.0));
        assert_eq!((soak(&ramp), ramp.stages[0].resets), (0, 1));
        assert_eq!(ramp.backfill(&plan, &looks(Some(0.1))), Millis::ZERO);
        assert_eq!((soak(&ramp), ramp.stages[0].resets), (0, 1));
    }

    /// Blind before, in and behind the gap is blind all the time.
    #[test]
    fn what_was_not_known_in_the_gap_and_is_not_known_since_adds_up() {
        let plan = plan();
        let mut ramp = awake_again(&plan, None);
        poll(&mut ramp, &plan, 55..=70, None);
        assert_eq!(ramp.stages[0].blind_for(), Millis::from_secs(40));
        let mut clean = ramp.clone();
        // What was found last before it holds until the first look.
        assert_eq!(ramp.backfill(&plan, &looks(None)), Millis::from_secs(5));
        assert_eq!((soak(&ramp), ramp.stages[0].blind_for()), (35, Millis::from_secs(35)));
        assert_eq!(clean.backfill(&plan, &looks(Some(0.1))), Millis::from_secs(20));
        assert_eq!((soak(&clean), clean.stages[0].blind_for()), (50, Millis::from_secs(20)));
    }

    #[test]
    fn a_breach_in_the_gap_counts_and_credits_nothing_from_before() {
        let plan = plan();
        let mut ramp = awake_again(&plan, Some(0.1));
        poll(&mut ramp, &plan, 55..=60, Some(0.1));
        assert_eq!(ramp.backfill(&plan, &looks(Some(2.0))), Millis::ZERO);
        assert_eq!((soak(&ramp), ramp.stages[0].resets), (10, 1));
        assert!(ramp.stages[0].failed);
    }

    #[test]
    fn a_stage_that_was_started_meanwhile_is_credited_nothing() {
        let plan = plan();
        for (stage, before) in [(STAGE, Some(0.1)), (STAGE, None), (StageId(1), Some(0.1))] {
            let mut ramp = awake_after(&plan, before, Some(0.1));
            ramp.start(&plan, stage, Moment(52_000));
            ramp.moved(&plan, Moment(52_000));
            let before = ramp.stages.clone();
            assert_eq!(ramp.backfill(&plan, &looks(Some(0.1))), Millis::ZERO);
            assert_eq!(ramp.stages, before);
        }
    }

    #[test]
    fn what_lies_behind_the_gap_was_seen() {
        let plan = plan();
        let mut ramp = awake_again(&plan, Some(0.1));
        let mut looks = looks(Some(0.1));
        looks.push(Look { after: Millis::from_secs(25), batch: found(55, Some(2.0)) });
        looks.push(Look { after: Millis::from_secs(30), batch: found(60, Some(2.0)) });
        assert_eq!(ramp.backfill(&plan, &looks), Millis::from_secs(20));
        assert_eq!(ramp.stages[0].resets, 0);
    }
}
