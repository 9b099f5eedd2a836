//! What is known of each line beside whether it is done.

use super::State;
use crate::judge::Status;
use crate::plan::{Duty, ItemId};
use crate::session::event::{Event, Evidence, Fact};
use std::sync::Arc;

/// Who did what to an item, and on which evidence.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ItemRecord {
    /// The event that last changed it; 0 for none.
    pub seq: u64,
    pub at: i64,
    pub by: String,
    pub mark: Mark,
}

/// What was last said of an item.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Mark {
    /// Nothing in this session.
    #[default]
    None,
    Ticked {
        evidence: Option<Evidence>,
    },
    Unticked,
    NotApplicable {
        reason: String,
    },
    Attested {
        reason: String,
    },
    /// Ticked by its stage: the traffic moved, the soak was full.
    ByStage,
}

impl State {
    pub(in crate::session) fn apply_item(&mut self, event: &Event) {
        match &event.fact {
            Fact::ItemTicked { item, evidence } => {
                self.mark(event, *item, true, Mark::Ticked { evidence: evidence.clone() });
            }
            Fact::ItemUnticked { item } => self.mark(event, *item, false, Mark::Unticked),
            Fact::ItemNotApplicable { item, reason } => {
                self.mark(event, *item, true, Mark::NotApplicable { reason: reason.clone() });
            }
            Fact::SectionAttested { items, reason, .. } => {
                for item in items {
                    self.mark(event, *item, true, Mark::Attested { reason: reason.clone() });
                }
            }
            _ => {}
        }
    }

    pub(in crate::session) fn mark(&mut self, event: &Event, item: ItemId, done: bool, mark: Mark) {
        self.ramp.set_done(item, done);
        self.items[item.index()] = ItemRecord { seq: event.seq, at: event.at, by: event.by.clone(), mark };
    }

    /// A stage's own line is ticked when the traffic has moved, its soak line when the soak is full.
    pub(in crate::session) fn tick_by_stage(&mut self, event: &Event) {
        let plan = Arc::clone(self.plan());
        let Some(current) = self.ramp.current else { return };
        let track = &self.ramp.stages[current.index()];
        let moved = matches!(track.status, Status::Active | Status::Passed);
        let soaked = moved && track.soak_left(plan.stage(current), self.ramp.now).is_zero();
        for (at, item) in plan.items.iter().enumerate() {
            let due = match item.duty {
                Duty::Moved => moved,
                Duty::Soak => soaked,
                _ => false,
            };
            if due && item.stage == Some(current) && !self.ramp.done[at] {
                self.mark(event, ItemId::at(at), true, Mark::ByStage);
            }
        }
    }
}
