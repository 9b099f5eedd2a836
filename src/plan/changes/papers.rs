//! The paperwork of an old plan found again in a new one.

use super::{Key, again, headings, keys};
use crate::plan::Plan;

/// For each blank, question, role and category of a new plan the place of the one that it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Papers {
    pub fields: Vec<Option<usize>>,
    pub decisions: Vec<Option<usize>>,
    pub sign_offs: Vec<Option<usize>>,
    pub scores: Vec<Option<usize>>,
}

impl Papers {
    #[must_use]
    pub fn between(old: &Plan, new: &Plan) -> Self {
        let both = |keys: &dyn Fn(&Plan) -> Vec<Key>| again(&keys(old), &keys(new));
        Self {
            fields: both(&|plan| keys(&plan.fields, |field| key(plan, field.line, &field.label))),
            decisions: both(&|plan| keys(&plan.decisions, |decision| key(plan, decision.line, &decision.text))),
            sign_offs: both(&|plan| keys(&plan.sign_offs, |sign_off| vec![sign_off.role.clone()])),
            scores: both(&|plan| keys(&plan.scores, |score| vec![score.category.clone()])),
        }
    }
}

fn key(plan: &Plan, line: u32, text: &str) -> Key {
    let mut key = headings(plan, plan.section_at(line));
    key.push(text.to_owned());
    key
}
