//! What the limits would have said: a plan's gates and soaks over nights that are over.
//!
//! Pure: what a source remembers comes in as one [`Batch`] for each moment, and goes through the same
//! judge as on the night. Each stage is tried by itself, over and over: it starts, its soak is earned
//! or begins again, and where nothing but people stands between it and GO the next trial starts. So
//! the answer says how long a soak takes on ordinary days, and how often a limit is broken on them,
//! before somebody has to override it at 02:00.
//!
//! - [`trial`]: one stage, trial after trial.
//! - [`tally`]: what became of one limit.

pub mod tally;
pub mod trial;

pub use tally::{Tally, Values};
pub use trial::{Ended, Trial, Trials, Tripped};

use crate::judge::{Batch, Moment};
use crate::plan::{Plan, StageId};
use crate::text::Millis;

/// Every stage of a plan over a stretch of the past.
#[derive(Debug)]
pub struct Backtest {
    /// What is judged of the plan: what the past does not know, and what only people do, is left out.
    pub plan: Plan,
    /// Unix milliseconds.
    pub from: i64,
    pub to: i64,
    /// The time between two moments.
    pub step: Millis,
    pub moments: u64,
    pub stages: Vec<Trials>,
}

impl Backtest {
    /// Begins at a moment, unix milliseconds, of which the next ones are a step apart.
    #[must_use]
    pub fn new(plan: &Plan, from: i64, step: Millis) -> Self {
        let plan = measured(plan, step);
        let stages = (0..plan.stages.len()).map(|at| Trials::new(&plan, StageId::at(at))).collect();
        Self { plan, from, to: from, step, moments: 0, stages }
    }

    /// Takes in what was found at a moment, later than the one before.
    pub fn take(&mut self, at: i64, batch: &Batch) {
        self.to = at;
        self.moments += 1;
        let moment = Moment(u64::try_from(at.saturating_sub(self.from)).unwrap_or_default());
        for trials in &mut self.stages {
            trials.take(&self.plan, moment, at, self.step, batch);
        }
    }

    /// Says whether any limit was ever held against a value.
    #[must_use]
    pub fn has_measured(&self) -> bool {
        self.stages.iter().flat_map(|stage| &stage.gates).any(|tally| tally.values.count() > 0)
    }
}

/// The plan without what a source does not remember (endpoints, the share of the traffic, the build
/// that ran) and without what the judge of a night asks of people.
fn measured(plan: &Plan, step: Millis) -> Plan {
    let mut plan = plan.clone();
    plan.health.clear();
    plan.alerts = None;
    plan.traffic = None;
    plan.build = None;
    plan.poll = step;
    plan
}
