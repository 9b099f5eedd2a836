//! What observes for the room: started for its plan, and again when the plan is amended.

use crate::observe::Found;
use crate::plan::Plan;
use std::fmt;
use tokio::sync::mpsc::Receiver;

/// Starts what observes a plan, and ends what observed the one before.
pub type Observe = Box<dyn FnMut(&Plan) -> Receiver<Found> + Send>;

/// The observers of the plan in force.
pub struct Eyes {
    /// None for closed eyes.
    observe: Option<Observe>,
    found: Receiver<Found>,
}

impl Eyes {
    #[must_use]
    pub fn open(plan: &Plan, mut observe: Observe) -> Self {
        let found = observe(plan);
        Self { observe: Some(observe), found }
    }

    /// Observes nothing: what is over is looked at no more.
    #[must_use]
    pub fn closed() -> Self {
        let (_, found) = tokio::sync::mpsc::channel(1);
        Self { observe: None, found }
    }

    /// Ends what observes.
    pub fn close(&mut self) {
        *self = Self::closed();
    }

    /// Turns to another plan. What was found for the one before is not seen any more: its ids would
    /// mean something else.
    pub fn look_at(&mut self, plan: &Plan) {
        if let Some(observe) = &mut self.observe {
            self.found = observe(plan);
        }
    }

    /// Waits for what is found next; for ever where no observer is left: empty polls go on, and old
    /// data grows old.
    pub async fn see(&mut self) -> Found {
        match self.found.recv().await {
            Some(found) => found,
            None => std::future::pending().await,
        }
    }
}

impl fmt::Debug for Eyes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Eyes").field("found", &self.found).finish_non_exhaustive()
    }
}
