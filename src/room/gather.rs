//! One `polled` event a tick: what the sources answered together is recorded together.

use crate::clock::Clock;
use crate::judge::Batch;
use crate::observe::Found;
use crate::order;
use crate::plan::Plan;
use crate::text::Millis;

/// Answers that come within this much real time of the first belong to one poll.
const TOGETHER: Millis = Millis(30);

/// What came in since the last poll was recorded.
#[derive(Debug)]
pub struct Gather {
    clock: Clock,
    batch: Batch,
    /// So many answers make a poll whole.
    whole: usize,
    /// When an answer, or the want of one, is recorded: the clock's steady time.
    due: Millis,
    poll: Millis,
}

impl Gather {
    #[must_use]
    pub fn new(plan: &Plan, clock: Clock) -> Self {
        let whole = plan.probes.len() + plan.health.len() + usize::from(plan.alerts.is_some());
        let mut gather = Self { clock, batch: Batch::default(), whole, due: Millis::ZERO, poll: plan.poll };
        gather.begin();
        gather
    }

    /// A poll that brings nothing is recorded too, half an interval late: it is the clock's tick.
    fn begin(&mut self) {
        self.due = self.clock.now().mono + Millis(self.poll.0 + self.poll.0 / 2);
    }

    /// Takes in an answer. Of several of one metric the last counts.
    pub fn take(&mut self, found: Found) {
        if self.batch.is_empty() {
            let together = TOGETHER * u64::from(self.clock.speed());
            self.due = self.due.min(self.clock.now().mono + together.min(self.poll));
        }
        found.gather_into(&mut self.batch);
        if self.batch.len() == self.whole {
            self.due = Millis::ZERO;
        }
    }

    /// Waits until a poll is to be recorded.
    pub async fn due(&self) {
        self.clock.sleep_until(self.due).await;
    }

    /// Ends the poll and begins the next one.
    pub fn finish(&mut self) -> Batch {
        self.begin();
        let mut batch = std::mem::take(&mut self.batch);
        order::by_key(&mut batch.readings, |reading| reading.probe);
        order::by_key(&mut batch.health, |answer| answer.health);
        order::by_key(&mut batch.captured, |captured| captured.probe);
        batch
    }
}
