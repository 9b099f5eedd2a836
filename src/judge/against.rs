//! Decision points of the checklist that somebody answered with a no.
//!
//! A no stands against going on from the stage that it is asked in, until somebody answers otherwise.

use super::ramp::Ramp;
use crate::plan::{DecisionId, Plan};

/// The last word on a decision point, where that is a no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Against {
    pub decision: DecisionId,
    pub answer: String,
    /// Empty where the checklist came with it.
    pub by: String,
    /// The time of day.
    pub at: String,
}

impl Ramp {
    /// What stands against going on now. A question that belongs to no stage is one of the whole night.
    pub fn decided_against<'r>(&'r self, plan: &'r Plan) -> impl Iterator<Item = &'r Against> {
        let is_asked = |against: &&Against| plan.decision(against.decision).stage <= self.current;
        self.against.iter().filter(is_asked)
    }
}
