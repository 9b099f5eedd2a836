//! What is said of lines and sections.

use super::{Case, Refusal};
use crate::plan::{Duty, Item, ItemId, SectionId, TriggerId};
use crate::session::event::Fact;
use crate::session::names::Prefer;

impl Case<'_> {
    /// Ticking a trigger's box says that it happened.
    pub(in crate::session) fn tick(&self, item: ItemId) -> Vec<Fact> {
        let mut facts = self.other_answers(item);
        facts.push(Fact::ItemTicked { item, evidence: self.evidence(item) });
        let declared = self.plan.triggers.iter().position(|trigger| trigger.item == Some(item));
        facts.extend(
            declared.map(|at| Fact::TriggerDeclared {
                trigger: TriggerId::at(at),
                reason: "its box was ticked".to_owned(),
            }),
        );
        facts
    }

    /// Of an exclusive choice one answer is ticked: the others are opened again.
    fn other_answers(&self, item: ItemId) -> Vec<Fact> {
        let choice = self.plan.item(item).choice;
        let others = self.plan.items.iter().enumerate().map(|(at, other)| (ItemId::at(at), other));
        let ticked = others.filter(|(id, other)| {
            choice.is_some() && other.choice == choice && *id != item && self.state.ramp.done[id.index()]
        });
        ticked.map(|(item, _)| Fact::ItemUnticked { item }).collect()
    }

    pub(super) fn not_applicable(&self, text: &str) -> Result<Vec<Fact>, Refusal> {
        let (item, reason) = match self.names.item_and_reason(text) {
            Ok(found) => found,
            Err(error) => {
                let item = self.names.item(text, Prefer::Open).map_err(|_| error)?;
                (item, String::new())
            }
        };
        let required = matches!(self.plan.item(item).duty, Duty::Start | Duty::Stage);
        if required && reason.is_empty() {
            return Err(Refusal::NoReason { what: "leaving out a required item" });
        }
        Ok(vec![Fact::ItemNotApplicable { item, reason }])
    }

    pub(super) fn attest(&self, text: &str) -> Result<Vec<Fact>, Refusal> {
        self.named("attesting a section")?;
        let (section, reason) = self.names.section_and_reason(text)?;
        Ok(vec![Fact::SectionAttested { section, items: self.open_items_of(section), reason }])
    }

    /// What is open in a section, and in those inside it. A trigger's box says that it happened, and
    /// a choice is made for one answer: neither is spoken for as part of a whole.
    pub(in crate::session) fn open_items_of(&self, section: SectionId) -> Vec<ItemId> {
        let inside = |item: &Item| self.plan.sections_around(item.section).any(|id| id == section);
        let is_trigger = |at: usize| self.plan.triggers.iter().any(|trigger| trigger.item == Some(ItemId::at(at)));
        let open = |(at, item): &(usize, &Item)| {
            inside(item) && item.choice.is_none() && !is_trigger(*at) && !self.state.ramp.done[*at]
        };
        self.plan.items.iter().enumerate().filter(open).map(|(at, _)| ItemId::at(at)).collect()
    }
}
