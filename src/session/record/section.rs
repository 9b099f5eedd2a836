//! A whole section that does not apply: `na-section Feature Flags: we have none`.

use super::{Name, Paper};
use crate::plan::{ItemId, Plan, SectionId};
use crate::session::command::Word;
use crate::session::command::word::By;
use crate::session::decide::{Case, Refusal, not_now};
use crate::session::event::{Event, Fact};
use crate::session::state::{Mark, State};
use serde::{Deserialize, Serialize};

pub static LEAVE_OUT: Word = Word::said(
    "na-section SECTION: REASON",
    "mark every open item of a section as not applicable, by name",
    By::Name,
    leave_out,
);

/// The open lines of a section do not apply, all for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SectionNotApplicable {
    pub section: SectionId,
    pub items: Vec<ItemId>,
    pub reason: String,
}

fn leave_out(case: &Case<'_>, text: &str) -> Result<Vec<Fact>, Refusal> {
    let (section, reason) = case.names.section_and_reason(text)?;
    let items = case.open_items_of(section);
    if items.is_empty() {
        return not_now(format!("nothing is open in \"{}\"", case.plan.sections[section.index()].title));
    }
    Ok(vec![Fact::SectionNotApplicable(SectionNotApplicable { section, items, reason })])
}

impl Paper for SectionNotApplicable {
    fn names(&self) -> Vec<Name> {
        [Name::Section(self.section)].into_iter().chain(self.items.iter().copied().map(Name::Item)).collect()
    }

    fn fold(&self, state: &mut State, event: &Event) {
        for item in &self.items {
            state.mark(event, *item, true, Mark::NotApplicable { reason: self.reason.clone() });
        }
    }

    fn tell(&self, plan: &Plan) -> String {
        let title = &plan.sections[self.section.index()].title;
        format!("marked \"{title}\" ({} items) as not applicable: {}", self.items.len(), self.reason)
    }
}
