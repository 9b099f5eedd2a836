//! The questions a checklist asks between stages: `decide Proceed to 50%: yes`.

use super::{Entry, Name, Paper};
use crate::plan::{Decision, DecisionId, ItemId, Plan, leads_to};
use crate::session::command::Word;
use crate::session::command::word::By;
use crate::session::decide::{Case, Refusal, not_now};
use crate::session::event::{Event, Fact};
use crate::session::state::{Mark, State};
use serde::{Deserialize, Serialize};

pub static DECIDE: Word = Word::said("decide QUESTION: ANSWER", "answer a decision point, by name", By::Name, decide);

/// A decision point was answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DecisionMade {
    pub decision: DecisionId,
    pub answer: String,
    /// The box that stands for the answer, where the checklist has boxes for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
}

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub text: String,
    pub item: Option<ItemId>,
}

fn decide(case: &Case<'_>, text: &str) -> Result<Vec<Fact>, Refusal> {
    let (decision, said) = case.names.decision_and_answer(text)?;
    let boxes = boxes(case.plan, decision);
    let Some(first) = boxes.first() else {
        return Ok(vec![Fact::DecisionMade(DecisionMade { decision, answer: said, item: None })]);
    };
    let item = meant(case.plan, case.plan.decision(decision), &boxes, &said);
    let Some(item) = item else {
        let answers: Vec<_> = boxes.iter().map(|item| case.plan.item(*item).text.as_str()).collect();
        return not_now(format!(
            "expected one of: {} (the boxes from line {} on)",
            answers.join("; "),
            case.plan.item(*first).line
        ));
    };
    let answer = case.plan.item(item).text.clone();
    Ok(vec![Fact::DecisionMade(DecisionMade { decision, answer, item: Some(item) })])
}

/// The boxes that answer a decision point.
#[must_use]
pub fn boxes(plan: &Plan, decision: DecisionId) -> Vec<ItemId> {
    let choice = plan.decision(decision).choice;
    let answers = plan.items.iter().enumerate().filter(|(_, item)| choice.is_some() && item.choice == choice);
    answers.map(|(at, _)| ItemId::at(at)).collect()
}

/// The box that an answer means: by how it begins or where it leads, else as yes or no.
fn meant(plan: &Plan, decision: &Decision, boxes: &[ItemId], said: &str) -> Option<ItemId> {
    let key = |text: &str| {
        text.chars().filter(|c| c.is_alphanumeric() || *c == ' ').collect::<String>().trim().to_lowercase()
    };
    let said = key(said);
    let begins = |item: &&ItemId| {
        let text = &plan.item(**item).text;
        [Some(text.as_str()), leads_to(text)].into_iter().flatten().any(|text| key(text).starts_with(&said))
    };
    let mut begun = boxes.iter().filter(begins);
    match (begun.next(), begun.next()) {
        (Some(only), None) => Some(*only),
        (None, _) => {
            let first = |against: bool| {
                boxes.iter().find(|item| decision.is_refused_by(&plan.item(**item).text) == against).copied()
            };
            match said.as_str() {
                "yes" | "go" | "proceed" => first(false),
                "no" | "rollback" | "stop" => first(true),
                _ => None,
            }
        }
        _ => None,
    }
}

impl Paper for DecisionMade {
    fn names(&self) -> Vec<Name> {
        [Name::Decision(self.decision)].into_iter().chain(self.item.map(Name::Item)).collect()
    }

    fn fold(&self, state: &mut State, event: &Event) {
        let answer = Answer { text: self.answer.clone(), item: self.item };
        state.record.decisions[self.decision.index()] = Some(Entry::new(answer, event));
        let Some(chosen) = self.item else { return };
        let plan = std::sync::Arc::clone(state.plan());
        for item in boxes(&plan, self.decision) {
            if item == chosen {
                state.mark(event, item, true, Mark::Ticked { evidence: None });
            } else if state.ramp.done[item.index()] {
                state.mark(event, item, false, Mark::Unticked);
            }
        }
    }

    fn tell(&self, plan: &Plan) -> String {
        format!("decided \"{}\": {}", plan.decision(self.decision).text, self.answer)
    }
}
