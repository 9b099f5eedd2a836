//! Gaps that are looked into afterwards, where the plan wants it: `backfill = true`.

use crate::clock::Clock;
use crate::judge::{Look, Moment};
use crate::observe::past::Past;
use crate::observe::span::Span;
use crate::plan::Plan;
use crate::session::State;
use crate::text::Millis;
use tokio::sync::oneshot;

/// A longer gap is not looked into: what was so long ago proves little of now.
const LONGEST: Millis = Millis::from_mins(60);

/// The look into the last gap, while a source is asked about it.
#[derive(Debug)]
pub struct Backfill {
    clock: Clock,
    gap: Option<(Moment, Moment)>,
    looks: Option<oneshot::Receiver<Vec<Look>>>,
}

impl Backfill {
    #[must_use]
    pub const fn new(clock: Clock) -> Self {
        Self { clock, gap: None, looks: None }
    }

    /// Asks about the gap that nobody has looked into yet, once.
    pub fn ask(&mut self, plan: &Plan, state: &State) {
        let gap = state.ramp.unseen();
        if gap == self.gap {
            return;
        }
        self.gap = gap;
        self.looks = gap.map(|(from, to)| {
            let wall = |moment| state.at.saturating_sub_unsigned(state.ramp.now.since(moment).0);
            let (answer, looks) = oneshot::channel();
            let past = (to.since(from) <= LONGEST)
                .then(|| Past::new(plan, Span::new(wall(from), wall(to), plan.poll), self.clock));
            let from = wall(from);
            tokio::spawn(async move {
                // Whoever asked may look into another gap by now.
                let _gone = answer.send(look(past, from).await);
            });
            looks
        });
    }

    /// Waits for what was found; for ever where nothing is asked.
    pub async fn looked(&mut self) -> Vec<Look> {
        let Some(looks) = &mut self.looks else { return std::future::pending().await };
        let found = looks.await.unwrap_or_default();
        self.looks = None;
        found
    }
}

/// Walks through a gap that began at a wall-clock time.
async fn look(past: Option<Past>, from: i64) -> Vec<Look> {
    let Some(mut past) = past else { return Vec::new() };
    let mut looks = Vec::new();
    while let Some((at, batch)) = past.next().await {
        let after = Millis(u64::try_from(at.saturating_sub(from)).unwrap_or(0));
        if !after.is_zero() {
            looks.push(Look { after, batch });
        }
    }
    looks
}
