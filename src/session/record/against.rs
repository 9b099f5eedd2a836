//! Decision points that were answered with a no, and stand so.

use super::super::event::show_clock;
use super::super::state::State;
use super::decision;
use crate::judge::against::Against;
use crate::plan::{Decision, DecisionId};

/// The last word on a decision point: what, by whom, when, and in which event.
type LastWord<'r> = (u64, &'r str, &'r str, i64);

impl State {
    /// The decision points whose last word is against going on.
    pub(in crate::session) fn decided_against(&self) -> Vec<Against> {
        let asked = self.plan().decisions.iter().enumerate().map(|(at, decision)| (DecisionId::at(at), decision));
        let refused = asked.filter_map(|(id, decision)| {
            let (_, answer, by, at) = self.last_word(id, decision)?;
            let said = || Against { decision: id, answer: answer.to_owned(), by: by.to_owned(), at: show_clock(at) };
            decision.is_refused_by(answer).then(said)
        });
        refused.collect()
    }

    /// Where a question has boxes, the one that is ticked; else what was answered, or chosen in a
    /// blank of the same line, whichever came last.
    fn last_word<'r>(&'r self, id: DecisionId, decision: &'r Decision) -> Option<LastWord<'r>> {
        let plan = self.plan();
        let ticked = decision::boxes(plan, id).into_iter().find(|item| self.ramp.done[item.index()]);
        if let Some(item) = ticked {
            let record = &self.items[item.index()];
            return Some((record.seq, plan.item(item).text.as_str(), record.by.as_str(), record.at));
        }
        let said = self.record.decisions[id.index()].as_ref().filter(|entry| entry.value.item.is_none());
        let said = said.map(|entry| (entry.seq, entry.value.text.as_str(), entry.by.as_str(), entry.at));
        let blanks = plan.fields.iter().zip(&self.record.fields).filter(|(field, _)| field.line == decision.line);
        let filled = blanks.filter_map(|(_, entry)| entry.as_ref());
        let filled = filled.map(|entry| (entry.seq, entry.value.as_str(), entry.by.as_str(), entry.at));
        said.into_iter().chain(filled).max_by_key(|(seq, ..)| *seq)
    }
}
