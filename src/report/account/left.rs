//! What was left: open items, blanks, signatures and questions.

use super::Telling;
use crate::plan::{Duty, ItemId};
use serde::Serialize;

/// What nobody has done.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Left {
    pub items: Vec<OpenItem>,
    /// How many items there are at all, and how many of them are done.
    pub of: usize,
    pub done: usize,
}

/// A line that was not ticked.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OpenItem {
    pub line: u32,
    pub text: String,
    pub section: String,
    pub stage: Option<String>,
    /// It stood against GO in its stage, or before the start.
    pub is_required: bool,
}

impl Telling<'_> {
    pub(super) fn left(&self) -> Left {
        let state = self.night.state;
        let plan = state.plan();
        // A trigger's box says that it happened: left alone it is no duty undone.
        let is_trigger = |id: ItemId| plan.triggers.iter().any(|trigger| trigger.item == Some(id));
        let ids = (0..plan.items.len()).map(ItemId::at).filter(|id| !is_trigger(*id));
        let (done, open): (Vec<ItemId>, Vec<ItemId>) = ids.partition(|id| state.ramp.is_satisfied(plan, *id));
        let items = open.iter().map(|id| {
            let item = plan.item(*id);
            OpenItem {
                line: item.line,
                text: item.text.clone(),
                section: item.section.map(|at| plan.sections[at.index()].title.clone()).unwrap_or_default(),
                stage: item.stage.map(|stage| plan.stage(stage).name.clone()),
                is_required: matches!(item.duty, Duty::Start | Duty::Stage),
            }
        });
        Left { items: items.collect(), of: done.len() + open.len(), done: done.len() }
    }
}
